"""Getting from one state to another by a difference, to show that it says all that is needed."""

from history.comparison.difference import Change


def applied(state, changes):
    """The state after ``changes``, each of which must begin with what is there."""
    after = dict(state)
    for change in changes:
        assert after.pop(change.code, None) == change.before
        if change.after is not None:
            after[change.code] = change.after
    return after


def swapped(changes):
    """The changes that take ``changes`` back."""
    return [Change(change.code, change.after, change.before) for change in changes]
