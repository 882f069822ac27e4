"""Applying the difference to the first state gives the second; undoing it gives the first."""

from hypothesis import given
from hypothesis import strategies as st

from history.comparison.difference import (
    Change,
    Head,
    Name,
    Superior,
    UnitState,
    difference,
)
from tests.compare.applying import applied, swapped

sureness = st.sampled_from(["certain", "possible"])
codes = st.sampled_from(["a", "b", "c", "d", "e", "f"])
texts = st.sampled_from(["", "x", "y", "ə"])
dates = st.sampled_from(["", "1918", "1991-10-18", "1828/"])
names = st.builds(Name, st.tuples(texts, texts), sureness, dates, dates)
superiors = st.builds(Superior, st.sampled_from(["", "a", "b"]), texts, sureness, dates, dates)
heads = st.builds(Head, codes, st.booleans(), sureness, dates, dates)


def several(one):
    return st.lists(one, max_size=2).map(tuple)


units = st.builds(
    UnitState, sureness, dates, dates, several(names), several(superiors), several(heads)
)
states = st.dictionaries(codes, units, max_size=6)


@given(states, states)
def test_the_difference_leads_from_one_state_to_the_other_and_back(first, second):
    changes = difference(first, second)
    kept = dict(first)
    assert applied(first, changes) == second
    assert applied(second, swapped(changes)) == first
    assert first == kept


@given(states, states)
def test_the_difference_has_what_changed_and_nothing_else(first, second):
    changed = {change.code: change for change in difference(first, second)}
    for code in first.keys() | second.keys():
        assert (code in changed) == (first.get(code) != second.get(code))
    assert list(changed) == sorted(changed)
    assert all(change.columns for change in changed.values())


@given(states)
def test_a_state_does_not_differ_from_itself(state):
    assert difference(state, dict(state)) == []


def test_a_change_names_the_columns_that_differ():
    before = UnitState("certain", names=(Name(("a", "a"), "certain"),))
    after = UnitState("certain", names=(Name(("b", "b"), "certain"),))
    assert Change("a", before, after).columns == ["names"]
