"""The structure on a date as a table: who existed, its name, superior and heads; streamed."""

import csv
import io
import json

from exchange.formats.csv_files import guard
from history.comparison.states import state
from publishing.translated import by_column, columns
from structure.as_of import AsOf

COLUMNS = [
    "code", "existence", *columns("name"), "parent", "external_superior", "superior_certainty",
    "kind", "heads", "founded", "dissolved",
]  # fmt: skip

# So many units are read at once.
BATCH = 5000


def rows(on):
    """Yields ``{column: text or list}`` for every public unit that exists on the date.

    ``on``: a HistoricalDate or None for today. In the order of the units' keys; nine queries for
    every 5,000 units, which alone are in memory, with the keys of all.
    """
    units = AsOf(on, None).units().order_by("pk")
    keys = list(units.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        near = keys[start], keys[min(start + BATCH, len(keys)) - 1]
        states = state(on, None, near=near)
        found = units.filter(pk__range=near).values_list("code", "kind__code")
        # No query stays open while a slow reader takes the rows.
        for code, kind in list(found):
            if code in states:
                yield _row(code, kind, states[code])


def _row(code, kind, then):
    names, superiors = then.names[:1], then.superiors[:1]
    return {
        "code": code,
        "existence": then.existence,
        **by_column("name", names[0].texts if names else None),
        "parent": superiors[0].unit if superiors else "",
        "external_superior": superiors[0].body if superiors else "",
        "superior_certainty": superiors[0].certainty if superiors else "",
        "kind": kind,
        "heads": [head.person for head in then.heads],
        "founded": then.founded,
        "dissolved": then.dissolved,
    }


def as_csv(on):
    """The bytes of a CSV, piece by piece; formulae are made harmless."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for number, row in enumerate(rows(on), 1):
        row["heads"] = "; ".join(row["heads"])
        writer.writerow([guard(row[name]) for name in COLUMNS])
        if not number % 200:
            yield _taken(text)
    yield _taken(text)


def as_json(on):
    """The bytes of a JSON list, piece by piece."""
    between = "[\n"
    for row in rows(on):
        yield (between + json.dumps(row, ensure_ascii=False)).encode()
        between = ",\n"
    yield b"[]\n" if between == "[\n" else b"\n]\n"


def _taken(text):
    found = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return found
