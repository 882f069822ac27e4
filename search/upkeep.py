"""Keeping the index in step with the records, in the transaction that writes them."""

from itertools import islice

from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_save

from exchange.signals import applied
from exchange.writing import bulk, statistics
from people.models import Person, Post, Term
from publishing.to_come import begun_or_announced
from publishing.translated import columns as translated_columns
from search import texts
from search.kinds import BY_MODEL, KINDS, PARTS
from search.models import SearchEntry, SearchWord, entry_id
from units.models import DatedName, Unit
from units.turn_over import turned_over

_BATCH = 5000
# More new entries than this are written in one go.
_FEW = 100
# Fewer new entries leave the full-text index in few pieces.
_MANY = 50_000
_FIELDS = ("id", "object_id", *PARTS)


# --- What the index should hold -----------------------------------------------------------------
def made(kind, pks, turned=None):
    """What the index should hold of these records: {entry key: texts of the PARTS}.

    ``pks``: keys of any number of records, in order; those without a record are left out.
    ``turned``: {key of a unit: units.due.TurnedOver} of names that are to be told as if they stood
    on its row. One query, two for units.
    """
    columns = list(
        dict.fromkeys(c for part in kind.columns.values() for lang in part for c in lang)
    )
    at = {column: number for number, column in enumerate(columns, 1)}
    places = {
        part: [[at[c] for c in language] for language in languages]
        for part, languages in kind.columns.items()
    }
    prose = [place for part in ("summary", "body") for lang in places[part] for place in lang]
    turned = turned or {}
    former = _dated_names(pks, turned) if kind.model is Unit else {}
    first = entry_id(kind.number, 0)
    rows = _rows(kind.model, pks, ["pk", *columns])
    rows = [_turned(row, columns, turned[row[0]]) if row[0] in turned else row for row in rows]
    if not rows:
        return {}
    by_place = dict(enumerate(zip(*rows, strict=True)))
    names, formers, shorts = (
        texts.of_names(by_place, places[part]) for part in ("name", "former", "short")
    )
    # Most records of a large import have nothing but names.
    has_prose = any(any(by_place[place]) for place in prose)
    found = {}
    for row, name, other, short in zip(rows, names, formers, shorts, strict=True):
        pk = row[0]
        text = has_prose and any([row[place] for place in prose])  # noqa: C419 - quicker
        found[first + pk] = (
            name,
            former.get(pk, other) if former else other,
            texts.with_whole_names(short, name),
            texts.of_prose(row, places["summary"]) if text else "",
            texts.of_prose(row, places["body"]) if text else "",
        )
    return found


def _turned(row, columns, turned):
    values = turned.values
    return (row[0], *(values.get(name, old) for name, old in zip(columns, row[1:], strict=True)))


def _dated_names(pks, turned):
    """{key of a unit: its other names as the index holds them}: without those that are hidden until
    their day, for whoever searches."""
    columns = translated_columns("name")
    by_unit = {}
    seen = begun_or_announced()
    if done := [row.pk for one in turned.values() for row in one.done]:
        seen &= ~Q(pk__in=done)
    for pk, *names in _rows(DatedName, pks, ["unit_id", *columns], key="unit_id", seen=seen):
        by_unit.setdefault(pk, []).append(names)
    for pk, one in turned.items():
        kept = [[getattr(row, column) for column in columns] for row in one.kept]
        by_unit[pk] = by_unit.get(pk, []) + kept
    alike = {}  # {number of names: units that have so many}
    for pk, rows in by_unit.items():
        alike.setdefault(len(rows), []).append(pk)
    alike.pop(0, None)
    found = {}
    for number, units in alike.items():  # a column at a time, as many units as there are
        languages = [[(language, row) for row in range(number)] for language in range(len(columns))]
        by_place = {
            (language, row): [by_unit[pk][row][language] for pk in units]
            for places in languages
            for language, row in places
        }
        found.update(zip(units, texts.of_names(by_place, languages), strict=True))
    return found


def _rows(model, pks, columns, key="pk", seen=None):
    """Rows whose ``key`` is one of ``pks``, which are in order; by range where they lie close.
    ``seen``: a condition that they meet."""
    rows = (
        models.QuerySet(model)
        .filter(*([seen] if seen else []))
        .order_by(key, *(["code"] if key != "pk" else []))
    )
    if pks[-1] - pks[0] < 2 * len(pks):
        wanted = set(pks)
        near = rows.filter(**{f"{key}__gte": pks[0], f"{key}__lte": pks[-1]})
        return [row for row in near.values_list(*columns) if row[0] in wanted]
    return [
        row
        for start in range(0, len(pks), 500)
        for row in rows.filter(**{f"{key}__in": pks[start : start + 500]}).values_list(*columns)
    ]


# --- Writing --------------------------------------------------------------------------------------
def keep(kind, pks, new=False):
    """Bring the entries of these records in step, within the caller's transaction.

    ``new``: none of them is in the index yet. Returns how many entries were written or removed.
    """
    changed, pks = 0, iter(sorted(set(pks)))
    known_words = set()
    while batch := list(islice(pks, _BATCH)):
        right = made(kind, batch)
        if new:
            stored = {}
        else:
            keys = [entry_id(kind.number, pk) for pk in batch]
            stored = {row[0]: tuple(row[1:]) for row in _rows(SearchEntry, keys, ["pk", *PARTS])}
        changed += _write(kind, right, stored, known_words)
    return changed


def _write(kind, right, stored, known_words):
    gone = [key for key in stored if key not in right]
    wrong = {key: parts for key, parts in right.items() if stored.get(key) != parts}
    for start in range(0, len(gone), 500):
        models.QuerySet(SearchEntry).filter(pk__in=gone[start : start + 500])._raw_delete("default")
    if len(wrong) > _FEW and not stored:
        _insert(kind, wrong)
    elif wrong:
        first = entry_id(kind.number, 0)
        SearchEntry.objects.bulk_create(
            [
                SearchEntry(id=key, object_id=key - first, **dict(zip(PARTS, parts, strict=True)))
                for key, parts in wrong.items()
            ],
            # Whoever was faster had older texts: the record itself is locked by whom it is saved.
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=PARTS,
        )
    # One pass over all texts: names repeat their words.
    words = (
        texts.words_of(" ".join(one for parts in wrong.values() for one in parts[:4])) - known_words
    )
    if words:
        known_words |= words
        # In one order, so that two writers never wait for each other.
        rows = [SearchWord(word=word) for word in sorted(words)]
        SearchWord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(gone) + len(wrong)


def _insert(kind, entries):
    """Many new entries. Row by row, SQLite's trigger takes four times as long as all at once."""
    fields = [SearchEntry._meta.get_field(name) for name in _FIELDS]
    first = entry_id(kind.number, 0)
    rows = ((key, key - first, *parts) for key, parts in entries.items())
    if connection.vendor != "sqlite":
        bulk.insert(SearchEntry, fields, rows)
        return
    columns = ", ".join(PARTS)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'search_entry_added'")
        (trigger,) = cursor.fetchone()
        cursor.execute("DROP TRIGGER search_entry_added")
        bulk.insert(SearchEntry, fields, rows)
        cursor.execute(
            f"INSERT INTO search_fulltext(rowid, {columns}) "  # noqa: S608
            f"SELECT id, {columns} FROM search_searchentry WHERE id BETWEEN %s AND %s",
            [min(entries), max(entries)],
        )
        cursor.execute(trigger)


def settle():
    """What the index ought to be given after much has been written: 0.6 s for 226,000 units."""
    _merge()
    statistics.refresh([SearchEntry, SearchWord])


def _merge():
    """SQLite leaves its full-text index in pieces, which triples the time that beginnings take."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_fulltext(search_fulltext) VALUES ('optimize')")


# --- Every way of writing -------------------------------------------------------------------------
def listen():
    """Follow saves, deletions, fixtures (which send the same signals) and bulk writes."""
    for kind in KINDS:
        post_save.connect(_saved, sender=kind.model, dispatch_uid="search")
        post_delete.connect(_deleted, sender=kind.model, dispatch_uid="search")
    pre_save.connect(_before_former_name, sender=DatedName, dispatch_uid="search")
    post_save.connect(_former_name, sender=DatedName, dispatch_uid="search")
    post_delete.connect(_former_name, sender=DatedName, dispatch_uid="search")
    post_save.connect(_holder_or_post, sender=Person, dispatch_uid="search terms")
    post_save.connect(_holder_or_post, sender=Post, dispatch_uid="search terms")
    applied.connect(_applied, dispatch_uid="search")
    turned_over.connect(_turned_over, dispatch_uid="search")


def _saved(sender, instance, update_fields=None, **kwargs):
    kind = BY_MODEL[sender]
    columns = {c for part in kind.columns.values() for lang in part for c in lang}
    texts_of_kind = columns | {c.split("__")[0] for c in columns}
    if update_fields is None or texts_of_kind & set(update_fields):
        keep(kind, [instance.pk])


def _deleted(sender, instance, **kwargs):
    key = entry_id(BY_MODEL[sender].number, instance.pk)
    models.QuerySet(SearchEntry).filter(pk=key)._raw_delete("default")


def _before_former_name(instance, **kwargs):
    """Remembers from which unit a former name is taken away."""
    before = models.QuerySet(DatedName).filter(pk=instance.pk).exclude(unit=instance.unit_id)
    instance._search_unit_before = before.values_list("unit_id", flat=True).first()


def _former_name(instance, **kwargs):
    before = getattr(instance, "_search_unit_before", None)
    keep(BY_MODEL[Unit], [pk for pk in (instance.unit_id, before) if pk])


# Which field of a term leads to a record whose texts the entry of the term holds.
_IN_TERMS = {Person: "person", Post: "post"}


def _holder_or_post(sender, instance, created, **kwargs):
    if not created or kwargs.get("raw"):  # a fixture may have had the terms before it
        keep(BY_MODEL[Term], _terms_of(sender, [instance.pk]))


def _terms_of(model, pks):
    """Keys of the terms of people or posts."""
    field = f"{_IN_TERMS[model]}__in"
    terms = models.QuerySet(Term).order_by().values_list("pk", flat=True)
    return {pk for some in _chunks(pks) for pk in terms.filter(**{field: some})}


def _applied(plan, ids, **kwargs):
    """After a bulk write: the records that it made, changed or took away.

    Returns the models of the tables that have grown.
    """
    units, terms, kept = set(), set(), set()
    for part in plan.parts:
        model = part.resource._meta.model
        changed = [update.pk for update in [*part.updates, *part.closes]]
        new = list(ids[part.kind].values())
        if model is DatedName:
            rows = models.QuerySet(DatedName)
            for pks in _chunks([*changed, *new]):
                units.update(rows.filter(pk__in=pks).values_list("unit_id", flat=True))
            place = part.position["unit"]
            left = [u.old[place] for u in part.updates if u.old[place] != u.new[place]]
            for codes in _chunks(left):
                units.update(
                    models.QuerySet(Unit).filter(code__in=codes).values_list("pk", flat=True)
                )
        elif kind := BY_MODEL.get(model):
            keep(kind, new, new=True)
            keep(kind, changed)
            if model is Unit:
                kept.update(new, changed)
        if model in _IN_TERMS:
            terms |= _terms_of(model, changed)
    keep(BY_MODEL[Unit], units - kept)  # everything is written: their entries hold the names
    keep(BY_MODEL[Term], terms)
    if sum(map(len, ids.values())) >= _MANY:
        transaction.on_commit(_merge, robust=True)
    return [SearchEntry, SearchWord]


def _turned_over(units, **kwargs):
    keep(BY_MODEL[Unit], units)
    return [SearchEntry, SearchWord]


def _chunks(values):
    return (values[start : start + 500] for start in range(0, len(values), 500))


# --- The whole index ----------------------------------------------------------------------------
def differences():
    """How many entries are missing, wrong or left over, kind by kind: yields (kind, number)."""
    for kind in KINDS:
        wrong = 0
        for pks in _all_keys(kind):
            keys = [entry_id(kind.number, pk) for pk in pks]
            stored = {row[0]: tuple(row[1:]) for row in _rows(SearchEntry, keys, ["pk", *PARTS])}
            right = made(kind, pks)
            wrong += sum(stored.get(key) != right.get(key) for key in stored.keys() | right.keys())
        yield kind, wrong


def repair(progress=lambda kind, done: None):
    """Bring every entry in step, batch by batch, each in a transaction of its own.

    ``progress(kind, records done)``. Returns the number of entries that were wrong.
    """
    changed = 0
    for kind in KINDS:
        done = 0
        for pks in _all_keys(kind):
            with transaction.atomic():
                if connection.vendor == "postgresql":
                    # Nobody's newer text is overwritten with what was read before it.
                    with connection.cursor() as cursor:
                        cursor.execute("LOCK TABLE search_searchentry IN SHARE ROW EXCLUSIVE MODE")
                changed += keep(kind, pks)
            done += len(pks)
            progress(kind, done)
    if changed >= _BATCH:
        settle()
    return changed


def _all_keys(kind):
    """Keys of all records of a kind and of all its entries, in batches, in order."""
    number, last = kind.number, 0
    records = models.QuerySet(kind.model).order_by("pk").values_list("pk", flat=True)
    first, end = SearchEntry.ids_of(number)
    entries = models.QuerySet(SearchEntry).order_by("pk").values_list("pk", flat=True)
    while True:
        of_records = set(records.filter(pk__gt=last)[:_BATCH])
        of_entries = {
            key - first for key in entries.filter(pk__gt=first + last, pk__lte=end)[:_BATCH]
        }
        # Beyond the end of a list that was cut, the other one may know keys that this one lacks.
        limits = [max(keys) for keys in (of_records, of_entries) if len(keys) == _BATCH]
        batch = sorted(of_records | of_entries)
        if limits:
            batch = [pk for pk in batch if pk <= min(limits)]
        if not batch:
            return
        last = batch[-1]
        yield batch
