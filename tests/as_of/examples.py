"""How many random examples are tried, and how."""

import os

from hypothesis import HealthCheck, Phase, settings

# Makes a failing example small. It takes long where each example fills and asks a whole site.
_SHRINKING = {Phase.shrink, Phase.explain, Phase.target}


def examples(number, *, shrink=False):
    """The settings of a test over random data; AS_OF_EXAMPLES asks for another ``number``."""
    return settings(
        max_examples=int(os.environ.get("AS_OF_EXAMPLES", number)),
        deadline=None,
        phases=[phase for phase in Phase if shrink or phase not in _SHRINKING],
        suppress_health_check=list(HealthCheck),
    )
