"""Sensor elements of EPCIS events to readings: temperature and relative humidity.

Source: EPCIS 2.0, sensorElement, https://ref.gs1.org/standards/epcis/; units: UN/ECE Recommendation 20. A report has a
`value`, or the least and the greatest of an interval: those stand at its beginning and its end. Its `time` counts, else
that of its metadata, else the event's. A logger is the `deviceID` of the report or its metadata, else the read point.
Other quantities are not read.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from pydantic import Field

from contracts.condition import Reading
from contracts.errors import Rejected
from contracts.model import build, shown
from mappings.instants import moment
from mappings.payload import Payload

_TEMPERATURE, _HUMIDITY = "temperature", "humidity"
_QUANTITIES = {"Temperature": _TEMPERATURE, "RelativeHumidity": _HUMIDITY, "Relative_humidity": _HUMIDITY}
_PREFIXES = ("https://gs1.org/voc/", "https://ref.gs1.org/cbv/", "gs1:", "MT-")
_HUNDREDTH = Decimal("0.01")
_ABSOLUTE_ZERO, _FREEZING = Decimal("273.15"), Decimal(32)


class Report(Payload):
    """One sensorReport."""

    type: str = ""
    unit: str = Field(default="", alias="uom")
    value: Decimal | None = None
    least: Decimal | None = Field(default=None, alias="minValue")
    greatest: Decimal | None = Field(default=None, alias="maxValue")
    time: str = ""
    device: str = Field(default="", alias="deviceID")


class Metadata(Payload):
    """One sensorMetadata."""

    time: str = ""
    starts: str = Field(default="", alias="startTime")
    ends: str = Field(default="", alias="endTime")
    device: str = Field(default="", alias="deviceID")


class SensorElement(Payload):
    """One sensorElement."""

    metadata: Metadata = Field(default=Metadata(), alias="sensorMetadata")
    reports: tuple[Report, ...] = Field(default=(), alias="sensorReport")


class Measured(NamedTuple):
    """A value, when it was measured and by which logger."""

    logger: str
    time: str
    quantity: str
    value: Decimal
    path: str


def readings(
    elements: tuple[SensorElement, ...], event_time: str, read_point: str, path: str
) -> dict[str, tuple[Reading, ...]]:
    """Give the readings of each logger, in the order of their times; raises Rejected with the path of a wrong one."""
    found: dict[str, dict[str, dict[str, Decimal]]] = {}
    paths: dict[str, str] = {}
    for one in _measured(elements, event_time, read_point, path):
        found.setdefault(one.logger, {}).setdefault(one.time, {})[one.quantity] = one.value
        paths[one.time] = one.path
    return {
        logger: tuple(
            sorted(
                (build(Reading, at=moment(time, paths[time]).at, **values) for time, values in times.items()),
                key=lambda reading: reading.at,
            )
        )
        for logger, times in found.items()
    }


def _measured(elements: tuple[SensorElement, ...], event_time: str, read_point: str, path: str) -> Iterator[Measured]:
    for outer, element in enumerate(elements):
        told = element.metadata
        for inner, report in enumerate(element.reports):
            quantity = _QUANTITIES.get(_word(report.type))
            if quantity is None:
                continue
            place = f"{path}.sensorElementList[{outer}].sensorReport[{inner}]"
            logger = report.device or told.device or read_point
            if not logger:
                raise Rejected("found no deviceID and no read point", code="invalid", path=place)
            for value, time in _values(report, told, event_time):
                yield Measured(logger, time, quantity, _in_our_unit(value, quantity, report.unit, place), place)


def _values(report: Report, told: Metadata, event_time: str) -> Iterator[tuple[Decimal, str]]:
    at = report.time or told.time or event_time
    if report.value is not None:
        yield report.value, at
        return
    if report.least is not None:
        yield report.least, told.starts or at
    if report.greatest is not None:
        yield report.greatest, told.ends or at


def _in_our_unit(value: Decimal, quantity: str, unit: str, path: str) -> Decimal:
    """Give degrees Celsius or percent, to a hundredth."""
    match quantity, unit:
        case ("temperature", "CEL") | ("humidity", "P1"):
            ours = value
        case ("temperature", "KEL"):
            ours = value - _ABSOLUTE_ZERO
        case ("temperature", "FAH"):
            ours = (value - _FREEZING) * 5 / 9
        case _:
            expected = "CEL, KEL or FAH" if quantity == _TEMPERATURE else "P1"
            raise Rejected(f"found unit {shown(unit)}; expected {expected}", code="invalid", path=f"{path}.uom")
    if not ours.is_finite() or abs(ours) > _MOST:
        raise Rejected(f"found {shown(str(value))}; expected a {quantity}", code="invalid", path=f"{path}.value")
    return ours.quantize(_HUNDREDTH)


_MOST = Decimal(10_000)
"""Beyond any temperature that goods could have."""


def _word(kind: str) -> str:
    for prefix in _PREFIXES:
        kind = kind.removeprefix(prefix)
    return kind
