from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from search import spelling, upkeep


class Command(BaseCommand):
    help = (
        "Compares the search index with the records. Ends with 0 when they agree, with 1 after "
        "saying how many entries do not."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--repair",
            action="store_true",
            help="Write anew what is missing or wrong, in batches; the site keeps running.",
        )

    def handle(self, *, repair, **options):
        if connection.vendor == "postgresql" and not spelling.has_trigrams():
            self.stdout.write(
                "The extension pg_trgm is missing, so mistyped words are corrected more slowly. "
                "As the owner of the database or a superuser: CREATE EXTENSION pg_trgm; "
                "CREATE INDEX search_word_trigrams ON search_searchword USING gist "
                "(word gist_trgm_ops);"
            )
        if repair:
            changed = upkeep.repair(self.say_progress)
            self.stdout.write(self.style.SUCCESS(f"In step; {changed} entries were not."))
            return
        found = [(kind, number) for kind, number in upkeep.differences() if number]
        for kind, number in found:
            self.stdout.write(f"{kind.key}: {number} entries are missing, wrong or left over.")
        if found:
            raise CommandError("Run check_search --repair to write them anew.", returncode=1)
        self.stdout.write(self.style.SUCCESS("The search index is in step with the records."))

    def say_progress(self, kind, done):
        self.stdout.write(f"{kind.key}: {done}")
        self.stdout.flush()
