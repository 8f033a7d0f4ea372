"""Properties of the whole: what holds for every input, in every order."""

from hypothesis import settings

_QUICK = 30
"""Examples of the profile that `make check` runs (tests/conftest.py); `make test` runs one of more."""


def examples(quick: int) -> settings:
    """Draw `quick` examples in `make check`, and as many times more in `make test` as its profile says."""
    return settings(max_examples=quick * settings().max_examples // _QUICK, deadline=None)
