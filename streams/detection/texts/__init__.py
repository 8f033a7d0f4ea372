"""The words in which people are told, from catalogues: a folder a language, in it a YAML file a family of kinds.

A kind's entry has a title and a list of body lines. `{name}` stands for a detail of the finding; a line whose detail
is empty is left out, so that nobody reads "last scan: ". What is said of answers has a file of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from string import Formatter

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


@cache
def _lines(language: str, kind: Kind) -> tuple[tuple[str, frozenset[str]], ...]:
    """A kind's title and body lines, each with the names that it speaks of."""
    entry = catalogue(language)[kind.value]
    body = entry["body"]
    return _named((str(entry["title"]), *(body if isinstance(body, list) else [body])))


@cache
def _named(lines: tuple[str, ...]) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((line, frozenset(name for _, name, _, _ in Formatter().parse(line) if name)) for line in lines)


def answer_lines(language: str, entry: str, details: Mapping[str, str]) -> list[str]:
    """Say what was answered, or is missing; raises KeyError where there is no such entry."""
    return _written(_named(tuple(answers(language)[entry])), details)


def _text(language: str, kind: Kind, details: Mapping[str, str]) -> Text:
    title, *body = _lines(language, kind)
    return Text(title=title[0].format_map(_Present(details)), body="\n".join(_written(body, details)))


def _written(body: Iterable[tuple[str, frozenset[str]]], details: Mapping[str, str]) -> list[str]:
    return [line.format_map(details) for line, names in body if all(details.get(name) for name in names)]


class _Present(dict[str, str]):
    """A title is always written; a detail that is missing from it shows as a dash."""

    def __missing__(self, _name: str) -> str:
        return "–"
