"""What a value should have been, in words for people, of each error that pydantic tells."""

from collections.abc import Mapping

from pydantic_core import ErrorDetails

_DURATION = "an ISO 8601 duration such as PT36H (36 hours) or P2D (two days)"
_INSTANT = "an instant with its zone, such as 2026-01-31T08:00:00+08:00"
_DATE = "a date such as 2026-05-01"
WORDS: Mapping[str, str] = {
    "missing": "a value",
    "extra_forbidden": "no such name",
    "time_delta_parsing": _DURATION,
    "time_delta_type": _DURATION,
    "timezone_aware": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_type": _INSTANT,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_type": _DATE,
    "too_short": "at least one entry",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
    "decimal_parsing": "a number",
    "decimal_type": "a number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "string_type": "text",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "path_type": "the path of a file or folder",
}
"""By pydantic's type of the error. What is not here is told in pydantic's own words."""
_BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("more than", "gt"),
    "less_than_equal": ("at most", "le"),
    "less_than": ("less than", "lt"),
}
_PATTERNS = {
    r"^[a-z0-9][a-z0-9-]{0,62}$": "lower case letters, digits and hyphens, at most 63, beginning with a letter or "
    "digit",
    r"^([A-Z]{2})?$": "a country by its two letters (ISO 3166-1 alpha-2), such as CN",
    r"^([A-Z]{2}|destination)?$": "a country by its two letters (ISO 3166-1 alpha-2), such as CN, or destination",
}


def expected(detail: ErrorDetails, words: Mapping[str, str] = WORDS) -> str:
    """Say `expected …`; of a check of ours, what it says itself. words: by pydantic's type of the error."""
    context = detail.get("ctx", {})
    match detail["type"]:
        case "value_error":
            return str(context.get("error", detail["msg"]))
        case "json_invalid":
            return f"expected JSON: {context.get('error', '')}"
        case "string_pattern_mismatch":
            pattern = str(context.get("pattern", ""))
            return f"expected {_PATTERNS.get(pattern, f'text that matches {pattern}')}"
        case bound if bound in _BOUNDS:
            compared, name = _BOUNDS[bound]
            return f"expected {compared} {context.get(name, '')}"
    if (known := words.get(detail["type"])) is not None:
        return f"expected {known}"
    rest = detail["msg"].removeprefix("Input should be ").removeprefix("String should have ")
    return f"expected {rest[:1].lower()}{rest[1:]}"
