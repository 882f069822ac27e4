"""The addresses of the former site, as a kind of records for staff."""

from addresses.models import LegacyAddress
from publishing.record_kinds import RecordKind, declare

declare(
    6,
    RecordKind(
        name="legacy_addresses",
        model=LegacyAddress,
        fields=("code", "address", "target", "note"),
        resource="addresses.resources.LegacyAddressResource",
    ),
)
