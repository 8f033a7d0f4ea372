"""The reference pages about settings and events: what each field is, may be, and means when it is left out."""

import types
from collections.abc import Iterator
from datetime import timedelta
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr, TypeAdapter
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from contracts.events import EVENT_TYPES
from contracts.policy.kinds import Kinds
from contracts.policy.override import Override
from contracts.settings import Settings
from contracts.topics import TOPICS
from desk.generate.docstrings import described
from desk.generate.markdown import code, page, table

_NAMES = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false", "Decimal": "decimal"}
_MORE_NAMES = {"datetime": "instant with zone", "timedelta": "duration (ISO 8601)", "Path": "path", "SecretStr": "text"}
_NAMES |= {"AwareDatetime": "instant with zone", "SecretFrom": "a secret: `env` or `file`"}


def settings_page() -> str:
    """Every setting: its path, its variable, what it may be, its default."""
    parts = [_section(path, model, default) for path, model, default in _sections("", Settings, None, set())]
    return page(
        "Settings",
        "One YAML file: `--config FILE`, or `QUAYSIDE_CONFIG`, or `quayside.yaml` in the working folder. `quayside "
        "check` explains every mistake in it; `quayside check --print` shows what takes effect.",
        "Any setting outside a list can be set by a variable: `QUAYSIDE_` and its path in capitals, the steps joined "
        "by two underscores (`kafka.prefix` is `QUAYSIDE_KAFKA__PREFIX`). `QUAYSIDE_BROKER` is `kafka.bootstrap`. A "
        "variable stands above the file.",
        *parts,
    )


def events_page() -> str:
    """Every event type with its fields, and every model that they are made of."""
    places = {name: [topic.name for topic in TOPICS if name in topic.schemas] for name in EVENT_TYPES}
    models = list(dict.fromkeys(model for root in EVENT_TYPES.values() for model in _parts(root)))
    inner = [model for model in models if model not in EVENT_TYPES.values()]
    return page(
        "Events",
        "The data of each event is JSON; what is left out has its default. Readers ignore fields that they do not "
        "know. The schemas stand in `contracts/schemas/`, with one AsyncAPI document, `asyncapi.json`.",
        *(
            f"## `{name}`\n\nIn {', '.join(map(code, places[name]))}. {_model(model)}"
            for name, model in EVENT_TYPES.items()
        ),
        "## What they are made of",
        *(f"### {model.__name__}\n\n{_model(model)}" for model in sorted(inner, key=lambda model: model.__name__)),
    )


def _section(path: str, model: type[BaseModel], default: BaseModel | None) -> str:
    words = described(model)
    rows = [
        (code(name), _shown(field.annotation, field), _default(field, default, name), words.fields.get(name, ""))
        for name, field in _shown_fields(model)
    ]
    heading = code(path) if path else "The file"
    return f"## {heading}\n\n{words.about}\n\n" + table(("name", "what it may be", "default", ""), rows)


def _sections(
    path: str, model: type[BaseModel], default: BaseModel | None, seen: set[type[BaseModel]]
) -> Iterator[tuple[str, type[BaseModel], BaseModel | None]]:
    """Give each section with what it is when it is left out. What a list holds is shown where it is met first."""
    yield path, model, default
    for name, field in _shown_fields(model):
        inner, many = _model_in(field.annotation)
        if inner is None or inner.__name__ == "SecretFrom" or (many and inner in seen):
            continue
        seen |= {inner} if many else set()
        value = getattr(default, name) if default is not None else field.get_default(call_default_factory=True)
        stands = value if isinstance(value, BaseModel) else None
        yield from _sections(f"{path}.{name}{'[]' if many else ''}".removeprefix("."), inner, stands, seen)
    if model is Settings:
        secret, _ = _model_in(Settings.model_fields["database_secret"].annotation)
        if secret is not None:
            yield "a secret", secret, None


def _shown_fields(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    """Give the fields to show: an override may say what is shown of the policy already."""
    said_before = Kinds.model_fields if issubclass(model, Override) else {}
    return [(name, field) for name, field in model.model_fields.items() if name not in said_before]


def _model(model: type[BaseModel]) -> str:
    words = described(model)
    rows = [
        (code(name), _shown(field.annotation, field), _default(field), words.fields.get(name, ""))
        for name, field in model.model_fields.items()
    ]
    return f"{words.about}\n\n" + table(("field", "what it is", "left out", ""), rows)


def _parts(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for field in model.model_fields.values():
        inner, _ = _model_in(field.annotation)
        if inner is not None:
            yield inner
            yield from _parts(inner)


def _model_in(annotation: Any) -> tuple[type[BaseModel] | None, bool]:  # noqa: ANN401 any annotation
    """Give the model that an annotation holds, and whether it holds many."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    many = get_origin(annotation) in {tuple, dict, list}
    for argument in get_args(annotation):
        inner, _ = _model_in(argument)
        if inner is not None:
            return inner, many
    return None, False


def _shown(annotation: Any, field: FieldInfo | None = None) -> str:  # noqa: ANN401 any annotation
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _shown(arguments[0])
    if origin in {Union, types.UnionType}:
        return " or ".join(_shown(argument) for argument in arguments if argument is not type(None))
    if origin is Literal:
        return ", ".join(code(str(value)) for value in arguments)
    if origin is tuple:
        return f"list of {_shown(arguments[0])}"
    if origin is dict:
        return f"{_shown(arguments[0])} to {_shown(arguments[1])}"
    return _plain(annotation, field)


def _plain(annotation: Any, field: FieldInfo | None) -> str:  # noqa: ANN401 any annotation
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return ", ".join(code(str(member.value)) for member in annotation)
    name = str(getattr(annotation, "__name__", annotation))
    return (_NAMES | _MORE_NAMES).get(name, name) + _limits(field)


def _limits(field: FieldInfo | None) -> str:
    found = []
    for limit in field.metadata if field else ():
        for name, words in (("ge", "at least"), ("gt", "more than"), ("le", "at most"), ("min_length", "length from")):
            value = getattr(limit, name, None)
            if value is not None:
                found.append(f"{words} {value}")
    return f", {', '.join(found)}" if found else ""


def _one_line(section: BaseModel) -> str:
    return ", ".join(f"{name}: {value}" for name, value in section.model_dump(mode="json").items())


def _default(field: FieldInfo, stands: BaseModel | None = None, name: str = "") -> str:
    """Write what a field is when it is left out; `stands`: the section it is in, where all of that has a default."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True) if stands is None else getattr(stands, name)
    if value is PydanticUndefined or value is None or value in ("", (), {}):
        return ""
    if isinstance(value, BaseModel):
        return "see there"
    if isinstance(value, tuple) and isinstance(value[0], BaseModel):
        return "; ".join(code(_one_line(part)) for part in value)
    if isinstance(value, SecretStr):
        return ""
    plain = TypeAdapter(timedelta).dump_python(value, mode="json") if isinstance(value, timedelta) else value
    return code(str(getattr(plain, "value", plain)).replace("True", "true").replace("False", "false"))
