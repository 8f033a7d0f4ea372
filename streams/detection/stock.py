"""Stock: what was issued against what the order has, and against what came into finished stock for it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from contracts.clock import Clock
from contracts.documents import GoodsIssue, IssueLine, IssueState
from contracts.policy import Policy
from contracts.quantity import Quantity, nothing
from contracts.snapshot import Kind, SubjectType
from streams.delivery.case import Case
from streams.delivery.lines import Line
from streams.delivery.receiving import left_of
from streams.detection.despatch import named
from streams.detection.finding import Found, Verdict
from streams.detection.kind import KindOfFinding
from streams.detection.wording import amount


def issue_not_ordered(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a goods issue left with a product that no line of the order has, and the grace is over.

    Clears when the order or the goods issue is corrected, or the goods came back. About the goods issue. Rests on
    hearing the ERP: the order's new line may be told next.
    """
    if not case.is_promised or case.order is None:
        return Verdict()
    ordered = {line.product.code for line in case.order.lines}
    came_back = {line.product.code for receipt in case.receipt.returns if receipt.received_at for line in receipt.lines}
    return Verdict.all_of(
        _not_ordered(case, issue, lines, policy.issue_not_ordered.grace, clock)
        for issue in case.issues
        if issue.state is IssueState.DESPATCHED
        and (lines := [line for line in issue.lines if line.product.code not in ordered | came_back])
    )


def _not_ordered(case: Case, issue: GoodsIssue, lines: Iterable[IssueLine], grace: timedelta, clock: Clock) -> Verdict:
    if issue.despatched_at is None:
        raise ValueError(f"goods issue {issue.document} left at no time")
    opens_at = issue.despatched_at.at + grace
    found = Found(
        kind=Kind.ISSUE_NOT_ORDERED,
        subject_type=SubjectType.DOCUMENT,
        subject=issue.document,
        since=opens_at,
        details={
            **case.named,
            "goods_issue": issue.document,
            "not_ordered": ", ".join(f"{line.product.code}: {amount(line.quantity)}" for line in lines),
        },
    )
    return Verdict.at(opens_at, (case.hears_erp,), clock, found)


def issue_without_receipt(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when more of a line was issued than came into finished stock for it, and the grace is over.

    Judged only of ERP accounts that tell a goods receipt of everything (policy), and of lines that have one: an ERP
    that tells none is not accused. Goods that came back count as in stock. Clears when the receipt is told. A finding a
    line, one task an order. Rests on hearing the ERP.
    """
    tells_all = case.account in policy.issue_without_receipt.accounts
    return Verdict.all_of(
        _without_receipt(case, line, policy, clock)
        for line in case.live_lines
        if (tells_all or line.view.stocked is not None) and line.view.line not in case.receipt.stock.uncounted
    )


def _without_receipt(case: Case, line: Line, policy: Policy, clock: Clock) -> Verdict:
    view = line.view
    stocked = view.stocked or nothing(view.ordered.unit)
    came_in = stocked + (view.returned or nothing(view.ordered.unit))
    since = _more_left_at(line, came_in)
    if since is None:
        return Verdict()
    matter = case.matter_of(line)
    opens_at = since + policy.about(matter).issue_without_receipt.grace
    found = Found(
        kind=Kind.ISSUE_WITHOUT_RECEIPT,
        subject_type=SubjectType.LINE,
        subject=f"{case.number}/{view.line}",
        since=opens_at,
        details={
            **case.named,
            "unreceived": amount(view.despatched.less(came_in)),
            "line": f"{named(view)}: {amount(view.despatched)} / {amount(stocked)}",
        },
        matter=matter,
        task_subject=(SubjectType.ORDER, case.number),
    )
    return Verdict.at(opens_at, (case.hears_erp,), clock, found)


def _more_left_at(line: Line, came_in: Quantity) -> datetime | None:
    """When more had left of a line than ever came in for it."""
    left = nothing(came_in.unit)
    for one in left_of(line.served, came_in.unit):
        left += one.quantity
        if left.value > came_in.value:
            return one.at
    return None


STOCK: tuple[KindOfFinding, ...] = (
    KindOfFinding(Kind.ISSUE_NOT_ORDERED, "quantity", "order", SubjectType.DOCUMENT, issue_not_ordered),
    KindOfFinding(
        Kind.ISSUE_WITHOUT_RECEIPT, "quantity", "order", SubjectType.ORDER, issue_without_receipt, rolls_up=True
    ),
)
