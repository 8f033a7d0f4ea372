"""X12 214 (Transportation Carrier Shipment Status Message) to canonical events.

Source: ASC X12 release 004010, transaction set 214 and its segments, https://www.stedi.com/edi/x12-004010/214 (later
releases to 008060 have the same segments here). Each set tells what is new of one shipment, so it is an increment. Its
number is the carrier's (B10-01), else the shipper's (B10-02); where a set or an assigned number in it (loop 0200) has a
tracking number of its own (L11 with 2I), that is the parcel's. Other sets of the interchange say nothing of a parcel.

AT7 has the status and its reason, or an appointment and its reason, when it was and in which time code; MS1 after it,
where. A reason counts where something went wrong. Estimates and appointments are told when the group was made (GS-04,
GS-05), in the account's zone: as scans that say nothing, and those of the delivery as its expected arrival. The codes'
names stand as text, since a 214 has none of its own. Options: `mappings.edi`; the reference is an L11 (PO, SI).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from contracts.connector import Context, Mapped
from contracts.errors import Rejected
from contracts.moment import Moment
from contracts.tracking import Coverage, Tracking
from mappings.carriers.x12_214_codes import CODES
from mappings.carriers.x12_time import x12_moment
from mappings.edi import ORDER, refuse_test
from mappings.meaning import Meaning
from mappings.payload import Payload, parcel_number, read_payload
from mappings.reasons import explained
from mappings.scans import Told, judge, scans_of

_TEST = "T"
_TRACKING_NUMBER = "2I"
_EXPECTED = frozenset({"AG", "X2", "appointment/AB", "appointment/AC", "appointment/X9"})
_TO_COME = _EXPECTED | {"B6", "C1"}
_NOTHING_TO_EXPLAIN = frozenset({"", "reason/NA", "reason/NS"})
Segment = tuple[str, ...]


class _Set(Payload):
    type: str
    segments: tuple[Segment, ...]


class _Group(Payload):
    date: str
    time: str
    sets: tuple[_Set, ...]


class _Interchange(Payload):
    usage: str
    groups: tuple[_Group, ...]


@dataclass(slots=True)
class _Loop:
    """A set's heading, or one assigned number in it: its references by qualifier, its AT7s with their places."""

    references: dict[str, str] = field(default_factory=dict)
    statuses: list[tuple[int, Segment]] = field(default_factory=list)
    places: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Parcel:
    """What a set tells of one parcel."""

    told: list[Told] = field(default_factory=list)
    expected: Moment | None = None
    order: str = ""


@dataclass(frozen=True, slots=True)
class _Making:
    """What one set is read with. made: when its group was."""

    path: str
    zone: str | None
    made: Moment
    unknown: set[str]


def to_events(payload: object, context: Context) -> Mapped:
    """Map one interchange to one report a parcel of a set; raises Rejected with the JSON path of the wrong value."""
    unknown: set[str] = set()
    reports: list[Tracking] = []
    interchange = read_payload(_Interchange, payload)
    if interchange.usage == _TEST:
        refuse_test(context, "$.usage")
    for outer, group in enumerate(interchange.groups):
        path = f"$.groups[{outer}]"
        made = x12_moment(group.date, group.time, "", f"{path}.date", context.zone)
        for inner, one in enumerate(group.sets):
            if one.type == "214":
                making = _Making(f"{path}.sets[{inner}].segments", context.zone, made, unknown)
                reports.extend(_reports(one, making, context))
    return Mapped(tuple(reports), tuple(sorted(unknown)))


def _reports(one: _Set, making: _Making, context: Context) -> Iterator[Tracking]:
    heading, *loops = _loops(one, making.path)
    b10 = next((segment for segment in one.segments if segment[:1] == ("B10",)), None)
    if b10 is None:
        raise Rejected("found no B10; expected one in a 214", code="invalid", path=making.path)
    parcels: dict[str, _Parcel] = {}
    named_by = context.options.get(ORDER)
    for loop in (heading, *loops):
        references = heading.references | loop.references
        number = references.get(_TRACKING_NUMBER) or _element(b10, 1) or _element(b10, 2)
        if loop is heading and loops and not loop.statuses:
            continue
        parcel = parcels.setdefault(parcel_number(number, making.path), _Parcel())
        if named_by:
            parcel.order = parcel.order or references.get(named_by, "")
        for index, at7 in loop.statuses:
            _take(parcel, at7, index, loop.places.get(index, ""), making)
    for number, parcel in parcels.items():
        yield Tracking(
            account=context.account,
            source=context.source,
            number=number,
            carrier=_element(b10, 3),
            coverage=Coverage.INCREMENT,
            scans=scans_of(parcel.told, Coverage.INCREMENT),
            eta=parcel.expected,
            order=parcel.order,
        )


def _loops(one: _Set, path: str) -> list[_Loop]:
    """Give the heading and each loop 0200, with what belongs to them."""
    loops, last = [_Loop()], -1
    for index, segment in enumerate(one.segments):
        match _element(segment, 0):
            case "":
                raise Rejected("found an empty segment", code="invalid", path=f"{path}[{index}]")
            case "LX":
                loops.append(_Loop())
            case "L11":
                loops[-1].references.setdefault(_element(segment, 2), _element(segment, 1))
            case "AT7":
                loops[-1].statuses.append((index, segment))
                last = index
            case "MS1":
                loops[-1].places[last] = ", ".join(filter(None, (_element(segment, at) for at in (1, 2, 3))))
    return loops


def _take(parcel: _Parcel, at7: Segment, index: int, place: str, making: _Making) -> None:
    """Take one AT7 as a scan, and as the expected arrival where it is one."""
    status, reason, appointment, appointment_reason, date, time, code = (_element(at7, at) for at in range(1, 8))
    told = status or (f"appointment/{appointment}" if appointment else "")
    why = f"reason/{reason or appointment_reason}" if reason or appointment_reason else ""
    at = x12_moment(date, time, code, f"{making.path}[{index}]", making.zone) if date else making.made
    meaning = _meaning(told, why) if told in CODES else judge((told,), CODES, making.unknown)
    if why not in CODES and why:
        making.unknown.add(why)
    if told in _EXPECTED and date:
        parcel.expected = at
    is_to_come = told in _TO_COME or told.startswith("appointment/")
    raw = "/".join(filter(None, (status or appointment, reason or appointment_reason)))
    parcel.told.append(Told(making.made if is_to_come else at, raw, meaning, _name(told, why), place))


@cache
def _meaning(told: str, why: str) -> Meaning:
    """Give what a listed status means with its reason."""
    return explained(CODES[told], None if why in _NOTHING_TO_EXPLAIN else CODES.get(why))


def _name(told: str, why: str) -> str:
    explained = "" if why in _NOTHING_TO_EXPLAIN else why
    return ": ".join(CODES[code].name for code in (told, explained) if code in CODES)


def _element(segment: Segment, at: int) -> str:
    return segment[at].strip() if at < len(segment) else ""
