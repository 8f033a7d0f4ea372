"""A replay that fails at once, and by name, where a stage cannot take something and the test did not say so.

An event that makes a step raise is put aside, as it must be in production, and all else goes on: a test that expects
nothing to be found would not notice that nothing was even looked for.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from contracts.envelope import Origin
from contracts.topics import DEAD_LETTERS
from streams.dead_letters.letter import read_letter
from streams.engine.keyrecord import MARKS_KEY, Rest, read_key
from streams.engine.replay import Replay
from streams.engine.stage import Policy, Stage

QUARANTINED = "quarantined"
"""Stands among the codes for a key that rests from then on: its step failed again and again, or at a deadline."""


class Failure(NamedTuple):
    """What a stage could not take. code: its dead letter's, or `QUARANTINED`."""

    stage: str
    code: str
    key: str
    reason: str

    def __str__(self) -> str:
        """Name it for whoever reads why the test failed."""
        what = "quarantined" if self.code == QUARANTINED else f"dead-lettered ({self.code})"
        return f"{self.stage} {what} {self.key!r}: {self.reason}"


class WatchedReplay(Replay):
    """The replay of a test, of which each dead letter and each quarantine is expected or a failure."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Replay
        """Begin empty, expecting that the stages take whatever they are told."""
        self._expected: list[Failure] | None = None
        self._judged = 0
        self._letters: set[Origin] = set()
        self._rests: dict[tuple[str, bytes], int] = {}
        super().__init__(*args, **kwargs)

    def settle(self) -> None:
        """Settle, and judge what the stages could not take; raises AssertionError."""
        super().settle()
        self.judge()

    def restart(self, stage: Stage[Any, Any], policy: Policy | None = None) -> None:
        """Restart, and judge what could not be folded anew; raises AssertionError."""
        super().restart(stage, policy)
        self.judge()

    @contextmanager
    def refusing(self, *codes: str) -> Iterator[list[Failure]]:
        """Expect exactly these failures within, in any order; they are given with their stage, key and reason."""
        assert self._expected is None, "what is expected is said once"
        expected: list[Failure] = []
        self._expected = expected
        try:
            yield expected
        finally:
            self._expected = None
        assert sorted(failure.code for failure in expected) == sorted(codes), _named(expected)

    def judge(self) -> None:
        """Fail where something new could not be taken and nobody expects it; raises AssertionError."""
        failed = sum(counts.get(one, 0) for counts in self.counts.values() for one in ("dead_lettered", QUARANTINED))
        if failed == self._judged:
            return
        self._judged = failed
        failures = [*self._new_letters(), *self._new_rests()]
        if self._expected is not None:
            self._expected += failures
            return
        assert not failures, _named(failures)

    def _new_letters(self) -> Iterator[Failure]:
        for record in self.written(DEAD_LETTERS):
            if record.origin not in self._letters:
                self._letters.add(record.origin)
                letter = read_letter(record)
                yield Failure(letter.stage, letter.code, letter.key, letter.reason)

    def _new_rests(self) -> Iterator[Failure]:
        for (stage, key), rest in self._resting().items():
            if self._rests.get((stage, key)) != rest.since:
                yield Failure(stage, QUARANTINED, key.decode(errors="replace"), rest.error)
        self._rests = {place: rest.since for place, rest in self._resting().items()}

    def _resting(self) -> dict[tuple[str, bytes], Rest]:
        stages = {name for name, counts in self.counts.items() if counts.get(QUARANTINED)}
        held = ((stage, key, value) for stage in stages for key, value in self.changelog(stage).items())
        records = ((stage, key, read_key(value).rest) for stage, key, value in held if key != MARKS_KEY)
        return {(stage, key): rest for stage, key, rest in records if rest is not None}


def _named(failures: Collection[Failure]) -> str:
    return "\n".join(["the stages could not take:", *map(str, failures)]) if failures else "nothing was refused"
