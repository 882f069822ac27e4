"""The site map of search engines (sitemaps.org), in parts, each page in every language."""

from django.conf import settings
from django.db.models import Count, Max
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from open_data.kinds import BY_NAME, KINDS
from open_data.sections import MENU

# Records in one part; the limit of the protocol is 50,000 addresses.
PART = 10_000
RECORDS = {kind.name: kind.page for kind in KINDS if kind.page}
# Addresses that are lists; search has endless ones and is left out.
LISTS = ["home", *(section.address for section in MENU), "data:site_map", "data:api"]
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def index(absolute):
    """The list of parts as XML. ``absolute`` makes an absolute address of a path."""
    lines = [f"{_HEAD}<sitemapindex {_SPACE}>\n"]
    lines.append(_part(absolute, "lists", 1, None))
    for name in RECORDS:
        about = BY_NAME[name].public().aggregate(number=Count("pk"), last=Max("updated_at"))
        for number in range(1, -(-about["number"] // PART) + 1):
            lines.append(_part(absolute, name, number, about["last"]))
    return "".join([*lines, "</sitemapindex>\n"])


def _part(absolute, name, number, changed):
    address = absolute(reverse("open_data:sitemap_part", args=[name, number]))
    return f"<sitemap><loc>{escape(address)}</loc>{_changed(changed)}</sitemap>\n"


def part(name, number, absolute):
    """Yields the lines of a part; None where there is no such part."""
    if name == "lists":
        return _lines(_addresses_of_lists(), absolute) if number == 1 else None
    if name not in RECORDS or not 0 < number <= 100_000:
        return None
    rows = BY_NAME[name].public().order_by("pk")
    rows = rows.values_list("slug", "updated_at")[(number - 1) * PART : number * PART]
    if not rows.exists():
        return None
    return _lines(_addresses_of(name, rows), absolute)


def _addresses_of_lists():
    for name in LISTS:
        found = {}
        for code, _language in settings.LANGUAGES:
            with translation.override(code):
                found[code] = reverse(name)
        yield found, None


def _addresses_of(name, rows):
    # A slug holds nothing that an address would change, so one address serves as the pattern.
    patterns = {}
    for code, _language in settings.LANGUAGES:
        with translation.override(code):
            patterns[code] = reverse(RECORDS[name], args=["--slug--"])
    for slug, changed in rows.iterator(chunk_size=2000):
        found = {code: path.replace("--slug--", slug) for code, path in patterns.items()}
        yield found, changed


def _lines(pages, absolute):
    # The same as in the head of each page (mia_site.addresses).
    usual = settings.LANGUAGE_CODE
    yield f'{_HEAD}<urlset {_SPACE} xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    root = absolute("/")[:-1]
    for addresses, changed in pages:
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(root + path)}"/>'
            for code, path in [*addresses.items(), ("x-default", addresses[usual])]
        )
        for path in addresses.values():
            yield f"<url><loc>{escape(root + path)}</loc>{_changed(changed)}{others}</url>\n"
    yield "</urlset>\n"


def _changed(moment):
    return f"<lastmod>{moment.replace(microsecond=0).isoformat()}</lastmod>" if moment else ""


def robots(absolute):
    """robots.txt: everything may be read but what is for staff.

    What is not to be found (search, display settings, signing in) says ``noindex`` itself; a robot
    that may not fetch it would never know.
    """
    closed = ["/admin/", "/i18n/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    return "\n".join([*lines, f"Sitemap: {absolute(reverse('open_data:sitemap'))}", ""])
