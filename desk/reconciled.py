"""Where a target and the wanted states disagree, as people read it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from rich.table import Table

from contracts.identity import parts

if TYPE_CHECKING:
    from streams.dispatch.comparing import Difference
    from streams.dispatch.reconciling import Compared, Mended

_MEANS = {
    "missing": "wanted, and not there",
    "closed": "wanted, and closed there",
    "differs": "other fields than wanted",
    "duplicate": "open besides the one that stands for its task",
    "unwanted": "open, and nobody wants it",
    "lost": "there, and unknown to the ledger",
}


def table(differences: "Iterable[Difference]") -> Table:
    """Show them, one a line; of fields that differ each one."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("order", "task", "record", "what", "field", "wanted", "there"):
        shown.add_column(column, overflow="fold", no_wrap=column in {"order", "record"})
    for one in differences:
        told = (one.lane.subject, _task(one.task), one.record, _MEANS[one.what])
        for place, (name, wanted, there) in enumerate(one.fields or (("", "", ""),)):
            shown.add_row(*(told if place == 0 else ("",) * len(told)), name, wanted, there)
    return shown


def as_lines(differences: "Iterable[Difference]") -> Iterator[Mapping[str, object]]:
    """Give them as JSON-ready values."""
    for one in differences:
        yield {
            "what": one.what,
            "account": one.lane.account,
            "scope": one.lane.scope,
            "order": one.lane.subject,
            "task": one.task,
            "record": one.record,
            "fields": {field.name: {"wanted": field.wanted, "there": field.there} for field in one.fields},
            "can_be_mended": one.mark is not None,
        }


def summary(target: str, compared: "Compared", mended: "Mended | None") -> str:
    """Say what came of it in one line."""
    count = len(compared.differences)
    found = (
        f"{target}: {compared.orders} orders compared, {count or 'no'} {'difference' if count == 1 else 'differences'}"
    )
    if compared.busy:
        found += f"; {compared.busy} left out: dispatch is at work on them"
    if mended is None or not count:
        return found
    left = f", {len(mended.left)} left for people" if mended.left else ""
    return f"{found}; {mended.marked} for dispatch to see to{left}"


def _task(key: str) -> str:
    return parts(key.encode())[-1] if key.startswith("[") else key
