"""How a setting or a field is written: what it may be, and what it is when it is left out."""

import types
from datetime import timedelta
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr, TypeAdapter
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from contracts.fields import Canonical
from desk.generate.markdown import code

_NAMES = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false", "Decimal": "decimal"}
_MORE_NAMES = {"datetime": "instant with zone", "timedelta": "duration (ISO 8601)", "Path": "path", "SecretStr": "text"}
_NAMES |= {"AwareDatetime": "instant with zone", "SecretFrom": "a secret: `env` or `file`"}


def shown(annotation: Any, field: FieldInfo | None = None) -> str:  # noqa: ANN401 any annotation
    """Write what a setting or field may be."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return shown(arguments[0])
    if origin in {Union, types.UnionType}:
        return " or ".join(shown(argument) for argument in arguments if argument is not type(None))
    if origin is Literal:
        return ", ".join(code(str(value)) for value in arguments)
    if origin is tuple:
        return f"list of {shown(arguments[0])}"
    if origin is dict:
        return f"{shown(arguments[0])} to {shown(arguments[1])}"
    return _plain(annotation, field)


def _plain(annotation: Any, field: FieldInfo | None) -> str:  # noqa: ANN401 any annotation
    if isinstance(annotation, type) and issubclass(annotation, Canonical):
        return "[a canonical name](fields.md)"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return ", ".join(code(str(member.value)) for member in annotation)
    name = str(getattr(annotation, "__name__", annotation))
    return (_NAMES | _MORE_NAMES).get(name, name) + _limits(field)


def _limits(field: FieldInfo | None) -> str:
    found = []
    for limit in field.metadata if field else ():
        for name, words in (("ge", "at least"), ("gt", "more than"), ("le", "at most"), ("min_length", "length from")):
            value = getattr(limit, name, None)
            if value is not None and value != timedelta(0):
                found.append(f"{words} {_written(value)}")
    return f", {', '.join(found)}" if found else ""


def _one_line(section: BaseModel) -> str:
    return ", ".join(f"{name}: {value}" for name, value in section.model_dump(mode="json").items())


def default_of(field: FieldInfo, stands: BaseModel | None = None, name: str = "") -> str:
    """Write what a field is when it is left out; `stands`: the section it is in, where all of that has a default."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True) if stands is None else getattr(stands, name)
    if value is PydanticUndefined or value is None or value in ("", (), {}) or isinstance(value, SecretStr):
        return ""
    if isinstance(value, BaseModel):
        return "see there"
    return _list(value) if isinstance(value, tuple) else code(_written(value))


def _list(values: tuple[object, ...]) -> str:
    """Write a list: each section of it by itself."""
    if isinstance(values[0], BaseModel):
        return "; ".join(code(_one_line(part)) for part in values if isinstance(part, BaseModel))
    return code(f"[{', '.join(map(_written, values))}]")


def _written(value: object) -> str:
    """Write a value as it stands in YAML."""
    plain = TypeAdapter(timedelta).dump_python(value, mode="json") if isinstance(value, timedelta) else value
    return str(getattr(plain, "value", plain)).replace("True", "true").replace("False", "false")
