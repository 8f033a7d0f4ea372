"""What every reading of a polled ERP says beside its record (`connectors.pollers.payload`), and its number's form."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field

from contracts.connector import Context, Mapped
from contracts.documents import Document
from contracts.errors import Rejected
from contracts.model import Contract, build
from contracts.moment import Instant

OUR_TIME = range(1900, 9000)
"""Years of which every instant is one in any zone."""
_MUCH = 10**15


class Told(Contract):
    """A reading. `read_at` is the instant at which it began; afresh: read for one order on purpose, changed or not."""

    document: str = Field(min_length=1)
    read_at: Instant
    withdrawn: bool = False
    afresh: bool = False

    def said(self, context: Context) -> dict[str, Any]:
        """What it says of its document, whatever that is."""
        own = {"account": context.account, "document": self.document, "version": self.read_at}
        return {**own, "withdrawn": True} if self.withdrawn else {**own, "afresh": self.afresh}


T = TypeVar("T", bound=Told)
Kinds = Mapping[str, tuple[type[Told], Callable[[Any, Context], Document]]]
"""By kind of document: how its readings look, and what makes the document of one."""


def mapped(payload: object, kinds: Kinds, context: Context) -> Mapped:
    """Map one reading by its kind; raises Rejected with the JSON path of the first wrong value."""
    if not isinstance(payload, dict):
        raise Rejected("found no JSON object; expected a reading", code="invalid", path="$")
    kind = payload.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        expected = " or ".join(repr(one) for one in kinds)
        raise Rejected(f"found {kind!r}; expected {expected}", code="invalid", path="$.kind")
    model, to_document = kinds[kind]
    return Mapped(events=(to_document(build(model, **payload), context),))


def missing(what: str) -> Rejected:
    """Say that a reading that is no withdrawal has no record."""
    return Rejected(f"found nothing; expected {what}", code="invalid", path="$.record")


def _without_noise(value: Decimal) -> Decimal:
    """Nine places are what quantities mean, of binary floats too."""
    return value.quantize(Decimal("1e-9")).normalize() + 0


Amount = Annotated[Decimal, Field(ge=-_MUCH, le=_MUCH), AfterValidator(_without_noise)]
"""A quantity as an ERP writes it."""
