"""The parcels of a delivery: which they are, and what counts of what was told of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.documents import GoodsIssue, IssueState
from contracts.identity import tracking_number
from contracts.lane import region
from contracts.policy import Policy
from streams.delivery.facts import Delivery, ParcelFact
from streams.delivery.parcel import Life, Span, life
from streams.delivery.proving import Proof, first, is_meant, proofs_of
from streams.facts.history import History

OPEN_ENDED = Span()


def lives_of(
    delivery: Delivery, issues: tuple[GoodsIssue, ...], unlinked: frozenset[str], policy: Policy
) -> dict[str, Life]:
    """Fold each parcel that a claim gives to the order, or that a goods issue names."""
    named = _named(issues)
    proofs = proofs_of(delivery.proofs)
    claimed = {number for number, fact in delivery.parcels.items() if fact.claim and fact.claim.linked} - unlinked
    return {
        number: _life(number, delivery.parcels.get(number, ParcelFact()), named.get(number), proofs, policy)
        for number in sorted(claimed | named.keys())
    }


@dataclass(frozen=True, slots=True)
class _Naming:
    carrier: str
    document: str
    despatched_at: datetime | None
    service: str
    origin: str


def _named(issues: tuple[GoodsIssue, ...]) -> dict[str, _Naming]:
    found: dict[str, _Naming] = {}
    for issue in issues:
        if issue.state is IssueState.CANCELLED:
            continue
        for package in issue.packages:
            number = tracking_number(package.tracking_number)
            if number and number not in found:
                left = issue.despatched_at.at if issue.despatched_at else None
                found[number] = _Naming(package.carrier, issue.document, left, package.service, region(issue.origin))
    return found


def _life(number: str, fact: ParcelFact, naming: _Naming | None, of_order: Sequence[Proof], policy: Policy) -> Life:
    """Fold one parcel: without a claim nothing that was told counts; with one, what the claim's carrier told.

    of_order: the proofs of delivery that name the order; they need no claim.
    """
    claim = fact.claim if fact.claim and fact.claim.linked else None
    carrier = (naming.carrier if naming else "") or (claim.carrier if claim else "")
    left_at = naming.despatched_at if naming else None
    told: list[History] = []
    proofs = [proof for proof in of_order if is_meant(proof, number, left_at)]
    if claim:
        told = [history for history in fact.histories.values() if policy.same_carrier(carrier, history.carrier)]
        proofs += [
            proof
            for proof in proofs_of(fact.proofs)
            if claim.span.contains(proof.at) and policy.same_carrier(carrier, proof.told.carrier)
        ]
    folded = life(number, carrier, told, claim.span if claim else OPEN_ENDED, first(proofs))
    document = naming.document if naming else (claim.document if claim else "")
    if naming is None:
        return replace(folded, document=document)
    return replace(folded, despatched_at=left_at, document=document, service=naming.service, origin=naming.origin)
