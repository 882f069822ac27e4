"""Editorial pages, as a kind of records."""

from django.utils.translation import gettext_lazy as _

from pages.models import Page
from publishing.record_kinds import RecordKind, Searched, declare

declare(
    5,
    RecordKind(
        name="pages",
        model=Page,
        fields=(
            "code", "slug", "title", "summary", "body", "placement", "order", "status",
            "publish_at",
        ),
        told="Editorial pages.",
        page="pages:page",
        searched=Searched(
            5, "page", _("Pages"), _("Page"),
            name=("title",), summary=("summary",), body=("body",), named_after_others=True,
        ),
        add_words=_("Add a page"),
    ),
)  # fmt: skip
