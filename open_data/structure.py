"""The structure on a date as a table: who existed, its name, superior and heads; streamed."""

import csv
import io
import json

from exchange.csv_files import guard
from open_data import dated
from open_data.linked.documents import chunks
from units.as_of import AsOf

COLUMNS = [
    "code", "existence", "name_az", "name_en", "parent", "external_superior", "superior_certainty",
    "kind", "heads", "founded", "dissolved",
]  # fmt: skip

# What is read of each unit; its texts would be most of the work.
_READ = [
    "code", "name", "name_az", "name_en", "parent", "order", "lft", "rght", "level", "tree_id",
    "founded", "founded_earliest", "founded_latest", "dissolved", "dissolved_earliest",
    "dissolved_latest", "kind__code",
]  # fmt: skip


def rows(on):
    """Yields ``{column: text or list}`` for every public unit that exists on the date.

    ``on``: a HistoricalDate or None for today. Seven queries for every 500 units.
    """
    units = AsOf(on, None).units().order_by().select_related("kind").only(*_READ)
    for found in chunks(units):
        then = [{} for _unit in found]
        dated.answer_for(found, then, on)
        for unit, row in zip(found, then, strict=True):
            superior = row["superiors"][0] if row["superiors"] else {}
            yield {
                "code": unit.code,
                "existence": row["existence"],
                "name_az": row["name_az"],
                "name_en": row["name_en"],
                "parent": superior.get("unit") or "",
                "external_superior": superior.get("external_body") or "",
                "superior_certainty": superior.get("certainty", ""),
                "kind": unit.kind.code,
                "heads": [head["person"] for head in row["heads"]],
                "founded": unit.founded.text if unit.founded else "",
                "dissolved": unit.dissolved.text if unit.dissolved else "",
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
