"""``manage.py check_content``: what in the records contradicts something else."""

import json
from collections import Counter

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from publishing import findings
from publishing.finding_groups import groups_of, more_findings
from publishing.findings import Severity


class Command(BaseCommand):
    help = (
        "Lists what contradicts itself in the records: what would be refused today, and what needs "
        "a second look. Ends with 1 where something would be refused. As text, "
        "findings that say the same about one record are one entry with the first of them; as "
        "json, each finding is a line."
    )

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
            help="of the sentences (default: that of the site)",
        )

    def handle(self, *, format, language, **options):
        with translation.override(language):
            counts = Counter()
            show = self._show_as_json if format == "json" else self._show_as_text
            show(findings.of_everything(), counts)
            summary = _("Refused: %(refused)s. For a second look: %(looks)s.") % {
                "refused": counts[Severity.REFUSED],
                "looks": counts[Severity.SECOND_LOOK],
            }
            if counts[Severity.REFUSED]:
                raise CommandError(summary, returncode=1)
            if format == "text":
                self.stdout.write(summary)

    def _show_as_json(self, found, counts):
        for finding in found:
            counts[finding.severity] += 1
            self.stdout.write(_as_json(finding))

    def _show_as_text(self, found, counts):
        for group in groups_of(found):
            counts[group.severity] += group.count
            for line in _as_text(group):
                self.stdout.write(line)


def _as_text(group):
    word = _("refused") if group.is_refused else _("second look")
    address = findings.address_of_place(group.place)
    yield f"{word}: {group.place.code}: {group.sentence} [{group.code}] {address}".rstrip()
    for place, name in group.listed:
        yield f"  {place.code}: {name} {findings.address_of_place(place)}".rstrip()
    if group.more:
        yield "  " + more_findings(group.more)


def _as_json(finding):
    """One object a line."""
    place = finding.place
    return json.dumps(
        {
            "severity": finding.severity.value,
            "rule": finding.code,
            "model": place.model,
            "code": place.code,
            "field": place.field,
            "message": finding.message,
            "advice": finding.advice,
            "address": findings.address_of_place(place),
        },
        ensure_ascii=False,
    )
