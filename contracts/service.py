"""After-sales: cases, and what customers answer in surveys.

A case is told whole, like a document: the newest version wins and arrival order never matters. How far it is follows
from its instants; those of an earlier round, before it was reopened, no longer count.
"""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from contracts.documents import Party
from contracts.model import Contract
from contracts.moment import Instant
from contracts.order_fact import OrderFact
from contracts.snapshot import CaseState, CaseView, Severity

CaseSeverity = Literal[Severity.GRAVE, Severity.MAJOR, Severity.ORDINARY]
"""Severity 1, 2 and 3 of an after-sales procedure."""


class ServiceCase(Contract):
    """A customer's problem after delivery, as the after-sales system tells it, whole.

    account: the account that tells it. case: its number there. order: the order that it is about, empty while that is
    not known; order_account: the ERP account of that order, where it is another. severity: absent until it was
    classified. Of each step the latest instant counts; reopened: every instant at which it was. solved: the problem is;
    verified: the customer, or whoever checks, has confirmed it. withdrawn: it was deleted, or reported by mistake.
    """

    account: str = Field(min_length=1)
    case: str = Field(min_length=1)
    version: Instant
    withdrawn: bool = False
    order: str = ""
    order_account: str = ""
    line: str = ""
    product: str = ""
    customer: Party | None = None
    title: str = ""
    severity: CaseSeverity | None = None
    reported: Instant
    classified: Instant | None = None
    assigned: Instant | None = None
    assigned_to: str = ""
    responded: Instant | None = None
    solved: Instant | None = None
    verified: Instant | None = None
    closed: Instant | None = None
    reopened: tuple[Instant, ...] = ()

    @property
    def names_order(self) -> tuple[str, str] | None:
        """The account and number of the order that it is about; None where it names none."""
        return (self.order_account or self.account, self.order) if self.order and not self.withdrawn else None

    @property
    def began(self) -> datetime:
        """When the present round began: when it was last reopened, else when it was reported."""
        return max((self.reported, *self.reopened))

    def when(self, step: CaseState) -> datetime | None:
        """Say when a step was reached in the present round; None where it was not."""
        at: datetime | None = getattr(self, step.value)
        return at if at is not None and at >= self.began else None

    @property
    def state(self) -> CaseState:
        """The last step that was reached in the present round."""
        reached = next((step for step in _LAST_FIRST if self.when(step) is not None), None)
        return reached or (CaseState.REOPENED if self.began > self.reported else CaseState.REPORTED)

    @property
    def is_open(self) -> bool:
        """Whether anybody still has to do with it."""
        return not self.withdrawn and self.state is not CaseState.CLOSED

    def view(self) -> CaseView:
        """Show it to people, but for its timeline."""
        return CaseView(state=self.state, **{name: getattr(self, name) for name in _SHOWN})


_LAST_FIRST = (
    CaseState.CLOSED,
    CaseState.VERIFIED,
    CaseState.SOLVED,
    CaseState.RESPONDED,
    CaseState.ASSIGNED,
    CaseState.CLASSIFIED,
)
_SHOWN = tuple(name for name in CaseView.model_fields if name not in {"state", "timeline"})


class CaseNote(OrderFact):
    """Tells an order of a case that names it, or (no `about`) names it no longer. From `cases` to `deliveries`.

    id: ACCOUNT/CASE. version, case_edition: the case's own. versions: how many versions of the case were known when
    this was told; of two words about the same version that of the more counts. named_since: since when the case names
    the order, without a break.
    """

    kind: ClassVar[str] = "case_note"

    about: ServiceCase | None = None
    case_edition: str
    versions: int = Field(ge=1)
    named_since: Instant | None = None

    def edition(self, _body: bytes) -> str:
        """Order two notes of one version of the case."""
        return f"{self.case_edition}/{self.versions:09}"


class Survey(OrderFact):
    """What a customer answered when asked how satisfied they are with an order.

    score: on a scale from `lowest` to `highest`, the highest the best (5 stars: 1 to 5; a Net Promoter Score question:
    0 to 10). answered: when.
    """

    kind: ClassVar[str] = "survey"

    score: Decimal
    lowest: Decimal = Decimal(1)
    highest: Decimal = Decimal(5)
    comment: str = ""
    answered: Instant
    answered_by: str = ""

    @model_validator(mode="after")
    def _score_on_its_scale(self) -> "Survey":
        if self.lowest >= self.highest:
            raise ValueError("a scale ends above its beginning")
        if not self.lowest <= self.score <= self.highest:
            raise ValueError(f"a score lies on its scale, from {self.lowest} to {self.highest}")
        return self

    @property
    def satisfaction(self) -> Decimal:
        """Where the score lies on its scale, in percent: the lowest is 0, the highest 100."""
        return 100 * (self.score - self.lowest) / (self.highest - self.lowest)
