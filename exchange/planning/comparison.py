"""The rows of a file beside those of the database: equal ones are done with at once."""

from itertools import count
from operator import itemgetter

from django.utils.translation import gettext as _

from exchange.columns import HistoricalDateColumn
from exchange.planning.changes import KEEP
from exchange.problems import Refused

# A file of so few rows asks for its own records, where the database has more than that.
_FEW = 1000


def index_codes(part):
    """Find rows by their codes; a row without a code and a code in two rows are problems."""
    key = part.place["code"]
    codes = part.codes = dict(zip(map(itemgetter(key), part.rows), count()))
    if len(codes) == len(part.rows) and not codes.keys() & {"", KEEP}:
        return
    codes.clear()
    heading = part.table.headings[key]
    told = {problem.row for problem in part.table.problems if problem.column == heading}
    repeated = {}
    for index, row in enumerate(part.rows):
        code = row[key]
        if not code and part.table.number(index) in told:
            continue  # what stands there could not be read
        if not code:
            part.refuse(
                Refused(
                    "required",
                    _("The code is missing."),
                    _("Write the permanent identifier of the record."),
                ),
                index,
                "code",
            )
        elif code in codes:
            repeated.setdefault(code, [codes[code]]).append(index)
        else:
            codes[code] = index
    for code, indexes in repeated.items():
        numbers = [str(part.table.number(index)) for index in indexes]
        listed = _("%(first)s and %(last)s") % {
            "first": ", ".join(numbers[:-1][:20]),
            "last": numbers[-1],
        }
        for index in indexes[1:]:
            part.refuse(
                Refused(
                    "duplicate",
                    _("The rows %(rows)s have the same code.") % {"rows": listed},
                    _about_repeated(part, indexes),
                ),
                index,
                "code",
                code,
            )


def _about_repeated(part, indexes):
    """Registers of versions hold a record once for each period: those are former names."""
    names = [c.name for c in part.all_columns if isinstance(c, HistoricalDateColumn)]
    periods = {tuple(part.cell(index, name) for name in names) for index in indexes}
    if names and len(periods) == len(indexes):
        return _(
            "Every record has one row. If these are its periods, keep the row that holds now, "
            "and bring the former names and superiors as files of their own."
        )
    return _(
        "If these rows are one record, bring them into one row; if they are several, give each "
        "a code of its own."
    )


def compare(part):
    """Let the database's rows stream past: equal ones are done with, others are ``differing``."""
    resource, active = part.resource, part.active
    columns = [resource.column("code"), *(column for _i, column in active)]
    positions = [part.place["code"], *(i for i, _column in active)]
    # A row of the file in the order of the columns that the database is asked for.
    width = len(part.table.columns)
    whole = positions == list(range(width))
    for i, column in active:
        if names := column.spellings(part):
            for row in part.rows:
                row[i] = names.get(row[i], row[i])
    if whole:
        pick = tuple
    elif len(positions) > 1:
        pick = itemgetter(*positions)
    else:
        pick = itemgetter(slice(positions[0], positions[0] + 1))
    exists, differing, unchanged = bytearray(len(part.rows)), {}, 0
    codes, rows, missing = part.codes, part.rows, []
    slow = any(column.post or column.many for column in columns)
    there, records, chunk = None, resource.rows(), 5000
    if len(codes) <= _FEW and not part.plan.options.delete_missing:
        there, chunk = records.count(), None  # few rows come, and at once
        if there > _FEW:
            # What cannot be a code was refused already and must not reach the database (NUL).
            records = records.filter(code__in=[code for code in codes if code.isprintable()])
        else:
            there = None
    if slow:
        stream = ((pk, *texts) for pk, texts in resource.texts(columns, records, chunk))
    else:
        stream = records.values_list("pk", *resource.expressions(columns))
        stream = stream.iterator(chunk_size=chunk) if chunk else stream
    for values in stream:
        index = codes.get(values[1])
        if index is None:
            missing.append(values[:2])
            continue
        exists[index] = 1
        if tuple(pick(rows[index])) == values[1:]:
            unchanged += 1
        else:
            differing[index] = (values[0], values[2:])
    part.unchanged, part.exists, part.differing = unchanged, exists, differing
    if there is None:
        part.missing = missing
    else:
        part.others = there - sum(exists)
