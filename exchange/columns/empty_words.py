"""Words that other registers write where there is nothing to say."""

from django.utils.translation import gettext as _

from chronology.languages import known
from exchange.problems import Refused

WORDS = frozenset(
    [
        *("-", "--", "–", "—", "?", ".", "0000-00-00", "\\n"),
        *(word for one in known().values() for word in one.nothing_words),
    ]
)


def says_nothing(text):
    return text.strip().casefold() in WORDS


def refused(advice=""):
    """``advice``: where an empty cell would say more than that nothing is known."""
    return Refused(
        "empty_word",
        _("This word stands for an empty cell."),
        advice or _("Leave the cell empty where there is nothing to say."),
    )
