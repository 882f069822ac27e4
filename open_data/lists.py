"""What a list may be asked: the parameters of each kind, and what they do."""

import datetime
from functools import cache

from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from ninja import Field, Schema
from pydantic import ConfigDict, create_model

from chronology import InvalidDate, read_date
from chronology.languages import SOURCE
from open_data import cursor
from open_data.kinds import BY_NAME, in_force
from open_data.problems import Refused
from publishing.matching import matching
from publishing.record_kinds import kind_of
from publishing.text import invisible_character
from units.models import Unit

MOST, USUAL = 500, 100
LONGEST = 200

TOLD = {
    "on": "The date for which the answer is given: `1992`, `2004-06`, `1918-05-28`, "
    "`28.05.1918`, `June 2004`, `about 1840`. A year means: at any time in it. Without it: today.",
    "q": "Words that the name, title or code holds. Letters without their signs find them, too.",
    "updated_since": "Only what was changed at this moment or later: `2026-11-22` or "
    "`2026-11-22T09:30:00Z`.",
    "limit": f"How many records a page holds, at most {MOST}.",
    "cursor": "Where the page begins; from `next` of the page before.",
}


class _Asked(Schema):
    model_config = ConfigDict(extra="allow")


def _text(told, **more):
    return (str | None, Field(None, max_length=LONGEST, description=told, **more))


@cache
def parameters_of(kind_name):
    """The schema of the parameters of a list."""
    kind = BY_NAME[kind_name]
    fields = {}
    if kind.period:
        fields["on"] = _text(TOLD["on"], examples=["1992-11-24"])
    if kind.has("search_text"):
        fields["q"] = _text(TOLD["q"], examples=["polis"])
    for name, field in kind.references.items():
        with translation.override(SOURCE):
            fields[name] = _text(f"Only records with this {field.verbose_name} (its code).")
    for name, words in choices_of(kind).items():
        fields[name] = _text("Only records of this kind.", json_schema_extra={"enum": words})
    if kind.name == "events":
        fields["unit"] = _text("Only events in which the unit with this code takes part.")
        fields["external_body"] = _text("Only events in which this body outside takes part.")
    if kind.has("updated_at"):
        fields["updated_since"] = _text(TOLD["updated_since"], examples=["2026-11-22"])
    fields["limit"] = (int, Field(USUAL, ge=1, le=MOST, description=TOLD["limit"]))
    fields["cursor"] = _text(TOLD["cursor"])
    return create_model(f"{kind.name}_asked", __base__=_Asked, **fields)


def choices_of(kind):
    """``{field: [words]}`` of the columns that hold a word of a fixed list."""
    return {
        name: [word for word, _label in field.choices]
        for name, field in kind.public_columns.items()
        if name == "kind" and field.choices
    }


def narrowed(kind, asked):
    """The public records of the kind that ``asked`` ({parameter: value}) leaves, and its date.

    Returns (QuerySet in no order, HistoricalDate or None). Raises Refused.
    """
    known = parameters_of(kind.name).model_fields
    for name in asked:
        if name not in known:
            raise Refused(
                400,
                _("There is no parameter “%(name)s” here. Known are: %(known)s.")
                % {"name": name[:50], "known": ", ".join(known)},
                name[:50],
            )
    asked = {name: value for name, value in asked.items() if value not in (None, "")}
    for name, value in asked.items():
        if isinstance(value, str) and invisible_character(value):
            raise Refused(400, _("The value holds an invisible character. Remove it."), name)
    rows = kind.public()
    if "q" in asked:
        rows = rows.filter(matching(asked["q"]))
    if "updated_since" in asked:
        rows = rows.filter(updated_at__gte=_moment(asked["updated_since"]))
    for name, words in choices_of(kind).items():
        if name in asked and asked[name] not in words:
            raise Refused(
                400,
                _("There is no such kind. Known are: %(known)s.") % {"known": ", ".join(words)},
                name,
            )
    on = date_asked(asked.get("on"))
    if on is not None:
        rows = in_force(kind, rows, on)
    return _related(kind, rows, asked, on), on


def after(kind, rows, text):
    """The part of ``rows`` that begins where the page before ended. Raises Refused."""
    if not text:
        return rows
    try:
        return rows.filter(pk__gt=cursor.read(kind.name, text))
    except cursor.BadCursor:
        sentence = _("This cursor was not given by a page of this list. Begin without one.")
        raise Refused(400, sentence, "cursor") from None


def _related(kind, rows, asked, on):
    """``rows`` with the codes and words that were asked for."""
    if kind.name == "events":
        for name in ("unit", "external_body"):
            if name in asked:
                code = asked.pop(name)
                target = BY_NAME[{"unit": "units"}.get(name, "external_bodies")]
                found = target.public().filter(code=code)
                through = kind.model._meta.get_field("participations").related_model
                part = through._base_manager.filter(**{f"{name}__in": found})
                rows = rows.filter(pk__in=part.values("event"))
    for name, field in kind.references.items():
        if name in asked:
            public = kind_of(field.related_model).public()
            # Looked up first: a list of one key is found by its index, a sub-query may not be.
            found = list(public.filter(code=asked[name]).values_list("pk", flat=True))
            if kind.name == "units" and name == "parent" and on is not None:
                rows = rows.filter(pk__in=_children_then(found, on))
            else:
                rows = rows.filter(**{f"{name}__in": found})
    for name in choices_of(kind):
        if name in asked:
            rows = rows.filter(**{name: asked[name]})
    return rows


def _children_then(parents, on):
    """Units that certainly or possibly stood under one of ``parents`` (keys)."""
    from structure.as_of import AsOf

    superior = Unit.objects.filter(pk__in=parents).first()
    if superior is None:
        return []
    return [unit.pk for unit in AsOf(on, None).sub_units(superior)]


def date_asked(text):
    """The HistoricalDate of ``on``, None without one. Raises Refused with a sentence."""
    if not text:
        return None
    try:
        return read_date(text.strip())
    except InvalidDate as error:
        raise Refused(400, str(error), "on") from None


def _moment(text):
    try:
        if len(text) == 10:
            text = f"{datetime.date.fromisoformat(text).isoformat()}T00:00:00"
        moment = parse_datetime(text.replace(" ", "+") if text.count(" ") == 1 else text)
        if moment is not None:
            moment = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
            return moment.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        pass
    raise Refused(
        400,
        _("This is not a moment. Write it like 2026-11-22 or 2026-11-22T09:30:00Z."),
        "updated_since",
    )
