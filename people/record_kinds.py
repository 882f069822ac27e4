"""People, their posts and terms of office, as kinds of records."""

from django.utils.translation import gettext_lazy as _

from people.models import Person, Post, Term
from publishing.record_kinds import RecordKind, Searched, declare

declare(
    2,
    RecordKind(
        name="people",
        model=Person,
        fields=(
            "code", "name", "name_variants", "slug", "rank", "summary", "body", "portrait",
            "portrait_alt", "status", "publish_at",
        ),
        told="Persons named on the site.",
        linked="open_data.linked.nodes.person",
        page="people:person",
        searched=Searched(
            2, "person", _("People"), _("Person"),
            name=("name",), former=("name_variants",), summary=("rank", "summary"), body=("body",),
        ),
        add_words=_("Add a person"),
    ),
    RecordKind(
        name="posts",
        model=Post,
        fields=("code", "unit", "title", "is_head", "how_filled", "order"),
        resource="people.resources.PostResource",
        told="Offices in units, held by one person after another.",
        linked="open_data.linked.nodes.post",
        told_of=("unit",),
    ),
    RecordKind(
        name="terms",
        model=Term,
        fields=("code", "post", "person", "begin", "end", "acting", "announced", "note", "sources"),
        resource="people.resources.TermResource",
        told="Who held which post when. `end` is the first day out of office; none: still in "
        "office.",
        linked="open_data.linked.nodes.term",
        period=("begin", "end"),
        joined=("post__unit",),
        told_of=("post__unit", "person", "post"),
        # Whoever is found by a post held is shown as a person (``search.holders``).
        searched=Searched(
            6, "term", _("Terms of office"), _("Term of office"),
            name=("post__title",), former=("person__name",), short=(), shown_as="person",
        ),
    ),
)  # fmt: skip
