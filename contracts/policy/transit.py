"""Transit: how many working days goods are on their way, by lane."""

from collections.abc import Callable
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from contracts.documents import DeliveryMethod

Days = Annotated[int, Field(ge=0, le=365)]


class Lane(NamedTuple):
    """From us by whom, how and whereto; what is not known is empty."""

    carrier: str = ""
    service: str = ""
    country: str = ""
    region: str = ""


class LaneTransit(BaseModel):
    """The days of one lane. What is left empty holds for all. country: ISO 3166-1 alpha-2; region: ISO 3166-2."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    carrier: str = ""
    service: str = ""
    country: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    region: str = ""
    days: Days

    def fits(self, lane: Lane, known_as: Callable[[str], str]) -> bool:
        """Whether it speaks of a lane. known_as: by which name a carrier is known here."""
        if self.carrier and known_as(self.carrier) != known_as(lane.carrier):
            return False
        named = ((self.service, lane.service), (self.country, lane.country), (self.region, lane.region))
        return all(not mine or mine.casefold() == other.casefold() for mine, other in named)

    @property
    def detail(self) -> int:
        """How much it names."""
        return sum(map(bool, (self.carrier, self.service, self.country, self.region)))


class TransitPolicy(BaseModel):
    """Working days from despatch to arrival. third_party, own_fleet: where no lane is named; lanes: those that differ.

    Of several lanes that fit, the one that names most counts, and of equals the first.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    third_party: Days = 2
    own_fleet: Days = 1
    lanes: tuple[LaneTransit, ...] = ()

    def working_days(self, method: DeliveryMethod, lane: Lane, known_as: Callable[[str], str]) -> int:
        """Say how long goods are on their way. What a customer fetches is on its way not at all."""
        match method:
            case DeliveryMethod.SELF_PICKUP:
                return 0
            case DeliveryMethod.OWN_FLEET:
                return self.own_fleet
        fitting = [one for one in self.lanes if one.fits(lane, known_as)]
        return max(fitting, key=lambda one: one.detail).days if fitting else self.third_party
