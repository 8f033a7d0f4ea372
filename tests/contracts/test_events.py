"""Every event is read back as it was written, although what is empty is not written."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.documents import GoodsIssue, IssueLine, IssueState, Order, OrderLine, OrderState, Package, Place, Product
from contracts.envelope import Envelope, Event, Origin
from contracts.errors import Rejected
from contracts.events import EVENT_TYPES, TYPE_OF, decode, decode_as
from contracts.exchange import (
    DocumentSlice,
    DroppedLine,
    LinesDropped,
    ParcelClaim,
    ParcelFacts,
    ParcelLink,
    ScanSeen,
    SourceHistory,
)
from contracts.feedback import FeedbackOutcome, TaskFeedback
from contracts.model import Contract
from contracts.moment import Moment, Precision, Window, ZoneSource
from contracts.quantity import Quantity
from contracts.snapshot import (
    Finding,
    Kind,
    Role,
    Severity,
    Snapshot,
    SubjectType,
    Task,
    Text,
    Wanted,
    task_key,
)
from contracts.tracking import Coverage, Scan, Tracking, TrackingStatus, scan_id

AT = datetime(2026, 1, 1, tzinfo=UTC)
some = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
maybe = st.just("") | some
instants = st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1), max_value=datetime(2100, 1, 1))
moments = st.builds(Moment, at=instants, precision=st.sampled_from(Precision), zone_source=st.sampled_from(ZoneSource))
windows = st.builds(Window, closes=instants, zone=st.sampled_from(["UTC", "Asia/Shanghai"]))
quantities = st.builds(
    Quantity,
    value=st.decimals(min_value=0, max_value=10**6, places=3, allow_nan=False),
    unit=st.sampled_from(["C62", "KGM"]),
)
products = st.builds(Product, code=some, name=maybe)
orders = st.builds(
    Order,
    account=some,
    document=some,
    version=instants,
    withdrawn=st.booleans(),
    state=st.sampled_from(OrderState),
    ordered_at=st.none() | moments,
    destination=st.builds(Place, country=st.sampled_from(["", "CN"]), zone=st.sampled_from([None, "Asia/Shanghai"])),
    lines=st.lists(
        st.builds(
            OrderLine,
            line=some,
            product=products,
            ordered=quantities,
            promised=st.none() | windows,
            cancelled=st.booleans(),
        ),
        max_size=2,
    ).map(tuple),
)
issues = st.builds(
    GoodsIssue,
    account=some,
    document=some,
    version=instants,
    state=st.sampled_from(IssueState),
    despatched_at=moments,
    closed_at=instants,
    lines=st.lists(
        st.builds(IssueLine, line=some, order=some, order_line=maybe, product=products, quantity=quantities), max_size=2
    ).map(tuple),
    packages=st.lists(st.builds(Package, carrier=maybe, tracking_number=maybe), max_size=2).map(tuple),
)
scans = st.builds(
    Scan, id=some, occurred=moments, status=st.sampled_from(TrackingStatus), raw_text=maybe, position=st.integers(0, 9)
)
trackings = st.builds(
    Tracking,
    account=some,
    source=some,
    number=some,
    coverage=st.sampled_from(Coverage),
    scans=st.lists(scans, max_size=3).map(tuple),
    eta=st.none() | moments,
)
slices = st.builds(
    DocumentSlice,
    account=some,
    order=some,
    kind=some,
    document=some,
    version=instants,
    order_document=st.none() | orders,
    goods_issue=st.none() | issues,
)
drops = st.builds(
    LinesDropped,
    account=some,
    order=some,
    kind=some,
    document=some,
    lines=st.lists(st.builds(DroppedLine, order_line=maybe, product=some, since=instants), max_size=2).map(tuple),
)
links = st.builds(
    ParcelLink,
    account=some,
    order=some,
    document=some,
    version=instants,
    number=some,
    despatched_at=instants,
    linked=st.booleans(),
)
histories = st.builds(
    SourceHistory,
    source=some,
    account=some,
    scans=st.lists(st.builds(ScanSeen, scan=scans, received_at=instants), max_size=2).map(tuple),
)
facts = st.builds(ParcelFacts, account=some, order=some, number=some, histories=st.tuples(histories))
claims = st.builds(
    ParcelClaim,
    account=some,
    order=some,
    number=some,
    linked=st.booleans(),
    since=st.none() | instants,
    until=st.none() | instants,
)
feedback = st.builds(
    TaskFeedback,
    account=some,
    scope=st.sampled_from(["order", "parcel"]),
    subject=some,
    task=some,
    since=instants,
    target=some,
    episode=st.integers(0, 9),
    outcome=st.sampled_from(FeedbackOutcome),
    record=some,
    at=instants,
    by=maybe,
)
tasks = st.builds(
    Task,
    kind=st.sampled_from(Kind),
    subject_type=st.sampled_from(SubjectType),
    subject=some,
    since=instants,
    severity=st.sampled_from(Severity),
    role=st.sampled_from(Role),
    due_at=instants,
    texts=st.dictionaries(st.sampled_from(["en", "zh-CN"]), st.builds(Text, title=some, body=some)),
)
snapshots = st.builds(
    Snapshot,
    account=some,
    scope=st.sampled_from(["order", "parcel"]),
    subject=some,
    wanted=st.builds(Wanted, tasks=st.lists(tasks, max_size=2).map(tuple)),
)
events: st.SearchStrategy[Contract] = st.one_of(
    orders, issues, trackings, slices, drops, links, facts, claims, feedback, snapshots
)


@settings(max_examples=40)
@given(events)
def test_an_event_is_read_back_as_it_was_written(event: Contract) -> None:
    assert decode_as(TYPE_OF[type(event)], event.encode()) == event


@settings(max_examples=40)
@given(events)
def test_the_same_event_is_always_written_in_the_same_bytes(event: Contract) -> None:
    again = decode_as(TYPE_OF[type(event)], event.encode())
    assert again.encode() == event.encode()


@settings(max_examples=40)
@given(events)
def test_an_event_is_strict_json(event: Contract) -> None:
    json.loads(event.encode(), parse_constant=lambda found: pytest.fail(f"{found} is not JSON"))


def test_every_type_has_one_model_and_says_its_version() -> None:
    assert len(TYPE_OF) == len(EVENT_TYPES)
    assert all(name.startswith("quayside.") and name.endswith(".v1") for name in EVENT_TYPES)


def test_a_record_is_read_as_its_envelope_says() -> None:
    claim = ParcelClaim(account="works", order="S-1", number="SF1")
    headers = Envelope("1", "quayside.parcel.claim.v1", "resolve", AT, AT).headers()
    assert decode(Event(b"k", claim.encode(), Origin("t", 0, 0), headers)) == claim


def test_an_unknown_type_is_refused_by_name() -> None:
    with pytest.raises(Rejected, match=r"quayside\.order\.changed\.v9") as raised:
        decode_as("quayside.order.changed.v9", b"{}")
    assert raised.value.code == "unknown_type"


def test_a_goods_issue_names_each_of_its_orders_once() -> None:
    line = IssueLine(line="1", order="S-2", product=Product(code="P"), quantity=Quantity(value=Decimal(1), unit="C62"))
    lines = (line, line.model_copy(update={"order": "S-1"}), line)
    assert GoodsIssue(account="a", document="d", version=AT, lines=lines).orders() == ("S-1", "S-2")


def test_what_is_told_of_one_scan_twice_has_one_id_and_another_scan_another() -> None:
    moment = Moment(at=AT)
    assert scan_id(moment, "301", "signed", "Ningbo") == scan_id(moment, "301", "signed", "Ningbo")
    assert scan_id(moment, "301", "signed", "Ningbo") != scan_id(moment, "301", "signed", "Wenzhou")


def test_the_same_outcome_of_an_episode_is_one_fact_however_often_it_is_told() -> None:
    told = TaskFeedback(
        account="works",
        scope="order",
        subject="S-1",
        task="k",
        since=AT,
        target="desk",
        episode=1,
        outcome=FeedbackOutcome.DONE,
        record="7",
        at=AT,
    )
    assert told.model_copy(update={"at": AT.replace(year=2027), "by": "li"}).id == told.id
    assert told.model_copy(update={"episode": 2}).id != told.id


def test_a_task_is_known_by_what_it_is_about_and_its_kind() -> None:
    late = Finding(kind=Kind.LATE, subject_type=SubjectType.ORDER, subject="S-1", since=AT, severity=Severity.MAJOR)
    parcel = late.model_copy(update={"subject_type": SubjectType.PARCEL})
    keys = {
        task_key("works", "order", "S-1", late),
        task_key("works", "order", "S-1", parcel),
        task_key("works", "order", "S-1", late.model_copy(update={"kind": Kind.STALLED})),
        task_key("depot", "order", "S-1", late),
    }
    assert len(keys) == 4
    assert task_key("works", "order", "S-1", late.model_copy(update={"since": AT.replace(year=2027)})) in keys
