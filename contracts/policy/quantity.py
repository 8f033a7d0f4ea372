"""Quantity: what left and arrived against what was ordered."""

from datetime import timedelta

from pydantic import Field

from contracts.policy.kind import KindPolicy, Ladder, Span, Step
from contracts.snapshot import Role, Severity

_TO_PRODUCTION: Ladder = (Step(after=timedelta(hours=24), role=Role.PRODUCTION),)
_TO_LOGISTICS: Ladder = (Step(after=timedelta(hours=24), role=Role.LOGISTICS),)


class UnderDespatchedPolicy(KindPolicy):
    """Less despatched than ordered, and nothing more to come."""

    grace: Span = timedelta(minutes=30)
    role: Role = Role.SALES
    escalation: Ladder = _TO_PRODUCTION


class OverDespatchedPolicy(KindPolicy):
    """More despatched than ordered."""

    grace: Span = timedelta(minutes=30)
    role: Role = Role.SALES
    escalation: Ladder = _TO_LOGISTICS


class IssueNotOrderedPolicy(KindPolicy):
    """Issued what no line orders."""

    grace: Span = timedelta(minutes=30)
    returns_after: Span | None = timedelta(days=3)


class IssueWithoutReceiptPolicy(KindPolicy):
    """Issued what never came into finished stock.

    accounts: the ERP accounts that tell a goods receipt of everything they make for an order. Of others only a line
    that has a goods receipt is judged: an ERP that tells none is not accused.
    """

    grace: Span = timedelta(hours=4)
    severity: Severity = Severity.ORDINARY
    role: Role = Role.PRODUCTION
    due: Span = timedelta(hours=8)
    escalation: Ladder = _TO_LOGISTICS
    accounts: tuple[str, ...] = Field(default=())
    returns_after: Span | None = timedelta(days=3)


class RecordedPolicy(KindPolicy):
    """Recorded at its line; the order's `receipt_discrepancy` asks for all of them at once."""

    severity: Severity = Severity.RECORDED
    role: Role = Role.SALES
    escalation: Ladder = ()


class OverReceivedPolicy(KindPolicy):
    """More received than any goods issue tells. grace: in which the ERP may still tell one."""

    grace: Span = timedelta(hours=1)
    role: Role = Role.SALES
    due: Span = timedelta(hours=24)
    escalation: Ladder = _TO_LOGISTICS


class DiscrepancyPolicy(KindPolicy):
    """Damage, shortage or a wrong item: sales, production and logistics agree how it ends."""

    role: Role = Role.SALES
    escalation: Ladder = _TO_PRODUCTION


class PackagePolicy(KindPolicy):
    """Another number of packages at the receipt than at the despatch."""

    returns_after: Span | None = timedelta(days=7)


class SealPolicy(KindPolicy):
    """Other seals at the receipt than at the despatch."""

    severity: Severity = Severity.GRAVE
    due: Span = timedelta(hours=2)
    returns_after: Span | None = timedelta(days=7)


class RemedyOverduePolicy(KindPolicy):
    """What was agreed for a deviation and is not done. within: by when, where no window was promised."""

    role: Role = Role.SALES
    within: Span = timedelta(days=7)
    escalation: Ladder = _TO_PRODUCTION
    returns_after: Span | None = timedelta(days=3)
