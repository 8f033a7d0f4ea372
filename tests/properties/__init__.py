"""Properties of the whole: what holds for every input, in every order."""

from hypothesis import settings

_USUAL = 30
"""Examples of a profile by which as many are drawn as a test says (tests/conftest.py has that of `make check`, which
draws fewer, and that of `make test`, which draws more)."""


def examples(usual: int) -> settings:
    """Draw so many examples, fewer or more as the profile says."""
    return settings(max_examples=max(1, usual * settings().max_examples // _USUAL), deadline=None)
