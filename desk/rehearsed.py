"""What dispatch would do, as people read it: each field as it is there, and as it would be written."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rich.table import Table

from contracts.identity import parts
from streams.dispatch.comparing import Field
from streams.dispatch.rehearsing import Step


def table(steps: Iterable[Step]) -> Table:
    """Show the writes, each with its fields."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("order", "task", "record", "would", "field", "there", "written"):
        shown.add_column(column, overflow="fold", no_wrap=column in {"order", "record", "would"})
    for step in steps:
        told = (step.lane.subject, parts(step.task.encode())[-1], step.record, step.would)
        for place, field in enumerate(step.fields or (Field("", step.text, ""),)):
            shown.add_row(*(told if place == 0 else ("",) * len(told)), field.name, field.there, field.wanted)
    return shown


def as_line(target: str, step: Step) -> Mapping[str, object]:
    """Give a write as JSON-ready values."""
    return {
        "target": target,
        "would": step.would,
        "account": step.lane.account,
        "scope": step.lane.scope,
        "order": step.lane.subject,
        "task": step.task,
        "record": step.record,
        "fields": {field.name: {"there": field.there, "written": field.wanted} for field in step.fields},
        "text": step.text,
    }


def summary(target: str, steps: Sequence[Step]) -> str:
    """Say in one line how much would be done."""
    counted = Counter(step.would for step in steps)
    told = ", ".join(f"{count} to {would}" for would, count in sorted(counted.items()))
    return f"{target}: {told or 'nothing to do'}; nothing was written"
