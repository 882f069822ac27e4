"""Sources as rows of files, and the column in which other records cite them."""

import sources.translation  # noqa: F401 - the columns of translations must exist
from exchange import register
from exchange.columns import ListColumn, translated
from exchange.resource import RecordResource
from sources.models import Source


@register
class SourceResource(RecordResource):
    kind = "sources"

    class Meta(RecordResource.Meta):
        model = Source
        fields = [
            "code", *translated("title"), "kind", "number", *translated("publisher"), "date", "url",
            "accessed", *translated("note"),
        ]  # fmt: skip


def sources_column(field):
    """The ListColumn for a field of ``cited_sources()``, given as ``Model.sources``."""
    own = field.field
    return ListColumn(
        own.name, field.through, own.m2m_field_name(), "source", label=own.verbose_name
    )
