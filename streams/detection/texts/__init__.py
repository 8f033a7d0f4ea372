"""The words in which people are told, from catalogues: a folder a language, in it a YAML file a family of kinds.

A kind's entry has a title and a list of body lines. `{name}` stands for a detail of the finding; a line whose detail
is empty is left out, so that nobody reads "last scan: ".
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from string import Formatter

import yaml

from contracts.snapshot import Kind, Text

LANGUAGES = ("en", "zh-CN")


@cache
def catalogue(language: str) -> Mapping[str, Mapping[str, object]]:
    """Read a language's catalogue."""
    folder = resources.files(__package__).joinpath(language)
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    found: dict[str, Mapping[str, object]] = {}
    for file in files:
        found |= yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def texts_of(kind: Kind, details: Mapping[str, str]) -> dict[str, Text]:
    """Tell a finding in every language."""
    return {language: _text(language, kind, details) for language in LANGUAGES}


@cache
def _lines(language: str, kind: Kind) -> tuple[tuple[str, frozenset[str]], ...]:
    """A kind's title and body lines, each with the names that it speaks of."""
    entry = catalogue(language)[kind.value]
    body = entry["body"]
    lines = [entry["title"], *(body if isinstance(body, list) else [body])]
    return tuple(
        (str(line), frozenset(name for _, name, _, _ in Formatter().parse(str(line)) if name)) for line in lines
    )


def _text(language: str, kind: Kind, details: Mapping[str, str]) -> Text:
    title, *body = _lines(language, kind)
    written = [line.format_map(details) for line, names in body if all(details.get(name) for name in names)]
    return Text(title=title[0].format_map(_Present(details)), body="\n".join(written))


class _Present(dict[str, str]):
    """A title is always written; a detail that is missing from it shows as a dash."""

    def __missing__(self, _name: str) -> str:
        return "–"
