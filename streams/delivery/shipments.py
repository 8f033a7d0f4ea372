"""How the goods of an order travel, as its goods issues tell it."""

from collections.abc import Iterable, Iterator

from contracts.documents import GoodsIssue, IssueState, Transport
from contracts.snapshot import ShipmentView


def shipments_of(issues: Iterable[GoodsIssue]) -> Iterator[ShipmentView]:
    """Show of each goods issue that is not cancelled what it tells of its transport and of its packages' marks."""
    for issue in issues:
        marks = tuple(package.mark for package in issue.packages if package.mark)
        if issue.state is not IssueState.CANCELLED and (issue.transport is not None or marks):
            yield _shown(issue.document, issue.transport or Transport(), marks)


def _shown(document: str, transport: Transport, marks: tuple[str, ...]) -> ShipmentView:
    return ShipmentView(
        document=document,
        mode=transport.mode,
        vehicle=transport.vehicle,
        driver=transport.driver,
        container=transport.container,
        seals=transport.seals,
        gate_pass=transport.gate_pass,
        marks=marks,
    )
