"""What became of a report about a parcel: scans, readings, a proof of delivery."""

from contracts.condition import ConditionReading
from contracts.envelope import Event
from contracts.proof import ProofOfDelivery
from contracts.tracking import Tracking
from streams.facts.history import of_report
from streams.facts.proofs import ProofFact, Proofs
from streams.stages.known_parcel import Parcel
from streams.stages.uses import linked
from streams.tracing.outcome import Fate, Outcome

_DROPPED = Fate(Outcome.APPLIED, "its facts were dropped since, by age")


def at_resolve(event: Event, report: Tracking | ConditionReading | ProofOfDelivery, parcel: Parcel) -> Fate:
    """Say what became of it where its parcel is known."""
    found = _by_itself(event, report, parcel)
    if found == Fate(Outcome.APPLIED) and not linked(parcel.every_use().values()):
        return Fate(Outcome.WAITING, "no document names this parcel yet")
    return found


def _by_itself(event: Event, report: Tracking | ConditionReading | ProofOfDelivery, parcel: Parcel) -> Fate:
    match report:
        case Tracking():
            return _of_scans(event, report, parcel)
        case ConditionReading():
            return Fate(Outcome.APPLIED) if parcel.conditions else _DROPPED
        case ProofOfDelivery():
            return of_proof(event, report, parcel.proofs)


def _of_scans(event: Event, report: Tracking, parcel: Parcel) -> Fate:
    told = of_report(report, event.envelope.received_at)
    [(content, seen)] = told.reports.items()
    history = parcel.histories.get(report.source)
    if history is None:
        return _DROPPED
    known = history.reports.get(content)
    if known is None:
        return Fate(Outcome.SUPERSEDED, "a newer report tells all that it told")
    if known.received_at < seen.received_at:
        return Fate(Outcome.DUPLICATE, f"the same was told at {known.received_at.isoformat()}")
    return Fate(Outcome.APPLIED)


def of_proof(event: Event, proof: ProofOfDelivery, proofs: Proofs) -> Fate:
    """Say what became of a proof, among those that are known."""
    told = ProofFact.of(proof, event.envelope.received_at)
    known = proofs.get((proof.source, proof.id))
    if known is None:
        return _DROPPED
    if (known.version, known.edition) != (told.version, told.edition):
        return Fate(Outcome.SUPERSEDED, f"a newer version counts, of {known.version}")
    if known.received_at < told.received_at:
        return Fate(Outcome.DUPLICATE, f"the same was told at {known.received_at.isoformat()}")
    return Fate(Outcome.APPLIED)
