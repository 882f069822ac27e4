"""What in the records contradicts something else: what a rule has found, and who asks the rules.

Some of it is refused. Other things look wrong and are often true (a unit with two superiors at
once); they are accepted after a second look, which names exactly what was found. The apps register
their rules here: for one record (forms), for all records (``check_content``), for a file.
"""

import enum
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from chronology import HistoricalDate
from chronology.display import display, display_period
from chronology.recorded import recorded


class Severity(enum.Enum):
    REFUSED = "refused"
    SECOND_LOOK = "second look"


class Place(NamedTuple):
    """A field of a record: ``model`` as ``units.unit``, the code of the record, the field."""

    model: str
    code: str
    field: str = ""


@dataclass(frozen=True)
class Together:
    """Findings of one rule about the same record ``about`` that are shown as one where there are
    several (``publishing.finding_groups``): ``template``, with the values of a finding and
    ``count``, and ``todo`` are said of all; ``name`` is that of the one record in their list."""

    about: Place
    template: str
    todo: str
    name: str


@dataclass(frozen=True)
class Finding:
    """Something that contradicts. ``code``: of the rule.

    ``template``, with ``values``, and ``todo`` are what ``message`` and ``advice`` say to editors,
    marked for translation; a value may be a HistoricalDate, a period or another such text. They
    become sentences only when they are shown: a file can bring thousands.
    ``places``: where it can be mended, that of the record to which it belongs first. ``about``: the
    texts that it rests on: when one of them changes, it is another finding. ``together``: how
    several such findings are shown.
    """

    code: str
    severity: Severity
    template: str
    values: dict
    todo: str
    places: tuple
    about: tuple = ()
    together: Together | None = None

    @property
    def is_refused(self) -> bool:
        return self.severity is Severity.REFUSED

    @property
    def place(self) -> Place:
        return self.places[0]

    @property
    def message(self) -> str:
        return in_words(self.template, self.values)

    @property
    def advice(self) -> str:
        return gettext(self.todo)

    @property
    def sentence(self) -> str:
        return f"{self.message} {self.advice}".strip()

    @property
    def identity(self) -> tuple:
        """The same for a finding that was there before and of which nothing has changed."""
        return self.code, self.places, self.about


@dataclass(frozen=True)
class Words:
    """A text of the site among the values of a finding."""

    text: str


@dataclass(frozen=True)
class Span:
    """A period among the values of a finding; ``empty_end`` as for ``Period.of``."""

    begin: Any
    end: Any
    empty_end: str = "open"


def in_words(template: str, values: dict) -> str:
    """A template of a finding as a sentence in the active language."""
    return gettext(template) % {name: _in_words(value) for name, value in values.items()}


def _in_words(value):
    if isinstance(value, Span):
        ends = recorded(value.begin), recorded(value.end)
        return display_period(*ends, empty_end=value.empty_end)
    if isinstance(value, HistoricalDate):
        return display(recorded(value) or value)
    return gettext(value.text) if isinstance(value, Words) else value


def fingerprint(findings: Iterable[Finding]) -> str:
    """What a tick under these findings accepts: other findings have another one."""
    texts = sorted(repr(finding.identity) for finding in findings)
    return hashlib.sha256("\n".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def only_new(findings: Iterable[Finding], before: Iterable[Finding]) -> list:
    """Those that were not found before, each once, what is refused first."""
    known = {finding.identity for finding in before}
    new = {finding.identity: finding for finding in findings if finding.identity not in known}
    return sorted(new.values(), key=lambda finding: not finding.is_refused)


def address_of_place(place: Place) -> str:
    """The address in the admin of the record, or of the one whose form shows it; "" for none."""
    model = apps.get_model(place.model)
    record = model._base_manager.filter(code=place.code).first()
    while record is not None:
        opts = record._meta
        if admin.site.is_registered(type(record)):
            try:
                return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])
            except NoReverseMatch:
                return ""
        record = getattr(record, "unit", None)
    return ""


# --- who finds what ---------------------------------------------------------------------------

_of_a_record = {}  # label of a model → functions
_of_all = []
_of_a_plan = []


def finds(*labels):
    """Registers ``function(record)``: the findings that a change of a record of one of the models
    ``labels`` ("units.unit") can make. A decorator; so are the two others."""

    def register(function):
        for label in labels:
            _of_a_record.setdefault(label, []).append(function)
        return function

    return register


def finds_all(function):
    """Registers ``function()``, which yields all findings of the database in bounded memory."""
    _of_all.append(function)
    return function


def finds_in_plans(function):
    """Registers ``function(plan)``, which yields what the plan of an import would newly make."""
    _of_a_plan.append(function)
    return function


def of_record(record) -> list:
    """What is found around a stored record; nothing where nobody asks."""
    functions = _of_a_record.get(record._meta.label_lower, ())
    return [finding for function in functions for finding in function(record)]


def of_everything():
    """All findings of the database, one after another."""
    for function in _of_all:
        yield from function()


def of_plan(plan) -> list:
    """What an import would newly make."""
    return only_new((finding for function in _of_a_plan for finding in function(plan)), ())
