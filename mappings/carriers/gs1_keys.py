"""GS1 identification keys of logistics, as EPCIS writes them, in the digits that stand on labels.

Sources: EPC Tag Data Standard 2.0, SSCC, GINC and GSIN, https://ref.gs1.org/standards/tds/; GS1 Digital Link URI
Syntax, https://ref.gs1.org/standards/digital-link/; check digits: GS1 General Specifications,
https://ref.gs1.org/standards/genspecs/.
"""

from itertools import pairwise

from contracts.errors import Rejected
from contracts.model import shown

_URN = "urn:epc:id:"
_SSCC, _GSIN, _GINC = "sscc", "gsin", "ginc"
_BY_AI = {"00": _SSCC, "401": _GINC, "402": _GSIN}
"""Of Digital Link's paths: by application identifier."""
_LENGTHS = {_SSCC: 18, _GSIN: 17}


def parcel_key(epc: str, path: str) -> str:
    """Give the SSCC, GSIN or GINC of a URN or a Digital Link, empty where it identifies something else.

    Raises Rejected with `path` where it says that it is one of these and is not.
    """
    if epc.startswith(_URN):
        kind, _, rest = epc.removeprefix(_URN).partition(":")
        return _of_urn(kind, rest, path) if kind in _BY_AI.values() else ""
    steps = epc.partition("?")[0].split("/")
    for ai, value in pairwise(steps):
        if ai in _BY_AI and "://" in epc:
            return _checked(_BY_AI[ai], value, path)
    return ""


def _of_urn(kind: str, rest: str, path: str) -> str:
    """Put a URN's company prefix and reference together; its check digit is left out there."""
    prefix, _, reference = rest.partition(".")
    if kind == _GINC:
        return _checked(kind, prefix + reference, path)
    digits = reference[:1] + prefix + reference[1:] if kind == _SSCC else prefix + reference
    if not digits.isascii() or not digits.isdecimal():
        raise _wrong(kind, rest, path)
    return _checked(kind, digits + check_digit(digits), path)


def _checked(kind: str, value: str, path: str) -> str:
    length = _LENGTHS.get(kind)
    if length is None:
        if not value.strip():
            raise _wrong(kind, value, path)
        return value
    is_number = value.isascii() and value.isdecimal() and len(value) == length
    if not is_number or check_digit(value[:-1]) != value[-1]:
        raise _wrong(kind, value, path)
    return value


def check_digit(digits: str) -> str:
    """Give the check digit of a key: from the right, the digits count three times and once in turn."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def _wrong(kind: str, value: str, path: str) -> Rejected:
    return Rejected(f"found {shown(value)}; expected a {kind.upper()}", code="invalid", path=path)
