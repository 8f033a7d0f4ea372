"""FedEx Advanced Integrated Visibility push to canonical events.

Sources: "TestWebhookOutputVO", the schema of what is pushed, which
https://developer.fedex.com/api/en-us/catalog/shipment-visibility-webhook/docs.html links, in the shape of the Track API
(https://developer.fedex.com/api/en-us/catalog/track/v1/docs.html, TrackResult); "Webhook developer guide",
https://developer.fedex.com/api/en-us/guides/webhook-developer-guide.html. A push "may contain new or updated
information" and is to be merged with what is known, so it is an increment; events may come out of order, and their own
time says which was first. One push may tell of several tracking numbers, and of one number that was given out twice.

`eventType` counts before `derivedStatusCode`. The code of an exception (`A25`) is kept with the event's. Times are ISO
with an offset; one without is local, in the account's zone. The expected arrival is the end of the estimated window,
else the estimated delivery, which is a date where it is a midnight; an account that names no zone gets none where no
offset is told. What was delivered has none. The latest status of a result has no time of its own, so it is no scan.
"""

from collections.abc import Iterable, Iterator

from pydantic import Field

from contracts.connector import Context, Mapped
from contracts.moment import Moment, Precision
from contracts.tracking import Coverage, Tracking
from mappings.carriers.fedex_codes import CODES
from mappings.instants import moment
from mappings.payload import Payload, Text, parcel_number, read_payload
from mappings.scans import Told, judge, scans_of

CARRIER = "FedEx"
_DATE_LENGTH, _MIDNIGHT = len("2026-03-05"), "T00:00:00"


class _Location(Payload):
    city: Text = ""
    state: Text = Field(default="", alias="stateOrProvinceCode")
    country: Text = Field(default="", alias="countryCode")

    def __str__(self) -> str:
        return ", ".join(part for part in (self.city, self.state, self.country) if part)


class _ScanEvent(Payload):
    date: str
    event: Text = Field(default="", alias="eventType")
    derived: Text = Field(default="", alias="derivedStatusCode")
    description: Text = Field(default="", alias="eventDescription")
    exception: Text = Field(default="", alias="exceptionCode")
    exception_description: Text = Field(default="", alias="exceptionDescription")
    location: _Location | None = Field(default=None, alias="scanLocation")


class _DateAndTime(Payload):
    type: Text = ""
    at: Text = Field(default="", alias="dateTime")


class _Window(Payload):
    ends: Text = ""


class _TimeWindow(Payload):
    window: _Window | None = None


class _NumberInfo(Payload):
    number: Text = Field(default="", alias="trackingNumber")


class _Result(Payload):
    number: _NumberInfo | None = Field(default=None, alias="trackingNumberInfo")
    events: tuple[_ScanEvent, ...] | None = Field(default=None, alias="scanEvents")
    dates: tuple[_DateAndTime, ...] | None = Field(default=None, alias="dateAndTimes")
    window: _TimeWindow | None = Field(default=None, alias="estimatedDeliveryTimeWindow")


class _Results(Payload):
    number: Text = Field(default="", alias="trackingNumber")
    results: tuple[_Result, ...] = Field(alias="trackResults", min_length=1)


class _Output(Payload):
    results: tuple[_Results, ...] = Field(alias="completeTrackResults", min_length=1)


class _Push(Payload):
    output: _Output


def to_events(payload: object, context: Context) -> Mapped:
    """Map one push to one report a result; raises Rejected with the JSON path of the first wrong value."""
    unknown: set[str] = set()
    reports = tuple(_reports(read_payload(_Push, payload).output, context, unknown))
    return Mapped(reports, tuple(sorted(unknown)))


def _reports(output: _Output, context: Context, unknown: set[str]) -> Iterator[Tracking]:
    for outer, results in enumerate(output.results):
        for inner, result in enumerate(results.results):
            path = f"$.output.completeTrackResults[{outer}]"
            number = (result.number and result.number.number) or results.number
            told = _told(result.events or (), f"{path}.trackResults[{inner}]", context.zone, unknown)
            yield Tracking(
                account=context.account,
                source=context.source,
                number=parcel_number(number, f"{path}.trackingNumber"),
                carrier=CARRIER,
                coverage=Coverage.INCREMENT,
                scans=scans_of(told, Coverage.INCREMENT),
                eta=_expected(result, f"{path}.trackResults[{inner}]", context.zone),
            )


def _told(events: tuple[_ScanEvent, ...], path: str, zone: str | None, unknown: set[str]) -> Iterable[Told]:
    """Give the events; they come newest first, so of one instant the last one told was first."""
    for index in range(len(events) - 1, -1, -1):
        event = events[index]
        at = moment(event.date, f"{path}.scanEvents[{index}].date", zone)
        meaning = judge((event.event.upper(), event.derived.upper()), CODES, unknown)
        code = "/".join(filter(None, (event.event or event.derived, event.exception)))
        text = ": ".join(filter(None, (event.description, event.exception_description)))
        yield Told(at, code, meaning, text, str(event.location or ""))


def _expected(result: _Result, path: str, zone: str | None) -> Moment | None:
    dates = {one.type: (one.at, index) for index, one in enumerate(result.dates or ())}
    if "ACTUAL_DELIVERY" in dates:
        return None
    ends = result.window and result.window.window and result.window.window.ends
    if ends:
        return _estimate(ends, f"{path}.estimatedDeliveryTimeWindow.window.ends", zone)
    written, index = dates.get("ESTIMATED_DELIVERY", ("", 0))
    return _estimate(written, f"{path}.dateAndTimes[{index}].dateTime", zone)


def _estimate(written: str, path: str, zone: str | None) -> Moment | None:
    """Read an estimate: a midnight is the date that it poses as, in the offset that stands with it, if any."""
    has_no_offset = not written[_DATE_LENGTH:].strip("T:.0123456789")
    if not written or (has_no_offset and zone is None):
        return None
    day, midnight, offset = written.partition(_MIDNIGHT)
    if not midnight:
        return moment(written, path, zone)
    if not offset:
        return moment(day, path, zone)
    told = moment(written, path)
    return Moment(at=told.at, precision=Precision.DATE, zone_source=told.zone_source)
