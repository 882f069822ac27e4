"""Registers of units, made up: trees of several shapes, as rows of a file."""

import csv
import io
import random
import zipfile

HEADINGS = ["code", "parent", "kind", "name_az", "name_en", "founded", "dissolved", "website"]
SHAPES = ["wide", "deep", "random"]
# Levels of a deep tree, below what an import allows (IMPORT_MAX_LEVELS).
DEPTH = 40


def rows_of(count, shape, seed=1):
    """Rows of a tree in random order, so that most superiors come after what stands below them.

    ``shape``: ``wide`` (a hundred below each), ``deep`` (chains of 40), ``random`` (each below one
    of the upper half).
    """
    chance = random.Random(seed)
    rows = [_row(n, _parent(n, shape, chance)) for n in range(count)]
    chance.shuffle(rows)
    return rows


def _parent(n, shape, chance):
    if n == 0:
        return ""
    if shape == "wide":
        return f"U/{(n - 1) // 100}"
    if shape == "deep":
        return f"U/{n - 1}" if n % DEPTH else "U/0"
    return f"U/{chance.randrange(max(0, n // 2 - 50), max(1, n // 2 + 1))}"


def _row(n, parent):
    year = 1800 + n % 220
    return [
        f"U/{n}",
        parent,
        ("Department", "Directorate", "Office")[n % 3],
        f"{n} saylı idarə (Şəki)",
        f"Office number {n}",
        (f"{year}", f"{year}-06", f"{year}-06-{1 + n % 28:02}")[n % 3],
        "",
        f"https://example.org/{n}" if n % 2 else "",
    ]


def depth_first(rows):
    """The order that the stock way needs."""
    children = {}
    for row in rows:
        children.setdefault(row[1], []).append(row)
    found, stack = [], list(reversed(children[""]))
    while stack:
        row = stack.pop()
        found.append(row)
        stack.extend(reversed(children.get(row[0], [])))
    return found


def moves(rows, run, count=200):
    """``count`` units without any below them, under other superiors than theirs."""
    parents = {row[1] for row in rows}
    leaves = [row for row in rows if row[0] not in parents and row[1]]
    tops = sorted(parents - {""})
    chance = random.Random(run)
    return [
        [code, chance.choice([t for t in tops[:50] if t != parent]), *rest]
        for code, parent, *rest in chance.sample(leaves, count)
    ]


def write(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADINGS, *rows])


def write_with_old_names(path, rows, old, since):
    """A package of ``rows``, units with new names that hold ``since``, and of the dated rows that
    keep the old ones. ``old``: ``{code: (name_az, name_en, since when it held)}``."""
    until = str(since)
    dated = ([f"{row[0]}-name-until-{until}", row[0], *old[row[0]], until, "no"] for row in rows)
    headings = ["code", "unit", "name_az", "name_en", "begin", "end", "announced"]
    tables = {
        "units.csv": ([*HEADINGS, "name_since"], ([*row, until] for row in rows)),
        "dated_names.csv": (headings, dated),
    }
    with zipfile.ZipFile(path, "w") as package:
        for name, (first, others) in tables.items():
            text = io.StringIO()
            csv.writer(text).writerows([first, *others])
            package.writestr(name, text.getvalue())
