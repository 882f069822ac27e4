"""Import a file of records: ``manage.py import_records units register.csv``."""

import sys
import time
from itertools import islice
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import exchange
from chronology import InvalidDate, read_date
from chronology.languages import SOURCE
from exchange.registry import EVERYTHING, kind_called
from exchange.writing.apply import look_first
from publishing.finding_groups import count_of, grouped, more_findings
from publishing.models import Status

# Problems written to the terminal; all of them stand in the copy of --problems.
_SHOWN = 200


class Command(BaseCommand):
    help = (
        "Imports a file of records, everything or nothing. The format follows the file's ending: "
        ".csv, .json, .xlsx; .xlsx or .zip for “all”. See docs/file-formats.md."
    )

    def add_arguments(self, parser):
        parser.add_argument("kind", help=", ".join([*exchange.kinds(), EVERYTHING]))
        parser.add_argument("file")
        parser.add_argument(
            "--dry-run", action="store_true", help="check and report, write nothing"
        )
        parser.add_argument(
            "--delete-missing",
            action="store_true",
            help="close units, and delete other records, that the file does not mention",
        )
        parser.add_argument(
            "--accept-findings",
            action="store_true",
            help="import although the records contradict each other as listed",
        )
        parser.add_argument(
            "--since",
            metavar="DATE",
            help="changed names and superiors changed on this date; the former ones are kept",
        )
        parser.add_argument(
            "--announce",
            action="store_true",
            help="show what changes on a day to come to everybody before",
        )
        parser.add_argument(
            "--corrections",
            action="store_true",
            help="changed names and superiors were always so; nothing is kept",
        )
        parser.add_argument("--user", help="in whose name the import is logged")
        parser.add_argument(
            "--status",
            choices=Status.values,
            default=Status.PUBLISHED.value,
            help="status of new records whose row says none (default: published)",
        )
        parser.add_argument(
            "--closed-on", metavar="DATE", help="dissolution date of units that are closed"
        )
        parser.add_argument(
            "--problems", metavar="FILE", help="write a copy that names the problems"
        )
        parser.add_argument(
            "--language",
            default=SOURCE,
            help="of the headings and the messages (default: %(default)s)",
        )

    def handle(self, kind, file, **options):
        with translation.override(options["language"] or SOURCE):
            self._handle(kind, Path(file), options)

    def _handle(self, kind, path, options):
        kind = kind_called(kind)
        if kind not in [*exchange.kinds(), EVERYTHING]:
            raise CommandError(
                _("There is no kind “%(kind)s”. Kinds are: %(kinds)s.")
                % {"kind": kind, "kinds": ", ".join([*exchange.kinds(), EVERYTHING])}
            )
        if not path.is_file():
            raise CommandError(_("There is no file %(file)s.") % {"file": path})
        if options["corrections"] and options["since"]:
            raise CommandError(_("Say either --since or --corrections, not both."))
        actor = self._user(options["user"])
        begun = time.monotonic()
        book = exchange.read(path, kind)
        plan_options = exchange.Options(
            delete_missing=options["delete_missing"],
            new_status=options["status"],
            closing_date=self._date(options, "closed_on"),
            accept_findings=options["accept_findings"],
            corrections=options["corrections"],
            since=self._date(options, "since"),
            announce=options["announce"],
            progress=self._progress,
        )
        try:
            plan, applied = exchange.run(
                book, dry_run=options["dry_run"], options=plan_options, actor=actor
            )
        except exchange.NotApplied as refusal:
            self._end_progress()
            raise CommandError(str(refusal)) from refusal
        self._end_progress()
        if plan.problems:
            self._refuse(plan, kind, path, options["problems"])
        for note in plan.notes[:_SHOWN]:
            self.stdout.write(note)
        self._list_meanings(plan)
        self._list_findings(plan, options["dry_run"])
        if applied is None:
            self._list_missing(plan)
            self.stdout.write(_("Checked, nothing written: %(what)s.") % {"what": plan.summary()})
            return
        self._list_missing(plan)
        self.stdout.write(self.style.SUCCESS(applied.sentence))
        self.stdout.write(_("%(seconds).1f seconds.") % {"seconds": time.monotonic() - begun})

    def _user(self, name):
        if not name:
            return None
        model = get_user_model()
        try:
            return model.objects.get_by_natural_key(name)
        except model.DoesNotExist:
            raise CommandError(_("There is no user “%(name)s”.") % {"name": name}) from None

    def _date(self, options, name):
        text = options[name]
        if not text:
            return None
        try:
            return read_date(text)
        except InvalidDate as error:
            raise CommandError(f"--{name.replace('_', '-')}: {error}") from None

    def _refuse(self, plan, kind, path, copy):
        for problem in plan.problems[:_SHOWN]:
            self.stderr.write(str(problem))
        more = len(plan.problems) - _SHOWN
        if more > 0:
            self.stderr.write(_("… and %(count)s more problems.") % {"count": more})
        if copy:
            with open(copy, "wb") as stream:
                written = exchange.write_problem_copy(
                    path, plan.problems, stream, name=path.name, several=kind == EVERYTHING
                )
            if written:
                self.stderr.write(_("A copy with the problems: %(file)s") % {"file": copy})
            else:
                Path(copy).unlink()
                self.stderr.write(_("The file is too broken to be copied."))
        count = len(plan.problems)
        sentence = ngettext(
            "%(count)s problem. Nothing was imported.",
            "%(count)s problems. Nothing was imported.",
            count,
        )
        raise CommandError(sentence % {"count": count})

    def _list_meanings(self, plan):
        for code, cell in islice(plan.meanings, _SHOWN):
            values = f"{cell.old} → {cell.new}" if cell.old else cell.shown or cell.new
            self.stdout.write(f"{code}, {cell.label}: {values}: {cell.meant}")
        more = sum(len(part.meant) for part in plan.parts) - _SHOWN
        if more > 0:
            words = ngettext(
                "… and %(count)s more such cell.", "… and %(count)s more such cells.", more
            )
            self.stdout.write(words % {"count": more})

    def _list_findings(self, plan, dry_run):
        groups = grouped(plan.findings)[:_SHOWN]
        for group in groups:
            self.stderr.write(f"{group.place.code}: {group.sentence}")
            for place, name in group.listed:
                self.stderr.write(f"  {place.code}: {name}")
            if group.more:
                self.stderr.write("  " + more_findings(group.more))
        if more := len(plan.findings) - count_of(groups):
            self.stderr.write(more_findings(more))
        if plan.awaits_a_look and not dry_run:
            advice = _("To import it all the same, add --accept-findings.")
            raise CommandError(f"{look_first(plan)} {advice}")

    def _list_missing(self, plan):
        for part in plan.parts:
            if count := part.missing_count:
                codes = ", ".join(code for code, _title in plan.missing(part.kind)[:10])
                codes += " …" if count > 10 else ""
                sentence = ngettext(
                    "%(kind)s: %(count)s record is not in the file: %(codes)s",
                    "%(kind)s: %(count)s records are not in the file: %(codes)s",
                    count,
                )
                values = {"kind": part.kind, "count": count, "codes": codes}
                self.stdout.write(sentence % values)

    def _progress(self, what, done, total):
        if self.stderr.isatty():
            share = f"{100 * done // total} %" if total else ""
            sys.stderr.write(f"\r{what} {done:,} {share:>6}\033[K")
            sys.stderr.flush()

    def _end_progress(self):
        if self.stderr.isatty():
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
