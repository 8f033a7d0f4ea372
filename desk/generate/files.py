"""Which files are generated, and what is wrong with those that are there."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desk import maturity
from desk.generate.asyncapi import asyncapi
from desk.generate.compatibility import breaks
from desk.generate.connectors import connectors_page
from desk.generate.evidence import evidence
from desk.generate.fields import fields_page
from desk.generate.findings import findings_page
from desk.generate.models import events_page, settings_page
from desk.generate.reference import ROOT, commands_page, errors_page, metrics_page, topics_page
from desk.generate.schemas import event_schemas
from desk.generate.sources import sources_page

SCHEMAS = Path("contracts", "schemas")
RELEASED = SCHEMAS / "released"
REFERENCE = Path("docs", "reference")
EVIDENCE = Path("desk", maturity.FILE)
_SUFFIX = ".schema.json"


def generated() -> dict[Path, str]:
    """Give the content of every generated file, by its path from the project's folder."""
    schemas = {SCHEMAS / f"{name}{_SUFFIX}": _json(schema) for name, schema in event_schemas().items()}
    shown = evidence()
    pages = {
        "commands": commands_page,
        "connectors": lambda: connectors_page({(one.kind, one.name): one for one in shown}),
        "errors": errors_page,
        "events": events_page,
        "fields": fields_page,
        "findings": findings_page,
        "metrics": metrics_page,
        "settings": settings_page,
        "sources": sources_page,
        "topics": topics_page,
    }
    reference: dict[Path, str] = {REFERENCE / f"{name}.md": write() for name, write in pages.items()}
    others = {SCHEMAS / "asyncapi.json": _json(asyncapi()), EVIDENCE: maturity.write_evidence(shown)}
    return {**schemas, **others, **reference}


def stale(files: Mapping[Path, str], root: Path = ROOT) -> list[Path]:
    """Give those that are missing, differ, or are generated no longer."""
    differing = [path for path, content in files.items() if _read(root / path) != content]
    return sorted(differing + _left_over(files, root))


def write(files: Mapping[Path, str], root: Path = ROOT) -> list[Path]:
    """Write those that differ and remove what is generated no longer; give their paths."""
    changed = stale(files, root)
    for path in changed:
        if path in files:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(files[path], encoding="utf-8")
        else:
            (root / path).unlink()
    return changed


def release(files: Mapping[Path, str], root: Path = ROOT) -> None:
    """Make the schemas among `files` the released ones."""
    (root / RELEASED).mkdir(parents=True, exist_ok=True)
    for old in (root / RELEASED).glob(f"*{_SUFFIX}"):
        old.unlink()
    for path, content in files.items():
        if path.parent == SCHEMAS and path.name.endswith(_SUFFIX):
            (root / RELEASED / path.name).write_text(content, encoding="utf-8")


def broken(files: Mapping[Path, str], root: Path = ROOT) -> list[str]:
    """Tell every change since the released schemas that breaks a reader."""
    found = []
    for path in sorted((root / RELEASED).glob(f"*{_SUFFIX}")):
        name = path.name.removesuffix(_SUFFIX)
        new = files.get(SCHEMAS / path.name)
        if new is None:
            found.append(f"{name}: was removed; it breaks whoever reads it")
            continue
        old: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found += [f"{name}: {change}" for change in breaks(old, json.loads(new))]
    return found


def _left_over(files: Mapping[Path, str], root: Path) -> list[Path]:
    there = (path.relative_to(root) for path in (root / SCHEMAS).glob(f"*{_SUFFIX}"))
    return [path for path in there if path not in files]


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
