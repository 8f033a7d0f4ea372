"""The tables of what came of the day."""

from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from contracts.snapshot import Snapshot

_STATUS = {
    "delivered": "green",
    "in_transit": "cyan",
    "partially_delivered": "cyan",
    "despatched": "cyan",
    "returned": "magenta",
    "cancelled": "dim",
}


def orders_table(snapshots: Sequence[Snapshot]) -> Table:
    """Show every order with its status, and what was found."""
    # One blank between columns: with two, a terminal of 80 columns cuts what was found.
    table = Table(title="Orders", title_justify="left", box=None, pad_edge=False, collapse_padding=True)
    for name in ("Order", "Customer", "Until", "Status", "Found"):
        table.add_column(name, no_wrap=name != "Found", header_style="bold")
    for snapshot in snapshots:
        if snapshot.scope != "order" or snapshot.view is None:
            continue
        view, status = snapshot.view, str(snapshot.view.status)
        found = dict.fromkeys(str(finding.kind) for finding in snapshot.findings)
        table.add_row(
            snapshot.subject,
            view.customer_name,
            f"{view.promised.last_day():%m-%d}" if view.promised else "",
            Text(status, style=_STATUS.get(status, "")),
            Text(", ".join(found), style="yellow"),
        )
    return table


def tasks_table(records: Sequence[dict[str, Any]]) -> Table:
    """Show every task that arrived."""
    table = Table(title="\nTasks at the ticket desk", title_justify="left", box=None, pad_edge=False)
    for name in ("No.", "State", "For", "Task"):
        table.add_column(name, no_wrap=name != "Task", header_style="bold")
    for record in records:
        state = Text("open", style="yellow") if record["is_open"] else Text("closed", style="green")
        table.add_row(record["id"], state, record["fields"]["role"], record["fields"]["title"])
    return table
