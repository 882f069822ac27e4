"""What units were called on a date."""

from dataclasses import dataclass, field
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language

from chronology import Certainty, HistoricalDate
from structure.as_of.succession import Standing, held
from units import due
from units.existence import life_of
from units.initials import shown_name
from units.models import DatedName

LANGUAGES = ("az", "en")

_NO_NAME = [Q(**{f"name_{code}": ""}) | Q(**{f"name_{code}__isnull": True}) for code in LANGUAGES]
NAMES = Standing(DatedName, "name_since", reduce(and_, _NO_NAME))


@dataclass(frozen=True)
class HeldName:
    """A name with how surely it was borne on the date, and from when to when.

    ``begin`` None: not known; ``end`` None: still borne when ``is_present``, else not known.
    ``expected``: how surely as far as can be foreseen.
    """

    az: str
    en: str
    certainty: Certainty
    begin: HistoricalDate | None
    end: HistoricalDate | None
    expected: Certainty
    is_present: bool = False

    def in_language(self):
        """``(name, language)``: in the reader's language and "", else in one that it is known in
        with that language."""
        own = get_language()
        if name := getattr(self, own or "", ""):
            return name, ""
        return next(((n, c) for c in LANGUAGES if (n := getattr(self, c))), ("", ""))


@dataclass
class Listed:
    """By which names units are listed: ``units``, a queryset, by those on their rows; but
    ``elsewhere``, a queryset of some of these or None, by ``rows`` of ``(unit id, name, is former
    name)``, where further names may be. ``own_names``: {unit id: name on its row} of elsewhere."""

    units: Any
    rows: list = field(default_factory=list)
    elsewhere: Any = None
    own_names: dict = field(default_factory=dict)


def listed(records, language, pk="pk"):
    """``(unit id, name)`` of units or former names as readers of ``language`` are shown them, as a
    list; read past modeltranslation, which would look at every row again. One query."""
    named = records.rewrite(False).annotate(shown=shown_name(language))
    return list(named.values_list(pk, "shown"))


def borne_instead(asked):
    """The DatedName rows that are likeliest on the date ``asked`` about, of the units that bear
    another name then than today's."""
    return NAMES.chosen_rows(asked)


def names_on(units, on, user=None):
    """``{unit id: [HeldName, best first]}`` for ``units`` on ``on`` (None: today), as ``user`` may
    see them; one query.

    Empty for a unit that did not exist, or whose name on the date is not known.
    """
    units = list(units)
    rows = {}
    found = DatedName.objects.begun_or_announced(user)
    for row in found.filter(unit__in={unit.pk for unit in units}).order_by("pk"):
        rows.setdefault(row.unit_id, []).append(row)
    return {unit.pk: names_held(unit, rows.get(unit.pk, []), on) for unit in units}


def names_held(unit, rows, on):
    """The names of one unit on the date from its DatedName ``rows`` that the reader may see."""
    life = life_of(unit)
    found = held(rows, on, unit.name_since, life=life, lives=lambda row: (), is_unknown=_is_unknown)
    return [
        HeldName(
            getattr(one.value or unit, "name_az", None) or "",
            getattr(one.value or unit, "name_en", None) or "",
            one.certainty,
            one.begin,
            one.end,
            one.expected,
            is_present=one.value is None or due.stands_today(one.value, one.end),
        )
        for one in found
    ]


def _is_unknown(row):
    return not (row.name_az or row.name_en)
