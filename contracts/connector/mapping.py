"""What a payload is mapped to, and what the mapping is told beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from contracts.model import Contract


@dataclass(frozen=True, slots=True)
class Context:
    """What a mapping is told beside the payload: whose it is, when it came, in what zone its local times are.

    options: the account's own, as the configuration gives them; each mapping's docstring says which it knows.
    """

    connector: str
    account: str
    received_at: datetime
    zone: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """`CONNECTOR/ACCOUNT`, as envelopes name it."""
        return f"{self.connector}/{self.account}"


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a payload says: canonical events, and the codes in it that the vendor's tables do not list."""

    events: tuple[Contract, ...] = ()
    unknown_codes: tuple[str, ...] = ()
