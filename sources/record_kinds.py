"""Sources, as a kind of records."""

from publishing.record_kinds import RecordKind, declare
from sources.models import Source

declare(
    4,
    RecordKind(
        name="sources",
        model=Source,
        fields=("code", "title", "kind", "number", "publisher", "date", "url", "accessed", "note"),
        told="Where public statements come from.",
        linked="open_data.linked.nodes.source",
    ),
)
