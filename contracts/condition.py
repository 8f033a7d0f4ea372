"""What a logger measured beside goods: temperature and humidity, in transport and in storage.

The shape follows GS1 EPCIS 2.0, sensorElement (https://ref.gs1.org/standards/epcis/): `logger` is the `deviceID` of
sensorMetadata, and each reading a sensorReport with a `time` of its own: type Temperature in degrees Celsius (UN/ECE
Recommendation 20: CEL), type RelativeHumidity in percent (P1).
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from contracts.model import Contract
from contracts.moment import Instant

Celsius = Annotated[Decimal, Field(ge=Decimal("-273.15"), le=2000, max_digits=12)]
"""Degrees Celsius."""
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=12)]
"""Percent of relative humidity."""

MeasuredQuantity = Literal["temperature", "humidity"]


class Reading(Contract):
    """What was measured at an instant; at least one of both."""

    at: Instant
    temperature: Celsius | None = None
    humidity: Percent | None = None

    @model_validator(mode="after")
    def _measures(self) -> "Reading":
        if self.temperature is None and self.humidity is None:
            raise ValueError("a reading has a temperature or a humidity")
        return self


class ConditionReading(Contract):
    """A logger's readings: of a parcel, by its tracking number, or of an order directly (its goods in storage).

    account: the order's where an order is named, else the receiving connector's. source: `CONNECTOR/ACCOUNT` that told
    it. The same reading told again, in the same or another batch, changes nothing. Kept to a hundredth.
    """

    account: str = Field(min_length=1)
    source: str = Field(min_length=1)
    logger: str = Field(min_length=1)
    number: str = ""
    order: str = ""
    readings: tuple[Reading, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_of_one(self) -> "ConditionReading":
        if bool(self.number) == bool(self.order):
            raise ValueError("readings are of a parcel (number) or of an order (order), one of both")
        return self
