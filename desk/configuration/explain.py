"""Explains what pydantic found wrong: where it stands, what was found, what is allowed."""

import re
import types
from collections.abc import Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from contracts.settings import Settings
from desk.configuration.environment import variable_of
from desk.configuration.file import ConfigurationFile
from desk.configuration.mistakes import Location, Mistake, meant, nearest

_SHOWN = 60
_EXPECTED = {
    "time_delta_parsing": "an ISO 8601 duration such as PT36H (36 hours) or P2D (two days)",
    "time_delta_type": "an ISO 8601 duration such as PT36H (36 hours) or P2D (two days)",
    "timezone_aware": "an instant with its zone, such as 2026-01-31T08:00:00+08:00",
    "datetime_from_date_parsing": "an instant with its zone, such as 2026-01-31T08:00:00+08:00",
    "datetime_parsing": "an instant with its zone, such as 2026-01-31T08:00:00+08:00",
    "datetime_type": "an instant with its zone, such as 2026-01-31T08:00:00+08:00",
    "date_parsing": "a date such as 2026-05-01",
    "date_from_datetime_parsing": "a date such as 2026-05-01",
    "date_type": "a date such as 2026-05-01",
    "too_short": "at least one entry",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "string_type": "text (in quotes where it looks like a number or a date)",
    "tuple_type": "a list",
    "dict_type": "a section of `name: value` lines",
    "model_type": "a section of `name: value` lines",
    "model_attributes_type": "a section of `name: value` lines",
    "path_type": "the path of a file or folder",
}
_QUOTED = re.compile(r"'([^']*)'")
_PATTERNS = {
    r"^[a-z0-9][a-z0-9-]{0,62}$": "lower case letters, digits and hyphens, at most 63, beginning with a letter or "
    "digit",
    r"^([A-Z]{2})?$": "a country by its two letters (ISO 3166-1 alpha-2), such as CN",
    r"^([A-Z]{2}|destination)?$": "a country by its two letters (ISO 3166-1 alpha-2), such as CN, or destination",
}


def explain(error: ValidationError, file: ConfigurationFile, environ: Mapping[str, str]) -> list[Mistake]:
    """Explain each thing that is wrong, with the line or the variable that says it."""
    return [_mistake(detail, file, environ) for detail in error.errors(include_url=False)]


def _mistake(detail: ErrorDetails, file: ConfigurationFile, environ: Mapping[str, str]) -> Mistake:
    path: Location = tuple(step for step in detail["loc"] if step != "[key]")
    text = _text(detail, path)
    variable = variable_of(path, environ)
    if variable is not None and not file.has(path):
        return Mistake(variable, text, path)
    if path in {("sources",), ("pollers",), ("targets",)} and detail["type"] == "value_error":
        path = _second_of_its_name(path, detail["input"])
    return Mistake(file.place(path), text, path, line=file.line(path))


def _text(detail: ErrorDetails, path: Location) -> str:
    found = _shorten(detail["input"])
    match detail["type"]:
        case "extra_forbidden":
            name = str(path[-1])
            return f"unknown name {name!r}{nearest(name, _names_at(path[:-1]))}"
        case "missing":
            return "is missing"
        case "literal_error" | "enum":
            allowed = _QUOTED.findall(str(detail.get("ctx", {}).get("expected", "")))
            return f"found {found}; allowed: {', '.join(allowed)}{meant(str(detail['input']), allowed)}"
        case "string_pattern_mismatch":
            return f"found {found}; expected {_pattern(str(detail.get('ctx', {}).get('pattern', '')))}"
        case "value_error":
            return str(detail.get("ctx", {}).get("error", detail["msg"]))
    expected = _EXPECTED.get(detail["type"]) or detail["msg"].removeprefix("Input should be ")
    return f"found {found}; expected {expected[:1].lower()}{expected[1:]}"


def _pattern(pattern: str) -> str:
    return _PATTERNS.get(pattern, f"text that matches {pattern}")


def _second_of_its_name(path: Location, accounts: object) -> Location:
    seen: set[str] = set()
    for position, account in enumerate(accounts if isinstance(accounts, list | tuple) else ()):
        name = str(account["name"]) if isinstance(account, dict) else ""
        if name in seen:
            return (*path, position, "name")
        seen.add(name)
    return path


def _shorten(value: object) -> str:
    text = repr(value) if isinstance(value, str | int | float | bool) or value is None else _kind(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _kind(value: object) -> str:
    if isinstance(value, dict):
        return "a section"
    return "a list" if isinstance(value, list | tuple) else str(value)


def _names_at(path: Location) -> list[str]:
    found = _type_at(path)
    return list(found.model_fields) if isinstance(found, type) and issubclass(found, BaseModel) else []


def _type_at(path: Location) -> Any:  # noqa: ANN401 an annotation can be anything
    """Give the type that a setting has."""
    found: Any = Settings
    for step in path:
        if isinstance(found, type) and issubclass(found, BaseModel):
            field = found.model_fields.get(str(step))
            found = _plain(field.annotation) if field else None
        elif get_args(found):
            inner = [argument for argument in get_args(found) if argument is not Ellipsis]
            found = _plain(inner[-1])
        else:
            return None
    return found


def _plain(annotation: Any) -> Any:  # noqa: ANN401 an annotation can be anything
    """Take away what stands around a type: Annotated, and the None of an optional one."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in {Union, types.UnionType}:
        some = [argument for argument in get_args(annotation) if argument is not type(None)]
        return _plain(some[0]) if len(some) == 1 else annotation
    return annotation
