"""How a visitor wants pages shown: light or dark, and large with high contrast.

The choice is kept in a cookie, read on the server, so that pages come right without JavaScript.
"""

from dataclasses import dataclass

COOKIE = "display"
COOKIE_AGE = 365 * 24 * 60 * 60
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Preferences:
    """``theme``: "auto" (the device's own), "light" or "dark". ``large``: the view for people
    with impaired sight: larger text, high contrast, no decoration."""

    theme: str = "auto"
    large: bool = False

    @classmethod
    def read(cls, request):
        """The preferences in the request's cookie; whatever it does not know counts as unset."""
        theme, _, sight = request.COOKIES.get(COOKIE, "").partition(".")
        return cls(theme=theme if theme in THEMES else "auto", large=sight == "large")

    def changed_by(self, data):
        """These preferences after a form (a QueryDict with ``theme`` and/or ``sight``)."""
        theme, sight = data.get("theme"), data.get("sight")
        return Preferences(
            theme=theme if theme in THEMES else self.theme,
            large=sight == "large" if sight in ("large", "usual") else self.large,
        )

    @property
    def cookie(self):
        """The cookie's value."""
        return f"{self.theme}.{'large' if self.large else 'usual'}"
