"""The addresses of the former site, as a kind of records for staff."""

from mia_site.models import LegacyAddress
from publishing.record_kinds import RecordKind, declare

declare(
    6,
    RecordKind(
        name="legacy_addresses",
        model=LegacyAddress,
        fields=("code", "address", "target", "note"),
        resource="mia_site.resources.LegacyAddressResource",
    ),
)
