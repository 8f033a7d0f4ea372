"""What the settings for a delivery, a line or a parcel may depend on (`contracts.policy.matter`)."""

from collections.abc import Iterable

from contracts.documents import Order, Place
from contracts.policy import Matter
from streams.delivery.lines import Line
from streams.delivery.parcel import Life


def matter_of_order(
    account: str, order: Order | None, zone: str, lives: Iterable[Life], lines: Iterable[Line]
) -> Matter:
    """Say whose an order is and where it goes, with all its carriers and products."""
    destination = order.destination if order else Place()
    return Matter(
        account=account,
        customer=order.customer.id if order and order.customer else "",
        country=destination.country,
        region=destination.region,
        zone=zone,
        carriers=frozenset(life.carrier for life in lives),
        products=frozenset(line.view.product for line in lines if not line.view.cancelled),
    )


def matter_of_part(whole: Matter, part: Line | Life) -> Matter:
    """Say the same of one line or parcel of it."""
    if isinstance(part, Life):
        return whole._replace(carriers=frozenset({part.carrier}))
    return whole._replace(products=frozenset({part.view.product}))
