"""Which lane a parcel is on."""

from contracts.lane import Lane, region
from contracts.policy import Policy
from streams.delivery.case import Case
from streams.delivery.parcel import Life


def lane_of(case: Case, life: Life, policy: Policy) -> Lane | None:
    """Say on which lane a parcel is; None where its carrier or its order is not known."""
    if not life.carrier or case.order is None:
        return None
    return Lane(
        carrier=policy.carrier(life.carrier),
        service=life.service,
        origin=life.origin,
        destination=region(case.order.destination),
    )
