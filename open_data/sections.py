"""The sections of the site: its lists and overviews, in the order in which menus name them.

The main menu, the page "Site map" and the site map of search engines read this list.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Section:
    """``address``: the name of its address; ``title``: the words of links to it. ``in_menu``:
    whether the main menu and search engines are led to it. ``on_dates``: whether it answers for the
    date of the page that leads to it."""

    address: str
    title: Any
    in_menu: bool = True
    on_dates: bool = True


SECTIONS = (
    Section("units:structure", _("Structure")),
    Section("units:chart", _("Structure chart"), in_menu=False),
    Section("units:index", _("Units A–Z")),
    Section("people:leadership", _("Leadership")),
    Section("history:timeline", _("History")),
    Section("history:compare", _("Compare two dates"), in_menu=False, on_dates=False),
    Section("history:figures", _("Figures")),
    Section("history:days", _("Days")),
    Section("units:international", _("International relations")),
)
MENU = tuple(section for section in SECTIONS if section.in_menu)
