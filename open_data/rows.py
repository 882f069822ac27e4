"""Records as plain JSON values: the same fields as files, references by code.

References to what the public may not see are left out. The number of queries depends on the kind
alone, not on the number of records.
"""

import datetime
from functools import cache

from django.db.models import prefetch_related_objects
from django.utils import translation

from chronology import Period
from chronology.languages import site_codes
from open_data import dated
from open_data.kinds import in_force, reader_of
from publishing import translated
from publishing.record_kinds import CodeList, kind_of
from structure.as_of import AsOf
from units.existence import how_surely


def rows_of(kind, records, on=None):
    """``[{field: value}, …]`` for a list of records of a RecordKind, in their order.

    ``on``: the HistoricalDate for which units and periods answer, None for today.
    """
    records = list(records)
    if kind.name == "units" and on is not None:
        records = AsOf(on, None).renew(records)
    found = plain_rows_of(kind, records)
    if kind.name == "units":
        dated.answer_for(records, found, on)
    elif kind.period and on is not None:
        begin, end = kind.period
        these = kind.public().filter(pk__in=[record.pk for record in records])
        held = set(in_force(kind, these, on).values_list("pk", flat=True))
        prefetch_related_objects(records, *kind.joined, *kind.outside)
        for record, row in zip(records, found, strict=True):
            period = getattr(record, "period", None)  # cut to the lives of those whom it joins
            sure = how_surely(period or Period.of_record(record, begin=begin, end=end), on)
            row["in_force"] = sure.value if record.pk in held else "no"
    return found


def plain_rows_of(kind, records):
    """The same as the records themselves have it, which is how it is today."""
    references = _references(kind, records)
    lists = _lists(kind, records)
    columns = kind.public_columns
    readers = {
        name: reader_of(one)
        for name, one in columns.items()
        if name not in kind.references and name not in lists
    }
    found = []
    for record in records:
        row = {}
        for name, one in columns.items():
            if name in lists:
                row[name] = lists[name].get(record.pk, [])
            elif name in readers:
                row[name] = readers[name](record)
            else:
                row[name] = references[one.related_model].get(getattr(record, one.attname))
        if kind.has("updated_at"):
            row["updated_at"] = moment(record.updated_at)
        found.append(row)
    if kind.page:
        _add_pages(records, found)
    return found


def _add_pages(records, rows):
    """The path of each record's page in each language: ``page_az`` and its like."""
    for code, name in zip(site_codes(), translated.columns("page"), strict=True):
        for record, row in zip(records, rows, strict=True):
            # All pages of a kind differ by the slug alone.
            row[name] = _pattern(type(record), code).replace("--slug--", record.slug)


@cache
def _pattern(model, code):
    with translation.override(code):
        return model(slug="--slug--").get_absolute_url()


def moment(at):
    """A moment as text, in UTC."""
    return at.astimezone(datetime.UTC).replace(microsecond=0).isoformat()


def _references(kind, records):
    """``{model: {pk: code}}`` of the public records that the records refer to."""
    wanted = {}
    for field in kind.references.values():
        pks = {getattr(record, field.attname) for record in records} - {None}
        wanted.setdefault(field.related_model, set()).update(pks)
    return {
        model: dict(kind_of(model).public().filter(pk__in=pks).values_list("pk", "code"))
        for model, pks in wanted.items()
    }


def _lists(kind, records):
    """``{field: {pk: [code]}}`` of the columns that hold several codes; one query for all columns
    that are kept in the same place, and one for all that refer to records of one kind, if any do,
    for those of them that everybody may see."""
    pks = [record.pk for record in records]
    found, places, referred = {}, {}, {}
    for column in kind.public_columns.values():
        if isinstance(column, CodeList):
            found[column.name] = {}
            place = (column.through, column.source, column.to, column.order)
            places.setdefault(place, []).append(column)
    for (through, source, to, order), columns in places.items():
        rows = through._base_manager.filter(**{f"{source}__in": pks}).order_by(order)
        marks = sorted(columns[0].fixed)
        for pk, other, code, *fixed in rows.values_list(source, to, f"{to}__code", *marks):
            for column in columns:
                if fixed == [column.fixed[mark] for mark in marks]:
                    referred.setdefault(column.target, []).append((column.name, pk, other, code))
    for target, rows in referred.items():
        wanted = {other for _name, _pk, other, _code in rows}
        public = set(kind_of(target).public().filter(pk__in=wanted).values_list("pk", flat=True))
        for name, pk, other, code in rows:
            if other in public:
                found[name].setdefault(pk, []).append(code)
    return found
