"""The reference pages about settings and events: what each field is, may be, and means when it is left out."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from contracts.events import EVENT_TYPES
from contracts.policy.kinds import Kinds
from contracts.policy.override import Override
from contracts.settings import Settings
from contracts.topics import TOPICS
from desk.generate.docstrings import described
from desk.generate.markdown import code, page, table
from desk.generate.values import default_of, shown


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
        (code(name), shown(field.annotation, field), default_of(field, default, name), words.fields.get(name, ""))
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
        (code(name), shown(field.annotation, field), default_of(field), words.fields.get(name, ""))
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
