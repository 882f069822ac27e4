"""The kinds of records that machines can read, and what each may be asked.

The fields are those of files (``exchange``): the API, the downloads and the import speak one
language. What differs is said here.
"""

from dataclasses import dataclass
from functools import cache

from django.db.models import Q

from chronology import possibly_in_force
from exchange import columns as c
from exchange.registry import resource_for
from publishing.models import refers_to
from publishing.translated import columns
from structure.as_of import AsOf
from units import existence

# Of relations: the units that they join.
JOINED = {
    "dated_names": ["unit"],
    "dated_superiors": ["unit", "parent"],
    "terms": ["post__unit"],
}
# The same: the bodies outside.
OUTSIDE = {"dated_superiors": ["external_body"]}
# What a unit is told of for today only, by the stems of its columns.
CONTACT = ("address", "latitude", "longitude", "phone", "email", "website", "opening_hours")
# Fields of staff: every record that is given is published.
LEFT_OUT = ("status", "publish_at")


@dataclass(frozen=True)
class Kind:
    """``name`` is the word in addresses and files, ``period`` the two fields that ``on`` asks.

    ``one`` and ``many`` name the records in the description of the API; ``told`` says what they
    are. ``page``: whether each has a page on the site.
    """

    name: str
    one: str
    many: str
    told: str
    period: tuple = ()
    page: bool = False

    @property
    def resource(self):
        return resource_for(self.name)

    @property
    def model(self):
        return self.resource._meta.model

    @property
    def columns(self):
        """The columns of files, in their order, without those of staff."""
        return [one for one in self.resource.columns() if one.name not in LEFT_OUT]

    @property
    def references(self):
        """The columns that hold the code of one other record."""
        return [one for one in self.columns if one.target is not None and not one.many]

    @property
    def of_today(self):
        """The names of the columns that hold what is kept for today only."""
        stems = CONTACT if self.name == "units" else ()
        known = {*stems, *columns(*stems)}
        return [one.name for one in self.columns if one.name in known]

    def has(self, field):
        return self.resource.has_field(field)

    def in_force(self, rows, on):
        """Those of ``rows`` that certainly or possibly were in force on ``on``, a HistoricalDate,
        as pages have it: a relation holds only while the units that it joins exist."""
        begin, end = self.period
        rows = rows.filter(possibly_in_force(on, begin=begin, end=end))
        if self.name == "terms":
            rows = rows.in_office(on)
        for unit in JOINED.get(self.name, ()):
            there = refers_to(unit, AsOf(on, None).units())
            rows = rows.filter(there | Q(**{f"{unit}__isnull": True}))
        for body in OUTSIDE.get(self.name, ()):
            there = existence.possibly(on, f"{body}__")
            there &= existence.may_meet(begin, end, f"{body}__")
            rows = rows.filter(there | Q(**{f"{body}__isnull": True}))
        return rows

    def public(self):
        """The records of the kind that everybody may see, as a QuerySet in no order."""
        manager = self.model._default_manager
        if hasattr(manager.all(), "visible_to"):
            return manager.visible_to(None).order_by()
        return self.resource.visible_to(None)


KINDS = [
    Kind(
        "units", "Unit", "Units",
        "The bodies of the institution, the same through renamings and moves. `parent` is the "
        "superior; the tree of a past date comes with `on`. Texts and kinds are those of today on "
        "every date; addresses, telephone numbers and the like are given for today only.",
        period=("founded", "dissolved"), page=True,
    ),
    Kind(
        "dated_names", "Former name", "Former names",
        "What a unit was called before, and when. `end` is the first day of the next name.",
        period=("begin", "end"),
    ),
    Kind(
        "dated_superiors", "Former superior", "Former superiors",
        "Whom a unit answered to before: a unit (`parent`) or a body outside (`external_body`).",
        period=("begin", "end"),
    ),
    Kind(
        "external_bodies", "Body outside", "Bodies outside",
        "Bodies that the institution answered to or works with.",
        page=True,
    ),
    Kind("people", "Person", "People", "Persons named on the site.", page=True),
    Kind("posts", "Post", "Posts", "Offices in units, held by one person after another."),
    Kind(
        "terms", "Term of office", "Terms of office",
        "Who held which post when. `end` is the first day out of office; none: still in office.",
        period=("begin", "end"),
    ),
    Kind(
        "events", "Event", "Events",
        "What happened. Who took part stands in six lists: units and bodies that were there "
        "before it, after it, or that it concerned.",
        page=True,
    ),
    Kind("figures", "Figure", "Figures", "Numbers with their meaning."),
    Kind("figure_groups", "Group of figures", "Groups of figures", "What figures belong to."),
    Kind("observances", "Yearly day", "Yearly days", "Days kept every year."),
    Kind("sources", "Source", "Sources", "Where public statements come from."),
    Kind("eras", "Era", "Eras", "The stretches of the timeline.", period=("begin", "end")),
    Kind("unit_kinds", "Kind of unit", "Kinds of units", "The vocabulary of the kinds of units."),
    Kind("links", "See-also link", "See-also links", "What the page of a unit also leads to."),
    Kind("pages", "Page", "Pages", "Editorial pages.", page=True),
]  # fmt: skip
BY_NAME = {kind.name: kind for kind in KINDS}


@cache
def kind_of(model):
    """The Kind of a model; its translated, proxy and historical relatives do not occur."""
    return next(kind for kind in KINDS if kind.model is model)


def reader_of(column):
    """A function that takes the value of a plain column from a record, as JSON has it.

    Lists and references are read many at a time (``open_data.rows``).
    """
    name = column.name
    if isinstance(column, c.HistoricalDateColumn):
        return lambda record: date_value(getattr(record, name))
    if isinstance(column, c.DayColumn):
        return lambda record: day.isoformat() if (day := getattr(record, name)) else None
    if isinstance(column, c.DecimalColumn):
        return lambda record: None if (number := getattr(record, name)) is None else float(number)
    if isinstance(column, c.PictureColumn):
        return lambda record: picture.url if (picture := getattr(record, name)) else None
    if isinstance(column, c.WholeNumberColumn | c.YesNoColumn):
        return lambda record: getattr(record, name)
    return lambda record: getattr(record, name) or ""


def date_value(date):
    """A HistoricalDate as JSON: its text, and between which days it lies (None: not known, or
    without an end). No date at all is None."""
    if date is None:
        return None
    return {
        "edtf": date.text,
        "precision": date.precision,
        "earliest": _bound(date.earliest, 1),
        "latest": _bound(date.latest, 9999),
    }


def _bound(day, open_year):
    """A bound as text; an open end has none."""
    if day is None or (day.year == open_year and (day.month, day.day) in ((1, 1), (12, 31))):
        return None
    return day.isoformat()
