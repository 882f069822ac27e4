from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections

from units import tree


class Command(BaseCommand):
    help = (
        "Checks the tree of units: numbers, order of siblings, cycles of superiors. Ends with 0 "
        "when it is sound, with 1 after listing what is wrong."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--repair",
            action="store_true",
            help="Compute the numbers anew from the superiors. Refused while there are cycles.",
        )
        parser.add_argument(
            "--break-cycles",
            action="store_true",
            help=(
                "With --repair: where superiors run in a cycle, move the unit with the lowest code "
                "to the end of the top row, to be put in its right place by hand."
            ),
        )
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections))

    def handle(self, *, repair, break_cycles, database, **options):
        if break_cycles and not repair:
            raise CommandError("--break-cycles works together with --repair only.", returncode=2)
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
            self.repair(break_cycles, database)
        except tree.TreeBusy as busy:
            raise CommandError(str(busy), returncode=1) from busy

    def repair(self, break_cycles, database):
        with tree.writing(database):
            if break_cycles:
                for cycle in tree.break_cycles(using=database):
                    self.stdout.write(
                        f"Moved {cycle[0]} to the top; its superior was {cycle[1 % len(cycle)]}."
                    )
            elif tree.cycles(using=database):
                raise CommandError(
                    "Nothing was changed: which superior of a cycle is wrong, only you can know. "
                    "Correct one, or add --break-cycles to move the unit with the lowest code of "
                    "each cycle to the top.",
                    returncode=1,
                )
            changed = tree.renumber(using=database)
            left = list(tree.check(using=database))
            if left:
                raise CommandError(
                    "Nothing was changed, since this would remain: " + " ".join(left), returncode=1
                )
        self.stdout.write(self.style.SUCCESS(f"Repaired: {changed} units have new numbers."))
