"""The report about carriers as people read it, and as programs do."""

from collections.abc import Iterable
from datetime import UTC, datetime

from rich.table import Table

from contracts.errors import Rejected
from desk.report import percent
from streams.measures.carriers import Measured, Part
from streams.measures.definitions import Rate
from streams.measures.proposals import Proposal

RATES = {
    "on time": "on_time",
    "lost": "lost",
    "damaged": "damaged",
    "returned": "returned",
    "exceptions": "exceptions",
    "silent": "silent",
    "untold": "untold",
    "unknown codes": "unknown_codes",
    "told late": "told_late",
}
"""Columns, and what stands in them."""


def since_of(text: str) -> datetime | None:
    """Read a day, in UTC; None where none is given. Raises Rejected where it is none."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise Rejected(f"--since: found {text!r}; expected a day such as 2026-03-02", code="bad_day") from error


def name_of(part: Part) -> str:
    """Name a carrier, its service, a lane: `yto express CN-ZJ > DE-BY`; what nobody told is a question mark."""
    words = [part.carrier]
    if part.service is not None:
        words.append(part.service or "?")
    if part.lane is not None:
        words.append(" > ".join(place or "?" for place in part.lane))
    return " ".join(words)


def carrier_table(card: Iterable[Measured]) -> Table:
    """Show a scorecard, a carrier, service or lane a line."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    shown.add_column("carrier, service, lane")
    for column in ("legs", "hours p50/p80/p95", *RATES):
        shown.add_column(column, justify="right")
    for measured in card:
        hours = "/".join(f"{hours:g}" for hours in measured.transit) if measured.transit else "–"
        rates = [percent(_rate(measured, field)) for field in RATES.values()]
        shown.add_row(name_of(measured.part), str(measured.legs), hours, *rates)
    return shown


def sentence(proposal: Proposal) -> str:
    """Say what is proposed, and why."""
    because = "; ".join(
        f"{missed.measure} {missed.found} % of {missed.total}, limit {missed.limit:g} %" for missed in proposal.because
    )
    return f"{proposal.step} {name_of(proposal.part)}: {because}"


def as_objects(card: Iterable[Measured], proposed: Iterable[Proposal]) -> Iterable[dict[str, object]]:
    """Write a scorecard and its proposals for programs, an object each."""
    for measured in card:
        rates = {name: _rate(measured, name) for name in RATES.values()}
        yield {
            **_part(measured.part),
            "legs": measured.legs,
            "transit_hours": list(measured.transit) if measured.transit else None,
            **{name: {"hits": rate.hits, "total": rate.total} for name, rate in rates.items()},
        }
    for proposal in proposed:
        yield {
            "proposal": proposal.step.value,
            **_part(proposal.part),
            "because": [
                {"measure": one.measure, "percent": str(one.found), "total": one.total, "limit": one.limit}
                for one in proposal.because
            ],
        }


def _rate(measured: Measured, name: str) -> Rate:
    rate: Rate = getattr(measured, name)
    return rate


def _part(part: Part) -> dict[str, object]:
    return {"carrier": part.carrier, "service": part.service, "lane": list(part.lane) if part.lane else None}
