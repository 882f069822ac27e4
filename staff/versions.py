"""What a record and its rows hold, as a short text: another text means that somebody saved.

A time of the last change would miss rows of the record and whatever an import writes. The cells
are those of files; ``exchange``, which knows them, registers how they are read.
"""

import hashlib
import json

_read_cells = None


def register(read_cells):
    """``read_cells(rows, without)``: lists of texts, those of the columns in ``without`` left out.

    An empty answer for models that are no kind of record: their rows are cells of their record.
    """
    global _read_cells
    _read_cells = read_cells


def version_of(parts, without=()):
    """The version of what one form writes; "" where there is no record.

    ``parts``: QuerySets of one record and of the rows that belong to it. ``without``: columns of
    the record that the form does not write. The parts of the version are joined by "-", one for
    each QuerySet.
    """
    record, *others = parts
    cells = list(_read_cells(record, without))
    if not cells:
        return ""
    return "-".join(_digest(one) for one in (cells, *(_read_cells(rows, ()) for rows in others)))


def changed_parts(seen, stored):
    """Numbers of the parts in which two versions differ; all of them where they do not compare."""
    ours, theirs = seen.split("-"), stored.split("-")
    if len(ours) != len(theirs):
        return list(range(len(theirs)))
    return [i for i, (a, b) in enumerate(zip(ours, theirs, strict=True)) if a != b]


def _digest(cells):
    text = json.dumps(list(cells), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:20]
