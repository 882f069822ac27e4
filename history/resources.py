"""Events with their participations, figures and yearly days, as rows of files."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import history.translation  # noqa: F401 - the columns of translations must exist
from exchange import register
from exchange.columns import ListColumn, split_codes, translated
from exchange.resource import RecordResource
from history import rules
from history.models import (
    Era,
    Event,
    Figure,
    FigureGroup,
    Observance,
    Participation,
    Side,
)
from sources.resources import sources_column


@register
class EraResource(RecordResource):
    kind = "eras"

    class Meta(RecordResource.Meta):
        model = Era
        fields = [
            "code",
            *translated("name"),
            "slug",
            *translated("summary"),
            "begin",
            "end",
            "order",
        ]


_SIDES = {
    "before": (Side.BEFORE, gettext_lazy("units before"), gettext_lazy("bodies outside before")),
    "after": (Side.AFTER, gettext_lazy("units after"), gettext_lazy("bodies outside after")),
    "concerned": (
        Side.SUBJECT,
        gettext_lazy("units concerned"),
        gettext_lazy("bodies outside concerned"),
    ),
}


def _participants(word, to, label):
    side = _SIDES[word][0]
    name = f"{'units' if to == 'unit' else 'bodies'}_{word}"
    return ListColumn(name, Participation, "event", to, fixed={"side": side.value}, label=label)


@dataclass(frozen=True)
class _Participant:
    """A participation that is planned; units and bodies are codes."""

    side: str
    unit: str | None
    external_body: str | None


@register
class EventResource(RecordResource):
    """One row ↔ one event; who took part and where it is written are lists of codes."""

    kind = "events"

    units_before = _participants("before", "unit", _SIDES["before"][1])
    units_after = _participants("after", "unit", _SIDES["after"][1])
    units_concerned = _participants("concerned", "unit", _SIDES["concerned"][1])
    bodies_before = _participants("before", "external_body", _SIDES["before"][2])
    bodies_after = _participants("after", "external_body", _SIDES["after"][2])
    bodies_concerned = _participants("concerned", "external_body", _SIDES["concerned"][2])
    sources = sources_column(Event.sources)

    class Meta(RecordResource.Meta):
        model = Event
        fields = [
            "code", "date", "kind", "era", *translated("title"), "slug",
            *translated("summary", "body", "place"), "weight", "order",
            "units_before", "units_after", "units_concerned",
            "bodies_before", "bodies_after", "bodies_concerned", "sources",
            "status", "publish_at",
        ]  # fmt: skip

    def check(self, part):
        """An import warns where publishing by hand would block: numbers of participants."""
        position = part.position
        sides = [
            (position[f"{what}_{word}"], side.value, what == "units")
            for word, (side, _units, _bodies) in _SIDES.items()
            for what in ("units", "bodies")
        ]
        concerned = {position["kind"], *(at for at, _side, _is_unit in sides)}
        changed = {u.index for u in part.updates if concerned & set(u.changed)}
        for index, pk, text in part.final_rows():
            if pk is not None and index not in changed:
                continue
            taking_part = [
                _Participant(side, code if is_unit else None, None if is_unit else code)
                for at, side, is_unit in sides
                for code in split_codes(text(at))
            ]
            for sentence in rules.problems(text(position["kind"]), taking_part):
                part.notes.append(
                    _("Row %(row)s, %(code)s: %(sentence)s")
                    % {
                        "row": part.table.number(index),
                        "code": text(position["code"]),
                        "sentence": sentence,
                    }
                )


@register
class FigureGroupResource(RecordResource):
    kind = "figure_groups"

    class Meta(RecordResource.Meta):
        model = FigureGroup
        fields = ["code", *translated("name", "summary"), "order"]


@register
class FigureResource(RecordResource):
    kind = "figures"

    class Meta(RecordResource.Meta):
        model = Figure
        fields = [
            "code", "group", "event", "unit", "value", "approximate", *translated("label", "note"),
            "on_home_page", "order", "status", "publish_at",
        ]  # fmt: skip


@register
class ObservanceResource(RecordResource):
    kind = "observances"

    class Meta(RecordResource.Meta):
        model = Observance
        fields = [
            "code", *translated("title"), "month", "day", "unit", "since", "origin",
            *translated("summary"), "status", "publish_at",
        ]  # fmt: skip
