"""Targets that are only told: nothing can be looked up at a subscriber, in a mailbox or in a chat group.

So the ledger alone knows what was said, and a session of theirs answers accordingly:

    look_up          finds nothing: what was on its way when a process died is sent again, under the same id
    read             gives a record that is open and holds nothing, so whatever was on its way follows again
    update, close    are further messages; an update that does not matter to its readers is not sent
    changed_since    tells nothing: what people do about a message is not known

Whoever recognises a message's id, as a subscriber does by `webhook-id` and a mail server by Message-ID, has each once.
Everybody else may read one twice after a crash, and never misses one.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

from contracts.connector import Record, Writing
from contracts.errors import Rejected
from mappings.tickets.messages import Message, Occasion, following, opening, place

Send = Callable[[Message], Awaitable[None]]
"""Delivers one message; raises Retryable or Rejected."""
Matters = Callable[[Mapping[str, str], Mapping[str, str]], bool]
"""Whether readers of the first fields need to know of the second ones."""


def always(_told: Mapping[str, str], _now: Mapping[str, str]) -> bool:
    """Programs are told every change."""
    return True


class OneWaySession:
    """One account's messages."""

    def __init__(self, send: Send, matters: Matters = always) -> None:
        """Take what delivers a message, and what decides whether a change is worth one."""
        self._send = send
        self._matters = matters

    async def look_up(self, key: str) -> Sequence[Record]:  # noqa: ARG002 as its siblings
        """Find nothing."""
        return ()

    async def read(self, record_id: str) -> Record | None:
        """Give a record that is open and holds nothing; None where the id is none of ours."""
        try:
            place(record_id)
        except Rejected:
            return None
        return Record(id=record_id, is_open=True, version="", fields={}, key="", idempotency_key="")

    async def create(self, writing: Writing) -> Record:
        """Send the first message."""
        return await self._tell(opening(writing))

    async def update(self, record: Record, writing: Writing) -> Record:
        """Send what changed, where it matters or nobody knows what was said last."""
        if record.fields and not self._matters(record.fields, writing.fields):
            return _told(record.id, writing.key, writing.idempotency_key, writing.fields)
        return await self._tell(following(record.id, writing, Occasion.UPDATED))

    async def close(self, record: Record, writing: Writing) -> Record:
        """Send that it is closed, and why."""
        return await self._tell(following(record.id, writing, Occasion.CLOSED))

    @property
    def mark(self) -> str:
        """Nothing is ever read."""
        return ""

    async def changed_since(self, mark: str) -> AsyncIterator[Record]:
        """Tell nothing; raises Rejected where the mark is another system's."""
        if mark:
            raise Rejected(f"not a mark of ours: {mark!r}", code="bad_mark")
        nothing: tuple[Record, ...] = ()
        for record in nothing:
            yield record

    async def _tell(self, message: Message) -> Record:
        await self._send(message)
        is_open = message.occasion is not Occasion.CLOSED
        return _told(message.id, message.key, message.record, message.fields, is_open=is_open)


def _told(message_id: str, key: str, record: str, fields: Mapping[str, str], *, is_open: bool = True) -> Record:
    return Record(id=message_id, is_open=is_open, version="", fields=fields, key=key, idempotency_key=record)
