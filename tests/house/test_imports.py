"""Imports go one way, downwards (docs/architecture.md), and every dependency has its reason."""

import ast
import re

from django.conf import settings

BASE = settings.BASE_DIR
# Each app with the apps it may import.
BELOW = {
    "chronology": set(),
    "drawing": set(),
    "publishing": {"chronology"},
}
for app, *others in (
    ("staff", "publishing"),
    ("exchange", "staff"),
    ("accounts", "exchange"),
    ("sources", "exchange"),
    ("units", "sources"),
    ("structure", "units", "drawing"),
    ("people", "structure"),
    ("history", "people", "drawing"),
    ("pages", "exchange"),
    ("open_data", "history", "pages"),
    ("search", "history", "pages"),
    ("addresses", "units"),
    ("mia_site", "open_data", "search", "addresses", "accounts"),
):
    # What an app stands upon, and all below that; boxes and lines only where they are drawn.
    BELOW[app] = {*others, *(one for other in others for one in BELOW[other])} - {"drawing"}
    BELOW[app] |= {"drawing"} & set(others)


def imported(tree):
    """Names of the modules that a file imports, at its top or inside of functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module


def wrong_ways(app, source):
    apps = {name.split(".")[0] for name in imported(ast.parse(source))} & set(BELOW)
    return apps - BELOW[app] - {app}


def test_no_app_imports_one_above_it():
    found = []
    for app in BELOW:
        for file in (BASE / app).rglob("*.py"):
            if wrong := wrong_ways(app, file.read_text()):
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


def test_python_imports_no_template_tags():
    """What templates and Python share is a function beside them."""
    found = [
        f"{file.relative_to(BASE)} imports {name}"
        for app in BELOW
        for file in (BASE / app).rglob("*.py")
        for name in imported(ast.parse(file.read_text()))
        if ".templatetags" in name and not name.startswith("django.")
    ]
    assert found == []


# The stages of exchange, each of which imports only what stands before it. Those of one line do not
# import each other.
STAGES = [
    {"problems", "limits", "models", "registry", "signals", "one_state", "garbage_collection"},
    {"columns", "formats", "permissions"},
    {"declaration", "cells"},
    {"reading"},
    {"planning"},
    {"writing"},
    {"sending"},
    {"desk", "dataset_import"},
    {"resource"},
    {"management", "admin", "templatetags", "apps"},
]
BEFORE = {
    stage: set().union(*STAGES[:number]) for number, line in enumerate(STAGES) for stage in line
}


def wrong_stages(stage, source):
    """Stages of exchange that a module of ``stage`` imports and may not."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "exchange":
            found.update(alias.name for alias in node.names)
    names = (name.split(".") for name in imported(ast.parse(source)))
    found.update(name[1] for name in names if name[0] == "exchange" and len(name) > 1)
    return (found & set(BEFORE)) - BEFORE[stage] - {stage}


def modules_of(stage):
    folder = BASE / "exchange" / stage
    return folder.rglob("*.py") if folder.is_dir() else [folder.with_suffix(".py")]


def test_no_stage_of_exchange_imports_a_later_one():
    found = []
    for stage in BEFORE:
        for file in modules_of(stage):
            if wrong := wrong_stages(stage, file.read_text()):
                found.append(f"{file.relative_to(BASE)} imports {', '.join(sorted(wrong))}")
    assert found == []


def test_the_rule_of_stages_sees_what_it_must():
    assert wrong_stages("planning", "from exchange.writing import bulk") == {"writing"}
    assert wrong_stages("planning", "def f():\n    from exchange import desk") == {"desk"}
    assert wrong_stages("columns", "import exchange.formats.csv_files") == {"formats"}
    assert wrong_stages("desk", "from exchange.planning.plan import Plan") == set()
    assert wrong_stages("planning", "from exchange.planning import workflow") == set()


def test_every_module_of_exchange_has_a_stage():
    folder = BASE / "exchange"
    packages = {file.parent.name for file in folder.glob("*/__init__.py")} - {"migrations"}
    modules = {file.stem for file in folder.glob("*.py")} - {"__init__"}
    assert packages | modules == set(BEFORE)


# Private by name, but used as the libraries that have them do or document.
OF_LIBRARIES = {
    "_base_manager",
    "_default_manager",
    "_make",
    "_meta",
    "_raw_delete",
    "_registry",
    "_replace",
    "_state",
}


def private_names(tree):
    """(names that a file defines, names that it uses of others), those with one underscore."""
    defined, used = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            defined.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            defined.add(node.id)
        elif isinstance(node, ast.Attribute):
            own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            (defined if own or isinstance(node.ctx, ast.Store) else used).add(node.attr)
        elif isinstance(node, ast.ImportFrom):
            used.update(alias.name for alias in node.names)
    private = re.compile("_[A-Za-z]").match
    return set(filter(private, defined)), set(filter(private, used)) - OF_LIBRARIES


def test_no_app_uses_a_private_name_of_another():
    defined, used = {}, {}
    for app in BELOW:
        for file in (BASE / app).rglob("*.py"):
            own, of_others = private_names(ast.parse(file.read_text()))
            defined.setdefault(app, set()).update(own)
            used.setdefault(app, {})[file] = of_others
    found = []
    for app, files in used.items():
        elsewhere = set().union(*(names for one, names in defined.items() if one != app))
        for file, names in files.items():
            if wrong := (names - defined[app]) & elsewhere:
                found.append(f"{file.relative_to(BASE)}: {', '.join(sorted(wrong))}")
    assert found == []


def test_the_rule_of_private_names_sees_what_it_must():
    defined, used = private_names(ast.parse("def _f(self): self._x = part._rows()"))
    assert (defined, used) == ({"_f", "_x"}, {"_rows"})
    assert private_names(ast.parse("from units.models import _SHOWN, Unit"))[1] == {"_SHOWN"}
    assert private_names(ast.parse("from units.facts import _title"))[1] == {"_title"}
    assert private_names(ast.parse("Unit._meta.label"))[1] == set()


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
