"""What became of a parcel's registration at a tracker, as a fact of its order."""

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from contracts.order_fact import OrderFact


class RegistrationState(StrEnum):
    """How it went. refused: for good, or too often; whoever can mend that is told why."""

    REGISTERED = "registered"
    REFUSED = "refused"


class Registration(OrderFact):
    """The newest outcome of one parcel's registration. id: the parcel's number.

    tracker: the account (`trackers`) at which it is registered. version: when the tracker answered. code and reason:
    why it refused.
    """

    kind: ClassVar[str] = "registration"

    tracker: str = Field(min_length=1)
    state: RegistrationState
    code: str = ""
    reason: str = ""
