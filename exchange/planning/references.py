"""Codes of other records must exist, in the database or in the same import."""

from django.db import models
from django.utils.translation import gettext as _

from exchange.columns import nearest, split_codes
from exchange.columns.empty_words import says_nothing
from exchange.problems import Refused, shorten
from exchange.registry import resource_of
from publishing.text import fold

# "Did you mean" compares with every known code; beyond this many it would take too long.
_GUESSABLE = 5000


def check_references(part):
    """Every code that is referred to must exist, in the database or in the same import."""
    for _i, column in part.active:
        if column.target is None:
            continue
        wanted = {}
        for index, text in part.touched(column.name):
            for code in split_codes(text) if column.many else (text,):
                wanted.setdefault(code, []).append(index)
        if not wanted:
            continue
        known = _known_codes(part.plan, column.target, wanted)
        unknown = wanted.keys() - known
        named = _codes_by_name(part, column.target, unknown) if unknown else {}
        for code in unknown:
            advice = _about_unknown(part, column, code, named.get(fold(code), ()))
            for index in wanted[code]:
                part.refuse(
                    Refused(
                        "unknown_reference",
                        _("There is no record with the code “%(code)s”.") % {"code": shorten(code)},
                        advice,
                    ),
                    index,
                    column.name,
                    code,
                )


def _known_codes(plan, model, wanted):
    """Those of the ``wanted`` codes that exist or will exist after this import."""
    known = set()
    resource = resource_of(model)
    part = plan.part(resource.kind) if resource else None
    if part is not None and part.codes:
        # Rows with problems of their own count: one message for them is enough.
        known.update(part.codes)
        if plan.options.delete_missing and not part.resource.closes:
            return known & wanted.keys()
    if resource and resource.kind in plan.implied:
        known.update(plan.implied[resource.kind].codes)
    rest = [code for code in wanted if code not in known]
    rows = models.QuerySet(model).order_by()
    if len(rest) > 2000:
        known.update(rows.values_list("code", flat=True).iterator(chunk_size=5000))
    else:
        for start in range(0, len(rest), 500):
            found = rows.filter(code__in=rest[start : start + 500])
            known.update(found.values_list("code", flat=True))
    return known & wanted.keys()


def _about_unknown(part, column, code, bearers):
    """Advice for a code that no record has. ``bearers``: codes of records of that name."""
    if len(bearers) == 1:
        return _("It is the name of the record “%(code)s”: write that code.") % {
            "code": shorten(bearers[0])
        }
    if bearers:
        return _("It is the name of %(count)s records: write the code of the one meant.") % {
            "count": len(bearers)
        }
    if not column.required and (says_nothing(code) or code.strip() == "0"):
        if column.name == "parent" and part.resource.tree:
            return _(
                "Write the code of the superior. The cell is empty only for what stands at the "
                "very top."
            )
        return _(
            "Write the code. The cell is empty only where there is none at all; that also "
            "takes away the one that the site has."
        )
    if guess := _guess(part.plan, column.target, code):
        return _("Did you mean “%(word)s”?") % {"word": guess}
    return _("Check the code, or import that record first.")


def _codes_by_name(part, model, words):
    """{folded name: [codes]} of records, in the file or the database, with these names.

    Other registers name a superior by its title.
    """
    wanted, found = {fold(word) for word in words} - {""}, {}
    names = model.title_fields() if hasattr(model, "title_fields") else []

    def learn(code, titles):
        for folded in {fold(title) for title in titles if title} & wanted:
            if code not in found.setdefault(folded, []):
                found[folded].append(code)

    resource = resource_of(model)
    own = part if model is part.model else None
    own = own or (part.plan.part(resource.kind) if resource else None)
    if own is not None:
        places = [own.place[name] for name in names if name in own.place]
        for code, index in own.codes.items():
            learn(code, [own.rows[index][place] for place in places])
    if names:
        rows = models.QuerySet(model).order_by().values_list("code", *names)
        for code, *titles in rows.iterator(chunk_size=5000):
            learn(code, titles)
    return found


def _guess(plan, model, code):
    """The existing code most like ``code``; None where there are too many to compare."""
    memory = ("codes", model)
    if memory not in plan.remembered:
        rows = models.QuerySet(model).order_by().values_list("code", flat=True)
        codes = list(rows[: _GUESSABLE + 1])
        resource = resource_of(model)
        part = plan.part(resource.kind) if resource else None
        if part is not None:
            codes += [c for c in part.codes if c != code]
        plan.remembered[memory] = codes if len(codes) <= _GUESSABLE else []
    return nearest(code, [c for c in plan.remembered[memory] if c != code], cutoff=0.8)
