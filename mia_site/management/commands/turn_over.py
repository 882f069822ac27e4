"""``manage.py turn_over``: rows to come whose day has come take effect."""

from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from exchange.writing.locking import Busy
from units.turn_over import turn_over


class Command(BaseCommand):
    help = (
        "Lets names and superiors to come take effect whose day has come. The worker does it by "
        "itself after midnight; may be run at any time and any number of times."
    )

    def handle(self, **options):
        try:
            report = turn_over()
        except Busy as busy:
            raise CommandError(str(busy)) from busy
        self.stdout.write(f"{report.rows} rows took effect, of {report.units} units")
        if report.left:
            sentences = (f"{code}: {sentence}" for code, sentence in report.left)
            raise CommandError("\n".join([_("Not taken effect:"), *sentences]))
