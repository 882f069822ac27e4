"""Cells become canonical texts: those of new rows, and of rows that differ from the database."""

from django.utils.translation import gettext as _

from exchange.planning.changes import KEEP, Update
from exchange.problems import Refused
from exchange.reading.headings import name_in
from publishing.models import RetiredCode


def read_cells(part):
    """Read what is new or differs: fills ``creates``, ``updates``, ``refused_rows``."""
    readers = [(i, column.name, column.reader(part), column.generated) for i, column in part.active]
    _read_new(part, readers)
    _read_changed(part, readers)


def _read_new(part, readers):
    fresh = part.fresh
    missing = _missing_columns(part)
    canon_code, key = part.resource.column("code").canon, part.place["code"]
    bad, typed = set(), part.typed
    total, progress = len(fresh) + len(part.differing), part.plan.progress
    for done, index in enumerate(fresh):
        if not done % 5000:
            progress(_("Checking"), done, total)
        row = part.rows[index]
        try:
            canon_code(row[key])
        except Refused as refused:
            bad.add(index)
            part.refuse(refused, index, "code", row[key])
        for i, name, read, generated in readers:
            cell = row[i]
            if cell is KEEP or (generated and not cell.strip()):
                row[i] = KEEP
                continue
            try:
                text = read(cell)
            except Refused as refused:
                bad.add(index)
                part.bad_cells.add((index, name))
                part.refuse(refused, index, name, cell)
                continue
            if text != cell:
                if cell.strip() != text:
                    typed[index, name] = cell
                row[i] = text
        if missing:
            bad.add(index)
    if missing:
        name = name_in(part.table, part.resource, missing[0])
        for index in fresh:
            part.refuse(required_column(name), index, name)
    part.creates = [index for index in fresh if index not in bad]
    part.refused_rows = [index for index in fresh if index in bad]


def _missing_columns(part):
    """Names of the columns that every new record needs and the file does not have."""
    return [
        column.name
        for column in part.all_columns
        if column.required and not column.generated and column.name not in part.place
    ]


def required_column(name):
    """``name``: as the file would call the column."""
    return Refused(
        "column_missing",
        _("Column “%(name)s” is missing, and new records need it.") % {"name": name},
        _("Add the column."),
    )


def _read_changed(part, readers):
    alike = {c.name: c.says_the_same for _i, c in part.active if hasattr(c, "says_the_same")}
    changed = {}
    for index, (pk, old) in part.differing.items():
        row, new, bad = part.rows[index], {}, False
        for (i, name, read, generated), before in zip(readers, old, strict=True):
            cell = row[i]
            if cell is KEEP or cell == before or (generated and not cell.strip()):
                continue
            try:
                text = read(cell)
            except Refused as refused:
                bad = True
                part.refuse(refused, index, name, cell)
                continue
            if text != cell and cell.strip() != text:
                part.typed[index, name] = cell
            if text != before and not (name in alike and alike[name](text, before)):
                new[name] = text
        if new:
            changed[index] = (pk, new)
        elif not bad:
            part.unchanged += 1
    part.differing = {}
    _load_updates(part, changed)


def _load_updates(part, changed):
    """Make Updates with the texts of all columns, old and new."""
    by_pk = {pk: (index, new) for index, (pk, new) in changed.items()}
    loaded = part.load(list(by_pk))
    parent = part.position.get("parent") if part.resource.tree else None
    for pk, (index, new) in by_pk.items():
        old = loaded[pk]
        texts = list(old)
        for name, text in new.items():
            texts[part.position[name]] = text
        positions = tuple(i for i, (a, b) in enumerate(zip(old, texts, strict=True)) if a != b)
        moved = parent is not None and parent in positions
        part.updates.append(Update(pk, index, old, texts, positions, "move" if moved else "update"))


def check_retired_codes(part):
    """New records may not have the code of a deleted one."""
    if not part.fresh:
        return
    kind = part.model._meta.label_lower
    for code in RetiredCode.objects.filter(kind=kind).values_list("code", flat=True):
        index = part.codes.get(code)
        if index is not None and not part.exists[index]:
            part.refuse(
                Refused(
                    "retired_code",
                    _("This code belonged to a record that was deleted."),
                    _("Codes are never used again; choose another one."),
                ),
                index,
                "code",
                code,
            )
