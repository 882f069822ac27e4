"""Addresses for records that bring none: made of their names, and free.

One rule for forms, imports, fixtures and whatever saves a record in a program: the first of its
titles, its code or the word for its kind of which something is left as an address, with a number
where another record of the kind has that address or had it.
"""

from collections import Counter

from django.db import models, router

from publishing.narrowing import narrowed
from publishing.retired_slugs import RetiredSlug
from publishing.text import slugify

_NUMBERED_ONE_BY_ONE = 20


def give_addresses(records):
    """Write a free address into each of ``records``, all of one kind, that has none."""
    needy = [record for record in records if not record.slug]
    if not needy:
        return
    own = needy[0] if len(needy) == 1 else None
    taken = {record.slug for record in records}
    stems = [_stem_of(record) for record in needy]
    made = free_addresses(type(needy[0]), stems, taken, own)
    for record, slug in zip(needy, made, strict=True):
        record.slug = slug


def free_addresses(model, stems, taken=(), own=None):
    """An address for each of ``stems``, in their order: the stem, or the stem and a number.

    No record of ``model`` has or had it, none is given twice, none is among ``taken``. ``own``: a
    record to which its own addresses, the present and the former ones, are free.
    """
    taken = _taken(model, stems, own).union(taken)
    made, counters = [], {}
    for stem in stems:
        slug, number = stem, counters.get(stem, 1)
        while slug in taken:
            number += 1
            slug = f"{stem}-{number}"
        counters[stem] = number
        taken.add(slug)
        made.append(slug)
    return made


def _stem_of(record):
    titles = [getattr(record, name) for name in record.title_fields()]
    for text in [*titles, record.code]:
        if stem := slugify(text or ""):
            return stem
    return record._meta.model_name


def _taken(model, stems, own):
    """Addresses of this kind, former ones too, that those made from ``stems`` could meet."""
    wanted = Counter(stems)
    repeated = {stem for stem, count in wanted.items() if count > 1}
    using = router.db_for_write(model)
    present = models.QuerySet(model, using=using).order_by()
    former = RetiredSlug.objects.using(using).of(model).order_by()
    if own is not None:
        present, former = present.exclude(pk=own.pk), former.exclude(code=own.code)
    taken = set()
    for rows in (present, former):
        slugs = rows.values_list("slug", flat=True)
        met = {
            slug
            for slug in narrowed(slugs, "slug", wanted).iterator(chunk_size=5000)
            if slug in wanted
        }
        numbered = met | repeated
        if len(numbered) > _NUMBERED_ONE_BY_ONE:
            taken.update(slugs.iterator(chunk_size=5000))
            continue
        taken |= met
        for stem in numbered:
            taken.update(slugs.filter(slug__startswith=f"{stem}-"))
    return taken


def fill_empty(apps, app_label, *names):
    """Give those records an address that an older version of the site stored without one.

    For migrations. Addresses are unique, so a table has one such record at most.
    """
    for name in names:
        model = apps.get_model(app_label, name)
        nameless = model.objects.filter(slug="")
        for code in nameless.values_list("code", flat=True):
            nameless.update(slug=free_addresses(model, [slugify(code) or name.lower()])[0])
    RetiredSlug.objects.filter(slug="").delete()
