"""Which proof of delivery counts for a parcel."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.identity import tracking_number
from contracts.moment import Precision
from contracts.proof import ProofOfDelivery
from contracts.snapshot import TimelineEntry
from streams.facts.proofs import ProofFact, Proofs


@dataclass(frozen=True, slots=True)
class Proof:
    """One that counts. at: when the goods were delivered by it, or its receipt where it is dated into the future."""

    at: datetime
    received_at: datetime
    told: ProofOfDelivery

    def is_after(self, despatched_at: datetime) -> bool:
        """Whether what left then may be what was signed for. A date stands for its first instant."""
        is_of_a_day = self.told.delivered.precision is Precision.DATE and self.at == self.told.delivered.at
        return despatched_at <= self.at or (is_of_a_day and despatched_at < self.at + timedelta(days=1))

    @property
    def reference(self) -> str:
        """Under which names its document is found."""
        return ", ".join(self.told.references) or self.told.id

    def entry(self, subject: str) -> TimelineEntry:
        """Tell it. subject: the parcel, or the order."""
        return TimelineEntry(
            at=self.at,
            what="proof_of_delivery",
            subject=subject,
            text=" ".join(filter(None, (self.told.signed_by, self.reference))),
            location=self.told.location,
        )


def proofs_of(proofs: Proofs) -> list[Proof]:
    """Give those that were not withdrawn."""
    return [_proof(fact) for fact in proofs.values() if not fact.proof.withdrawn]


def _proof(fact: ProofFact) -> Proof:
    told = fact.proof
    return Proof(fact.placed_at(told), fact.received_at, told)


def is_meant(proof: Proof, number: str, despatched_at: datetime | None) -> bool:
    """Whether a proof that names the order is of this parcel: it names it, or no parcel and this one had left."""
    if proof.told.number:
        return tracking_number(proof.told.number) == number
    return despatched_at is not None and proof.is_after(despatched_at)


def of_no_number(proofs: Proofs) -> list[Proof]:
    """Give those that name the order and no parcel: they are of all that had left of it."""
    return [proof for proof in proofs_of(proofs) if not proof.told.number]


def first(proofs: Iterable[Proof]) -> Proof | None:
    """Give the one that counts: the first delivery that was signed for."""
    return min(proofs, key=lambda proof: (proof.at, proof.told.source, proof.told.id), default=None)


def of_no_parcel(proofs: Proofs, counted: Iterable[Proof | None]) -> Iterator[Proof]:
    """Give those that name the order and count for no parcel of it. counted: those that do."""
    shown = {(proof.told.source, proof.told.id) for proof in counted if proof is not None}
    return (proof for proof in proofs_of(proofs) if (proof.told.source, proof.told.id) not in shown)
