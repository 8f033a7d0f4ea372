"""What is told of one order beside its ERP documents and parcels: by the customer, by people, by other stages."""

from typing import ClassVar

from pydantic import Field

from contracts.identity import digest
from contracts.model import Contract
from contracts.moment import Instant


class OrderFact(Contract):
    """One such fact, whole. A newer `version` of the same `id` replaces it; arrival order never matters.

    kind: its short name. id: its sender's own, unique within account, order and kind; the same for the same thing told
    again. version: when its sender wrote it.
    """

    kind: ClassVar[str]

    account: str = Field(min_length=1)
    order: str = Field(min_length=1)
    id: str = Field(min_length=1)
    version: Instant

    def edition(self, body: bytes) -> str:
        """Order two contents of one version. body: this fact, encoded."""
        return digest(body, size=8)
