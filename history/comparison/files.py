"""The difference between two dates for machines: CSV, JSON and an Atom feed."""

import csv
import io
import json
import uuid
from dataclasses import asdict

from django.utils import timezone
from django.utils.translation import gettext as _

from chronology.display import display
from chronology.languages import site_codes
from exchange.formats.csv_files import guard
from history.comparison.shown import in_one_line, shown
from publishing.feeds import PlainTextFeed
from publishing.translated import columns

COLUMNS = (
    "kind", "certainty", "code", *columns("name"), "date", "from", "before", "to", "after",
    "events", "address",
)  # fmt: skip
# Records are looked up for so many entries at a time, so that memory stays small.
BATCH = 500
# The identifiers of a feed stay what they are: they come from codes, kinds and dates alone.
_NAMES = uuid.UUID("0d1f9a54-0f44-5f1e-8a52-5b6b8d6f1992")


def csv_lines(comparison, absolute):
    """Yields the lines of a CSV file (RFC 4180, UTF-8), the heading first; cells that a
    spreadsheet would take for formulas are guarded. ``absolute`` gives a path its host."""
    yield _line(COLUMNS)
    first, second = _dates(comparison)
    for one in _in_batches(comparison):
        name = _last_name(one.entry.change)
        yield _line(
            guard(str(cell))
            for cell in (
                one.kind, one.entry.certainty, one.entry.code, *name.texts, one.entry.date,
                first, in_one_line(one, one.before), second, in_one_line(one, one.after),
                " ".join(event.code for event in one.events),
                absolute(one.unit.get_absolute_url()),
            )
        )  # fmt: skip


def _line(cells):
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _last_name(change):
    return next(iter((change.after or change.before).names or change.before.names))


def _dates(comparison):
    """The two dates in EDTF, today written out."""
    today = timezone.localdate().isoformat()
    return tuple(str(side.on) if side.on else today for side in comparison.dates)


def _in_batches(comparison):
    entries = comparison.entries
    for start in range(0, len(entries), BATCH):
        yield from shown(entries[start : start + BATCH], comparison.sides)


def json_parts(comparison, absolute):
    """Yields the parts of one JSON object.

    ``{"from", "to", "kind", "branch", "counts": {kind: {"certain", "possible"}}, "changes": […]}``;
    a change has its ``before`` and ``after`` as whole rows (None: not there), so that whoever has
    the state at the first date can make that at the second.
    """
    first, second = _dates(comparison)
    head = {
        "from": first,
        "to": second,
        "kind": comparison.kind,
        "branch": comparison.branch.code if comparison.branch else "",
        "counts": {
            kind: {"certain": certain, "possible": possible}
            for kind, (certain, possible) in comparison.counts.items()
        },
    }
    yield _json(head)[:-1] + ', "changes": ['
    for number, one in enumerate(_in_batches(comparison)):
        change = one.entry.change
        row = {
            "kind": one.kind,
            "certainty": one.entry.certainty,
            "code": one.entry.code,
            "date": one.entry.date,
            "before": change.before and _plain(change.before),
            "after": change.after and _plain(change.after),
            "events": [
                {"code": event.code, "address": absolute(event.get_absolute_url())}
                for event in one.events
            ],
            "address": absolute(one.unit.get_absolute_url()),
        }
        yield (",\n" if number else "\n") + _json(row)
    yield "\n]}\n"


def _plain(state):
    """A UnitState as plain values; of a name its text in each language, by code."""
    names = [
        dict(zip(site_codes(), one.pop("texts"), strict=True)) | one
        for one in map(asdict, state.names)
    ]
    return asdict(state) | {"names": names}


def _json(value):
    return json.dumps(value, ensure_ascii=False)


class _Feed(PlainTextFeed):
    """With links to the pages before and after (RFC 5005, section 3)."""

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        for relation in ("previous", "next"):
            if address := self.feed.get(relation):
                handler.addQuickElement("link", "", {"rel": relation, "href": address})


def atom(comparison, page, language, address, absolute):
    """The text of an Atom feed (RFC 4287) of one ``page`` (Django's) of the entries.

    ``address(page number)``: the absolute address of a page of the feed.
    """
    first, second = (side.value or "today" for side in comparison.dates)
    words = {"first": in_words(comparison.first), "second": in_words(comparison.second)}
    rows = shown(page.object_list, comparison.sides)
    feed = _Feed(
        title=_("Changes: %(first)s – %(second)s") % words,
        link=absolute(comparison.page_address()),
        description=None,
        language=language,
        author_name=_("Ministry of Internal Affairs of Azerbaijan"),
        feed_url=address(page.number),
        feed_guid=_identifier(language, first, second, comparison.kind, comparison.branch_asked),
        previous=address(page.number - 1) if page.has_previous() else "",
        next=address(page.number + 1) if page.has_next() else "",
    )
    for one in rows:
        date = f" ({display(one.date)})" if one.date else ""
        feed.add_item(
            title=f"{one.kind_in_words}: {one.name.words}{date}",
            link=absolute(one.unit.get_absolute_url()),
            description=f"{in_one_line(one, one.before)} → {in_one_line(one, one.after)}",
            unique_id=_identifier(language, first, second, one.entry.key),
            updateddate=one.updated_at,
            categories=[one.kind, one.entry.certainty],
        )
    return feed.writeString("utf-8")


def in_words(side):
    """A date of the comparison as people read it."""
    return display(side.on) if side.on else _("today")


def _identifier(*parts):
    return f"urn:uuid:{uuid.uuid5(_NAMES, json.dumps(parts))}"
