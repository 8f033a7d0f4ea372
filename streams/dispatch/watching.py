"""What people do at the target is noticed here, and understood in the lane.

A poll tells which records were closed or opened. Where one disagrees with the ledger, its entry is only marked as
uncertain and its lane woken: the lane then asks the target, and what it finds becomes feedback. So there is one place
that follows a record, and a poll that is late or tells twice does no harm.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from contracts.clock import WallClock
from contracts.connector import Record, Target
from contracts.errors import Rejected
from contracts.identity import Scope, parts
from contracts.record_keys import RecordSort
from contracts.settings import TargetAccount
from streams.dispatch.endpoint import Endpoint
from streams.dispatch.entry import Entry, State, episode_of, idempotency_key
from streams.dispatch.intake import LaneKey
from streams.store.ledger import LedgerStore, Overtaken
from streams.store.wanted import WantedStore

LONGEST_POLL = 600.0
"""Seconds; the first poll of a target tells all of our records there."""
_AT_ONCE = 100
_UNDER_WAY = {State.IN_FLIGHT, State.CLOSING}


def is_watched(target: Target, account: TargetAccount) -> bool:
    """Whether there is anything to read at a target: a shadow has nothing there, and who is only told tells nothing."""
    return account.mode == "live" and not target.is_told_only


def notice(target: str, record: Record, entry: Entry | None, at: datetime) -> Entry | None:
    """Mark the entry of a record that is not as the ledger says; None where they agree, or it is none of ours.

    A record of ours without an entry is one that a lost ledger knew. What becomes of a step that was sent is no matter.
    Whose a record is counts where the target tells it.
    """
    if entry is None:
        return _orphan(target, record, at) if record.is_open else None
    if entry.sort is RecordSort.STEP:
        return None
    agrees = {
        State.OPEN: record.is_open,
        State.CLOSED: not record.is_open,
        State.DEAD: record.is_open and entry.remote_id != "",
        State.WANTED: False,
    }
    is_given = entry.state is State.OPEN and record.assigned_to not in {"", entry.assigned_to}
    if agrees.get(entry.state, True) and not is_given:
        return None
    return replace(entry, state=State.IN_FLIGHT, remote_id=record.id)


def _orphan(target: str, record: Record, at: datetime) -> Entry | None:
    episode = episode_of(record.idempotency_key)
    if episode is None or record.idempotency_key != idempotency_key(target, record.key, episode):
        return None
    try:
        account, scope, subject = parts(record.key.encode())[:3]
    except (Rejected, ValueError):
        return None
    return Entry(
        target=target,
        account=account,
        scope=cast("Scope", scope),
        subject=subject,
        task=record.key,
        episode=episode,
        since=at,
        state=State.IN_FLIGHT,
        remote_id=record.id,
    )


@dataclass(frozen=True, slots=True)
class Watcher:
    """Polls one target for what people did."""

    target: str
    endpoint: Endpoint
    ledger: LedgerStore
    wanted: WantedStore
    clock: WallClock
    now: Callable[[], datetime]

    async def poll(self) -> int:
        """Notice what changed since the last poll; tell how many records disagreed. Raises Retryable or Rejected.

        Where an entry is just being written to the target, what was told of it may be older than the answer under
        way: the same is then asked for once more at the next poll.
        """
        mark = await self.ledger.mark()
        changed = await self.endpoint.ask(self._changed_since(mark), LONGEST_POLL)
        noticed, is_settled = 0, True
        for start in range(0, len(changed), _AT_ONCE):
            lanes, settled = await self._follow(changed[start : start + _AT_ONCE])
            await self.wanted.wake(lanes, self.now())
            noticed += len(lanes)
            is_settled = is_settled and settled
        reached = self.endpoint.session.mark
        if is_settled and reached != mark:
            await self.ledger.save_mark(reached)
        return noticed

    async def _changed_since(self, mark: str) -> list[Record]:
        return [record async for record in self.endpoint.session.changed_since(mark)]

    async def _follow(self, records: Sequence[Record]) -> tuple[list[LaneKey], bool]:
        known = await self.ledger.of_records(records)
        lanes: list[LaneKey] = []
        is_settled = True
        followed = await self.ledger.following([record.id for record in records if not record.is_open])
        at = self.clock.now()
        noticed = [(known.get(one.id), notice(self.target, one, known.get(one.id), at)) for one in records]
        # A record that others were merged into may be one of ours besides.
        noticed += [(held, replace(held, state=State.IN_FLIGHT)) for held in followed]
        for held, entry in noticed:
            if entry is None:
                is_settled = is_settled and (held is None or held.state not in _UNDER_WAY)
                continue
            try:
                await self.ledger.save([entry])
            except Overtaken:
                is_settled = False
                continue
            lanes.append(LaneKey(entry.account, entry.scope, entry.subject))
        return lanes, is_settled
