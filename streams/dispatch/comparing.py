"""Where a target and the wanted states disagree: what is there against what should be, one order at a time. Pure.

    missing      wanted, and not there
    closed       wanted, and closed there, which the ledger does not know
    differs      there, and not with the fields that are wanted
    duplicate    open besides the record that stands for its task
    unwanted     open, and nobody wants it
    lost         there and wanted, and unknown to the ledger

What dispatch is busy with, holds back or has given up is no disagreement: the ledger says so (`quayside ledger`). What
a target does not tell cannot disagree: a record without fields may have any.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from contracts.connector import Record
from contracts.record_keys import RecordSort
from streams.dispatch.actions import Create, Wish
from streams.dispatch.entry import Entry, State, episode_of, idempotency_key
from streams.dispatch.intake import LaneKey
from streams.dispatch.plan import Rules, plan

_CLOSED_BY_US = frozenset({RecordSort.TASK, RecordSort.SUBSCRIPTION})
"""Messages and statuses stay."""


class What(StrEnum):
    """How they disagree."""

    MISSING = "missing"
    CLOSED = "closed"
    DIFFERS = "differs"
    DUPLICATE = "duplicate"
    UNWANTED = "unwanted"
    LOST = "lost"


class Field(NamedTuple):
    """One field of a record, as it is wanted and as it is there."""

    name: str
    wanted: str
    there: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One disagreement. record: its id at the target, empty where there is none.

    mark: the entry to be written to the ledger so that its lane looks at the record; None where nothing of dispatch's
    own can mend it.
    """

    what: What
    lane: LaneKey
    task: str
    record: str = ""
    fields: tuple[Field, ...] = ()
    mark: Entry | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One order as the ledger's database has it: at rest, with what it wishes for and its live entries."""

    lane: LaneKey
    wishes: Sequence[Wish]
    entries: Sequence[Entry]


def differences(standing: Standing, records: Mapping[str, Record], rules: Rules, at: datetime) -> list[Difference]:
    """Compare one order. records: by their ids, those of its entries and all that carry a key of its tasks."""
    wished = {wish.task: wish for wish in standing.wishes}
    latest = {entry.task: entry for entry in sorted(standing.entries, key=lambda entry: entry.episode)}
    return [
        *_of_entries(standing.lane, latest.values(), wished, records),
        *_of_records(standing, wished, latest, records, rules, at),
        *_never_written(standing, rules, records),
    ]


def is_of(target: str, record: Record) -> bool:
    """Whether a record is an account's: not somebody's own, nor another account's of the same task."""
    episode = episode_of(record.idempotency_key)
    return episode is not None and record.idempotency_key == idempotency_key(target, record.key, episode)


def _of_entries(
    lane: LaneKey, latest: Iterable[Entry], wished: Mapping[str, Wish], records: Mapping[str, Record]
) -> Iterator[Difference]:
    """Compare what should be open."""
    for entry in latest:
        wish = wished.get(entry.task)
        if entry.state is not State.OPEN or wish is None or wish.once:
            continue
        mark, record = replace(entry, state=State.IN_FLIGHT), records.get(entry.remote_id)
        if record is None:
            yield Difference(What.MISSING, lane, entry.task, entry.remote_id, mark=mark)
        elif not record.is_open:
            yield Difference(What.CLOSED, lane, entry.task, record.id, mark=mark)
        elif fields := _differing(wish, entry, record):
            yield Difference(What.DIFFERS, lane, entry.task, record.id, fields, mark)


def _differing(wish: Wish, entry: Entry, record: Record) -> tuple[Field, ...]:
    if entry.merged_into or wish.problem is not None or not record.fields:
        return ()
    there = record.fields
    return tuple(
        Field(name, value, there.get(name, "")) for name, value in wish.fields.items() if there.get(name) != value
    )


def _of_records(
    standing: Standing,
    wished: Mapping[str, Wish],
    latest: Mapping[str, Entry],
    records: Mapping[str, Record],
    rules: Rules,
    at: datetime,
) -> Iterator[Difference]:
    """Look at each open record of ours for one that should not be."""
    known = {entry.idempotency_key: entry for entry in standing.entries}
    for record in records.values():
        episode = episode_of(record.idempotency_key)
        if not record.is_open or episode is None or not is_of(rules.target, record):
            continue
        entry = known.get(record.idempotency_key)
        if entry is None:
            current, what = latest.get(record.key), What.LOST if record.key in wished else What.UNWANTED
            what = What.DUPLICATE if current is not None and current.state is State.OPEN else what
            lost = _lost(standing.lane, record, episode, rules, at)
            yield Difference(what, standing.lane, record.key, record.id, mark=lost)
        elif entry.remote_id != record.id:
            yield Difference(What.DUPLICATE, standing.lane, record.key, record.id)
        elif entry.sort in _CLOSED_BY_US and (entry.state is State.CLOSED or _is_unwanted(entry, wished)):
            what = What.LOST if entry is latest[entry.task] and entry.task in wished else What.UNWANTED
            yield Difference(what, standing.lane, record.key, record.id, mark=replace(entry, state=State.IN_FLIGHT))


def _is_unwanted(entry: Entry, wished: Mapping[str, Wish]) -> bool:
    return entry.state is State.OPEN and not entry.merged_into and entry.task not in wished


def _lost(lane: LaneKey, record: Record, episode: int, rules: Rules, at: datetime) -> Entry:
    return Entry(
        target=rules.target,
        account=lane.account,
        scope=lane.scope,
        subject=lane.subject,
        task=record.key,
        episode=episode,
        since=at,
        state=State.IN_FLIGHT,
        remote_id=record.id,
    )


def _never_written(standing: Standing, rules: Rules, records: Mapping[str, Record]) -> Iterator[Difference]:
    """Find what a lane at rest has no entry for, though it should: its ledger was lost. It is looked for first."""
    known = {entry.task for entry in standing.entries} | {record.key for record in records.values() if record.is_open}
    for action in plan(standing.wishes, standing.entries, rules):
        if isinstance(action, Create) and action.entry.task not in known:
            mark = replace(action.entry, state=State.IN_FLIGHT)
            yield Difference(What.MISSING, standing.lane, action.entry.task, mark=mark)
