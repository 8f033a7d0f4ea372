"""A stage's time in one partition: the least of what every upstream partition has said (`contracts.ticks`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from contracts.clock import BEFORE_TIME, Clock
from contracts.envelope import Header, write_time
from contracts.errors import Rejected
from contracts.ticks import GAP_TICKS, NEVER, Mark, Tick
from contracts.topics import TIME_GOES_TO, UPSTREAMS, Topic

Marks = dict[tuple[str, int], Mark]

_MICROSECOND = timedelta(microseconds=1)


def microseconds(instant: datetime) -> int:
    """Give microseconds since 1970."""
    return (instant - BEFORE_TIME) // _MICROSECOND


def instant(since_1970: int) -> datetime:
    """Read microseconds since 1970."""
    return BEFORE_TIME + timedelta(microseconds=since_1970)


@dataclass(frozen=True, slots=True)
class TimeRoute:
    """Whose time each stage waits for, and where it passes time on; the house's own unless a test says otherwise."""

    upstreams: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: UPSTREAMS)
    goes_to: Mapping[str, tuple[Topic, ...]] = field(default_factory=lambda: TIME_GOES_TO)


HOUSE = TimeRoute()


class StageTime:
    """What one partition of a stage knows of time.

    Its upstreams are stages whose every partition passes time on into this one; `inbound` stands for the sources,
    whose own ticks stand in the stage's own partition.
    """

    def __init__(self, upstreams: tuple[str, ...], partitions: int) -> None:
        """Begin before time: nobody was heard."""
        self.partitions = partitions
        self._expected = frozenset(
            (upstream, partition)
            for upstream in upstreams
            for partition in ((-1,) if upstream == "inbound" else range(partitions))
        )
        self._marks: Marks = {}
        self.clock = Clock(BEFORE_TIME)
        self.now = 0
        self.as_of: Header = ("ce_asof", write_time(BEFORE_TIME))
        self.heard: dict[str, int] = {}

    @property
    def marks(self) -> Mapping[tuple[str, int], Mark]:
        """The highest mark of each upstream partition."""
        return self._marks

    def recover(self, marks: Marks) -> None:
        """Begin with marks that were stored."""
        self._marks = {place: mark for place, mark in marks.items() if place in self._expected}
        self._judge()

    def follow(self, tick: Tick) -> tuple[bool, bool]:
        """Follow a tick; tell whether a mark changed, and whether time or what was heard grew.

        Raises Rejected where the tick is none of an upstream's.
        """
        place = (tick.source if tick.partition >= 0 else "inbound", tick.partition)
        if place not in self._expected:
            raise Rejected(f"a tick of {place[0]}, partition {place[1]}: not an upstream here", code="foreign_tick")
        before = self._marks.get(place, NEVER)
        after = before.tick(tick)
        if after == before:
            return False, False
        self._marks[place] = after
        clock = self.clock
        self._judge()
        return True, self.clock != clock

    def _judge(self) -> None:
        if not self._marks or len(self._marks) < len(self._expected):
            return
        marks = self._marks.values()
        now = min(mark.now for mark in marks)
        sources = set.intersection(*({*mark.heard} for mark in marks))
        heard = {source: min(mark.heard[source].heard for mark in marks) for source in sorted(sources)}
        self.clock = Clock(now, heard)
        self.now = microseconds(now)
        self.as_of = ("ce_asof", write_time(now))
        self.heard = {source: microseconds(at) for source, at in heard.items()}


class Relay:
    """What a stage without state does with its sources' ticks: it passes them on, thinned.

    Of a chunk only each source's newest is needed, and so many before it that whoever follows sees no gap that was
    not there (`contracts.ticks.GAP_TICKS`).
    """

    def __init__(self) -> None:
        """Begin with nothing passed on: the first tick after an assignment always is."""
        self._passed: dict[str, datetime] = {}
        self._newest: dict[str, Tick] = {}
        self._waiting: list[Tick] = []

    def follow(self, tick: Tick) -> None:
        """Take a source's tick."""
        passed = self._passed.get(tick.source)
        newest = self._newest.get(tick.source)
        if passed is None:
            self._pass(tick)
        elif newest is None or tick.now > newest.now:
            if newest is not None and tick.now - passed > timedelta(seconds=GAP_TICKS * tick.every / 2):
                self._pass(newest)
            self._newest[tick.source] = tick

    def take(self) -> list[Tick]:
        """Take what is to be passed on at a chunk's end."""
        for tick in list(self._newest.values()):
            self._pass(tick)
        self._newest.clear()
        passed, self._waiting = self._waiting, []
        return passed

    def _pass(self, tick: Tick) -> None:
        if tick.now > self._passed.get(tick.source, datetime.min.replace(tzinfo=UTC)):
            self._passed[tick.source] = tick.now
            self._waiting.append(tick)
