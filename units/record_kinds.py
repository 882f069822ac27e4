"""Units, what belongs to them, and bodies outside, as kinds of records."""

from django.utils.translation import gettext_lazy as _

from publishing.record_kinds import RecordKind, Searched, declare
from units.models import DatedName, DatedSuperior, ExternalBody, Link, Unit, UnitKind

declare(
    1,
    RecordKind(
        name="units",
        model=Unit,
        fields=(
            "code", "parent", "order", "kind", "name", "short_name", "abbreviation", "native_name",
            "slug", "summary", "body", "mandate", "jurisdiction", "address", "latitude",
            "longitude", "phone", "email", "website", "opening_hours", "emblem", "emblem_caption",
            "emblem_alt", "founded", "founding_sources", "attested", "dissolved", "closing_reason",
            "closing_sources", "name_since", "superior_since", "status", "publish_at",
        ),
        resource="units.resources.UnitResource",
        told="The bodies of the institution, the same through renamings and moves. `parent` is the "
        "superior; the tree of a past date comes with `on`. Texts and kinds are those of today on "
        "every date; addresses, telephone numbers and the like are given for today only.",
        linked="open_data.linked.nodes.unit",
        page="units:detail",
        period=("founded", "dissolved"),
        of_today=(
            "address", "latitude", "longitude", "phone", "email", "website", "opening_hours",
        ),
        searched=Searched(
            1, "unit", _("Units"), _("Unit"),
            name=("name",),
            short=("abbreviation", "short_name", "native_name", "code"),
            summary=("summary",),
            body=("jurisdiction", "address", "mandate", "body"),
        ),
        is_news=True,
        add_words=_("Add a unit"),
    ),
    RecordKind(
        name="dated_names",
        formerly_called=("former_names",),
        model=DatedName,
        fields=(
            "code", "unit", "name", "short_name", "abbreviation", "native_name", "begin", "end",
            "announced", "note", "sources",
        ),
        resource="units.resources.DatedNameResource",
        told="What a unit was called before, and when. `end` is the first day of the next name.",
        linked="open_data.linked.nodes.former_name",
        period=("begin", "end"),
        joined=("unit",),
        told_of=("unit",),
    ),
    RecordKind(
        name="dated_superiors",
        formerly_called=("former_parents",),
        model=DatedSuperior,
        fields=(
            "code", "unit", "parent", "external_body", "at_top", "begin", "end", "announced",
            "note", "sources",
        ),
        resource="units.resources.DatedSuperiorResource",
        told="Whom a unit answered to before: a unit (`parent`) or a body outside "
        "(`external_body`).",
        linked="open_data.linked.nodes.dated_superior",
        period=("begin", "end"),
        joined=("unit", "parent"),
        outside=("external_body",),
        told_of=("unit", "external_body"),
    ),
    RecordKind(
        name="external_bodies",
        model=ExternalBody,
        fields=(
            "code", "name", "abbreviation", "slug", "kind", "is_partner", "partner_since",
            "founded", "dissolved", "summary", "website", "order", "status", "publish_at",
        ),
        resource="units.resources.ExternalBodyResource",
        told="Bodies that the institution answered to or works with.",
        linked="open_data.linked.nodes.external_body",
        page="units:external_body",
        searched=Searched(
            4, "body", _("Organisations"), _("Organisation"),
            name=("name",), short=("abbreviation", "code"), summary=("summary",),
        ),
    ),
    RecordKind(
        name="links",
        model=Link,
        fields=("code", "unit", "title", "target", "url", "order"),
        resource="units.resources.LinkResource",
        told="What the page of a unit also leads to.",
    ),
    RecordKind(
        name="unit_kinds",
        model=UnitKind,
        fields=("code", "name", "order"),
        told="The vocabulary of the kinds of units.",
        linked="open_data.linked.nodes.unit_kind",
    ),
)  # fmt: skip
