from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections

from units import tree


class Command(BaseCommand):
    help = (
        "Checks the tree of units: numbers, order of siblings, rings of superiors. Ends with 0 "
        "when it is sound, with 1 after listing what is wrong."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--repair",
            action="store_true",
            help="Compute the numbers anew from the superiors. Refused while there are rings.",
        )
        parser.add_argument(
            "--break-rings",
            action="store_true",
            help=(
                "With --repair: where superiors run in a ring, move the unit with the lowest code "
                "to the end of the top row, to be put in its right place by hand."
            ),
        )
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections))

    def handle(self, *, repair, break_rings, database, **options):
        if break_rings and not repair:
            raise CommandError("--break-rings works together with --repair only.", returncode=2)
        problems = list(tree.check(using=database))
        for problem in problems:
            self.stdout.write(problem)
        if not problems:
            self.stdout.write(self.style.SUCCESS("The tree is sound."))
            return
        if not repair:
            raise CommandError(
                f"{len(problems)} problems. Run check_tree --repair to compute the numbers anew.",
                returncode=1,
            )
        try:
            self.repair(break_rings, database)
        except tree.TreeBusy as busy:
            raise CommandError(str(busy), returncode=1) from busy

    def repair(self, break_rings, database):
        with tree.writing(database):
            if break_rings:
                for ring in tree.break_rings(using=database):
                    self.stdout.write(
                        f"Moved {ring[0]} to the top; its superior was {ring[1 % len(ring)]}."
                    )
            elif tree.rings(using=database):
                raise CommandError(
                    "Nothing was changed: which superior of a ring is wrong, only you can know. "
                    "Correct one, or add --break-rings to move the unit with the lowest code of "
                    "each ring to the top.",
                    returncode=1,
                )
            changed = tree.renumber(using=database)
            left = list(tree.check(using=database))
            if left:
                raise CommandError(
                    "Nothing was changed, since this would remain: " + " ".join(left), returncode=1
                )
        self.stdout.write(self.style.SUCCESS(f"Repaired: {changed} units have new numbers."))
