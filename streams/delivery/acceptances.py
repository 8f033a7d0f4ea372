"""What the customer's acceptances say: which goods issues they answer, and which line each part of them is about.

A final acceptance answers the goods issue that it names, or, naming none, all that had left by then. What it answers
and was not received is missing; of the rest more may come.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from contracts.acceptance import Acceptance, AcceptedLine, Cause, Discrepancy
from contracts.documents import GoodsIssue, IssueState, Order
from contracts.moment import Precision
from streams.delivery.serving import OfProduct, lines_of_product, meant


@dataclass(frozen=True, slots=True)
class Told:
    """One line of an acceptance. line: the order's line that is meant; empty where it is none, or may be several."""

    line: str
    product: str
    is_wrong_item: bool
    part: AcceptedLine
    acceptance: Acceptance

    @property
    def at(self) -> datetime:
        """When it was accepted or rejected."""
        return self.acceptance.accepted_at.at


@dataclass(frozen=True, slots=True)
class Acceptances:
    """All of an order's, oldest first.

    told: what they say, by the order's line that is meant, oldest first; what means none, or may mean several, stands
    under none. answered: goods issues that are answered finally, since when; taken_in: those that were not refused;
    turned_away: those that were refused as a whole, without a word about lines. unclear: by line, acceptances that may
    mean it or another. covers: by acceptance, the goods issues that it is about.
    """

    all: tuple[Acceptance, ...] = ()
    told: Mapping[str, Sequence[Told]] = field(default_factory=dict)
    answered: Mapping[str, datetime] = field(default_factory=dict)
    taken_in: Mapping[str, datetime] = field(default_factory=dict)
    turned_away: Mapping[str, datetime] = field(default_factory=dict)
    unclear: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    covers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        """Whether there is nothing but refusals."""
        return bool(self.all) and all(acceptance.refused for acceptance in self.all)


def read_acceptances(order: Order, issues: Sequence[GoodsIssue], reports: Iterable[Acceptance]) -> Acceptances:
    """Read all acceptances of an order."""
    acceptances = tuple(sorted(reports, key=lambda acceptance: (acceptance.accepted_at.at, acceptance.id)))
    names = _Names({line.line: line.product.code for line in order.lines}, lines_of_product(order))
    told = [_told(names, part, acceptance) for acceptance in acceptances for part in acceptance.lines]
    by_line: dict[str, list[Told]] = {}
    for one in told:
        by_line.setdefault(one.line, []).append(one)
    taken_in = _answered(issues, [one for one in acceptances if not one.refused])
    refused = _answered(issues, [one for one in acceptances if one.refused and not one.lines])
    unclear: dict[str, tuple[str, ...]] = {}
    for one in told:
        for line in names.lines.get(one.product, ()) if not one.line else ():
            unclear[line] = (*unclear.get(line, ()), one.acceptance.id)
    return Acceptances(
        all=acceptances,
        told=by_line,
        answered=_answered(issues, acceptances),
        taken_in=taken_in,
        turned_away={document: at for document, at in refused.items() if document not in taken_in},
        unclear=unclear,
        covers=_covers(issues, acceptances),
    )


def _answered(issues: Iterable[GoodsIssue], acceptances: Sequence[Acceptance]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for issue in issues:
        if issue.state is not IssueState.DESPATCHED or issue.despatched_at is None:
            continue
        left = issue.despatched_at.at
        instants = [one.accepted_at.at for one in acceptances if one.is_final and _is_about(one, issue.document, left)]
        if instants:
            found[issue.document] = min(instants)
    return found


def _covers(issues: Iterable[GoodsIssue], acceptances: Iterable[Acceptance]) -> dict[str, tuple[str, ...]]:
    """What each acceptance is about: of what had left by then, what no earlier one had answered."""
    despatched = {
        issue.document: issue.despatched_at.at
        for issue in issues
        if issue.state is IssueState.DESPATCHED and issue.despatched_at
    }
    answered: set[str] = set()
    found: dict[str, tuple[str, ...]] = {}
    for one in acceptances:
        about = [document for document, left in despatched.items() if _is_about(one, document, left)]
        found[one.id] = tuple(sorted(document for document in about if one.goods_issue or document not in answered))
        answered |= set(about) if one.is_final else set()
    return found


def _is_about(acceptance: Acceptance, document: str, left: datetime) -> bool:
    if acceptance.goods_issue:
        return acceptance.goods_issue == document
    # A date stands for its first instant; what left on that day may have been received on it.
    lasts = timedelta(days=1) if acceptance.accepted_at.precision is Precision.DATE else timedelta(0)
    return left <= acceptance.accepted_at.at + lasts


class _Names(NamedTuple):
    """An order's products by line, and its lines by product."""

    products: Mapping[str, str]
    lines: OfProduct


def _told(names: _Names, part: AcceptedLine, acceptance: Acceptance) -> Told:
    named = part.product.code if part.product else ""
    if part.order_line in names.products:
        own = names.products[part.order_line]
        is_wrong = (named or own) != own or part.discrepancy is Discrepancy.COMPLETE_WITH_SUBSTITUTION
        return Told(part.order_line, named or own, is_wrong or part.cause is Cause.WRONG_ITEM, part, acceptance)
    product = named or part.order_line
    return Told(meant("", product, names.lines), product, is_wrong_item=False, part=part, acceptance=acceptance)
