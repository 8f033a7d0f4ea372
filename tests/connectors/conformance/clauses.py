"""Clauses of a suite that a connector may declare not applicable, each with its reason."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

CLAUSE = "clause"
A_REASON = 20
"""How long a sentence that says why is at least."""

Test = TypeVar("Test", bound=Callable[..., object])


def marked(name: str) -> Callable[[Test], Test]:
    """Say of which clause a test is a part."""

    def mark(test: Test) -> Test:
        setattr(test, CLAUSE, name)
        return test

    return mark


def leave_out(suite: type[Any], clauses: Mapping[Any, str]) -> None:
    """Take the tests of these clauses out of a suite."""
    for name in dir(suite):
        if getattr(getattr(suite, name), CLAUSE, "") in clauses:
            setattr(suite, name, None)


def check_reasons(not_applicable: Mapping[Any, str], known: tuple[str, ...]) -> None:
    """Fail where what is left out is no clause, or no reason says why."""
    for clause, reason in not_applicable.items():
        assert clause in known, f"{clause} is no clause of the suite; there are: {', '.join(known)}"
        assert len(reason) >= A_REASON, f"{clause}: say why, and by which page"
