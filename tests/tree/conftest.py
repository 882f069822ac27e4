import pytest
from django.utils import translation

from units import tree
from units.models import Unit


@pytest.fixture(autouse=True)
def english():
    """Sentences are asserted in English, whatever language the site starts with."""
    with translation.override("en"):
        yield


@pytest.fixture
def outline():
    """A function that draws the tree from its numbers: ``"a(b(c) d) e"``; it must be sound."""

    def draw():
        assert list(tree.check()) == []
        text, level = "", -1
        for unit in Unit.objects.order_by("tree_id", "lft"):
            if unit.level > level:
                text += "("
            else:
                text += ")" * (level - unit.level) + " "
            text += unit.code
            level = unit.level
        return (text + ")" * level)[1:]

    return draw
