"""Errors, named by what happens next.

    QuaysideError
    ├── Rejected    the input is wrong: it is stored, dead-lettered with this reason, and can be replayed
    ├── Retryable   the input is fine and the world is not: try again, perhaps at `retry_after`
    └── Fatal       this process cannot go on: it ends, its supervisor starts it anew

A reason is written for the person who reads it at night: what was found, where, and what was expected.
It never contains a secret or personal data.
"""

from datetime import timedelta


class QuaysideError(Exception):
    """The root of the tree; never raised itself."""

    def __init__(self, reason: str, *, code: str = "") -> None:
        """Take the `reason` for a person and, where a machine tells cases apart, a stable `code`."""
        super().__init__(reason)
        self.reason = reason
        self.code = code or type(self).__name__.lower()


class Rejected(QuaysideError):
    """The input is wrong and will stay wrong.

    `path` is the JSON path of the offending value (`$.lines[2].ordered.value`), empty where none applies; `sentence` is
    the reason without it.
    """

    def __init__(self, reason: str, *, code: str = "", path: str = "") -> None:
        """Take the place of the mistake beside its reason."""
        super().__init__(f"{path}: {reason}" if path else reason, code=code)
        self.path = path
        self.sentence = reason


class Retryable(QuaysideError):
    """Another try may succeed, not before `retry_after` where the other side named a time."""

    def __init__(self, reason: str, *, code: str = "", retry_after: timedelta | None = None) -> None:
        """Take the time that the other side asked us to wait, if it did."""
        super().__init__(reason, code=code)
        self.retry_after = retry_after


class Fatal(QuaysideError):
    """This process cannot go on: nothing is acknowledged, and the supervisor starts it again."""
