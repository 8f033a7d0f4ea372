"""What a checkout shows of each connector: which suite runs over it, on what, and what it leaves out."""

import ast
import tomllib
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from contracts.errors import Fatal
from desk.generate.reference import ROOT
from desk.maturity import Evidence, records

ATTRIBUTES = ("source", "poller", "target", "tracker")
"""By which of them a suite names its record: what it is called is the connector's kind."""
SYSTEMS = "tests/systems"
REAL_PROGRAMS = {
    "desk.receive": "the ticket desk itself",
    "tests.connectors.mail_server": "an SMTP server",
    "connectors.pollers.sample_file": "files",
}
"""Modules whose import in a suite's test means that it runs on the system itself."""
REVIEWED, RECORDING = ".jsonl", ".http"
"""Beside a payload: what was reviewed to follow from it, and the head of the request with which it was recorded."""
_SUITES = ("Conformance", "Suite")


class Suite(NamedTuple):
    """A test class that inherits a suite."""

    kind: str
    name: str
    module: str
    real: str
    left_out: dict[str, str]


def evidence(root: Path = ROOT) -> list[Evidence]:
    """Find the evidence of every connector, in the order of their kinds and names."""
    suites: dict[tuple[str, str], list[Suite]] = {}
    for suite in _suites(root):
        suites.setdefault((suite.kind, suite.name), []).append(suite)
    return [
        _of(root, kind, name, suites.get((kind, name), []), pages=bool(record.documentation))
        for kind, name, record in records()
    ]


def _of(root: Path, kind: str, name: str, suites: list[Suite], *, pages: bool) -> Evidence:
    best = max(suites, key=lambda suite: bool(suite.real), default=None)
    folder = next(iter(sorted(root.glob(f"tests/mappings/*/{name}"))), None)
    is_read = folder is not None and kind in {"source", "poller"}
    reviewed = sorted(folder.glob(f"*{REVIEWED}")) if folder is not None and is_read else []
    return Evidence(
        kind=kind,
        name=name,
        pages=pages,
        suite=best.module if best else "",
        fixtures=len(reviewed),
        recorded=sum(path.with_suffix(RECORDING).is_file() for path in reviewed),
        real=best.real if best else "",
        left_out={**_declared(folder if kind == "source" else None), **(best.left_out if best else {})},
    )


def _declared(folder: Path | None) -> Mapping[str, str]:
    path = folder / "conformance.toml" if folder else None
    if path is None or not path.is_file():
        return {}
    found: Mapping[str, str] = tomllib.loads(path.read_text(encoding="utf-8")).get("not_applicable", {})
    return found


def _suites(root: Path) -> Iterator[Suite]:
    for path in sorted(root.glob("tests/**/test_*.py")):
        text = path.read_text(encoding="utf-8")
        if not any(suite in text for suite in _SUITES):
            continue  # it is not parsed: most tests inherit no suite
        tree = ast.parse(text)
        imported = {alias.asname or alias.name: node.module for node, alias in _imports(tree)}
        module = path.relative_to(root).as_posix()
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith(_SUITES) for base in node.bases):
                yield from _suite(node, module, imported)


def _imports(tree: ast.Module) -> Iterator[tuple[ast.ImportFrom, ast.alias]]:
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node, alias


def _suite(node: ast.ClassDef, module: str, imported: Mapping[str, str | None]) -> Iterator[Suite]:
    given = {name: value for statement in node.body for name, value in _assigned(statement)}
    left_out = _left_out_by_base(node, imported)
    left_out |= ast.literal_eval(given["not_applicable"]) if "not_applicable" in given else {}
    real = "tests/systems" if module.startswith(SYSTEMS) else ""
    for program, words in REAL_PROGRAMS.items():
        if any(str(origin).startswith(program) for origin in imported.values()):
            real = real or words
    for kind in ATTRIBUTES:
        if kind in given:
            yield Suite(kind, _name(given[kind], imported, module), module, real, left_out)


def _left_out_by_base(node: ast.ClassDef, imported: Mapping[str, str | None]) -> dict[str, str]:
    """Give what the suite leaves out of itself, for all who inherit it."""
    bases = [(imported.get(base.id), base.id) for base in node.bases if isinstance(base, ast.Name)]
    suites = [getattr(import_module(module), name) for module, name in bases if module]
    return {clause: why for suite in suites for clause, why in getattr(suite, "not_applicable", {}).items()}


def _assigned(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            yield name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value


def _name(value: ast.expr, imported: Mapping[str, str | None], module: str) -> str:
    """Give the name of the connector that an expression means: its record, or `TRACKERS["name"]`."""
    match value:
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case ast.Name(id=constant) if imported.get(constant):
            return str(getattr(import_module(str(imported[constant])), constant).name)
    raise Fatal(f"{module}: {ast.unparse(value)} names no connector that can be found without running the test")
