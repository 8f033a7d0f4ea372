"""Proofs of delivery: of each the newest version, and when that was first received."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from contracts.exchange import ProofSeen
from contracts.identity import digest
from contracts.model import read
from contracts.proof import ProofOfDelivery
from streams.facts.history import FUTURE

ProofName = tuple[str, str]
"""Its source, and its id there."""


class ProofFact(msgspec.Struct, frozen=True, array_like=True):
    """The newest version of one. body: it, as JSON; edition: a hash of it, which orders two contents of one version."""

    version: datetime
    edition: str
    body: bytes
    received_at: datetime

    @classmethod
    def of(cls, proof: ProofOfDelivery, received_at: datetime) -> "ProofFact":
        """Keep a proof as it was told."""
        body = proof.encode()
        return cls(proof.version, digest(body, size=8), body, received_at)

    @property
    def proof(self) -> ProofOfDelivery:
        """Give it back as its contract."""
        return read(ProofOfDelivery, self.body)

    def placed_at(self, proof: ProofOfDelivery) -> datetime:
        """When the goods were delivered by it, or its receipt where it is dated into the future."""
        at = proof.delivered.at
        return self.received_at if at > self.received_at + FUTURE else at


Proofs = Mapping[ProofName, ProofFact]


def join(one: Proofs, other: Proofs) -> Proofs:
    """Join what is known: of one proof the newest version counts, and of that the earliest receipt."""
    joined = dict(one)
    for name, fact in other.items():
        known = joined.get(name)
        joined[name] = fact if known is None else _newer(known, fact)
    return dict(sorted(joined.items()))


def _newer(one: ProofFact, other: ProofFact) -> ProofFact:
    if (one.version, one.edition) != (other.version, other.edition):
        return max(one, other, key=lambda fact: (fact.version, fact.edition))
    return min(one, other, key=lambda fact: fact.received_at)


def of_report(proof: ProofOfDelivery, received_at: datetime) -> Proofs:
    """Make what this one tells."""
    return {(proof.source, proof.id): ProofFact.of(proof, received_at)}


def to_contract(proofs: Proofs) -> tuple[ProofSeen, ...]:
    """Write proofs as their contract."""
    return tuple(ProofSeen(proof=fact.proof, received_at=fact.received_at) for fact in proofs.values())


def from_contract(told: Iterable[ProofSeen]) -> Proofs:
    """Read proofs from their contract."""
    return {(seen.proof.source, seen.proof.id): ProofFact.of(seen.proof, seen.received_at) for seen in told}
