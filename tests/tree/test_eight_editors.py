"""Eight editors at once leave a sound tree, and would not without the lock."""

import pytest
from django.db import connection

from tests.factories import make_unit

from .newsroom import database_for_processes, let_edit

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def database(tmp_path):
    tops = [make_unit(code=f"top-{n}") for n in range(3)]
    for n in range(27):
        make_unit(code=f"below-{n}", parent=tops[n % 3], order=n // 3)
    with database_for_processes(connection, tmp_path) as url:
        yield url


def test_all_operations_succeed_and_the_tree_stays_sound(database):
    outcome = let_edit(database, editors=8, operations=40)

    assert outcome.failed == {}
    assert outcome.sound, outcome.problems
    assert outcome.operations == 320
    # Most operations did something, and each kind of operation did.
    assert outcome.done.total() >= 240
    assert set(outcome.done) == {"add", "move", "choose_superior", "rename", "reorder", "delete"}


def test_without_the_lock_the_same_editors_break_it(database):
    """The red run, kept: if this passes without damage, the test above proves nothing."""
    rounds = (
        let_edit(database, editors=8, operations=15, without_lock=True, first_seed=100 * n)
        for n in range(1, 6)
    )
    assert any(outcome.red for outcome in rounds)
