"""Facts that are told whole (`contracts.order_fact`): of each the newest version, and when it was first received."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Protocol

import msgspec


class Whole(Protocol):
    """What is told whole (`contracts.order_fact.OrderFact`, `contracts.operator_action.OperatorAction`)."""

    kind: ClassVar[str]

    @property
    def id(self) -> str:
        """Its own, unique within its kind."""

    @property
    def version(self) -> datetime:
        """Of two tellings of one id, the newer counts."""

    def encode(self) -> bytes:
        """Write it as JSON."""

    def edition(self, body: bytes) -> str:
        """Order two contents of one version. body: itself, encoded."""


class ToldFact(msgspec.Struct, frozen=True, array_like=True):
    """The newest version of one. body: it, as JSON; edition: what orders two contents of one version."""

    version: datetime
    edition: str
    body: bytes
    received_at: datetime
    origin: str = ""

    @property
    def order_of_telling(self) -> tuple[datetime, str]:
        """Of two the higher counts."""
        return self.version, self.edition


def with_told(known: Mapping[str, ToldFact], fact: Whole, received_at: datetime, origin: str) -> Mapping[str, ToldFact]:
    """Add a fact to what is known, by `KIND/ID`; of one that was told before, the earliest receipt is kept."""
    body = fact.encode()
    told = ToldFact(fact.version, fact.edition(body), body, received_at, origin)
    name = f"{fact.kind}/{fact.id}"
    newest = known.get(name)
    if newest is not None:
        if newest.order_of_telling > told.order_of_telling:
            return known
        if newest.order_of_telling == told.order_of_telling and (newest.received_at, newest.origin) <= (
            received_at,
            origin,
        ):
            return known
    return dict(sorted({**known, name: told}.items()))
