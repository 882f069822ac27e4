"""A kind is said once: nothing but its declaration names it."""

import ast
import re

from django.conf import settings

from history.event_kinds import KINDS

BASE = settings.BASE_DIR
DECLARATION = BASE / "history" / "event_kinds.py"
# Kinds of events whose names are words of other lists too: there a comparison gives them away.
COMMON_WORDS = {"split", "other"}


def sources(pattern):
    """The files of the site's code, without migrations, tests and what is installed."""
    found = []
    for folder in sorted(file.parent for file in BASE.glob("*/__init__.py")):
        if folder.name != "tests":
            found += [file for file in folder.rglob(pattern) if "migrations" not in file.parts]
    return found


def event_kinds_named(source):
    """Which kinds of events Python code names."""
    tree, found = ast.parse(source), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in set(KINDS) - COMMON_WORDS:
            found.add(node.value)
        elif isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(re.search(r"kind\b|kind'\]$", ast.unparse(side)) for side in sides):
                words = [word for side in sides for word in ast.walk(side)]
                found |= {word.value for word in words if isinstance(word, ast.Constant)}
    return found & set(KINDS)


def event_kinds_named_by_template(source):
    return {
        word
        for tag in re.findall(r"{[{%].*?[%}]}", source)
        if "kind" in tag
        for word in re.findall(r"[\"']([\w-]+)[\"']", tag)
    } & set(KINDS)


def test_only_its_declaration_names_a_kind_of_event():
    found = {}
    for file in sources("*.py"):
        if file != DECLARATION and (named := event_kinds_named(file.read_text())):
            found[str(file.relative_to(BASE))] = named
    for file in (BASE / "templates").rglob("*.html"):
        if named := event_kinds_named_by_template(file.read_text()):
            found[str(file.relative_to(BASE))] = named
    assert found == {}


def test_the_rule_sees_lists_and_comparisons():
    assert event_kinds_named('CLOSING = ("abolition", "merger")') == {"abolition", "merger"}
    assert event_kinds_named('if event.kind == "other": pass') == {"other"}
    assert event_kinds_named('if row["kind"] in ("split", "x"): pass') == {"split"}
    assert event_kinds_named('SPLIT = "split"') == set()
    assert event_kinds_named_by_template('{% if event.kind != "other" %}') == {"other"}
    assert event_kinds_named_by_template("{% translate 'other' %}") == set()
