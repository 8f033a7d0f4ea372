"""EDIFACT IFTSTA (multimodal status report) to canonical events.

Source: UN/EDIFACT D.96B, message IFTSTA and its segments, https://stedi.com/edi/edifact/D96B/messages/IFTSTA; the older
D.94A as https://developer.bring.com/files/statuskoder_D94A.pdf shows it, and newer directories, have the same segments
here. A message tells what is new of some consignments, so it is an increment. Each begins with CNI; its number is that
of CNI (element 1004), else the first RFF with CN, AAS or AAM. What stands before the first CNI holds for all: NAD with
CA names the carrier. Other messages of the interchange say nothing of a parcel.

STS has the event and its reasons, of which the first that explains something counts. DTM after it says when: of status
(334), effective (7), and the actual ones of delivery, arrival, departure, pick-up and despatch, in this order; else the
message's own (137). Estimates of delivery (17) and arrival (132) are expected, not where the consignment is. LOC says
where, FTX what else. A code of a list of the sender's own (element 3055, not 6 for UN/ECE) is no code of these lists.
Options: `mappings.edi`; the reference is an RFF (ON, CU).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from contracts.moment import Moment
from contracts.tracking import Coverage, Tracking
from mappings.carriers.edifact_time import edifact_moment
from mappings.carriers.iftsta_codes import CODES
from mappings.edi import ORDER, refuse_test
from mappings.meaning import Meaning
from mappings.payload import Payload, parcel_number, read_payload
from mappings.reasons import explained
from mappings.scans import UNKNOWN, Told, scans_of

_TEST = "1"
_NUMBERS = ("CN", "AAS", "AAM")
_OCCURRED = ("334", "7", "35", "178", "186", "200", "11")
_ESTIMATED = ("17", "132")
_MESSAGE = "137"
_UN = frozenset({"", "6"})
_EXPLAINS_NOTHING = frozenset(f"reason/{code}" for code in (42, 52, 55, 61, 62, 65))
_FIRST_REASON = 3
Segment = tuple[tuple[str, ...], ...]


class _Message(Payload):
    type: str
    segments: tuple[Segment, ...]


class _Interchange(Payload):
    test: str
    messages: tuple[_Message, ...]


@dataclass(slots=True)
class _Status:
    """One STS, with what follows it. index: of the segment in its message."""

    sts: Segment
    index: int
    dates: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    place: str = ""
    texts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Consignment:
    """One CNI, with what follows it; the first of a message is its heading and has none."""

    number: str = ""
    index: int = 0
    references: dict[str, str] = field(default_factory=dict)
    dates: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    carrier: str = ""
    statuses: list[_Status] = field(default_factory=list)


def to_events(payload: object, context: Context) -> Mapped:
    """Map one interchange to one report a consignment; raises Rejected with the JSON path of the first wrong value."""
    unknown: set[str] = set()
    reports: list[Tracking] = []
    interchange = read_payload(_Interchange, payload)
    if interchange.test == _TEST:
        refuse_test(context, "$.test")
    for index, message in enumerate(interchange.messages):
        if message.type == "IFTSTA":
            reports.extend(_reports(message, f"$.messages[{index}].segments", context, unknown))
    return Mapped(tuple(reports), tuple(sorted(unknown)))


def _reports(message: _Message, path: str, context: Context, unknown: set[str]) -> Iterator[Tracking]:
    heading, *consignments = _consignments(message.segments, path)
    named_by = context.options.get(ORDER)
    if heading.statuses or not consignments:
        raise Rejected("found a status of no consignment; expected CNI before it", code="invalid", path=path)
    for one in consignments:
        references = heading.references | one.references
        number = one.number or next((references[code] for code in _NUMBERS if code in references), "")
        dates = heading.dates | one.dates
        told = [_told(status, dates, path, context.zone, unknown) for status in one.statuses]
        yield Tracking(
            account=context.account,
            source=context.source,
            number=parcel_number(number, f"{path}[{one.index}]"),
            carrier=one.carrier or heading.carrier,
            coverage=Coverage.INCREMENT,
            scans=scans_of(told, Coverage.INCREMENT),
            eta=_expected(one, dates, path, context.zone),
            order=references.get(named_by, "") if named_by else "",
        )


def _consignments(segments: tuple[Segment, ...], path: str) -> list[_Consignment]:
    """Give the heading and each consignment, with what belongs to them."""
    found = [_Consignment()]
    for index, segment in enumerate(segments):
        one, status = found[-1], found[-1].statuses[-1] if found[-1].statuses else None
        match _at(segment, 0):
            case "":
                raise Rejected("found a segment without a tag", code="invalid", path=f"{path}[{index}]")
            case "CNI":
                found.append(_Consignment(_at(segment, 2), index))
            case "STS":
                one.statuses.append(_Status(segment, index))
            case "RFF":
                one.references.setdefault(_at(segment, 1), _at(segment, 1, 1))
            case "DTM":
                dates = one.dates if status is None else status.dates
                dates.setdefault(_at(segment, 1), (_at(segment, 1, 1), _at(segment, 1, 2), index))
            case "NAD" if _at(segment, 1) == "CA":
                one.carrier = one.carrier or _at(segment, 4) or _at(segment, 3) or _at(segment, 2)
            case "LOC" if status is not None:
                status.place = status.place or _at(segment, 2, 3) or _at(segment, 2)
            case "FTX" if status is not None:
                status.texts.extend(filter(None, (text for components in segment[4:5] for text in components)))
    return found


def _told(
    status: _Status, dates: dict[str, tuple[str, str, int]], path: str, zone: str | None, unknown: set[str]
) -> Told:
    event = _code(status.sts, 2)
    reasons = [_code(status.sts, at, "reason/") for at in range(_FIRST_REASON, len(status.sts)) if _at(status.sts, at)]
    unknown.update(code for code in (event, *reasons) if code not in CODES and code)
    reason = next((code for code in reasons if code in CODES and code not in _EXPLAINS_NOTHING), "")
    names = ": ".join(CODES[code].name for code in (event, reason) if code in CODES)
    written = next((status.dates[code] for code in _OCCURRED if code in status.dates), None)
    at = _moment(written or dates.get(_MESSAGE), path, zone, status.index)
    raw = "/".join((event, *(code.removeprefix("reason/") for code in reasons)))
    return Told(at, raw, _meaning(event, reason), " ".join(filter(None, (names, *status.texts))), status.place)


def _expected(one: _Consignment, dates: dict[str, tuple[str, str, int]], path: str, zone: str | None) -> Moment | None:
    """Give the estimate that was told last."""
    told = [dates, *(status.dates for status in one.statuses)]
    written = next((some[code] for some in reversed(told) for code in _ESTIMATED if code in some), None)
    return _moment(written, path, zone, one.index) if written else None


def _moment(written: tuple[str, str, int] | None, path: str, zone: str | None, index: int) -> Moment:
    if written is None:
        raise Rejected("found no DTM that says when; expected 334 or 137", code="invalid", path=f"{path}[{index}]")
    value, written_as, at = written
    return edifact_moment(value, written_as, f"{path}[{at}]", zone)


@cache
def _meaning(event: str, reason: str) -> Meaning:
    return explained(CODES.get(event, UNKNOWN), CODES.get(reason))


def _code(sts: Segment, at: int, prefix: str = "") -> str:
    """Give a code of these lists, or, of another list, the code with its agency."""
    code, agency = _at(sts, at), _at(sts, at, 2)
    return f"{prefix}{code}" if agency in _UN or not code else f"{prefix}{agency}:{code}"


def _at(segment: Segment, element: int, component: int = 0) -> str:
    components = segment[element] if element < len(segment) else ()
    return components[component].strip() if component < len(components) else ""
