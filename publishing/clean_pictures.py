"""Whether a picture file holds pixels and nothing else: no place, camera, comment, second frame.

Reads the outer structure of the three formats only; that the pixels can be decoded is for Pillow
to find out. Whatever is not known here makes the answer no, and the picture is drawn anew.
"""

import struct

# JPEG (ITU-T T.81, B.1.1.3): start of frame, tables, restart interval, scan; JFIF's own header.
_JPEG = {0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, 0xDA, 0xE0}
# PNG (W3C PNG, 5.6): header, palette, transparency, data, end.
_PNG = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
# WebP (RFC 9649): lossy and lossless pixels, transparency.
_WEBP = {b"VP8 ", b"VP8L", b"ALPH", b"VP8X"}
_WEBP_ALPHA = 0x10


def holds_only_pixels(content):
    """``content``: bytes of a JPEG, PNG or WebP file."""
    try:
        if content.startswith(b"\xff\xd8\xff"):
            return _jpeg(content)
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(content)
        if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError):
        pass
    return False


def _jpeg(content):
    place, seen_jfif = 2, False
    while True:
        if content[place] != 0xFF:
            return False
        marker = content[place + 1]
        if marker == 0xD9:
            return place + 2 == len(content)
        if marker not in _JPEG:
            return False
        (length,) = struct.unpack_from(">H", content, place + 2)
        if length < 2:
            return False
        if marker == 0xE0:
            # Once, at the start, without a thumbnail in it.
            if (
                seen_jfif
                or place != 2
                or length != 16
                or content[place + 4 : place + 9] != b"JFIF\0"
            ):
                return False
            seen_jfif = True
        place += 2 + length
        if marker == 0xDA:
            place = _end_of_scan(content, place)


def _end_of_scan(content, place):
    """Where the next marker stands that is neither a stuffed 0xFF nor a restart."""
    while True:
        place = content.find(b"\xff", place)
        if place < 0:
            raise IndexError
        if content[place + 1] != 0 and not 0xD0 <= content[place + 1] <= 0xD7:
            return place
        place += 2


def _png(content):
    place = 8
    while True:
        (length,) = struct.unpack_from(">I", content, place)
        kind = content[place + 4 : place + 8]
        if kind not in _PNG:
            return False
        place += 12 + length
        if kind == b"IEND":
            return length == 0 and place == len(content)


def _webp(content):
    (size,) = struct.unpack_from("<I", content, 4)
    if size + 8 != len(content):
        return False
    place = 12
    while place < len(content):
        kind = content[place : place + 4]
        (length,) = struct.unpack_from("<I", content, place + 4)
        if kind not in _WEBP:
            return False
        if kind == b"VP8X" and content[place + 8] & ~_WEBP_ALPHA:
            return False
        place += 8 + length + length % 2
    return place == len(content)
