"""Events, figures and yearly days, as kinds of records."""

from django.utils.translation import gettext_lazy as _

from history.models import Era, Event, Figure, FigureGroup, Observance, Participation, Side
from publishing.record_kinds import CodeList, RecordKind, Searched, declare

# Who takes part in an event, side by side.
PARTICIPANTS = tuple(
    CodeList(name, Participation, "event", to, label, fixed={"side": side.value})
    for name, to, side, label in (
        ("units_before", "unit", Side.BEFORE, _("units before")),
        ("units_after", "unit", Side.AFTER, _("units after")),
        ("units_concerned", "unit", Side.SUBJECT, _("units concerned")),
        ("bodies_before", "external_body", Side.BEFORE, _("bodies outside before")),
        ("bodies_after", "external_body", Side.AFTER, _("bodies outside after")),
        ("bodies_concerned", "external_body", Side.SUBJECT, _("bodies outside concerned")),
    )
)

declare(
    3,
    RecordKind(
        name="events",
        model=Event,
        fields=(
            "code", "date", "kind", "era", "title", "slug", "summary", "body", "place", "weight",
            "order", *PARTICIPANTS, "sources", "status", "publish_at",
        ),
        parts={"participations": Participation},
        resource="history.resources.EventResource",
        told="What happened. Who took part stands in six lists: units and bodies that were there "
        "before it, after it, or that it concerned.",
        linked="open_data.linked.nodes.event",
        told_of=("participations__unit", "participations__external_body"),
        page="history:event",
        searched=Searched(
            3, "event", _("Events"), _("Event"),
            name=("title",), summary=("place", "summary"), body=("body",),
            named_after_others=True,
        ),
        is_news=True,
        add_words=_("Add an event"),
    ),
    RecordKind(
        name="figures",
        model=Figure,
        fields=(
            "code", "group", "event", "unit", "value", "approximate", "label", "note",
            "on_home_page", "order", "status", "publish_at",
        ),
        told="Numbers with their meaning.",
    ),
    RecordKind(
        name="figure_groups",
        model=FigureGroup,
        fields=("code", "name", "summary", "order"),
        told="What figures belong to.",
    ),
    RecordKind(
        name="observances",
        model=Observance,
        fields=(
            "code", "title", "month", "day", "unit", "since", "origin", "summary", "status",
            "publish_at",
        ),
        told="Days kept every year.",
    ),
    RecordKind(
        name="eras",
        model=Era,
        fields=("code", "name", "slug", "summary", "begin", "end", "order"),
        told="The stretches of the timeline.",
        period=("begin", "end"),
    ),
)  # fmt: skip
