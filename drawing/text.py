"""How wide words are when they are drawn, and how a name is broken into lines that fit a box.

SVG does not break lines by itself, and the server has no fonts. So widths come from a table of
the widest font that the drawings may be shown in: DejaVu Sans (Verdana is as wide; Segoe UI,
Roboto, Noto Sans and Arial are narrower). Text that fits by this table fits in all of them.
"""

# Hundredths of the font size, rounded up: measured with Pillow's ImageFont.getlength at 2,000 px.
_WIDTHS = {
    28: "'ijlìíîïĩīĭįıĵĺļіїј",
    32: " ,.IJ·ÌÍÎÏĨĪĬĮİĴłІЇЈ‘’",
    36: "/:;\\f|¦ŀſ",
    40: "()-[]tľţťŧ",
    44: "!r¡²³¹ŕŗř",
    48: '"ªº',
    52: "*_`§¨¯°´¸–“”„",
    56: "?Lcsz¿çćĉċčĳĹĻĽĿśŝşšźżžгзсэѓєѕ",
    60: "FkvxyýÿĲķĸŁŷвтухчьў•",
    64: (
        "$0123456789EPSTYabdeghnopqu{}¢£¤¥«µ¶»ÈÉÊËÝÞßàáâãäåèéêëðñòóôõöøùú"
        "ûüþāăąďđĒēĔĕĖėĘęĚěĝğġģĥńņňŋōŏőŚŜŞŠŢŤŦũūŭůűųŶŸəЀЁЃЅЎГЕРТУабеклоря"
        "ѐёђќ"
    ),
    68: "KĶЗийнпћѝџ",
    72: "ABCRVXZÀÁÂÃÄÅÇĀĂĄĆĈĊČħŔŖŘŹŻŽЄЌАБВКСХЧЬЭЯдцъ",
    76: "HNUÑÙÚÛÜĤŃŅŇŊŨŪŬŮŰŲЍЏИЙЛНПм",
    80: "&DGOQÐÒÓÔÕÖØĎĐĜĞĠĢŌŎŐƏЂЋДОЦы",
    84: "#+<=>^w~¬±×÷ŉŵЪ→←↻",
    88: "MМФфю",
    92: "ĦЫжшљњ",
    96: "%щ",
    100: "@Wm©®¼½¾ÆæŴ—…",
    104: "œ",
    108: "ŒЊЖШЮ№",
    112: "ЉЩ",
}
_WIDTH_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_WIDEST = 112  # of the letters measured; a letter of another script counts as a square
# In the bold cut of that font no letter of a name is wider by more than this (the "i" is).
_BOLD = 1.3
_BREAK_AFTER = "-–—/"


def width(words, size, *, bold=False):
    """An upper bound of the width of ``words`` in the unit of ``size``, the font size."""
    total = sum(_WIDTH_OF.get(letter, _WIDEST) for letter in words)
    return total * size / 100 * (_BOLD if bold else 1)


def wrapped(words, room, size, *, bold=False):
    """``words`` as lines none of which is wider than ``room``; at least one line.

    Breaks at blanks and after strokes; a word that is wider than the room is divided with a
    hyphen. A room of one letter still holds that letter.
    """
    lines, line = [], ""
    for piece in _pieces(words, room, size, bold):
        if line and width((line + piece).rstrip(), size, bold=bold) > room:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(words, room, size, bold):
    """What may stand on a line of its own, each with the blank that follows it."""
    for word in words.split():
        piece = ""
        for letter in word:
            if piece and width(f"{piece}{letter}-", size, bold=bold) > room:
                yield f"{piece}-"
                piece = ""
            piece += letter
            if letter in _BREAK_AFTER:
                yield piece
                piece = ""
        yield f"{piece} "
