"""The words in which customers are told, from catalogues: one YAML file a language, beside this one.

As findings' texts: a line whose detail is empty is left out.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any

import yaml

from contracts.snapshot import Text
from contracts.trade_documents import document_name
from streams.detection.texts import LANGUAGES

UNKNOWN_DATE = "date_unknown"
MEASURES = ("carrier", "customs", "despatch", "recipient", "following")


@cache
def notices(language: str) -> Mapping[str, Any]:
    """Read a language's catalogue."""
    text = resources.files(__package__).joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


def notice_texts(
    name: str, details: Mapping[str, str], *, measure: str = "", documents: Sequence[str] = ()
) -> dict[str, Text]:
    """Write a notice in every language. Without a date it is told as unknown.

    measure: which of `MEASURES` is told. documents: as the order names them, by a code or in its own words; what has a
    name in the catalogue is told by that, and once.
    """
    return {language: _text(language, name, details, measure, documents) for language in LANGUAGES}


def _text(language: str, name: str, details: Mapping[str, str], measure: str, documents: Sequence[str]) -> Text:
    catalogue = notices(language)
    named = dict.fromkeys(catalogue["documents"].get(document_name(told), told) for told in documents)
    told = {
        **details,
        "documents": catalogue["between"].join(named),
        "measure": catalogue["measures"][measure] if measure else "",
        UNKNOWN_DATE: "" if details.get("date") else catalogue[UNKNOWN_DATE],
    }
    entry = catalogue[name]
    lines = [line.format_map(told) for line in entry["body"] if all(told.get(detail) for detail in _names(line))]
    return Text(title=entry["title"].format_map(told), body="\n".join(lines))


@cache
def _names(line: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(line) if name)
