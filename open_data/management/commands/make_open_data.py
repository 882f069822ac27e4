"""Make the files of all public data now: ``manage.py make_open_data https://example.gov.az/``."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from open_data import files, state
from open_data.linked import Names


class Command(BaseCommand):
    help = (
        "Makes the files of the open data page ahead of the first download. The address of the "
        "site begins the identifiers in linked data; SITE_ADDRESS is used without it."
    )

    def add_arguments(self, parser):
        parser.add_argument("address", nargs="?", default="")

    def handle(self, address, **options):
        if not (address or settings.SITE_ADDRESS):
            raise CommandError("Give the address of the site, or set SITE_ADDRESS.")
        state.forget_old()
        for one in files.FORMATS:
            found = files.made(one.name, Names(base=address).base)
            self.stdout.write(f"{one.name} {found.size} {found.sha256}")
