"""When a customer fetches goods: what stands in the place of a carrier's scans where nobody carries them."""

from typing import ClassVar

from contracts.moment import Moment, Window
from contracts.order_fact import OrderFact


class Appointment(OrderFact):
    """One appointment to fetch goods. place: which gate or dock. kept_at: when the customer came."""

    kind: ClassVar[str] = "appointment"

    window: Window
    place: str = ""
    cancelled: bool = False
    kept_at: Moment | None = None
