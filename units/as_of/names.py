"""What units were called on a date."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from chronology import Certainty, HistoricalDate
from units.as_of.succession import chosen_rows, held, life_of
from units.initials import shown_name
from units.models import FormerName

LANGUAGES = ("az", "en")


@dataclass(frozen=True)
class DatedName:
    """A name with how surely it was borne on the date, and from when to when.

    ``begin`` None: not known (or, for a unit without former names, as long as it exists); ``end``
    None: still borne when ``is_present``, else not known.
    """

    az: str
    en: str
    certainty: Certainty
    begin: HistoricalDate | None
    end: HistoricalDate | None
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


def borne_instead(on):
    """The FormerName rows that are likeliest on a past date, of the units that bore another name
    than today's."""
    return chosen_rows(FormerName.objects.order_by(), on)


def names_on(units, on):
    """``{unit id: [DatedName, best first]}`` for ``units`` on ``on`` (None: today); one query.

    Empty for a unit whose name on the date is not known.
    """
    units = list(units)
    rows = {}
    for row in FormerName.objects.filter(unit__in={unit.pk for unit in units}).order_by("pk"):
        rows.setdefault(row.unit_id, []).append(row)
    return {unit.pk: dated_names(unit, rows.get(unit.pk, []), on) for unit in units}


def dated_names(unit, rows, on):
    """The names of one unit on the date from its FormerName ``rows``."""
    return [
        DatedName(
            getattr(one.value or unit, "name_az", None) or "",
            getattr(one.value or unit, "name_en", None) or "",
            one.certainty,
            one.begin,
            one.end,
            is_present=one.value is None,
        )
        for one in held(rows, on, **life_of(unit))
    ]
