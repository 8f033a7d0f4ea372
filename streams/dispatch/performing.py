"""One action at a target: the ledger says what is about to happen, then it happens, then the ledger says what came.

Wherever the process ends in between, the next one finds an entry that was marked, and asks the target before it sends
anything again.
"""

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from typing import Protocol

import structlog

from contracts import metrics
from contracts.clock import WallClock
from contracts.errors import QuaysideError, Rejected, Retryable
from contracts.settings import TargetAccount
from streams.dispatch import outcome, retrying
from streams.dispatch.actions import Action, Bury, Close, Create, LookUp, Note, Reopen, Settle, Update
from streams.dispatch.calling import Call, call, mark
from streams.dispatch.endings import endings_of
from streams.dispatch.endpoint import Endpoint
from streams.dispatch.entry import Entry, State, is_subscription
from streams.dispatch.intake import WantedState
from streams.dispatch.letters import letters_after, refusal_letter, registration_letter
from streams.dispatch.outcome import Change
from streams.failpoints import failpoint
from streams.store.ledger import Overtaken
from streams.store.outbox import Letter

_log = structlog.get_logger(__name__)

_DONE: dict[type[Action], str] = {
    Create: "created",
    Update: "updated",
    Reopen: "reopened",
    Close: "closed",
    LookUp: "looked_up",
}


class Ledger(Protocol):
    """Where entries are kept (`streams.store.ledger.LedgerStore`)."""

    async def save(self, entries: Sequence[Entry], letters: Sequence[Letter] = ()) -> list[Entry]:
        """Write entries and letters together, or raise Overtaken."""

    async def is_shared(self, entry: Entry) -> bool:
        """Tell whether another entry needs the same record at the target."""


@dataclass(frozen=True, slots=True)
class Performer:
    """Carries out the actions of one target.

    now: real time. lease: seconds after which a process that stood still no longer acts on what it marked, because
    another one may have taken its lanes over.
    """

    endpoint: Endpoint
    ledger: Ledger
    account: TargetAccount
    configuration: str
    clock: WallClock
    now: Callable[[], datetime]
    lease: float

    async def perform(self, action: Action, state: WantedState, known: Collection[int]) -> datetime | None:
        """Carry out an action; give the instant of its next try where it failed for now.

        known: the episodes of its task in the ledger. Raises Overtaken where another process changed its entry.
        """
        failpoint("dispatch.planned")
        match action:
            case Note():
                await self.ledger.save([action.entry])
                if action.entry.state is State.HELD:
                    self._tell("held", action.entry, state, policy_revision=str(action.entry.policy_revision))
            case Settle():
                await self.ledger.save([outcome.settled(action.entry, action.reason, self.clock.now())])
            case Bury():
                entry = outcome.buried(action, self.configuration, self.now())
                await self._give_up(entry, state, action.error)
            case Create() | Update() | Reopen() | Close() if action.entry.shadow:
                await self.ledger.save([outcome.shadowed(action, self.clock.now())])
                self._tell("shadowed", action.entry, state, would=type(action).__name__.lower())
            case Close() if is_subscription(action.entry.task) and await self.ledger.is_shared(action.entry):
                # One parcel for two orders is registered once.
                await self.ledger.save([outcome.settled(action.entry, action.reason, self.clock.now())])
            case LookUp() if action.entry.shadow:
                await self.ledger.save([outcome.absent(outcome.asking(action, self.configuration))])
            case _:
                return await self._call(action, state, known)
        return None

    async def _call(self, action: Call, state: WantedState, known: Collection[int]) -> datetime | None:
        marked = (await self.ledger.save([mark(action, self.configuration)]))[0]
        marked_at = monotonic()
        failpoint("dispatch.marked")
        if monotonic() - marked_at > self.lease:
            raise Overtaken(marked.task)
        try:
            changes = await call(self.endpoint, action, marked, known, self.clock, self.account)
        except Retryable as error:
            return await self._fail(marked, state, error)
        except Rejected as error:
            if error.code != "gone" or not marked.remote_id:
                await self._give_up(outcome.dead(marked, error, self.now()), state, error)
                return None
            changes = (outcome.gone(marked, self.clock.now(), endings_of(self.account)),)
        failpoint("dispatch.called")
        await self.save(changes)
        failpoint("dispatch.recorded")
        self._tell(_DONE[type(action)], changes[0].entry, state)
        return None

    async def save(self, changes: Sequence[Change]) -> None:
        """Write changes, and what follows from them, together."""
        letters = [letter for change in changes for letter in letters_after(change, self.clock.now())]
        await self.ledger.save([change.entry for change in changes], letters)

    async def _fail(self, marked: Entry, state: WantedState, error: Retryable) -> datetime | None:
        now = self.now()
        counts = retrying.counts(marked, self.endpoint.answered_at)
        failed = outcome.failed(marked, error, now, counts=counts)
        until = retrying.next_try(failed, error, now, tries=self.account.tries, lot=random.random())  # noqa: S311 - no secret
        if until is None:
            await self._give_up(replace(failed, state=State.DEAD), state, error)
            return None
        await self.ledger.save([failed])
        self._tell("retried", failed, state, code=error.code, reason=error.reason, until=until.isoformat())
        return until

    async def _give_up(self, entry: Entry, state: WantedState, error: QuaysideError) -> None:
        letters = [refusal_letter(entry, state, error, self.clock.now())]
        if is_subscription(entry.task) and not entry.shadow:
            letters.append(registration_letter(entry, error, self.clock.now()))
        await self.ledger.save([entry], letters)
        self._tell("dead", entry, state, code=error.code, reason=error.reason)
        metrics.DEAD_LETTERS.labels("dispatch").inc()

    def _tell(self, what: str, entry: Entry, state: WantedState, **more: str) -> None:
        metrics.DISPATCH.labels(self.account.name, what).inc()
        if what == "created":
            taken = self.clock.real_seconds(self.clock.now() - state.received_at)
            metrics.END_TO_END.labels(self.account.name).observe(max(taken, 0.0))
        tell = _log.warning if what in {"retried", "dead", "held"} else _log.info
        tell(
            what,
            target=entry.target,
            task=entry.task,
            episode=entry.episode,
            record=entry.remote_id,
            trace=state.traceparent,
            **more,
        )
