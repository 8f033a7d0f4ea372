"""Explains what pydantic found wrong: where it stands, what was found, what is allowed."""

import re
import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from contracts.expected import WORDS, expected
from contracts.settings import Settings
from desk.configuration.environment import variable_of
from desk.configuration.file import ConfigurationFile
from desk.configuration.mistakes import Location, Mistake, meant, nearest

_SHOWN = 60
_IN_YAML = {
    **WORDS,
    "string_type": "text (in quotes where it looks like a number or a date)",
    "dict_type": "a section of `name: value` lines",
    "model_type": "a section of `name: value` lines",
    "model_attributes_type": "a section of `name: value` lines",
}
_QUOTED = re.compile(r"'([^']*)'")


def explain(error: ValidationError, file: ConfigurationFile, environ: Mapping[str, str]) -> list[Mistake]:
    """Explain each thing that is wrong, with the line or the variable that says it."""
    return [_mistake(detail, file, environ) for detail in error.errors(include_url=False)]


def explained(error: ValidationError, section: Location) -> Iterator[tuple[Location, str]]:
    """Explain each thing that is wrong in one section, with its path from the top."""
    for detail in error.errors(include_url=False):
        path = (*section, *_path(detail))
        yield path, _text(detail, path)


def _path(detail: ErrorDetails) -> Location:
    return tuple(step for step in detail["loc"] if step != "[key]")


def _mistake(detail: ErrorDetails, file: ConfigurationFile, environ: Mapping[str, str]) -> Mistake:
    path = _path(detail)
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
        case "value_error":
            return expected(detail)
    return f"found {found}; {expected(detail, _IN_YAML)}"


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
