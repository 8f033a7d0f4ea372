"""GS1 identification keys of logistics, as EPCIS writes them, in the digits that stand on labels.

Sources: EPC Tag Data Standard 2.0, SSCC, GINC and GSIN, https://ref.gs1.org/standards/tds/; GS1 Digital Link URI
Syntax, https://ref.gs1.org/standards/digital-link/; check digits: GS1 General Specifications,
https://ref.gs1.org/standards/genspecs/.
"""

from functools import lru_cache
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
    kind, key = _read(epc)
    if kind and not key:
        raise Rejected(f"found {shown(epc)}; expected a {kind.upper()}", code="invalid", path=path)
    return key


@lru_cache(maxsize=10_000)
def _read(epc: str) -> tuple[str, str]:
    """Give the kind of key and its digits, empty where there are none. A parcel is named many times."""
    if epc.startswith(_URN):
        kind, _, rest = epc.removeprefix(_URN).partition(":")
        return (kind, _of_urn(kind, rest)) if kind in _BY_AI.values() else ("", "")
    steps = epc.partition("?")[0].split("/")
    for ai, value in pairwise(steps):
        if ai in _BY_AI and "://" in epc:
            return _BY_AI[ai], _checked(_BY_AI[ai], value)
    return "", ""


def _of_urn(kind: str, rest: str) -> str:
    """Put a URN's company prefix and reference together; its check digit is left out there."""
    prefix, _, reference = rest.partition(".")
    if kind == _GINC:
        return prefix + reference
    digits = reference[:1] + prefix + reference[1:] if kind == _SSCC else prefix + reference
    return digits + check_digit(digits) if _is_number(digits, _LENGTHS[kind] - 1) else ""


def _checked(kind: str, value: str) -> str:
    if kind == _GINC:
        return value
    return value if _is_number(value, _LENGTHS[kind]) and check_digit(value[:-1]) == value[-1] else ""


def _is_number(digits: str, length: int) -> bool:
    return len(digits) == length and digits.isascii() and digits.isdecimal()


def check_digit(digits: str) -> str:
    """Give the check digit of a key: from the right, the digits count three times and once in turn."""
    total = 3 * sum(map(int, digits[::-2])) + sum(map(int, digits[-2::-2]))
    return str(-total % 10)
