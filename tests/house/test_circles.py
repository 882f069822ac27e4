"""The modules of an app import each other in one direction only, late imports included."""

import ast
from graphlib import CycleError, TopologicalSorter

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

BASE = settings.BASE_DIR


def modules(app):
    """``{name: file}`` of the modules of an app; a package goes by its own name."""
    for file in sorted((BASE / app).rglob("*.py")):
        name = ".".join(file.relative_to(BASE).with_suffix("").parts)
        yield name.removesuffix(".__init__"), file


def imported(name, file, known):
    """The modules among ``known`` that a module imports, wherever in it."""
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from {alias.name for alias in node.names} & known.keys()
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            origin = ".".join([*above, node.module or ""] if node.level else [node.module])
            inner = {f"{origin}.{alias.name}".replace("..", ".") for alias in node.names}
            found = inner & known.keys()
            yield from found or ({origin.rstrip(".")} & known.keys())


APPS = [*sorted(file.parent.name for file in BASE.glob("*/apps.py")), "drawing"]


@pytest.mark.parametrize("app", APPS)
def test_no_module_leads_back_to_itself(app):
    known = dict(modules(app))
    graph = {name: set(imported(name, file, known)) - {name} for name, file in known.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))
