"""Each type of event is either open to senders from outside or not: somebody has decided."""

from contracts.events import EVENT_TYPES
from mappings.canonical.open_types import OPEN_TYPES

CLOSED = {
    # what the stages tell each other, and everybody
    "quayside.document.slice.v1",
    "quayside.document.dropped.v1",
    "quayside.parcel.linked.v1",
    "quayside.parcel.facts.v1",
    "quayside.parcel.claim.v1",
    "quayside.case.noted.v1",
    "quayside.lane.leg_completed.v1",
    "quayside.lane.asked.v1",
    "quayside.lane.estimated.v1",
    "quayside.snapshot.v1",
    # what happened at a target or tracker: dispatch saw it there
    "quayside.registration.reported.v1",
    "quayside.task.feedback.v1",
    # what an operator decided: a secret of a machine's does not say who and why
    "quayside.operator.acted.v1",
}


def test_it_was_decided_of_every_type_whether_it_is_open() -> None:
    assert set(EVENT_TYPES) - set(OPEN_TYPES) == CLOSED
