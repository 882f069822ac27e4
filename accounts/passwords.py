"""Passwords made for people who will type them once from the screen."""

import secrets

# Without the letters and digits that look alike.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_password():
    """Four groups of four, some 79 bits of chance."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def boxed(*lines):
    """The lines in a frame, so that they stand out among progress and logs."""
    width = max(map(len, lines))
    rows = [f"  │ {line:<{width}} │" for line in lines]
    return "\n".join(["", f"  ┌{'─' * (width + 2)}┐", *rows, f"  └{'─' * (width + 2)}┘", ""])
