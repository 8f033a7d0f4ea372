"""GS1 EPCIS 2.0 JSON to canonical events: what happened to logistic units, and what was measured beside them.

Source: EPCIS 2.0, its core event types and JSON binding, https://ref.gs1.org/standards/epcis/. A document has a list of
events, an answer to a query too, and an event may come alone. Each tells one thing that happened to some objects, so it
is an increment. Parcels are what an SSCC, a GSIN or a GINC identifies (`mappings.carriers.gs1_keys`): in `epcList`, as
the parent of an aggregation, association or transaction, or as its child. Products, and the transformation of some into
others, are no parcels, and nothing follows from them.

The step counts, and a disposition that says that something is wrong counts before it (`mappings.carriers.epcis_codes`).
`eventTime` has an offset; one without has that of `eventTimeZoneOffset`. An event that is declared to be an error
cannot be taken back by an increment: it is told as one more scan, which calls for somebody. The option `order` names
the type of the business transaction that is our order (`po`); its number stands after the last colon or slash.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from pydantic import Field

from contracts.condition import ConditionReading
from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from contracts.model import Contract, shown
from contracts.tracking import Coverage, Tracking, TrackingStatus
from mappings.carriers.epcis_codes import CODES
from mappings.carriers.epcis_sensors import SensorElement, readings
from mappings.carriers.gs1_keys import parcel_key
from mappings.instants import moment
from mappings.meaning import Meaning
from mappings.payload import Payload, parcel_number, read_payload
from mappings.scans import Told, judge, scans_of

ORDER = "order"
"""The account's option."""
_STEPS = ("urn:epcglobal:cbv:bizstep:", "https://ref.gs1.org/cbv/BizStep-", "cbv:BizStep-")
_DISPOSITIONS = ("urn:epcglobal:cbv:disp:", "https://ref.gs1.org/cbv/Disp-", "cbv:Disp-")
_TRANSACTIONS = ("urn:epcglobal:cbv:btt:", "https://ref.gs1.org/cbv/BTT-", "cbv:BTT-")
_RETURNED = "disposition/returned"
_FIRST = frozenset(
    code
    for code, meaning in CODES.items()
    if code.startswith("disposition/") and meaning.status in {TrackingStatus.EXCEPTION, TrackingStatus.RETURNING}
)
"""The dispositions that count before the step."""
_DECLARED = Meaning("error declaration", TrackingStatus.UNKNOWN, action_required=True)
_DATE_TIME = len("2026-03-02T09:05:40")


class _Place(Payload):
    id: str = ""


class _Transaction(Payload):
    type: str = ""
    number: str = Field(default="", alias="bizTransaction")


class _ErrorDeclaration(Payload):
    time: str = Field(alias="declarationTime")
    reason: str = ""


class _Event(Payload):
    type: str
    time: str = Field(alias="eventTime")
    offset: str = Field(default="", alias="eventTimeZoneOffset")
    epcs: tuple[str, ...] = Field(default=(), alias="epcList")
    parent: str = Field(default="", alias="parentID")
    children: tuple[str, ...] = Field(default=(), alias="childEPCs")
    step: str = Field(default="", alias="bizStep")
    disposition: str = ""
    read_point: _Place = Field(default=_Place(), alias="readPoint")
    location: _Place = Field(default=_Place(), alias="bizLocation")
    transactions: tuple[_Transaction, ...] = Field(default=(), alias="bizTransactionList")
    sensors: tuple[SensorElement, ...] = Field(default=(), alias="sensorElementList")
    error: _ErrorDeclaration | None = Field(default=None, alias="errorDeclaration")


class _EventList(Payload):
    events: tuple[_Event, ...] = Field(alias="eventList")


class _Results(Payload):
    body: _EventList = Field(alias="resultsBody")


class _QueryBody(Payload):
    results: _Results = Field(alias="queryResults")


class _Document(Payload):
    body: _EventList = Field(alias="epcisBody")


class _QueryDocument(Payload):
    body: _QueryBody = Field(alias="epcisBody")


@dataclass(slots=True)
class _Parcel:
    """What a document tells of one parcel."""

    told: list[Told] = field(default_factory=list)
    order: str = ""


def to_events(payload: object, context: Context) -> Mapped:
    """Map one document to a report on each parcel and its loggers' readings; raises Rejected with the JSON path."""
    unknown: set[str] = set()
    parcels: dict[str, _Parcel] = {}
    measured: list[Contract] = []
    for event, path in _events(payload):
        numbers = [parcel_number(key, path) for key in _parcels(event, path)]
        if not numbers:
            continue
        told, order = _told(event, path, context.zone, unknown), _order(event, context.options)
        for number in numbers:
            parcel = parcels.setdefault(number, _Parcel())
            parcel.told.append(told)
            parcel.order = parcel.order or order
        measured.extend(_measured(event, numbers, path, context))
    reports = (_report(number, parcel, context) for number, parcel in parcels.items())
    return Mapped((*reports, *measured), tuple(sorted(unknown)))


def _events(payload: object) -> Iterator[tuple[_Event, str]]:
    """Give the events with their paths, from whichever of the three shapes they come in."""
    kind = payload.get("type") if isinstance(payload, dict) else None
    if kind == "EPCISDocument":
        events, path = read_payload(_Document, payload).body.events, "$.epcisBody.eventList"
    elif kind == "EPCISQueryDocument":
        events = read_payload(_QueryDocument, payload).body.results.body.events
        path = "$.epcisBody.queryResults.resultsBody.eventList"
    elif isinstance(kind, str) and kind.endswith("Event"):
        yield read_payload(_Event, payload), "$"
        return
    else:
        raise Rejected(f"found {shown(kind)}; expected an EPCIS document or event", code="invalid", path="$.type")
    for index, event in enumerate(events):
        yield event, f"{path}[{index}]"


def _parcels(event: _Event, path: str) -> Iterable[str]:
    """Give the keys of the parcels of an event, each once."""
    keys = [parcel_key(event.parent, f"{path}.parentID")] if event.parent else []
    keys += [parcel_key(epc, f"{path}.epcList[{index}]") for index, epc in enumerate(event.epcs)]
    keys += [parcel_key(epc, f"{path}.childEPCs[{index}]") for index, epc in enumerate(event.children)]
    return filter(None, dict.fromkeys(keys))


def _told(event: _Event, path: str, zone: str | None, unknown: set[str]) -> Told:
    step, disposition = _word(event.step, _STEPS), _word(event.disposition, _DISPOSITIONS)
    code = "/".join(filter(None, (step, disposition)))
    place = event.location.id or event.read_point.id
    if event.error is not None:
        at = moment(event.error.time, f"{path}.errorDeclaration.declarationTime", zone)
        text = f"declared in error: {code} at {event.time}"
        return Told(at, f"error/{event.error.reason.rpartition(':')[2]}", _DECLARED, text, place)
    at = moment(_written(event), f"{path}.eventTime", zone)
    return Told(at, code, _meaning(step, disposition, unknown), location=place)


def _meaning(step: str, disposition: str, unknown: set[str]) -> Meaning:
    state = f"disposition/{disposition}" if disposition else ""
    unknown.update(code for code in (step, state) if code and code not in CODES)
    return _listed(step if step in CODES else "", state if state in CODES else "")


@cache
def _listed(step: str, state: str) -> Meaning:
    """Give what a step and a disposition of the vocabulary mean together."""
    if state == _RETURNED and step and CODES[step].status is TrackingStatus.DELIVERED:
        return replace(CODES[step], returning=True)
    return judge((state, step) if state in _FIRST else (step, state), CODES, set())


def _written(event: _Event) -> str:
    """Give the event's time with its offset: without one in it, that of the event is meant."""
    has_offset = event.time[_DATE_TIME:].strip(".0123456789")
    return event.time if has_offset or len(event.time) < _DATE_TIME else event.time + event.offset


def _order(event: _Event, options: Mapping[str, str]) -> str:
    wanted = options.get(ORDER)
    if not wanted or not event.transactions:
        return ""
    named = (one.number for one in event.transactions if _word(one.type, _TRANSACTIONS) == wanted)
    return next(named, "").rpartition(":")[2].rpartition("/")[2]


def _measured(event: _Event, numbers: list[str], path: str, context: Context) -> Iterator[ConditionReading]:
    if not event.sensors:
        return
    for logger, told in readings(event.sensors, _written(event), event.read_point.id, path).items():
        for number in numbers:
            yield ConditionReading(
                account=context.account, source=context.source, logger=logger, number=number, readings=told
            )


def _report(number: str, parcel: _Parcel, context: Context) -> Tracking:
    return Tracking(
        account=context.account,
        source=context.source,
        number=number,
        coverage=Coverage.INCREMENT,
        scans=scans_of(parcel.told, Coverage.INCREMENT),
        order=parcel.order,
    )


def _word(uri: str, prefixes: tuple[str, ...]) -> str:
    """Give a word of the vocabulary in its bare form, and others as they are."""
    return next((uri.removeprefix(prefix) for prefix in prefixes if uri.startswith(prefix)), uri)
