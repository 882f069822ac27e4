"""Documents name only what there is, and decisions are one page each."""

import pkgutil
import re
import subprocess

import pytest
from django.conf import settings

from tests.house.test_imports import BELOW

BASE = settings.BASE_DIR
DECISIONS = sorted((BASE / "docs" / "adr").glob("*.md"))
# Endings of files, which look like names of modules.
FORMATS = ("csv", "json", "xlsx", "zip", "py", "md")
# Words on a page; a table of packages and the longest of the others are just below.
ONE_PAGE = 490


def tracked(*endings):
    """The files of the project with one of these endings, those not committed yet included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=BASE, capture_output=True, text=True, check=True).stdout
    paths = [BASE / name for name in listed.split("\0") if name.endswith(endings)]
    return [path for path in paths if path.exists()]


def anchors(text):
    """The anchors of the headings of a document, as GitHub makes them."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    }


def broken_links(file, text):
    """Links of a document to a file, or a heading, that does not exist."""
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        linked = (file.parent / path).resolve() if path else file
        if not linked.exists() or (anchor and anchor not in anchors(linked.read_text())):
            yield target


def unknown_documents(text):
    """Documents that a text names by a path or a number and that are not in the project."""
    for path in re.findall(r"(?<![\w/.*])(?:docs|benchmarks)/[\w./-]*\.md", text):
        if not (BASE / path).exists():
            yield path
    known = {int(file.name[:4]) for file in DECISIONS}
    for number in re.findall(r"\bADRs? (\d+)", text):
        if int(number) not in known:
            yield f"ADR {number}"
    yield from re.findall(r"\b(?:DESIGN|STYLE) (?:§ ?)?\d+", text)


def unknown_paths(text):
    """Files and folders that a document names in code, as ``app/module.py`` or ``app/folder/``, and
    that do not exist. A name with ``<…>`` or ``…`` in it is a pattern."""
    folders = {path.name for path in BASE.iterdir() if path.is_dir()} - {"var"}
    for path in re.findall(r"`([\w.-]+/[\w./-]*)`", text):
        if path.split("/")[0] in folders and not (BASE / path).exists():
            yield path


def unknown_names(text):
    """What a document names in code as ``app.module`` or ``app.module.name`` and is not there."""
    for name in re.findall(r"`(\w+(?:\.\w+)+)(?:\(.*?\))?`", text):
        if name.split(".")[0] in BELOW and name.split(".")[-1] not in FORMATS:
            try:
                pkgutil.resolve_name(name)
            except (ImportError, AttributeError):
                yield name


def test_links_of_documents_lead_somewhere():
    found = {
        str(file.relative_to(BASE)): broken
        for file in tracked(".md")
        if (broken := list(broken_links(file, file.read_text())))
    }
    assert found == {}


def test_nothing_cites_a_document_that_is_not_here():
    found = {
        str(file.relative_to(BASE)): unknown
        for file in tracked(".md", ".py", ".html", ".js", ".css", ".in", ".conf", "Makefile")
        if file.name != "test_documents.py"
        and (unknown := list(unknown_documents(file.read_text())))
    }
    assert found == {}


def test_files_that_documents_name_exist():
    found = {
        str(file.relative_to(BASE)): unknown
        for file in tracked(".md")
        if (unknown := list(unknown_paths(file.read_text())))
    }
    assert found == {}


def test_code_that_documents_name_exists():
    found = {
        str(file.relative_to(BASE)): unknown
        for file in tracked(".md")
        if (unknown := list(unknown_names(file.read_text())))
    }
    assert found == {}


def test_the_rules_see_what_they_must():
    here = BASE / "docs" / "architecture.md"
    assert list(broken_links(here, "[a](no.md) [b](adr/) [c](https://x.y/z)")) == ["no.md"]
    assert list(broken_links(here, "[a](settings.md#no-such) [b](settings.md#mode)")) == [
        "settings.md#no-such"
    ]
    assert list(unknown_documents("see docs/no.md, ADR 99 and DESIGN §6")) == [
        "docs/no.md",
        "ADR 99",
        "DESIGN §6",
    ]
    assert list(unknown_documents("docs/settings.md and ADR 3")) == []
    named = "`units/no.py`, `units/models.py`, `units/tree/`, `history/<name>.py`, `n/m`"
    assert list(unknown_paths(named)) == ["units/no.py"]
    named = "`units.no`, `units.models.Unit`, `units.tree.writing()`, `units.csv`, `os.no`"
    assert list(unknown_names(named)) == ["units.no"]


@pytest.mark.parametrize("file", DECISIONS, ids=lambda file: file.name)
def test_a_decision_is_one_page(file):
    text = file.read_text()
    number = int(file.name[:4])
    assert text.startswith(f"# {number}. ")
    assert re.search(r"^Status: \w", text, re.MULTILINE)
    for part in ("Context", "Decision", "Consequences"):
        assert f"**{part}" in text, part
    assert len(text.split()) <= ONE_PAGE


def test_no_two_decisions_share_a_number():
    numbers = [file.name[:4] for file in DECISIONS]
    assert sorted(set(numbers)) == numbers


def apps_in(text, pattern):
    """The apps of a list in a document, in its order."""
    return [name for name in re.findall(pattern, text, re.MULTILINE) if name in BELOW]


@pytest.mark.parametrize(
    ("document", "pattern"),
    [("README.md", r"^(\w+)/ "), ("docs/architecture.md", r"^\| `(\w+)` \|")],
)
def test_lists_of_apps_have_each_one_above_those_it_imports(document, pattern):
    listed = apps_in((BASE / document).read_text(), pattern)
    assert sorted(listed) == sorted(BELOW)
    for number, app in enumerate(listed):
        assert BELOW[app] <= set(listed[number:]), app
