"""Export records to a file: ``manage.py export_records units units.xlsx``."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import exchange
from chronology.languages import SOURCE
from exchange.problems import BadFile
from exchange.registry import EVERYTHING
from exchange.sending.export import ALL


class Command(BaseCommand):
    help = (
        "Exports records, drafts included. The format follows the file's ending: .csv, .json, "
        ".xlsx; .xlsx or .zip for “all”. See docs/file-formats.md."
    )

    def add_arguments(self, parser):
        parser.add_argument("kind", help=", ".join([*exchange.kinds(), EVERYTHING]))
        parser.add_argument("file")
        parser.add_argument(
            "--spreadsheet",
            action="store_true",
            help="CSV for spreadsheet programs: semicolons, formulae made harmless",
        )
        parser.add_argument("--public", action="store_true", help="only what the public may see")

    def handle(self, kind, file, spreadsheet, public, **options):
        with translation.override(SOURCE):
            if kind not in [*exchange.kinds(), EVERYTHING]:
                raise CommandError(
                    _("There is no kind “%(kind)s”. Kinds are: %(kinds)s.")
                    % {"kind": kind, "kinds": ", ".join([*exchange.kinds(), EVERYTHING])}
                )
            try:
                count = exchange.export_to(
                    file, kind, spreadsheet=spreadsheet, user=None if public else ALL
                )
            except BadFile as bad:
                raise CommandError(str(bad.problems[0])) from None
            except (ValueError, OSError) as error:
                raise CommandError(str(error)) from None
            sentence = ngettext(
                "%(count)s record written to %(file)s.",
                "%(count)s records written to %(file)s.",
                count,
            )
            self.stdout.write(self.style.SUCCESS(sentence % {"count": count, "file": file}))
