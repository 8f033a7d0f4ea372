"""Opening a closed delivery again: its order is read afresh from the system that has it, and told anew.

Once the worker has made it a delivery, what people told of it is told again, too: a closed one would call that late.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aiokafka.errors import KafkaError

from connectors.polling.afresh import tell_afresh
from connectors.polling.journal import inbox_of
from connectors.registry import POLLERS, find
from contracts.connector import Poller, Reading
from contracts.errors import Fatal, Rejected
from contracts.settings import PollerAccount, Settings
from contracts.snapshot import Snapshot
from streams.retelling import tell_again, told_of
from streams.tracing.snapshots import snapshots_named

PATIENCE = 60.0
LOOKS_EVERY = 1.0
"""Real seconds from one look to the next."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """What was told again.

    known: whether anything was known of the order. closed_at: since when the delivery had been closed, if it was.
    retold: how much of what people told was told again; None where the worker has not made it a delivery yet.
    """

    account: str
    order: str
    readings: tuple[Reading, ...]
    known: bool
    closed_at: datetime | None
    retold: int | None = 0


async def reopen(settings: Settings, order: str, account: str | None, patience: float = PATIENCE) -> Reopened:
    """Tell an order, and every document that names it, durably and afresh, and then what people told of it.

    Whoever polls the account goes on. patience: real seconds within which the worker has made it a delivery.

    Raises Rejected at a mistake, when nothing was told; Retryable where the system is away, Fatal where the broker is.
    """
    chosen = poller_of(settings, order, account)
    poller = find(POLLERS, chosen.connector)
    poller.check(chosen)
    known = await _snapshot(settings, chosen.name, order)
    readings = await _tell(settings, chosen, poller, order)
    is_open = known is None or await _is_opened(settings, chosen.name, order, patience)
    records = await told_of(settings.kafka, chosen.name, order) if is_open else []
    await tell_again(settings.kafka, records)
    return Reopened(
        chosen.name,
        order,
        tuple(readings),
        known=known is not None,
        closed_at=known.closed_at if known else None,
        retold=len(records) if is_open else None,
    )


async def _tell(settings: Settings, chosen: PollerAccount, poller: Poller, order: str) -> list[Reading]:
    clock = settings.clock.clock()
    try:
        async with inbox_of(chosen, settings.kafka, clock) as inbox:
            return await tell_afresh(chosen, poller, order, clock, inbox)
    except (KafkaError, TimeoutError) as error:
        raise Fatal(f"it may not have been written: {type(error).__name__}", code="send_failed") from error


async def _is_opened(settings: Settings, account: str, order: str, patience: float) -> bool:
    """Wait until the worker has made it a delivery; tell whether it has."""
    until = asyncio.get_running_loop().time() + patience
    while (known := await _snapshot(settings, account, order)) is None or known.closed_at is not None:
        if asyncio.get_running_loop().time() >= until:
            return False
        await asyncio.sleep(LOOKS_EVERY)
    return True


async def _snapshot(settings: Settings, account: str, order: str) -> Snapshot | None:
    found = await snapshots_named(settings.kafka, order)
    return next((one for one in found if (one.account, one.scope) == (account, "order")), None)


def poller_of(settings: Settings, order: str, account: str | None) -> PollerAccount:
    """Choose the account that is read; raises Rejected where that is not clear, or it is pushed and cannot be read."""
    polled = {each.name: each for each in settings.pollers}
    if account in polled:
        return polled[account]
    pushed = {each.name for each in settings.sources}
    if account in pushed or (account is None and pushed and not polled):
        raise Rejected(
            f"{account or ', '.join(sorted(pushed))}: pushed to us and not polled, so Quayside cannot read {order!r}; "
            "its sender must push the order and every document that names it again, each with a newer `version` and "
            '`"afresh": true`',
            code="not_polled",
        )
    there = ", ".join(sorted(polled)) or "none"
    if account is not None or not polled:
        called = f"is called {account!r}" if account else "is configured"
        raise Rejected(f"no account {called}; polled are: {there}", code="unknown_account")
    if len(polled) > 1:
        raise Rejected(f"several accounts are polled, name one by --account: {there}", code="ambiguous")
    [only] = polled.values()
    return only


def told(reopened: Reopened) -> Iterable[str]:
    """Say what was read, and what happens next."""
    documents = ", ".join(f"{each.document.kind} {each.document.document}" for each in reopened.readings)
    yield f"Read afresh from {reopened.account}, and told: {documents}."
    yield _became(reopened)
    if reopened.retold:
        yield f"What was told of it before was told again, too: {reopened.retold} messages."
    yield f"`quayside trace {reopened.order}` shows it."


def _became(reopened: Reopened) -> str:
    if not reopened.known:
        return f"Nothing was known of {reopened.order}: the worker makes it a delivery."
    if reopened.closed_at is None:
        return f"{reopened.order} was not closed: what is as it was changes nothing."
    since = f"{reopened.order} had been closed since {reopened.closed_at:%Y-%m-%d %H:%M} UTC"
    if reopened.retold is None:
        return (
            f"{since}, and still is: no worker has read it yet. Run this again when it has, so that nothing is missing."
        )
    return f"{since}, and is a delivery again; it is closed when it is finished and nothing is wanted."
