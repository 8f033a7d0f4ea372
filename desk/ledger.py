"""The ledger as people read it: how each target stands, its entries in a table, and one order's in full."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from rich.table import Table

from contracts.identity import parts
from contracts.record_keys import RecordSort
from contracts.settings import TargetAccount
from streams.dispatch.entry import Entry
from streams.store.overview import Line, TargetStatus


def standing(name: str, account: TargetAccount | None, status: TargetStatus) -> Iterator[str]:
    """Tell how one target stands. account: None where the configuration knows it no longer."""
    yield f"{name} ({account.mode if account else 'no longer configured'})"
    counted = ", ".join(f"{count} {state}" for state, count in sorted(status.counts.items()))
    yield f"  tasks    {counted or 'none yet'}"
    if status.shadow:
        yield f"  shadow   {status.shadow} that would have gone: quayside ledger list --target {name} --shadow"
    if status.waiting:
        yield f"  waiting  {_orders(status.waiting)}, the oldest since {_time(status.waiting_since)}"
    if status.parked:
        yield f"  parked   {_orders(status.parked)}, until the next try"
    for revision, count in sorted(status.held.items()):
        yield f"  held     {count} that policy revision {revision} brought: quayside release {name} {revision}"
    if status.failing:
        yield f"  failing  {status.failing}: quayside ledger list --target {name} --failing"


def table(lines: Sequence[Line]) -> Table:
    """Show entries, one a row that fits 80 columns, with their accounts where there are several.

    Why one fails, and when it is tried again, stands below its task.
    """
    accounts = {entry.account for entry, _ in lines}
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("since (UTC)", "state", "target", *(["account"] if len(accounts) > 1 else []), "order", "record"):
        shown.add_column(column, overflow="fold", no_wrap=column in {"since (UTC)", "state", "order"})
    shown.add_column("task", overflow="fold")
    for entry, next_at in lines:
        whose = [entry.account] if len(accounts) > 1 else []
        told = "\n".join(filter(None, (_task(entry), _trouble(entry, next_at))))
        since = f"{entry.since:%Y-%m-%d %H:%M}"
        shown.add_row(since, entry.state, entry.target, *whose, entry.subject, entry.remote_id, told)
    return shown


def in_full(lines: Iterable[Line]) -> Iterator[str]:
    """Tell all of some entries, one after another."""
    for entry, next_at in lines:
        kept = "shadow, never sent" if entry.shadow else f"record {entry.remote_id or 'none yet'}"
        yield f"{entry.target}: {_task(entry)}; {entry.scope} {entry.subject} of {entry.account}; {entry.state}, {kept}"
        told = {
            "task": entry.task,
            "key": entry.idempotency_key,
            "since": _time(entry.since),
            "opened": _time(entry.opened_at),
            "closed": _closed(entry),
            "merged": f"into {entry.merged_into}, which is watched" if entry.merged_into else "",
            "owner": entry.assigned_to,
            "failing": _failing(entry, next_at),
            "error": f"{entry.error_code}: {entry.error}" if entry.error_code else "",
        }
        yield from (f"  {name:<8} {value}" for name, value in told.items() if value)
        for name, value in sorted(entry.fields.items()):
            yield f"    {name}: {value}".replace("\n", "\n      ")
        yield ""


def _task(entry: Entry) -> str:
    *_, about, kind = parts(entry.task.encode())
    if entry.sort is not RecordSort.TASK:
        about, kind = kind, about
    of = "" if about == f"order:{entry.subject}" else f" of {about}"
    return f"{kind}{of}" if entry.episode == 1 else f"{kind}{of}, episode {entry.episode}"


def _closed(entry: Entry) -> str:
    if entry.closed_at is None:
        return ""
    by = f" by {entry.closed_by}" if entry.closed_by else ""
    return f"{_time(entry.closed_at)}{by}" + (f": {entry.reason}" if entry.reason else "")


def _failing(entry: Entry, next_at: datetime | None) -> str:
    if entry.failing_since is None:
        return ""
    again = f"the next at {_time(next_at)}" if next_at else "given up"
    return f"since {_time(entry.failing_since)}, {entry.tries} tries counted, {again}"


def _trouble(entry: Entry, next_at: datetime | None) -> str:
    if entry.failing_since is None:
        return entry.error_code
    return f"{entry.error_code}, {f'again at {_time(next_at)}' if next_at else 'given up'}"


def _orders(count: int) -> str:
    return "1 order" if count == 1 else f"{count} orders"


def _time(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else ""
