"""How many random examples are tried, and how."""

from hypothesis import HealthCheck, Phase, settings

from tests import extent

# Makes a failing example small. It takes long where each example fills and asks a whole site.
_SHRINKING = {Phase.shrink, Phase.explain, Phase.target}


def examples(number, *, shrink=False):
    """The settings of a test that tries ``number`` examples of random data."""
    return settings(
        max_examples=extent.examples(number),
        deadline=None,
        phases=[phase for phase in Phase if shrink or phase not in _SHRINKING],
        suppress_health_check=list(HealthCheck),
    )
