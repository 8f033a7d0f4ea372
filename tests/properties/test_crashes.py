"""Every stage of ours may die between any two of its writes: in the end readers hold what they would hold without.

`tests/faults` kills real processes, with toy stages. Here the real stages die, in memory, wherever a draw says: before
its outputs, when any part of them is durable, after them, after its changelog, after the time was passed on.
"""

import random
from collections.abc import Iterable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts.tracking import TrackingStatus
from streams.engine.stage import Stage
from streams.engine.writes import Writes
from tests.properties import examples
from tests.properties.test_arrival_order import END, Told, answered, inputs, undisturbed
from tests.streams.watched import WatchedReplay
from tests.streams.way import POLICY, START, Way, hours, issue, order, report

POINTS = ("before_outputs", "amid_outputs", "after_outputs", "after_changelog", "after_ticks")


class _DiedError(Exception):
    """The process is gone; what was durable by then stays."""


class Dying(WatchedReplay):
    """A replay whose processes die now and then, and read again, in other chunks, what they had not acknowledged."""

    def __init__(self, stages: list[Stage[Any, Any]], partitions: int, drawn: random.Random, deaths: int) -> None:
        self._drawn = drawn
        self.died_at: list[str] = []
        self._immortal = True
        super().__init__(stages, POLICY, partitions=partitions, choose=drawn.randrange)
        self._immortal = False
        self._left = deaths

    def settle(self) -> None:
        while waiting := [place for place in self._cores if self._logs[place].read < len(self._logs[place].records)]:
            topic, partition = place = waiting[self._choose(len(waiting))]
            log, stage = self._logs[place], self._stages[place[0]]
            chunk = log.records[log.read : log.read + self._drawn.randint(1, 6)]
            try:
                self._write(stage, partition, self._cores[place].take(chunk, self.at))
            except _DiedError:
                self._immortal = True
                self.restart(self._stages[topic])
                self._immortal = False
            else:
                log.read += len(chunk)
        self.judge()

    def _write(self, stage: Stage[Any, Any], partition: int, all_writes: Iterable[Writes]) -> None:
        for writes in all_writes:
            point = self._draw_death()
            for reached, part in zip(POINTS, self._parts(writes, point), strict=True):
                if point == reached:
                    self.died_at.append(reached)
                    raise _DiedError
                super()._write(stage, partition, [part])

    def _draw_death(self) -> str | None:
        if self._immortal or not self._left or self._drawn.random() > 0.3:
            return None
        self._left -= 1
        return self._drawn.choice(POINTS)

    def _parts(self, writes: Writes, point: str | None) -> list[Writes]:
        """What becomes durable before each next point."""
        some = {place: batch for place, batch in writes.outputs.items() if self._drawn.random() < 0.5}
        rest = {place: batch for place, batch in writes.outputs.items() if place not in some}
        if point != "amid_outputs":
            some, rest = {}, writes.outputs
        return [
            Writes(outputs=some),
            Writes(outputs=rest),
            Writes(changelog=writes.changelog),
            Writes(ticks=writes.ticks),
            Writes(counts=writes.counts),
        ]


def dying(told: list[Told], partitions: int, drawn: random.Random, deaths: int) -> tuple[Way, Dying]:
    way = Way()
    replay = way.replay = Dying(way.stages, partitions, drawn, deaths)
    for one in sorted(told, key=lambda one: one.received_at):
        way.tell(*one)
        if drawn.random() < 0.5:
            way.replay.settle()
    way.hear(END)
    return way, replay


@examples(30)
@given(
    told=inputs(),
    partitions=st.integers(1, 3),
    drawn=st.randoms(use_true_random=False),
    deaths=st.integers(1, 8),
)
def test_a_death_between_any_two_writes_leaves_no_trace(
    told: list[Told], partitions: int, drawn: random.Random, deaths: int
) -> None:
    way, _ = dying(told, partitions, drawn, deaths)
    assert answered(way) == answered(undisturbed(told))


def test_processes_do_die_here_at_every_point() -> None:
    """Else the property above would hold of something else."""
    told = [
        Told(order(), START),
        Told(issue(), hours(1)),
        Told(report("YT1", (hours(2), TrackingStatus.PICKED_UP)), hours(3)),
    ]
    reached = set()
    for seed in range(20):
        _, replay = dying(told, 1, random.Random(seed), 5)
        reached |= set(replay.died_at)
    assert reached == set(POINTS)
