"""Where the next page of a list begins: an opaque text that stays right while records come and go.

It holds the kind of list and the number of the last record that was given, so a record that is
added or withdrawn meanwhile moves no other one.
"""

import base64
import binascii
import re


class BadCursor(ValueError):
    """A text that no page of this list has given."""


def written(kind, last):
    """The cursor after the record with the primary key ``last``."""
    return base64.urlsafe_b64encode(f"{kind}:{last}".encode()).decode().rstrip("=")


def read(kind, text):
    """The primary key that a cursor holds. Raises BadCursor."""
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        raise BadCursor from None
    found = re.fullmatch(re.escape(kind) + r":([0-9]{1,18})", plain, re.ASCII)
    if not found or written(kind, int(found[1])) != text:
        raise BadCursor
    return int(found[1])
