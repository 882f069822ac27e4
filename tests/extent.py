"""How much is tried: what CI has the time for, or with ``FULL=1`` (``make full``) much more."""

import os

FULL = os.environ.get("FULL") == "1"


def examples(number):
    """How many random examples to try, where usually ``number`` are."""
    return number * 20 if FULL else number
