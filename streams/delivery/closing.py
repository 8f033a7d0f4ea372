"""When a delivery is closed, and what is left of it then.

It is closed when it is finished, nothing is wanted, no deadline would change that, and nothing has happened for a
while. That rests on hearing everybody: what a deaf system has not read yet may still be on its way.
"""

from collections.abc import Iterable
from datetime import datetime

from contracts.lane import LaneEstimate
from contracts.policy import Policy
from contracts.registration import Registration
from contracts.service import CaseNote
from contracts.snapshot import DeliveryStatus, Kind
from streams.delivery.case import Case
from streams.delivery.facts import Delivery
from streams.delivery.parcel import Life
from streams.delivery.stub import CODES, Stub, within_limit
from streams.detection.follow_up import planned_of_case
from streams.facts.conditions import last_received, of_numbers

_FINISHED = {
    DeliveryStatus.DELIVERED,
    DeliveryStatus.ACCEPTED,
    DeliveryStatus.REFUSED,
    DeliveryStatus.RETURNED,
    DeliveryStatus.CANCELLED,
}

_BY_STAGES = (f"{LaneEstimate.kind}/", f"{CaseNote.kind}/", f"{Registration.kind}/")
"""What other stages and dispatch tell, by the beginning of its name."""


def closes_at(case: Case, status: DeliveryStatus, policy: Policy) -> datetime | None:
    """When a delivery of which nothing is wanted is closed; None while it is not finished."""
    is_withdrawn = case.order is None and bool(case.facts.slices) and not case.issues
    if status not in _FINISHED and not is_withdrawn and not _is_answered(case, status):
        return None
    if any(note.about is not None and note.about.is_open for note in case.case_notes):
        return None
    if any(issue.state.is_open for issue in case.issues) or not all(_is_over(life) for life in case.lives.values()):
        return None
    return max(_instants(case)) + policy.closing.after


def _is_answered(case: Case, status: DeliveryStatus) -> bool:
    """Whether its customer has said the last word, though not all was accepted: what nobody wants changed, stays so."""
    return status is DeliveryStatus.PARTIALLY_ACCEPTED and case.receipt.answered_at(case.live_lines) is not None


def rests_on(case: Case) -> tuple[str, ...]:
    """Whom a closing rests on having heard."""
    return case.hears_everybody


def shrink(case: Case, delivery: Delivery, closed_at: datetime, policy: Policy) -> Stub:
    """Keep what still has a future. Follow-ups are planned as the policy applies to this delivery, to the second."""
    planned = planned_of_case(case, policy.about(case.matter))
    plan = {kind: at.replace(microsecond=0) for kind, at in planned.plan.items() if kind not in planned.done}
    is_warranted = Kind.WARRANTY_EXPIRING.value in plan and planned.ends is not None
    stub = Stub(
        account=delivery.account,
        order=delivery.order,
        closed_at=closed_at,
        zone=case.zone,
        customer=case.customer,
        plan={CODES[kind]: at for kind, at in plan.items()},
        finished=tuple(sorted(CODES[kind] for kind in planned.done)),
        judged_by=policy.revision,
        customer_id=case.matter.customer,
        country=case.matter.country,
        region=case.matter.region,
        warranty_ends=planned.ends.replace(microsecond=0) if is_warranted and planned.ends else None,
    )
    return within_limit(stub)


def _is_over(life: Life) -> bool:
    """Whether nothing is awaited of a parcel: it has come to an end, or was never scanned."""
    return life.status is None or life.status.is_final


def _instants(case: Case) -> Iterable[datetime]:
    """When something happened, or was told. A claim's stamp is no such instant: it says when a stage wrote it."""
    facts = case.facts
    yield from (fact.version for fact in facts.slices.values())
    # An estimate says nothing that happened, and when it came depends on who was told first. So does whether a case
    # that names the order no longer ever told it so.
    yield from (fact.received_at for name, fact in facts.told.items() if not name.startswith(_BY_STAGES))
    yield from (note.version for note in case.case_notes if note.about is not None)
    yield from (answer.at for answer in facts.answers.values())
    yield from (fact.received_at for fact in facts.proofs.values())
    # Of a number that is no longer the order's something may be known or not, by chance: it counts for nothing.
    if (measured := last_received(of_numbers(facts.conditions, {"", *case.lives}))) is not None:
        yield measured
    for life in case.lives.values():
        if life.proof is not None:
            yield life.proof.received_at
        if life.last is not None:
            yield life.last.placed_at
