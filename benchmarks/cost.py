"""(4) What the deliver step costs, in process: by the number of a delivery's facts, and of open deliveries."""

import gc
import itertools
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec

from benchmarks.running import NotEqual, resident_mib
from benchmarks.topics import Record
from contracts.clock import INGRESS, poller_source
from contracts.documents import GoodsIssue, IssueLine, IssueState, Order, OrderLine, OrderState, Package, Product
from contracts.envelope import Envelope, Headers
from contracts.events import TYPE_OF
from contracts.exchange import DocumentSlice, ParcelClaim, ParcelFacts
from contracts.identity import order_key
from contracts.model import Contract
from contracts.moment import Moment, Window
from contracts.policy import Policy
from contracts.quantity import Quantity
from contracts.ticks import Tick
from contracts.tracking import Coverage, Scan, Tracking, TrackingStatus
from streams.delivery.facts import FORMAT, Delivery
from streams.delivery.stub import Stub
from streams.engine.core import PartitionCore
from streams.engine.keyrecord import read_key
from streams.engine.replay import Stored
from streams.facts.exchange import to_contract
from streams.facts.history import History, join, of_report
from streams.stages.deliver import STAGE

FACTS = (5, 20, 100, 1_000)
OPEN = (10_000, 1_000_000)
EVENTS = 2_000
CHUNK = 500
ACCOUNT = "factory"
BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
POLICY = Policy(pollers=(ACCOUNT,))
PIECES = Quantity(value=Decimal(10), unit="C62")


@dataclass(frozen=True, slots=True)
class Cost:
    """What was measured. size: of what it was measured by; microseconds: an event, each run; bytes: a delivery."""

    size: int
    microseconds: tuple[float, ...]
    bytes: float


def by_facts(repeats: int) -> list[Cost]:
    """One more scan for a delivery of so many facts: its state is read, joined, folded, and written again."""
    return [_by_facts(facts, repeats) for facts in FACTS]


def by_open_deliveries(repeats: int) -> list[Cost]:
    """One more scan for some of so many deliveries, each with a deadline armed."""
    return [_by_open(number, repeats) for number in OPEN]


def _by_facts(facts: int, repeats: int) -> Cost:
    core = _core()
    place = itertools.count()
    _take(core, [_stored(next(place), event, "SO-1") for event in _first("SO-1", facts - 4)])
    costs = []
    for run in range(repeats):
        records = [_stored(next(place), _scans("SO-1", facts - 3 + run % 2), "SO-1") for _ in range(20)]
        # Each record of a chunk of its own, so that each is one reading and one writing of the state.
        began = time.process_time()
        for record in records:
            _take(core, [record])
        costs.append((time.process_time() - began) / len(records) * 1e6)
    state = read_key(core.table[order_key(ACCOUNT, "SO-1")]).state
    return Cost(facts, tuple(costs), len(state or b""))


def _by_open(number: int, repeats: int) -> Cost:
    gc.collect()
    before = resident_mib(os.getpid())
    core = _core()
    for key, value in open_deliveries(number):
        core.recover(key, value)
    list(core.resume(BEGIN))
    grown = (resident_mib(os.getpid()) - before) * 2**20 / number
    place, costs = itertools.count(1_000), []
    for run in range(repeats):
        orders = [f"SO-{(run * EVENTS + position) * 7919 % number}" for position in range(EVENTS)]
        records = [_stored(next(place), _scans(order, 8), order) for order in orders]
        began = time.process_time()
        for start in range(0, EVENTS, CHUNK):
            _take(core, records[start : start + CHUNK])
        costs.append((time.process_time() - began) / EVENTS * 1e6)
    if len(core.table) != number:
        raise NotEqual(f"{len(core.table)} deliveries are held; {number} were")
    return Cost(number, tuple(costs), grown)


def _core() -> PartitionCore[Delivery | Stub, Policy]:
    core: PartitionCore[Delivery | Stub, Policy] = PartitionCore(STAGE, POLICY, partition=0, partitions=1)
    heard = {source: BEGIN + timedelta(hours=40) for source in (INGRESS, poller_source(ACCOUNT))}
    ticks = [
        Tick(stage, BEGIN + timedelta(hours=40), heard, partition=0).encode()
        for stage in ("normalise", "documents", "resolve")
    ]
    headers = [("ce_type", b"quayside.tick.v1")]
    _take(core, [Stored("deliveries", 0, -10 + place, None, tick, headers) for place, tick in enumerate(ticks)])
    return core


def _take(core: PartitionCore[Delivery | Stub, Policy], records: list[Stored]) -> None:
    for writes in core.take(records, BEGIN):
        if writes.counts.get("dead_lettered"):
            raise NotEqual("an event was refused")


def open_deliveries(number: int) -> Iterator[tuple[bytes, bytes]]:
    """Open deliveries of some facts, as a changelog holds them: one is made by the stage, the others are its like."""
    core = _core()
    _take(core, [_stored(place, event, "SO-0") for place, event in enumerate(_first("SO-0", 6))])
    record = read_key(core.table[order_key(ACCOUNT, "SO-0")])
    one = FORMAT.read(record.state or b"")
    if not isinstance(one, Delivery) or not record.wakes:
        raise NotEqual("a delivery on its way is open, and has a deadline")
    for position in range(number):
        order = f"SO-{position}"
        state = FORMAT.write(msgspec.structs.replace(one, order=order))
        yield order_key(ACCOUNT, order), msgspec.structs.replace(record, state=state).encode()


def order_event(number: int) -> Record:
    """Tell of an order that none of the open deliveries is of, as `deliveries` carries it."""
    order = f"SO-NEW-{number}"
    told = _first(order, 1)[0]
    return order_key(ACCOUNT, order), told.encode(), _headers(type(told))


def _first(order: str, scans: int) -> list[Contract]:
    """An order, its goods issue with one parcel, the claim, and so many scans."""
    product = Product(code="BRG-6204")
    window = Window(closes=BEGIN + timedelta(days=5), zone="Asia/Shanghai")
    line = OrderLine(line="1", product=product, ordered=PIECES, promised=window)
    whole = Order(
        account=ACCOUNT,
        document=order,
        version=BEGIN,
        state=OrderState.CONFIRMED,
        ordered_at=Moment(at=BEGIN),
        confirmed_at=Moment(at=BEGIN),
        lines=(line,),
    )
    issue = GoodsIssue(
        account=ACCOUNT,
        document="GI-1",
        version=BEGIN,
        state=IssueState.DESPATCHED,
        despatched_at=Moment(at=BEGIN),
        lines=(IssueLine(line="1", order=order, order_line="1", product=product, quantity=PIECES),),
        packages=(Package(carrier="yuantong", tracking_number="YT1"),),
    )
    said = DocumentSlice(account=ACCOUNT, order=order, version=BEGIN, kind="order", document=order)
    return [
        said.model_copy(update={"order_document": whole}),
        said.model_copy(update={"kind": "goods_issue", "document": "GI-1", "goods_issue": issue}),
        ParcelClaim(account=ACCOUNT, order=order, number="YT1", carrier="yuantong", since=BEGIN - timedelta(days=9)),
        _scans(order, max(1, scans)),
    ]


def _scans(order: str, number: int) -> ParcelFacts:
    return ParcelFacts(account=ACCOUNT, order=order, number="YT1", histories=(to_contract(_history(number)),))


def _history(number: int) -> History:
    step = timedelta(hours=30) / max(number, 30)
    told: History | None = None
    for place in range(number):
        at = BEGIN + step * (place + 1)
        status = TrackingStatus.IN_TRANSIT if place else TrackingStatus.PICKED_UP
        scan = Scan(id=f"s{place}", occurred=Moment(at=at), status=status, raw_code="8", raw_text="Arrived at Hangzhou")
        report = Tracking(
            account="express",
            source="kuaidi100/express",
            number="YT1",
            carrier="yuantong",
            coverage=Coverage.INCREMENT,
            scans=(scan,),
        )
        told = join(told, of_report(report, at))
    if told is None:
        raise ValueError("a history has a scan")
    return told


def _stored(offset: int, event: Contract, order: str) -> Stored:
    return Stored("deliveries", 0, offset, order_key(ACCOUNT, order), event.encode(), _headers(type(event)))


def _headers(model: type[Contract]) -> Headers:
    return Envelope("1", TYPE_OF[model], "benchmark", BEGIN, BEGIN).headers()
