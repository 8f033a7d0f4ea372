"""The whole way of a record in one process, and short words for the documents and reports that tests send along it."""

import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from contracts.clock import INGRESS, poller_source
from contracts.condition import ConditionReading, Reading
from contracts.documents import (
    Conditions,
    DeliveryMethod,
    GoodsIssue,
    IssueLine,
    IssueState,
    Order,
    OrderLine,
    OrderState,
    Package,
    Party,
    Product,
)
from contracts.events import TYPE_OF
from contracts.model import Contract, read
from contracts.moment import Moment, Precision, Window, ZoneSource
from contracts.policy import Policy
from contracts.proof import ProofOfDelivery
from contracts.quantity import Quantity
from contracts.raw import RawRequest
from contracts.service import CaseSeverity, ServiceCase
from contracts.snapshot import Finding, Severity, Snapshot, Task
from contracts.topics import INBOUND, SNAPSHOTS
from contracts.tracking import Coverage, Scan, Tracking, TrackingStatus, scan_id
from streams.stages import cases, deliver, documents, lanes, resolve
from streams.stages.normalise import Connectors, normalise
from tests.streams.watched import Failure, WatchedReplay

ERP = "factory"
ZONE = "Asia/Shanghai"
POLICY = Policy(pollers=(ERP,))
START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
"""Monday, eight o'clock in the morning in Shanghai."""


def hours(count: float) -> datetime:
    """`count` hours after the start."""
    return START + timedelta(hours=count)


class Way:
    """All stages, with their clock."""

    def __init__(
        self,
        policy: Policy = POLICY,
        *,
        partitions: int = 1,
        choose: Callable[[int], int] = lambda _: 0,
        connectors: Connectors = Connectors(),  # noqa: B008 frozen
    ) -> None:
        """Begin empty. What a stage cannot take fails the test at once, unless it is heard under `refusing`."""
        self.stages: list[Any] = [
            normalise(connectors, lambda _: None),
            documents.STAGE,
            resolve.STAGE,
            cases.STAGE,
            deliver.STAGE,
            lanes.STAGE,
        ]
        self.replay = WatchedReplay(self.stages, policy, partitions=partitions, choose=choose)

    def tell(self, event: Contract, received_at: datetime) -> None:
        """Receive a canonical event."""
        body = json.dumps({"type": TYPE_OF[type(event)], "data": json.loads(event.encode())}).encode()
        raw = RawRequest("quayside", ERP, body, received_at, "application/json")
        key, value, headers = raw.record()
        self.replay.put(INBOUND, key, value, headers)

    def hear(self, now: datetime, sources: Iterable[str] = (INGRESS, poller_source(ERP))) -> None:
        """Let all `sources` tick at `now`, and read everything."""
        for source in sources:
            self.replay.tick(source, now, every=0)
        self.replay.settle()

    def refusing(self, *codes: str) -> AbstractContextManager[list[Failure]]:
        """Expect that the stages cannot take exactly this, by its codes; raises AssertionError where they can."""
        return self.replay.refusing(*codes)

    def snapshots(self) -> dict[tuple[str, str], Snapshot]:
        """Give the newest snapshots by scope and subject."""
        found = [read(Snapshot, record.value) for record in self.replay.latest(SNAPSHOTS).values()]
        return {(snapshot.scope, snapshot.subject): snapshot for snapshot in found}

    def order(self, number: str = "SO1") -> Snapshot:
        """Give the newest snapshot of an order."""
        return self.snapshots()["order", number]

    def findings(self) -> list[Finding]:
        """Give everything that is found in the newest snapshots."""
        return [finding for snapshot in self.snapshots().values() for finding in snapshot.findings]

    def tasks(self) -> list[Task]:
        """Give every task that the newest snapshots want."""
        return [task for snapshot in self.snapshots().values() for task in snapshot.wanted.tasks]


def order(
    number: str = "SO1",
    *,
    ordered: int = 10,
    promised: Window | None = None,
    state: OrderState = OrderState.CONFIRMED,
    version: datetime = START,
    withdrawn: bool = False,
    agreed: bool = False,
    method: DeliveryMethod = DeliveryMethod.THIRD_PARTY,
) -> Order:
    """An order of one line, promised by the end of Wednesday unless told otherwise.

    agreed: the customer agreed to what it says.
    """
    return Order(
        account=ERP,
        document=number,
        version=version,
        withdrawn=withdrawn,
        state=state,
        method=method,
        customer=Party(id="C7", name="Nordwerk GmbH"),
        ordered_at=Moment(at=START),
        lines=(
            OrderLine(
                line="1",
                product=Product(code="BRG-6204", name="Deep groove ball bearing"),
                ordered=pieces(ordered),
                promised=promised or Window.of_days(None, hours(48).date(), ZONE),
                agreed=agreed,
            ),
        ),
    )


def issue(
    document: str = "GI1",
    quantities: dict[str, int] | None = None,
    *,
    numbers: Iterable[str] = ("YT1",),
    state: IssueState = IssueState.DESPATCHED,
    at: datetime = START,
    version: datetime = START,
    withdrawn: bool = False,
    carrier: str = "yuantong",
    conditions: Conditions | None = None,
) -> GoodsIssue:
    """A goods issue of pieces per order, in one parcel unless told otherwise. at: when it left or was cancelled."""
    return GoodsIssue(
        account=ERP,
        document=document,
        version=version,
        withdrawn=withdrawn,
        state=state,
        despatched_at=Moment(at=at) if state is IssueState.DESPATCHED else None,
        planned_for=Moment(at=at) if state.is_open else None,
        closed_at=at if state is IssueState.CANCELLED else None,
        lines=tuple(
            IssueLine(
                line=str(place),
                order=number,
                order_line="1",
                product=Product(code="BRG-6204"),
                quantity=pieces(count),
            )
            for place, (number, count) in enumerate((quantities or {"SO1": 10}).items())
        ),
        packages=tuple(Package(carrier=carrier, tracking_number=number) for number in numbers),
        conditions=conditions,
    )


def pieces(count: int) -> Quantity:
    """So many pieces."""
    return Quantity(value=Decimal(count), unit="C62")


def report(
    number: str = "YT1",
    *scans: tuple[datetime, TrackingStatus],
    coverage: Coverage = Coverage.SNAPSHOT,
    source: str = "kuaidi100/express",
    carrier: str = "yuantong",
) -> Tracking:
    """A report of a parcel's scans, oldest first."""
    return Tracking(
        account=source.partition("/")[2],
        source=source,
        number=number,
        carrier=carrier,
        coverage=coverage,
        scans=tuple(_scan(position, at, status) for position, (at, status) in enumerate(scans)),
    )


def _scan(position: int, at: datetime, status: TrackingStatus) -> Scan:
    occurred = Moment(at=at, precision=Precision.LOCAL, zone_source=ZoneSource.DOCUMENTATION)
    return Scan(
        id=scan_id(occurred, status, f"{status} scan"),
        occurred=occurred,
        status=status,
        raw_code=status,
        raw_text=f"{status} scan",
        location="Hangzhou",
        position=position,
    )


def measured(
    *readings: tuple[datetime, float],
    number: str = "YT1",
    order: str = "",
    logger: str = "L1",
    humidity: float | None = None,
) -> ConditionReading:
    """A logger's temperatures, of a parcel unless an order is named. humidity: beside each, the same."""
    return ConditionReading(
        account=ERP if order else "coldchain",
        source="loggers/coldchain",
        logger=logger,
        number="" if order else number,
        order=order,
        readings=tuple(
            Reading(
                at=at,
                temperature=Decimal(str(celsius)),
                humidity=Decimal(str(humidity)) if humidity is not None else None,
            )
            for at, celsius in readings
        ),
    )


def proof(
    at: datetime,
    *,
    number: str = "YT1",
    order: str = "",
    proof_id: str = "POD1",
    version: datetime | None = None,
    withdrawn: bool = False,
) -> ProofOfDelivery:
    """A proof of delivery, of a parcel unless an order is named too."""
    return ProofOfDelivery(
        account=ERP if order else "express",
        source="kuaidi100/express",
        id=proof_id,
        version=version or at,
        withdrawn=withdrawn,
        number=number,
        order=order,
        delivered=Moment(at=at),
        signed_by="Wang Fang",
        location="Ningbo",
    )


def service_case(
    number: str = "C1",
    *,
    order: str = "SO1",
    severity: CaseSeverity | None = Severity.GRAVE,
    version: datetime = START,
    reported: datetime = START,
    **steps: Any,  # noqa: ANN401 - instants and whatever else a test is about
) -> ServiceCase:
    """An after-sales case, grave and not answered unless told otherwise."""
    return ServiceCase(
        account=ERP, case=number, version=version, order=order, severity=severity, reported=reported, **steps
    )
