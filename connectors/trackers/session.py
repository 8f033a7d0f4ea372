"""A tracker's registrations as records that dispatch creates, updates and closes.

Each tracker says in a `Registry` how it registers, ends and is asked; all else is written once, here.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from contracts.connector import Heard, Record, TargetSession, Writing
from contracts.settings import TargetAccount, TrackerAccount
from mappings.trackers.registration import Parcel, parcel_of, steps, tracker_account


@dataclass(frozen=True, slots=True)
class Registered:
    """A registration: its id at the tracker, and the pushes that its answer is worth."""

    id: str
    pushes: tuple[bytes, ...] = ()


class Registry(Protocol):
    """One account's registrations at a tracker. Its methods raise Retryable (try again) or Rejected (it never will)."""

    async def register(self, parcel: Parcel) -> Registered:
        """Register a parcel, renew it, or register it again where the tracker gave up. One that is there stays."""

    async def end(self, registration: str, parcel: Parcel) -> None:
        """End a registration, where the tracker can be told so; one that is gone has ended."""

    async def ask(self, registration: str, parcel: Parcel) -> Sequence[bytes]:
        """Ask what is known of a parcel, in the bodies of the pushes that would have told it; nothing is no answer."""


class RegistrationSession:
    """Registrations as dispatch keeps them (`contracts.connector.TargetSession`)."""

    def __init__(self, registry: Registry, source: str, content_type: str) -> None:
        """Take a registry. source: `CONNECTOR/ACCOUNT` under which what it answers is read."""
        self._registry = registry
        self._source = source
        self._content_type = content_type

    async def look_up(self, key: str) -> Sequence[Record]:  # noqa: ARG002 no tracker keeps our keys
        """Find nothing: what is registered already is registered once more, which each tracker takes for the same."""
        return ()

    async def read(self, record_id: str) -> Record | None:
        """Say that a registration stands as nobody knows: its fields are then written again."""
        return Record(record_id, is_open=True, version="", fields={}, key="", idempotency_key="")

    async def create(self, writing: Writing) -> Record:
        """Register a parcel."""
        registered = await self._registry.register(parcel_of(writing))
        pushes = list(registered.pushes)
        if "ask_at" in writing.fields:
            pushes += await self._registry.ask(registered.id, parcel_of(writing))
        return self._record(registered.id, writing, pushes)

    async def update(self, record: Record, writing: Writing) -> Record:
        """Do what leads from the fields written last (`record.fields`) to those wanted now."""
        to_do, parcel, registration = steps(record.fields, writing.fields), parcel_of(writing), record.id
        pushes: list[bytes] = []
        if to_do.registers:
            registered = await self._registry.register(parcel)
            registration = registered.id
            pushes += registered.pushes
        if to_do.asks:
            pushes += await self._registry.ask(registration, parcel)
        return self._record(registration, writing, pushes)

    async def close(self, record: Record, writing: Writing) -> Record:
        """End a registration."""
        await self._registry.end(record.id, parcel_of(writing))
        return self._record(record.id, writing, (), is_open=False)

    @property
    def mark(self) -> str:
        """Nothing is ever changed there by people."""
        return ""

    async def changed_since(self, mark: str) -> AsyncIterator[Record]:  # noqa: ARG002 there is nothing to tell
        """Tell nothing: what becomes of registrations comes as pushes."""
        nothing: tuple[Record, ...] = ()
        for record in nothing:
            yield record

    def _record(self, registration: str, writing: Writing, pushes: Sequence[bytes], *, is_open: bool = True) -> Record:
        return Record(
            id=registration,
            is_open=is_open,
            version="",
            fields=writing.fields,
            key=writing.key,
            idempotency_key=writing.idempotency_key,
            heard=tuple(Heard(self._source, push, self._content_type) for push in pushes),
        )


Open = Callable[[TrackerAccount, str | None], AbstractAsyncContextManager[Registry]]


def opening(
    source: str, open_registry: Open, content_type: str = "application/json"
) -> Callable[[TargetAccount, str | None], AbstractAsyncContextManager[TargetSession]]:
    """Open registrations as a target's session. source: the connector that reads the pushes, in this content type."""

    @asynccontextmanager
    async def opened(account: TargetAccount, secret: str | None) -> AsyncIterator[TargetSession]:
        known = tracker_account(account)
        async with open_registry(known, secret) as registry:
            yield RegistrationSession(registry, f"{source}/{known.source}", content_type)

    return opened


def probing(
    probe: Callable[[TrackerAccount, str | None], Awaitable[Sequence[str]]],
) -> Callable[[TargetAccount, str | None], Awaitable[Sequence[str]]]:
    """Probe an account as the tracker's that it must be."""
    return lambda account, secret: probe(tracker_account(account), secret)


def checking(check: Callable[[TrackerAccount], None]) -> Callable[[TargetAccount], None]:
    """Check an account as the tracker's that it must be."""
    return lambda account: check(tracker_account(account))
