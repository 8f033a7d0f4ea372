"""The stored keys of the stages that find something: read from their changelogs, each at its stage's present time."""

from collections.abc import Iterator
from typing import Any

from connectors.scanning import places, reading, scan
from contracts.clock import Clock
from contracts.policy import Policy
from contracts.settings import KafkaSettings
from contracts.topics import changelog
from streams.engine.core import PartitionCore
from streams.engine.keyrecord import MARKS_KEY, read_key, read_marks
from streams.engine.stage import Stage
from streams.engine.timekeeping import instant
from streams.impact.comparing import Impact, Policies
from streams.stages import cases, deliver, resolve

STAGES: tuple[Stage[Any, Policy], ...] = (deliver.STAGE, cases.STAGE, resolve.STAGE)
"""The stages whose keys find something. What rests (`quarantined`) no policy judges."""


async def read_impact(kafka: KafkaSettings, policies: Policies) -> Impact:
    """Judge all that is stored by both policies; raises Fatal where the broker is away, or what it holds is newer."""
    impact = Impact()
    async with reading(kafka) as consumer:
        for stage in STAGES:
            for place in places(kafka, changelog(stage.name)):
                core = PartitionCore(
                    stage, policies.before, partition=place.partition, partitions=kafka.partitions, epoch=kafka.epoch
                )
                async for record in scan(consumer, [place]):
                    if record.key is not None:
                        core.recover(record.key, record.value)
                judge_stored(impact, core, policies)
    return impact


def judge_stored(impact: Impact, core: PartitionCore[Any, Policy], policies: Policies) -> None:
    """Judge all keys of a partition that was recovered."""
    for key, state, clock in _states(core):
        impact.judge(core.stage, key, state, clock, policies)


def _states(core: PartitionCore[Any, Policy]) -> Iterator[tuple[bytes, object, Clock]]:
    """Give each key's state and the clock by which it would be folded now: never an earlier one than before."""
    marks = core.table.get(MARKS_KEY)
    if marks is not None:
        core.time.recover(read_marks(marks).by_place())
    for key, value in sorted(core.table.items()):
        record = read_key(value) if key != MARKS_KEY else None
        if record is not None and record.state is not None and record.rest is None and core.stage.state is not None:
            now = max(core.time.clock.now, instant(record.as_of))
            yield key, core.stage.state.read(record.state), Clock(now, core.time.clock.heard)
