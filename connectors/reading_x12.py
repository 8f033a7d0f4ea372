"""From the bytes of an X12 interchange to its groups, transaction sets and segments (ASC X12.5 and X12.6).

Strict about the envelope: what stands in ISA, GS and ST must agree with IEA, GE and SE, in number and in control
numbers, so that nothing was cut off or left out. Text is UTF-8, of which the basic and extended character sets are a
part. Segments may end in line breaks besides their terminator. One interchange is read.
"""

from collections.abc import Iterator
from dataclasses import replace

from contracts.connector import Context, Cut
from contracts.errors import Rejected
from contracts.model import shown
from contracts.raw import RawRequest

_ISA_LENGTH, _ELEMENT_AT, _TERMINATOR_AT = 106, 3, 105
_ISA_ELEMENTS = 17
Segment = list[str]


def x12_body(request: RawRequest) -> object:
    """Read the body as `{control, usage, groups: [{type, date, time, sets: [{type, control, segments}]}]}`."""
    segments = _segments(request.body)
    isa = next(segments)
    groups, closing = [], ["", ""]
    for segment in segments:
        if segment[0] != "GS":
            closing = segment
            break
        groups.append(_group(segment, segments))
    _agree("IEA", closing, len(groups), isa[13])
    if next(segments, None) is not None:
        raise _broken("something follows the interchange")
    return {"control": isa[13], "usage": isa[15], "groups": groups}


def x12_cut(request: RawRequest, _context: Context) -> Cut:
    """Make an interchange of each transaction set, with the headers that it had; raises Rejected as `x12_body` does."""
    x12_body(request)
    isa, gs, inside, cut = list[str](), list[str](), list[Segment](), list[RawRequest]()
    for segment in _segments(request.body):
        match segment[0]:
            case "ISA":
                isa = segment
            case "GS":
                gs = segment
            case "ST":
                inside = [segment]
            case "SE":
                alone = [isa, gs, *inside, segment, ["GE", "1", gs[6]], ["IEA", "1", isa[13]]]
                cut.append(replace(request, body=_written(alone, request.body.decode())))
            case _:
                inside.append(segment)
    return Cut(tuple(cut))


def _written(segments: list[Segment], like: str) -> bytes:
    element, terminator = like[_ELEMENT_AT], like[_TERMINATOR_AT]
    return "".join(element.join(segment) + terminator for segment in segments).encode()


def _group(gs: Segment, segments: Iterator[Segment]) -> object:
    _expect_elements(gs, 7)
    sets, closing = [], ["", ""]
    for segment in segments:
        if segment[0] != "ST":
            closing = segment
            break
        sets.append(_set(segment, segments))
    _agree("GE", closing, len(sets), gs[6])
    return {"type": gs[1], "date": gs[4], "time": gs[5], "sets": sets}


def _set(st: Segment, segments: Iterator[Segment]) -> object:
    _expect_elements(st, 3)
    inside, closing = [], ["", ""]
    for segment in segments:
        if segment[0] in {"SE", "ST", "GE", "IEA"}:
            closing = segment
            break
        inside.append(segment)
    _agree("SE", closing, len(inside) + 2, st[2])
    return {"type": st[1], "control": st[2], "segments": inside}


def _segments(body: bytes) -> Iterator[Segment]:
    """Take the body apart by the separators that the first 106 characters name."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise _broken("not UTF-8") from error
    if not text.startswith("ISA") or len(text) < _ISA_LENGTH:
        raise _broken("it does not begin with ISA and its 106 characters")
    element, terminator = text[_ELEMENT_AT], text[_TERMINATOR_AT]
    if element.isalnum() or terminator.isalnum() or element == terminator:
        raise _broken("ISA names no separators")
    *whole, rest = text.split(terminator)
    if rest.strip():
        raise _broken("the last segment is not ended")
    if len(whole[0].split(element)) != _ISA_ELEMENTS:
        raise _broken("ISA has not its 16 elements")
    return (segment.strip("\r\n").split(element) for segment in whole)


def _agree(tag: str, closing: Segment, count: int, control: str) -> None:
    """Check a trailer: it is there, counts what was found, and has its header's control number."""
    if closing[0] != tag:
        raise _broken(f"found {shown(closing[0])} where {tag} should be")
    _expect_elements(closing, 3)
    if closing[1].lstrip("0") != str(count).lstrip("0") or closing[2] != control:
        raise _broken(f"{tag} counts {closing[1]} of {closing[2]}; found {count} of {control}")


def _expect_elements(segment: Segment, count: int) -> None:
    if len(segment) < count:
        raise _broken(f"{segment[0]} has not its {count - 1} elements")


def _broken(reason: str) -> Rejected:
    return Rejected(f"not an X12 interchange: {reason}", code="bad_x12", path="$")
