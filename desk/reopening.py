"""Opening a closed delivery again: its order is read afresh from the system that has it, and told anew."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aiokafka.errors import KafkaError

from connectors.polling.afresh import tell_afresh
from connectors.polling.journal import inbox_of
from connectors.registry import POLLERS, find
from contracts.connector import Reading
from contracts.errors import Fatal, Rejected
from contracts.settings import PollerAccount, Settings
from contracts.snapshot import Snapshot
from streams.tracing.snapshots import snapshots_named


@dataclass(frozen=True, slots=True)
class Reopened:
    """What was told again. closed_at: since when the delivery was closed, if it was; known: whether it was known."""

    account: str
    order: str
    readings: tuple[Reading, ...]
    known: bool
    closed_at: datetime | None


async def reopen(settings: Settings, order: str, account: str | None) -> Reopened:
    """Read an order, and every document that names it, and tell it durably; whoever polls the account goes on.

    Raises Rejected at a mistake, when nothing was told; Retryable where the system is away, Fatal where the broker is.
    """
    chosen = poller_of(settings, order, account)
    poller = find(POLLERS, chosen.connector)
    poller.check(chosen)
    snapshots = await snapshots_named(settings.kafka, order)
    clock = settings.clock.clock()
    try:
        async with inbox_of(chosen, settings.kafka, clock) as inbox:
            readings = await tell_afresh(chosen, poller, order, clock, inbox)
    except (KafkaError, TimeoutError) as error:
        raise Fatal(f"it may not have been written: {type(error).__name__}", code="send_failed") from error
    known = _snapshot_of(snapshots, chosen.name)
    return Reopened(chosen.name, order, tuple(readings), known is not None, known.closed_at if known else None)


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
    yield _next(reopened)
    yield f"`quayside trace {reopened.order}` shows it."


def _next(reopened: Reopened) -> str:
    if not reopened.known:
        return f"Nothing was known of {reopened.order}: the worker makes it a delivery."
    if reopened.closed_at is None:
        return f"{reopened.order} was not closed: what is as it was changes nothing."
    since = f"{reopened.closed_at:%Y-%m-%d %H:%M} UTC"
    return (
        f"{reopened.order} had been closed since {since}: the worker makes it a delivery again, and closes it when it "
        "is finished and nothing is wanted."
    )


def _snapshot_of(snapshots: Iterable[Snapshot], account: str) -> Snapshot | None:
    return next((one for one in snapshots if (one.account, one.scope) == (account, "order")), None)
