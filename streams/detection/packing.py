"""Packing: packages and seals, counted and read at the despatch and at the receipt."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from contracts.acceptance import Acceptance
from contracts.clock import Clock
from contracts.documents import GoodsIssue
from contracts.identity import tracking_number
from contracts.policy import Policy
from contracts.snapshot import Kind, SubjectType
from streams.delivery.case import Case
from streams.detection.finding import Found, Verdict
from streams.detection.kind import KindOfFinding


class _Handover(NamedTuple):
    """Goods issues that left, and the acceptances about all of them."""

    issues: tuple[GoodsIssue, ...]
    acceptances: tuple[Acceptance, ...]

    @property
    def name(self) -> str:
        """Name the goods issues."""
        return ", ".join(issue.document for issue in self.issues)


def _handovers(case: Case) -> list[_Handover]:
    issues = {issue.document: issue for issue in case.issues}
    found: dict[tuple[str, ...], list[Acceptance]] = {}
    for acceptance in case.receipt.acceptances.all if case.is_promised else ():
        covered = case.receipt.acceptances.covers[acceptance.id]
        if covered:
            found.setdefault(covered, []).append(acceptance)
    return [
        _Handover(tuple(issues[document] for document in covered), tuple(acceptances))
        for covered, acceptances in sorted(found.items())
    ]


def _of_each(
    case: Case,
    kind: Kind,
    since_of: Callable[[_Handover], datetime | None],
    details_of: Callable[[_Handover], dict[str, str]],
    grace: timedelta,
    clock: Clock,
) -> Verdict:
    """Find each handover of which `since_of` says since when it differs."""
    return Verdict.all_of(
        Verdict.at(since + grace, (), clock, _found(case, kind, handover, since + grace, details_of(handover)))
        for handover in _handovers(case)
        if (since := since_of(handover)) is not None
    )


def _found(case: Case, kind: Kind, handover: _Handover, since: datetime, details: dict[str, str]) -> Found:
    named = {**case.named, "goods_issue": handover.name}
    return Found(kind, SubjectType.DOCUMENT, handover.name, since, named | details)


def package_mismatch(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when another number of packages was counted at the final receipt than had left.

    Not judged where a goods issue serves several orders, whose packages are counted elsewhere too, or names no
    packages. Clears when the goods issue or the count is corrected. About the goods issue. Rests on nobody's silence.
    """
    return _of_each(case, Kind.PACKAGE_MISMATCH, _miscounted, _packages, policy.package_mismatch.grace, clock)


def _miscounted(handover: _Handover) -> datetime | None:
    counts = [one for one in handover.acceptances if one.packages is not None]
    is_final = any(one.is_final for one in counts)
    is_countable = all(issue.packages and not issue.shared_with for issue in handover.issues)
    if not is_final or not is_countable or _counted(counts) == _packed(handover.issues):
        return None
    return max(one.accepted_at.at for one in counts)


def _counted(acceptances: Iterable[Acceptance]) -> int:
    return sum(one.packages or 0 for one in acceptances)


def _packed(issues: Iterable[GoodsIssue]) -> int:
    return sum(len(issue.packages) for issue in issues)


def _packages(handover: _Handover) -> dict[str, str]:
    marks = [package.mark for issue in handover.issues for package in issue.packages if package.mark]
    return {
        "packages": f"{_counted(handover.acceptances)} / {_packed(handover.issues)}",
        "marks": ", ".join(marks),
    }


def seal_mismatch(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a seal was read at the receipt that the despatch does not name, or one is gone at the final receipt.

    Not judged where the despatch names no seals, or nobody read them at the receipt. Clears when the goods issue or the
    reading is corrected. About the goods issue. Rests on nobody's silence.
    """
    return _of_each(case, Kind.SEAL_MISMATCH, _broken, _seals, policy.seal_mismatch.grace, clock)


def _broken(handover: _Handover) -> datetime | None:
    readings = [one for one in handover.acceptances if one.seals is not None]
    put_on, read = _put_on(handover), _read(handover)
    if not readings or not put_on:
        return None
    is_gone = any(one.is_final for one in readings) and bool(put_on.keys() - read.keys())
    return min(one.accepted_at.at for one in readings) if is_gone or read.keys() - put_on.keys() else None


def _put_on(handover: _Handover) -> dict[str, str]:
    """The seals at the despatch: as they are compared, and as they were written."""
    transports = [issue.transport for issue in handover.issues if issue.transport]
    return {tracking_number(seal): seal for transport in transports for seal in transport.seals}


def _read(handover: _Handover) -> dict[str, str]:
    return {tracking_number(seal): seal for one in handover.acceptances for seal in one.seals or ()}


def _seals(handover: _Handover) -> dict[str, str]:
    transports = [issue.transport for issue in handover.issues if issue.transport]
    return {
        "put_on": ", ".join(sorted(_put_on(handover).values())),
        "read": ", ".join(sorted(_read(handover).values())) or "–",
        "container": ", ".join(transport.container for transport in transports if transport.container),
        "vehicle": ", ".join(transport.vehicle for transport in transports if transport.vehicle),
    }


PACKING: tuple[KindOfFinding, ...] = (
    KindOfFinding(Kind.PACKAGE_MISMATCH, "quantity", "order", SubjectType.DOCUMENT, package_mismatch),
    KindOfFinding(Kind.SEAL_MISMATCH, "quantity", "order", SubjectType.DOCUMENT, seal_mismatch),
)
