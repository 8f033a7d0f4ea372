"""How much of a line stands where: picked or gone."""

from decimal import Decimal

from contracts.documents import IssueState
from streams.delivery.lines import Line
from streams.delivery.serving import Served


def counted(part: Served, unit: str) -> Decimal:
    """How much a goods issue serves of a line, in the line's unit."""
    return sum((quantity.value for quantity in part.quantities if quantity.unit == unit), Decimal(0))


def released(line: Line) -> Decimal:
    """How much of a line was picked or has left."""
    out = {IssueState.PICKED, IssueState.DESPATCHED}
    unit = line.view.ordered.unit
    return sum((counted(part, unit) for part in line.served if part.issue.state in out), Decimal(0))
