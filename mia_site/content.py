"""The content that the site starts with: the fixtures, in the order in which they refer back."""

from publishing.record_kinds import fixtures

# Each name is a file in ``fixtures/`` without ``.json``.
CONTENT_FIXTURES = fixtures()
