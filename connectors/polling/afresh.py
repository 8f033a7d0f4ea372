"""Reading one order afresh, whoever has the account's turn: everything that names it is told again, changed or not.

What is remembered of the account is left alone. A reading's version is the present, so that it counts before all that
was read earlier, and what the next poll reads counts before it.
"""

from typing import Protocol

from contracts.clock import WallClock
from contracts.connector import Poller, Reading
from contracts.errors import Rejected
from contracts.settings import PollerAccount
from contracts.topics import BODY_LIMIT


class Durable(Protocol):
    """Where it goes; it returns when what it wrote is durable (`journal.Inbox`)."""

    async def store(self, readings: list[Reading]) -> None:
        """Write readings to `inbound`."""


async def tell_afresh(
    account: PollerAccount, poller: Poller, order: str, clock: WallClock, inbox: Durable
) -> list[Reading]:
    """Read an order and what names it, and tell all of it or nothing; gives what was told.

    Raises Rejected where the system has no such order, or a document is larger than a record may be; and what the
    session and the inbox raise.
    """
    secret = None if account.secret is None else account.secret.read()
    async with poller.open(account, secret, clock) as session:
        readings = [reading async for reading in session.of_order(order)]
    if not readings:
        raise Rejected(f"{account.name} ({poller.title}) has no order {order!r}", code="unknown_order")
    for reading in readings:
        if len(reading.body) > BODY_LIMIT:
            name = f"{reading.document.kind} {reading.document.document}"
            raise Rejected(f"{name} has {len(reading.body)} bytes; at most {BODY_LIMIT} are taken", code="too_large")
    await inbox.store(readings)
    return readings
