"""Texts of the index, a column at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.text import fold, fold_all, search_text, search_texts, slugify, slugify_all
from search.texts import LANGUAGES, VARIANTS, of_names

short = st.text("aə Ə(\n)-İŞ7\r\u2028\x00", max_size=8)


@given(st.lists(short | st.text(max_size=8), max_size=6))
def test_many_texts_fold_as_one_does(texts):
    assert fold_all(texts) == [fold(text) for text in texts]


@given(st.lists(st.tuples(*[short | st.none()] * 3), min_size=1, max_size=6))
def test_search_texts_of_many_are_those_of_each(rows):
    columns = [list(column) for column in zip(*rows, strict=True)]
    assert search_texts(columns) == [search_text(*row) for row in rows]


@given(st.lists(short, max_size=6))
def test_addresses_of_many_are_those_of_each(texts):
    assert slugify_all(texts) == [slugify(text) for text in texts]


def of_one(row, languages):
    """What the docstrings promise, written plainly."""
    found = []
    for places in languages:
        part = []
        for place in places:
            text = row[place] or ""
            for one in (text, text.replace("ə", "a").replace("Ə", "a")):
                if fold(one) and fold(one) not in part:
                    part.append(fold(one))
        found.append(VARIANTS.join(part))
    while found and not found[-1]:
        found.pop()
    return LANGUAGES.join(found)


@given(st.lists(st.tuples(*[short | st.none()] * 4), min_size=1, max_size=5))
@pytest.mark.parametrize("languages", [[[0, 1], [2], [3]], [[0], [1]], [[3, 0], [], [2]], [[], []]])
def test_names_of_many_are_those_of_each(languages, rows):
    columns = dict(enumerate(zip(*rows, strict=True)))
    assert of_names(columns, languages) == [of_one(row, languages) for row in rows]


def test_names():
    columns = {0: ["Mərdəkan", None], 1: ["", "Office (1)"], 2: [None, ""]}
    assert of_names(columns, [[0], [1], [2]]) == ["merdekan | mardakan", " || office 1"]
