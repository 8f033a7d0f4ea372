"""What a core has decided and not yet handed out."""

from collections.abc import Iterable
from typing import Generic

from contracts.envelope import Header, Origin
from streams.engine.outgoing import Carried, output_headers
from streams.engine.placement import partition_of
from streams.engine.stage import Output, S
from streams.engine.working import Cause, Working
from streams.engine.writes import Batches, Dead, SourceRecord, Written

KEYS_LIMIT = 2000
"""Keys worked on before a core hands out what it has, so that neither memory nor a batch grows without bound."""
BYTES_LIMIT = 16 * 1024 * 1024
"""Bytes of states, outputs and what is remembered of events, likewise."""

OUTPUTS_TOGETHER = 128
"""Outputs that are handed on before their chunk ends, to be packed while the processor has them at hand."""

_Pending = tuple[Output, Carried, bytes, Header, bytes | None]


class Segment(Generic[S]):
    """The keys that are open, and the records to write for them."""

    def __init__(self, partition: int, partitions: int) -> None:
        """Begin with nothing. partition: where all that is opened belongs; partitions: of topics with more than one."""
        self.hot: dict[bytes, Working[S]] = {}
        self.dead: list[Dead] = []
        self.applied = 0
        self.full = False
        """Whether it is time to hand out."""
        self.opened = 0
        """Bytes of the states that were opened."""
        self._counts: dict[str, int] = {}
        self._partition = partition
        self._partitions = partitions
        self._bytes = 0
        self._each: Batches = {}
        self.placed = 0
        """How many outputs are placed and not handed on."""
        self._newest: dict[tuple[str, bytes], _Pending] = {}

    def open(self, working: Working[S]) -> None:
        """Work on a key."""
        self.hot[working.key] = working
        self.opened += working.unmeasured
        if len(self.hot) >= KEYS_LIMIT or self.opened + self._bytes >= BYTES_LIMIT:
            self.full = True

    @property
    def counts(self) -> dict[str, int]:
        """What became of the records, by outcome."""
        return self._counts | ({"applied": self.applied} if self.applied else {})

    def apply(self, remembered: int) -> None:
        """Count a record that was applied. remembered: the bytes that are kept of it meanwhile."""
        self.applied += 1
        self._grow(remembered)

    def count(self, outcome: str) -> None:
        """Count what became of a record that was not simply applied."""
        self._counts[outcome] = self._counts.get(outcome, 0) + 1

    def bury(self, cause: SourceRecord | Cause, key: bytes | None, error: Exception) -> None:
        """Dead-letter a record."""
        place = Origin(cause.topic, cause.partition, cause.offset)
        self.dead.append(Dead(place, key, cause.value, cause.headers, error))
        self._grow(len(cause.value or b"") + sum(len(name) + len(value or b"") for name, value in cause.headers))
        self.count("dead_lettered")

    def write(
        self, outputs: Iterable[Output], carried: Carried, through: bytes, as_of: Header, opened: bytes | None
    ) -> None:
        """Write outputs. In a compacted topic only a key's newest is kept. opened: the key that they follow from."""
        for output in outputs:
            if output.data is not None:
                self._grow(len(output.data))
            if output.topic.compacted:
                self._newest[output.topic.name, output.key] = (output, carried, through, as_of, opened)
            else:
                self._place(output, carried, through, as_of, opened)

    def batches(self) -> Batches:
        """Give the outputs, placed, without those that were handed on."""
        for pending in self._newest.values():
            self._place(*pending)
        self._newest.clear()
        return self.hand_on()

    def hand_on(self) -> Batches:
        """Give the outputs that are placed by now: a compacted topic's are not before the end."""
        placed, self._each = self._each, {}
        self.placed = 0
        return placed

    def _grow(self, size: int) -> None:
        self._bytes += size
        if self.opened + self._bytes >= BYTES_LIMIT:
            self.full = True

    def _place(self, output: Output, carried: Carried, through: bytes, as_of: Header, opened: bytes | None) -> None:
        topic, key = output.topic, output.key
        # A key that is open belongs here, and to the same partition of every topic: most outputs need no hash.
        home = 0 if topic.single else self._partition if key == opened else partition_of(key, self._partitions)
        place = topic.name, home
        written = Written(key, output.data, output_headers(output, carried, through, as_of))
        if (batch := self._each.get(place)) is None:
            self._each[place] = [written]
        else:
            batch.append(written)
        self.placed += 1
