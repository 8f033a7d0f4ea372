"""Acceptance: what the customer should have said, should have got with the goods, and did not take."""

from datetime import datetime, timedelta

from contracts.acceptance import Deviation
from contracts.clock import Clock
from contracts.policy import Policy
from contracts.snapshot import Kind, SubjectType
from contracts.trade_documents import TradeDocument, document_name, missing_documents
from streams.delivery.case import Case
from streams.delivery.deviations import Deviating
from streams.detection.finding import Found, Verdict
from streams.detection.kind import KindOfFinding
from streams.detection.receipt import listed, matter_of, open_deviations
from streams.detection.wording import instant


def acceptance_overdue(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when all of an order was delivered, the time for its acceptance is over, and no final one was told.

    The time is the order's own, else the policy's. Expected where the order agrees on a time, of accounts whose every
    order is accepted (policy), and where a partial acceptance was told. Clears with the final acceptance or refusal.
    About the order. Rests on hearing everybody.
    """
    delivered = [line.done_at for line in case.live_lines]
    within = _expected_within(case, policy)
    if within is None or not delivered or None in delivered or case.receipt.answered_at(case.live_lines):
        return Verdict()
    delivered_at = max(at for at in delivered if at is not None)
    opens_at = delivered_at + within + policy.acceptance_overdue.grace
    found = Found(
        kind=Kind.ACCEPTANCE_OVERDUE,
        subject_type=SubjectType.ORDER,
        subject=case.number,
        since=opens_at,
        details={
            **case.named,
            "delivered": instant(delivered_at, case.zone),
            "zone": case.zone,
        },
    )
    return Verdict.at(opens_at, case.hears_everybody, clock, found)


def _expected_within(case: Case, policy: Policy) -> timedelta | None:
    """Within how long after the delivery an acceptance is expected; None where none is."""
    terms = case.order.service if case.order else None
    if terms is not None and terms.acceptance_days is not None:
        return timedelta(days=terms.acceptance_days)
    is_expected = case.account in policy.acceptance_overdue.accounts or bool(case.receipt.acceptances.all)
    return policy.acceptance_overdue.within if is_expected else None


def documents_missing(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when a final acceptance was told, documents were looked for, and one that the order requires is not there.

    Clears when an acceptance lists it. About the order: one task that names them all. Rests on nobody's silence.
    """
    acceptances = case.receipt.acceptances.all if case.is_promised else ()
    finals = [one.accepted_at.at for one in acceptances if one.final and not one.refused]
    looked = [one for one in acceptances if one.documents is not None]
    if case.order is None or not finals or not looked:
        return Verdict()
    present = [name for one in looked for name in one.documents or ()]
    missing = missing_documents(case.order.required_documents, present)
    if not missing:
        return Verdict()
    since = max(min(finals), min(one.accepted_at.at for one in looked)) + policy.documents_missing.grace
    return Verdict.at(since, (), clock, _missing(case, missing, case.order.required_documents, since))


def _missing(case: Case, missing: tuple[str, ...], required: tuple[str, ...], since: datetime) -> Found:
    # A line of the text for each document that has a name in every language, written where its detail is not empty.
    known = {str(document): case.number if document in missing else "" for document in TradeDocument}
    as_told = {document_name(told): told for told in required}
    return Found(
        kind=Kind.DOCUMENTS_MISSING,
        subject_type=SubjectType.ORDER,
        subject=case.number,
        since=since,
        details={
            **case.named,
            **known,
            "other_documents": ", ".join(as_told[name] for name in missing if name not in known),
        },
    )


def rejected_quality(case: Case, policy: Policy, clock: Clock) -> Verdict:
    """Opens when an acceptance rejects goods of a line for their quality.

    Clears when a remedy covers them, or the acceptance is corrected. A finding a line, one task an order. Rests on
    nobody's silence.
    """
    return Verdict.all_of(_rejected(case, one, policy, clock) for one in open_deviations(case, Deviation.QUALITY))


def _rejected(case: Case, one: Deviating, policy: Policy, clock: Clock) -> Verdict:
    matter = matter_of(case, one)
    opens_at = one.since + policy.about(matter).rejected_quality.grace
    found = Found(
        kind=Kind.REJECTED_QUALITY,
        subject_type=SubjectType.LINE,
        subject=f"{case.number}/{one.line}",
        since=opens_at,
        details={
            **case.named,
            "line": listed([one]),
            "note": one.note,
        },
        task_subject=(SubjectType.ORDER, case.number),
        matter=matter,
    )
    return Verdict.at(opens_at, (), clock, found)


ACCEPTANCE: tuple[KindOfFinding, ...] = (
    KindOfFinding(Kind.ACCEPTANCE_OVERDUE, "acceptance", "order", SubjectType.ORDER, acceptance_overdue, by_word=True),
    KindOfFinding(Kind.DOCUMENTS_MISSING, "acceptance", "order", SubjectType.ORDER, documents_missing),
    KindOfFinding(Kind.REJECTED_QUALITY, "acceptance", "order", SubjectType.ORDER, rejected_quality, rolls_up=True),
)
