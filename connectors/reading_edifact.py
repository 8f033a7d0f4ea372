"""From the bytes of a UN/EDIFACT interchange to its messages and segments (ISO 9735).

pydifact takes the text apart; the envelope is checked here: what stands in UNB and UNH must agree with UNZ and UNT, in
number and in references, so that nothing was cut off or left out. UNB's syntax identifier names the character set.
Segments may end in line breaks besides their terminator. One interchange is read.
"""

from collections.abc import Iterator
from dataclasses import replace

from pydifact.exceptions import EDISyntaxError
from pydifact.parser import Parser
from pydifact.tokenizer import Tokenizer

from contracts.connector import Context, Cut
from contracts.errors import Rejected
from contracts.model import shown
from contracts.raw import RawRequest

_UNA, _UNB = "UNA", b"UNB"
_UNA_LENGTH, _SEPARATORS = 9, 5
_TEST_INDICATOR = 11
CHARACTER_SETS = {
    "UNOA": "utf-8",
    "UNOB": "utf-8",
    "UNOC": "iso8859-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOW": "utf-8",
    "UNOY": "utf-8",
}
"""By the syntax identifier. Of A and B, which are parts of ASCII, senders are seen to write UTF-8 as well."""
_ESCAPES = str.maketrans({character: f"?{character}" for character in "?:+'"})
Segment = list[list[str]]


def edifact_body(request: RawRequest) -> object:
    """Read the body as `{test, messages: [{type, directory, segments: [[[tag], [component, ...], ...]]}]}`."""
    segments = iter(_segments(_text(request.body)))
    unb = next(segments, [[""]])
    if _at(unb, 0) != "UNB":
        raise _broken("it does not begin with UNB")
    messages, closing = [], [[""]]
    for segment in segments:
        if _at(segment, 0) != "UNH":
            closing = segment
            break
        messages.append(_message(segment, segments))
    _agree("UNZ", closing, len(messages), _at(unb, 5))
    if next(segments, None) is not None:
        raise _broken("something follows the interchange")
    return {"test": _at(unb, _TEST_INDICATOR), "messages": messages}


def edifact_cut(request: RawRequest, _context: Context) -> Cut:
    """Make an interchange of each message, with the header that it had; raises Rejected as `edifact_body` does."""
    edifact_body(request)
    unb, inside, cut = list[list[str]](), list[Segment](), list[RawRequest]()
    for segment in _segments(_text(request.body)):
        match _at(segment, 0):
            case "UNB":
                unb = segment
            case "UNH":
                inside = [segment]
            case "UNT":
                alone = [unb, *inside, segment, [["UNZ"], ["1"], [_at(unb, 5)]]]
                cut.append(replace(request, body=_written(alone).encode(CHARACTER_SETS[_at(unb, 1)])))
            case _:
                inside.append(segment)
    return Cut(tuple(cut))


def _written(segments: list[Segment]) -> str:
    """Write segments with the standard separators."""
    return "".join("+".join(":".join(map(_escaped, one)) for one in segment) + "'" for segment in segments)


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _message(unh: Segment, segments: Iterator[Segment]) -> object:
    inside, closing = [], [[""]]
    for segment in segments:
        if _at(segment, 0) in {"UNT", "UNH", "UNZ"}:
            closing = segment
            break
        inside.append(segment)
    _agree("UNT", closing, len(inside) + 2, _at(unh, 1))
    return {"type": _at(unh, 2), "directory": f"{_at(unh, 2, 1)}.{_at(unh, 2, 2)}", "segments": inside}


def _text(body: bytes) -> str:
    """Decode the body by the character set that its UNB names."""
    at = body.find(_UNB)
    identifier = body[at + len(_UNB) + 1 :][:4].decode("ascii", "replace") if at >= 0 else ""
    if identifier not in CHARACTER_SETS:
        raise _broken(f"found {shown(identifier)}; expected UNB with a syntax identifier of a known character set")
    try:
        return body.decode(CHARACTER_SETS[identifier])
    except UnicodeDecodeError as error:
        raise _broken(f"not {CHARACTER_SETS[identifier]}, which {identifier} stands for") from error


def _segments(text: str) -> list[Segment]:
    """Take the text apart by the separators that UNA names, else by the standard ones."""
    is_advised = text.startswith(_UNA)
    if is_advised and len(set(text[len(_UNA) : _UNA_LENGTH]) - {" "}) < _SEPARATORS:
        raise _broken("UNA names no separators")
    characters = Parser.get_control_characters(text.ljust(_UNA_LENGTH))
    text = (text[_UNA_LENGTH:] if is_advised else text).strip("\r\n")
    if characters is None or not text.endswith(characters.segment_terminator):
        raise _broken("the last segment is not ended")
    try:
        tokens = Tokenizer().get_tokens(text, characters)
        found = list(Parser().convert_tokens_to_raw_segments(tokens))
    except (EDISyntaxError, RuntimeError, TypeError) as error:  # pydifact's own, and what it meets at odd ends
        raise _broken(str(error)) from error
    return [[one if isinstance(one, list) else [one] for one in segment] for segment in found]


def _agree(tag: str, closing: Segment, count: int, reference: str) -> None:
    """Check a trailer: it is there, counts what was found, and has its header's reference."""
    if _at(closing, 0) != tag:
        raise _broken(f"found {shown(_at(closing, 0))} where {tag} should be")
    if _at(closing, 1).lstrip("0") != str(count).lstrip("0") or _at(closing, 2) != reference:
        told = f"{_at(closing, 1)} of {_at(closing, 2)}"
        raise _broken(f"{tag} counts {told}; found {count} of {reference}")


def _at(segment: Segment, element: int, component: int = 0) -> str:
    components = segment[element] if element < len(segment) else []
    return components[component] if component < len(components) else ""


def _broken(reason: str) -> Rejected:
    return Rejected(f"not an EDIFACT interchange: {reason}", code="bad_edifact", path="$")
