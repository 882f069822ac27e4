"""What is said of characters that nobody sees, in words that a clerk knows."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy, pgettext

from publishing.text import invisible_character

# The codes of the errors that name the character themselves.
NAMED = ("line_break", "tab", "invisible")

_LINE_BREAKS = "\n\r\x85"
_IN_TEXT = gettext_lazy(
    "The text has the invisible character %(character)s. Type that place again."
)


def refuse_invisible(text, lines=False, sentence=_IN_TEXT):
    """Raise ValidationError where ``text`` has a character that nobody sees.

    ``lines``: whether it may have line breaks and tabs. ``sentence``: what is said of the others,
    with a place for ``character``.
    """
    found = invisible_character(text, allow_line_breaks=lines)
    if not found:
        return
    character = chr(int(found[2:], 16))
    if not lines and character in _LINE_BREAKS:
        raise ValidationError(
            gettext(
                "There is a line break, and only one line is taken here. Write it on one line."
            ),
            "line_break",
        )
    if not lines and character == "\t":
        raise ValidationError(gettext("There is a tab. Write a blank instead."), "tab")
    name = name_of(character)
    told = f"{found} ({name})" if name else found
    raise ValidationError(sentence, "invisible", {"character": told})


def name_of(character):
    """What people call a character that looks like a blank or like nothing; "" without a name."""
    number = ord(character)
    if character in _LINE_BREAKS:
        return pgettext("character", "line break")
    if number in (0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)):
        return pgettext("character", "direction mark")
    names = {
        "\t": pgettext("character", "tab"),
        "\xa0": pgettext("character", "no-break space"),
        "\u2007": pgettext("character", "no-break space"),
        "\u202f": pgettext("character", "no-break space"),
        "\xad": pgettext("character", "soft hyphen"),
        "\u200b": pgettext("character", "zero-width space"),
        "\u200c": pgettext("character", "zero-width non-joiner"),
        "\u200d": pgettext("character", "zero-width joiner"),
        "\u2060": pgettext("character", "word joiner"),
        "\ufeff": pgettext("character", "byte order mark"),
    }
    if unicodedata.category(character) == "Cc" and character != "\t":
        return pgettext("character", "control character")
    return names.get(character, "")


def deceptive(text):
    """Names of the characters in ``text`` that look like a blank, a hyphen or nothing at all."""
    found = (name_of(c) for c in dict.fromkeys(text) if c not in " \r\n" and not c.isprintable())
    return list(dict.fromkeys(filter(None, found)))
