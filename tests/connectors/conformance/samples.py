"""The fixtures of a source: payloads, and beside each what was reviewed to follow from it.

They stand in tests/mappings/*/NAME/: `X.json` (or another format's suffix) is a payload as its sender writes it,
`X.jsonl` the canonical events that follow, a line each, then the codes that no table lists. A payload that a sandbox of
the vendor's sent has the head of its request, without secrets, beside it as `X.http`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from contracts.connector import Mapped
from contracts.events import TYPE_OF
from contracts.tracking import Scan, Tracking

RECORDED = Path(__file__).parents[2] / "mappings"
REVIEWED = ".jsonl"
_BESIDE = {REVIEWED, ".http", ".toml", ".tsv", ".md"}
_STEP = re.compile(r"\.(\w+)|\[(\d+|\*)\]")

Json: TypeAlias = Any
"""Payloads are taken apart and broken by tests, so no type would hold."""


@cache
def folder_of(name: str) -> Path:
    """Where the fixtures of a source stand."""
    found = list(RECORDED.glob(f"*/{name}"))
    assert len(found) == 1, f"tests/mappings/*/{name} is the folder of its fixtures; found {len(found)} of that name"
    return found[0]


@cache
def payloads_of(name: str) -> Mapping[str, bytes]:
    """Give the payloads of a source by the names of their fixtures."""
    files = sorted(path for path in folder_of(name).iterdir() if path.suffix not in _BESIDE)
    return {path.stem: path.read_bytes() for path in files}


@cache
def reviewed_of(name: str) -> Mapping[str, str]:
    """Give what was reviewed to follow from each fixture."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder_of(name).glob(f"*{REVIEWED}"))}


def lines(mapped: Mapped) -> Iterator[str]:
    """Write what was mapped as a reviewed file holds it."""
    for event in mapped.events:
        line: Mapping[str, object] = {"type": TYPE_OF[type(event)], "data": json.loads(event.encode())}
        yield json.dumps(line, ensure_ascii=False) + "\n"
    if mapped.unknown_codes:
        yield json.dumps({"unknown_codes": mapped.unknown_codes}, ensure_ascii=False) + "\n"


def reports(mapped: Mapped) -> list[Tracking]:
    """Give the reports on parcels among the events."""
    return [event for event in mapped.events if isinstance(event, Tracking)]


def scans(mapped: Mapped) -> list[Scan]:
    """Give the scans of all parcels."""
    return [scan for report in reports(mapped) for scan in report.scans]


def at(value: Json, path: str) -> list[Json]:
    """Give what stands at a JSON path (RFC 9535: names, indices, `[*]`), nothing where there is no such place."""
    found = [value]
    for name, index in _STEP.findall(path):
        found = [inner for outer in found for inner in _inner(outer, name, index)]
    return found


def _inner(value: Json, name: str, index: str) -> list[Json]:
    if name:
        return [value[name]] if isinstance(value, dict) and name in value else []
    if not isinstance(value, list):
        return []
    return value if index == "*" else value[int(index) : int(index) + 1]
