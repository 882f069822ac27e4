"""A kind is said once: nothing but its declaration names it."""

import ast
import re

from django.conf import settings

from history.event_kinds import KINDS
from publishing.record_kinds import all_kinds

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


# A list of fewer kinds of records is about those: units and their dated rows.
A_LIST = 4


def lists_of_record_kinds(source):
    """The longest lists of kinds of records in Python code, as sets of their names."""
    names, found = {kind.name for kind in all_kinds()}, []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict):
            inside = node.keys if isinstance(node, ast.Dict) else node.elts
            named = {one.value for one in inside if isinstance(one, ast.Constant)} & names
            found += [named] if len(named) >= A_LIST else []
    return found


def test_no_list_repeats_the_kinds_of_records():
    found = {
        str(file.relative_to(BASE)): lists
        for file in sources("*.py")
        if file.name != "settings.py"  # some apps are called like their records
        and (lists := lists_of_record_kinds(file.read_text()))
    }
    assert found == {}


def test_the_rule_sees_lists_of_records():
    assert lists_of_record_kinds('X = ("units", "people", "events", "eras")') == [
        {"units", "people", "events", "eras"}
    ]
    assert lists_of_record_kinds('X = {"units": 1, "people": 2, "events": 3, "pages": 4}')
    assert not lists_of_record_kinds('X = ["units", "dated_names", "dated_superiors"]')
