"""The sections of the site are listed once; menu, site map and search engines read that list."""

import re

from django.conf import settings
from django.utils import translation

from open_data.sections import SECTIONS
from open_data.sitemap import LISTS

BASE = settings.BASE_DIR
# A page may lead to some sections.
A_LIST = 5
# Shows something of almost every section, each with a link to the whole.
HOME = "templates/home.html"


def sections_named(text):
    """The names of the addresses of sections in a template or in Python."""
    return {one.address for one in SECTIONS} & set(re.findall(r"[\"']([\w:]+)[\"']", text))


def test_only_one_file_lists_the_sections():
    apps = [file.parent.name for file in BASE.glob("*/__init__.py")]
    folders = sorted({"templates", *apps} - {"tests"})
    files = [file for folder in folders for file in (BASE / folder).rglob("*")]
    listing = {
        str(file.relative_to(BASE))
        for file in files
        if file.suffix in (".py", ".html") and len(sections_named(file.read_text())) >= A_LIST
    }
    assert listing - {HOME} == {"open_data/sections.py"}


def test_the_rule_sees_lists_in_templates_and_in_python():
    names = [one.address for one in SECTIONS]
    assert sections_named(" ".join(f"{{% url '{name}' %}}" for name in names)) == set(names)
    assert sections_named(f"LISTS = {names}") == set(names)


def test_each_is_led_to_from_where_it_says(client, db):
    menu = client.get("/en/").content.decode().partition("<main")[0]
    site_map = client.get("/en/site-map/").content.decode().partition("<main")[2]
    for one in SECTIONS:
        with translation.override("en"):
            link = f">{one.title}</a></li>"
        assert link in site_map.partition("</section>")[0]
        assert (link in menu) == one.in_menu, one.address
        assert (one.address in LISTS) == one.in_menu
