"""The reference page about all connectors: what they are, how far each is proven, and by which pages."""

from collections import Counter
from collections.abc import Mapping

from contracts.connector import Source
from desk.generate.docstrings import split
from desk.generate.markdown import code, page, table
from desk.maturity import Evidence, Maturity, Record, records

KINDS = {
    "source": "Sources push to us",
    "poller": "Pollers are read by us",
    "target": "Targets are written to by us",
    "tracker": "Trackers are told which parcels to push",
}


def connectors_page(found: Mapping[tuple[str, str], Evidence]) -> str:
    """Every connector, from the registry and the evidence in the checkout."""
    counted = Counter(found[kind, name].maturity for kind, name, _ in records())
    levels = split(str(Maturity.__doc__), Maturity).fields
    return page(
        "Connectors",
        "How far each is proven follows from its suite and its fixtures; nobody types it. What sources send and are "
        "answered, code by code: [sources](sources.md).",
        table(
            ("maturity", "its suite runs", "connectors"),
            [(code(level.value), levels[level.value], str(counted[level])) for level in Maturity],
        ),
        *(_of_kind(kind, title, found) for kind, title in KINDS.items()),
        _left_out(found),
    )


def _of_kind(kind: str, title: str, found: Mapping[tuple[str, str], Evidence]) -> str:
    rows = [_row(record, found[kind, name]) for its_kind, name, record in records() if its_kind == kind]
    columns = ("connector", "", "maturity", "codes", "fixtures", "proven by", "pages, read on")
    return f"## {title}\n\n{table(columns, rows)}"


def _row(record: Record, shown: Evidence) -> tuple[str, ...]:
    codes = len(record.codes) if isinstance(record, Source) else 0
    pages = ", ".join(f"<{address}>" for address in record.documentation)
    proof = code(shown.suite) + (f", on {shown.real}" if shown.real else "")
    return (
        code(record.name),
        record.title,
        code(shown.maturity),
        str(codes or ""),
        str(shown.fixtures or ""),
        proof,
        f"{pages}; {record.read_on.isoformat()}",
    )


def _left_out(found: Mapping[tuple[str, str], Evidence]) -> str:
    rows = [
        (code(shown.name), shown.kind, clause.replace("_", " "), reason)
        for shown in found.values()
        for clause, reason in shown.left_out.items()
    ]
    return "## What does not apply\n\nClauses that a connector's suite leaves out, and why.\n\n" + table(
        ("connector", "kind", "clause", "because"), rows
    )
