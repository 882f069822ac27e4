"""Editorial pages, as rows of files."""

import pages.translation  # noqa: F401 - the columns of translations must exist
from exchange import register
from exchange.columns import translated
from exchange.resource import RecordResource
from pages.models import Page


@register
class PageResource(RecordResource):
    kind = "pages"

    class Meta(RecordResource.Meta):
        model = Page
        fields = [
            "code", "slug", *translated("title", "summary", "body"), "placement", "order",
            "status", "publish_at",
        ]  # fmt: skip
