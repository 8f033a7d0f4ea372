"""What a model's docstring says of its fields: `name: what it is.`, beside what it says of itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import BaseModel


@dataclass
class Described:
    """The words about a model, and those about each field that it describes."""

    about: str = ""
    fields: dict[str, str] = field(default_factory=dict)


def described(model: type[BaseModel]) -> Described:
    """Read the docstrings of a model and of the models it builds on."""
    found = Described()
    for ancestor in reversed(model.__mro__):
        if issubclass(ancestor, BaseModel) and ancestor is not BaseModel and "__doc__" in vars(ancestor):
            own = split(str(ancestor.__doc__), model.model_fields)
            found = Described(own.about, found.fields | own.fields)
    return found


def split(text: str, names: Iterable[str]) -> Described:
    """Split a docstring at the names that are followed by a colon; paragraphs stay apart."""
    at_names = re.compile(rf"(?:(?<=^)|(?<=\s))({'|'.join(map(re.escape, names))}): ") if list(names) else None
    found, about = Described(), []
    for paragraph in text.strip().split("\n\n"):
        line = " ".join(paragraph.split())
        prose, *rest = at_names.split(line) if at_names else [line]
        about.append(prose.strip())
        for name, words in zip(rest[::2], rest[1::2], strict=True):
            found.fields[name] = _sentence(words)
    found.about = " ".join(part for part in about if part)
    return found


def _sentence(words: str) -> str:
    text = words.strip().rstrip(";,")
    return text if text.endswith((".", "…", "?")) else f"{text}."
