"""The words in which people are told, from catalogues: a folder a language, in it a YAML file a family of kinds.

A kind's entry has a title and a list of body lines. `{name}` stands for a detail of the finding; a line whose detail
is empty is left out, so that nobody reads "last scan: ". A line may depend on a detail's value: `owner: {carrier: …,
recipient: …}` says the sentence that fits. What is said of answers has a file of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from string import Formatter
from typing import NamedTuple

import yaml

from contracts.snapshot import Kind, Text

LANGUAGES = ("en", "zh-CN")
_ANSWERS = "answers.yaml"


@cache
def catalogue(language: str) -> Mapping[str, Mapping[str, object]]:
    """Read a language's catalogue of kinds."""
    folder = resources.files(__package__).joinpath(language)
    files = sorted(file.name for file in folder.iterdir() if file.name.endswith(".yaml") and file.name != _ANSWERS)
    found: dict[str, Mapping[str, object]] = {}
    for name in files:
        found |= yaml.safe_load(folder.joinpath(name).read_text(encoding="utf-8"))
    return found


@cache
def answers(language: str) -> Mapping[str, Sequence[str]]:
    """Read what a language says of answers: lines by what was answered, or is missing."""
    text = resources.files(__package__).joinpath(language, _ANSWERS).read_text(encoding="utf-8")
    found: Mapping[str, Sequence[str]] = yaml.safe_load(text)
    return found


def texts_of(kind: Kind, details: Mapping[str, str]) -> dict[str, Text]:
    """Tell a finding in every language."""
    return {language: _text(language, kind, details) for language in LANGUAGES}


class _Line(NamedTuple):
    """A line, the details that it speaks of, and the value that one of them has where it is said."""

    text: str
    names: frozenset[str]
    where: tuple[str, str] | None = None

    def is_said(self, details: Mapping[str, str]) -> bool:
        if self.where is not None and details.get(self.where[0]) != self.where[1]:
            return False
        return all(details.get(name) for name in self.names)


@cache
def _lines(language: str, kind: Kind) -> tuple[_Line, ...]:
    """A kind's title and body lines."""
    entry = catalogue(language)[kind.value]
    body = entry["body"]
    items = [entry["title"], *(body if isinstance(body, list) else [body])]
    return tuple(line for item in items for line in _lines_of(item))


def answer_lines(language: str, entry: str, details: Mapping[str, str]) -> list[str]:
    """Say what was answered, or is missing; raises KeyError where there is no such entry."""
    return _written((_line(text, None) for text in answers(language)[entry]), details)


def _lines_of(item: object) -> Iterable[_Line]:
    """Read a body line: a sentence, or `{DETAIL: {VALUE: SENTENCE}}`, of which the one is said that fits."""
    if not isinstance(item, dict):
        yield _line(str(item), None)
        return
    for detail, sentences in item.items():
        for value, sentence in sentences.items():
            yield _line(str(sentence), (str(detail), str(value)))


def _line(text: str, where: tuple[str, str] | None) -> _Line:
    return _Line(text, frozenset(name for _, name, _, _ in Formatter().parse(text) if name), where)


def _text(language: str, kind: Kind, details: Mapping[str, str]) -> Text:
    title, *body = _lines(language, kind)
    return Text(title=title.text.format_map(_Present(details)), body="\n".join(_written(body, details)))


def _written(lines: Iterable[_Line], details: Mapping[str, str]) -> list[str]:
    return [line.text.format_map(details) for line in lines if line.is_said(details)]


class _Present(dict[str, str]):
    """A title is always written; a detail that is missing from it shows as a dash."""

    def __missing__(self, _name: str) -> str:
        return "–"
