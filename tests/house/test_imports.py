"""Imports go one way, downwards (docs/architecture.md), and every dependency has its reason."""

import ast
import re

from django.conf import settings

BASE = settings.BASE_DIR
# Each room with the rooms it may import.
BELOW = {
    "chronology": set(),
    "drawing": set(),
    "publishing": {"chronology"},
    "exchange": {"publishing", "chronology"},
    "sources": {"exchange", "publishing", "chronology"},
    "units": {"sources", "exchange", "publishing", "chronology"},
    "structure": {"units", "sources", "exchange", "publishing", "chronology", "drawing"},
    "people": {"structure", "units", "sources", "exchange", "publishing", "chronology"},
    "history": {
        "people",
        "structure",
        "units",
        "sources",
        "exchange",
        "publishing",
        "chronology",
        "drawing",
    },
    "pages": {"exchange", "publishing", "chronology"},
    "open_data": {
        "history",
        "people",
        "structure",
        "units",
        "sources",
        "pages",
        "exchange",
        "publishing",
        "chronology",
    },
    "search": {
        "history",
        "people",
        "structure",
        "units",
        "sources",
        "pages",
        "exchange",
        "publishing",
        "chronology",
    },
    "mia_site": {
        "open_data",
        "search",
        "history",
        "people",
        "structure",
        "units",
        "sources",
        "pages",
        "exchange",
        "publishing",
        "chronology",
    },
}


def imported(tree):
    """Names of the modules that a file imports, at its top or inside of functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module


def wrong_ways(room, source):
    rooms = {name.split(".")[0] for name in imported(ast.parse(source))} & set(BELOW)
    return rooms - BELOW[room] - {room}


def test_no_room_imports_one_above_it():
    found = []
    for room in BELOW:
        for file in (BASE / room).rglob("*.py"):
            if wrong := wrong_ways(room, file.read_text()):
                found.append(f"{file.relative_to(BASE)} imports {', '.join(sorted(wrong))}")
    assert found == []


def test_the_rule_sees_what_it_must():
    assert wrong_ways("units", "def f():\n    from people.models import Person") == {"people"}
    assert wrong_ways("publishing", "import units.models as u") == {"units"}
    assert wrong_ways("history", "from people.models import Person") == set()


def test_every_package_stands_in_the_rule():
    """Those without models, which are no apps of Django, too."""
    assert {file.parent.name for file in BASE.glob("*/__init__.py")} - {"tests"} == set(BELOW)
    local = {app.split(".")[0] for app in settings.INSTALLED_APPS}
    assert {name for name in local if (BASE / name).is_dir()} <= set(BELOW)


def direct_dependencies():
    for file in sorted((BASE / "requirements").glob("*.in")):
        for line in file.read_text().splitlines():
            if name := re.match(r"[A-Za-z][\w-]*", line):
                yield name[0]


def test_every_direct_dependency_has_its_reason_in_an_adr():
    text = "\n".join(file.read_text().lower() for file in (BASE / "docs" / "adr").glob("*.md"))
    missing = [name for name in direct_dependencies() if f"`{name.lower()}`" not in text]
    assert missing == []


def pins(file):
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", file.read_text(), re.MULTILINE))


def test_what_is_tested_is_what_runs():
    run = pins(BASE / "requirements.txt")
    for name in ("test", "dev"):
        other = pins(BASE / "requirements" / f"{name}.txt")
        assert {package: other.get(package) for package in run} == run
