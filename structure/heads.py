"""Who led units: asked here with all else that held on a date, answered by the app that keeps
people, which registers how."""

_answers = []


def answers_heads(function):
    """Registers ``function(units, as_of)``: ``{unit id: [who led it, the likeliest first]}``; see
    ``AsOf.heads_of()``. A decorator."""
    _answers.append(function)
    return function


def heads_of(units, as_of):
    """What the registered functions say, put together."""
    units = list(units)
    found = {unit.pk: [] for unit in units}
    for answer in _answers:
        for pk, heads in answer(units, as_of).items():
            found[pk] += heads
    return found
