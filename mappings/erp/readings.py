"""What every reading of a polled ERP says beside its record (`connectors.pollers.payload`); any ERP's days and numbers.

A mapping gives for each kind of document how its readings look, and what makes the document of one (`Kinds`).
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, Field

from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from contracts.model import Contract, build
from contracts.moment import Instant

OUR_TIME = range(1900, 9000)
"""Years of which every instant is one in any zone."""
_MUCH = 10**15

R = TypeVar("R", bound=Contract)
D = TypeVar("D", bound=date | None)


class Told(Contract, Generic[R]):
    """A reading. `read_at` is the instant at which it began; afresh: read for one order on purpose, changed or not.

    record: what the ERP keeps, what belongs to it nested in it; none where it is withdrawn.
    """

    document: str = Field(min_length=1)
    read_at: Instant
    withdrawn: bool = False
    afresh: bool = False
    record: R | None = None

    def said(self, context: Context) -> dict[str, Any]:
        """What it says of a document that there is, whatever that is."""
        return {
            "account": context.account,
            "document": self.document,
            "version": self.read_at,
            "afresh": self.afresh,
        }

    def withdrawal(self, context: Context) -> dict[str, Any]:
        """All that is said of a document that there is no more."""
        return {
            "account": context.account,
            "document": self.document,
            "version": self.read_at,
            "withdrawn": True,
        }

    def expect(self, what: str) -> R:
        """Give the record; raises Rejected, naming what was expected, where there is none."""
        if self.record is None:
            raise Rejected(f"found nothing; expected {what}", code="invalid", path="$.record")
        return self.record


Kinds = Mapping[str, tuple[type[Told[Any]], Callable[[Any, Context], Contract]]]
"""By kind of document: how its readings look, and what makes the event of one."""


def mapped(payload: object, kinds: Kinds, context: Context) -> Mapped:
    """Map one reading by its kind; raises Rejected with the JSON path of the first wrong value."""
    if not isinstance(payload, dict):
        raise Rejected("found no JSON object; expected a reading", code="invalid", path="$")
    kind = payload.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        *others, last = map(repr, kinds)
        expected = f"{', '.join(others)} or {last}" if others else last
        raise Rejected(f"found {kind!r}; expected {expected}", code="invalid", path="$.kind")
    model, to_event = kinds[kind]
    return Mapped(events=(to_event(build(model, **payload), context),))


def of_our_time(value: D) -> D:
    """Refuse a day, if any, that is none of our time."""
    if value is not None and value.year not in OUR_TIME:
        raise ValueError("expected a year of our time")
    return value


def without_noise(value: Decimal) -> Decimal:
    """Nine places are what quantities mean, of binary floats too."""
    return value.quantize(Decimal("1e-9")).normalize() + 0


Amount = Annotated[Decimal, Field(ge=-_MUCH, le=_MUCH), AfterValidator(without_noise)]
"""A quantity as an ERP writes it."""
