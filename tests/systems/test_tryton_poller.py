"""What people do in a real Tryton arrives as canonical documents, and what goes wrong with it is told clearly."""

import asyncio
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import ClassVar, TypeVar

import httpx
import pytest

from connectors.pollers import tryton as tryton_module
from connectors.pollers.tryton import TRYTON
from connectors.pollers.tryton_rest import TrytonRest
from connectors.polling.afresh import tell_afresh
from connectors.polling.memory import Memory
from connectors.polling.polls import poll_once
from connectors.targets.tryton_complaint import TRYTON_COMPLAINT
from contracts.clock import WallClock
from contracts.connector import Context, Reading, Writing
from contracts.connector import Document as Remembered
from contracts.documents import Document, GoodsIssue, IssueState, Order, OrderState
from contracts.envelope import read_time
from contracts.errors import QuaysideError, Rejected, Retryable
from contracts.model import Contract
from contracts.raw import RawRequest
from contracts.receipts import GoodsReceipt, ReturnReceipt
from contracts.service import ServiceCase
from contracts.settings import PollerAccount, SecretFrom, TargetAccount
from contracts.snapshot import CaseState, Severity
from tests.connectors.conformance.poller_suite import Clause
from tests.connectors.poller_conformance import Polled, PollerConformance
from tests.connectors.polling.doubles import Durable
from tests.connectors.sample_tasks import late_task
from tests.systems.processes import free_port, wait_until
from tests.systems.tryton.clerk import Clerk, Sale
from tests.systems.tryton.company import CLERK, COMPLAINT_TYPE, PRODUCED
from tests.systems.tryton.running import Tryton

PROMISED = datetime.now(UTC).date() + timedelta(days=5)
Kind = TypeVar("Kind", bound=Contract)


@dataclass
class Desk:
    """A poller of the real Tryton, process after process: each poll recalls what the one before remembered."""

    account: PollerAccount
    durable: Durable = field(default_factory=Durable)
    clock: WallClock = field(default_factory=WallClock)

    def poll(self) -> QuaysideError | None:
        return asyncio.run(poll_once(self.account, TRYTON, self._memory(), self.durable, self.clock))

    def _memory(self) -> Memory:
        memory = Memory(self.account.name)
        for key, value in self.durable.marks:
            memory.load(key, value)
        return memory

    @property
    def mark(self) -> datetime:
        """How far was read, by the server's clock."""
        return read_time(self._memory().progress.mark)

    def polled(self) -> "Desk":
        assert self.poll() is None
        return self

    def documents(self, kind: type[Kind], number: str) -> list[Kind]:
        """All that was told of the documents of this number, in the order in which it was told."""
        return [found for found in self._all(kind) if isinstance(found, Document) and found.document == number]

    def cases(self, number: str) -> list[ServiceCase]:
        """All that was told of the case of this number, in the order in which it was told."""
        return [found for found in self._all(ServiceCase) if found.case == number]

    def issues(self, sale: Sale) -> dict[str, GoodsIssue]:
        """The newest that was told of each goods issue of a sale."""
        return {found.document: found for found in self._all(GoodsIssue) if sale.number in found.orders()}

    def afresh(self, number: str) -> list[Contract]:
        """What is told of an order and all that names it when it is read afresh."""
        told = Durable()
        asyncio.run(tell_afresh(self.account, TRYTON, number, self.clock, told))
        return [event for reading in told.inbound if isinstance(reading, Reading) for event in self._events(reading)]

    def read_again(self, kind: str, name: str, number: int) -> list[Reading]:
        """What is read of one document when the open ones are read again."""

        async def read() -> list[Reading]:
            document = Remembered(kind, name, str(number))
            async with TRYTON.open(self.account, os.environ["TRYTON_KEY"], self.clock) as session:
                return [reading async for reading in session.read_again([document])]

        return asyncio.run(read())

    def _all(self, kind: type[Kind]) -> Iterator[Kind]:
        for reading in self.durable.inbound:
            if isinstance(reading, Reading):
                yield from (found for found in self._events(reading) if isinstance(found, kind))

    def _events(self, reading: Reading) -> tuple[Contract, ...]:
        raw = RawRequest("tryton", self.account.name, reading.body, reading.read_at)
        context = Context("tryton", self.account.name, reading.read_at, self.account.zone, self.account.options)
        return TRYTON.to_events(TRYTON.read(raw), context).events


@pytest.fixture
def account(tryton: Tryton, monkeypatch: pytest.MonkeyPatch) -> PollerAccount:
    monkeypatch.setenv("TRYTON_KEY", tryton.key)
    return PollerAccount(
        name="factory",
        connector="tryton",
        url=f"{tryton.url}/{tryton.database}",
        secret=SecretFrom(env="TRYTON_KEY"),
        zone="Asia/Shanghai",
    )


@pytest.fixture
def desk(account: PollerAccount) -> Desk:
    return Desk(account).polled()


def quantities(issue: GoodsIssue) -> list[Decimal]:
    return [line.quantity.value for line in issue.lines]


def test_an_order_and_its_partial_shipment_arrive(desk: Desk, tryton: Tryton) -> None:
    clerk = tryton.clerk
    sale = clerk.sell({"SN-516": 10}, PROMISED, reference="PO-7")
    shipped = clerk.ship(sale, "ZTO", "ZT7712345678911", {"SN-516": 8})
    rest = clerk.waiting_shipment(sale)
    desk.polled()

    order = desk.documents(Order, sale.number)[-1]
    assert (order.state, order.reference, order.customer and order.customer.name) == (
        OrderState.CONFIRMED,
        "PO-7",
        "Harbin Crane Works",
    )
    [line] = order.lines
    assert (line.product.code, line.ordered.value) == ("SN-516", Decimal(10))
    assert line.promised is not None
    assert line.promised.last_day() == PROMISED

    issues = desk.issues(sale)
    assert {number: (issue.state, quantities(issue)) for number, issue in issues.items()} == {
        shipped.number: (IssueState.DESPATCHED, [Decimal(8)]),
        rest.number: (IssueState.PLANNED, [Decimal(2)]),
    }
    assert [package.tracking_number for package in issues[str(shipped.number)].packages] == ["ZT7712345678911"]


def test_what_was_told_is_not_told_again_by_the_next_process(desk: Desk, tryton: Tryton) -> None:
    tryton.clerk.sell({"SN-516": 1}, PROMISED)
    desk.polled()
    told = len(desk.durable.told())
    desk.polled().polled()
    assert len(desk.durable.told()) == told
    assert len(desk.durable.ticks()) == 4


def test_an_order_is_read_afresh_with_both_its_shipments_and_no_other(desk: Desk, tryton: Tryton) -> None:
    clerk = tryton.clerk
    sale = clerk.sell({"SN-516": 10}, PROMISED)
    shipped = clerk.ship(sale, "ZTO", "ZT7712345678912", {"SN-516": 8})
    rest = clerk.waiting_shipment(sale)
    other = clerk.sell({"SN-516": 1}, PROMISED)
    desk.polled()
    before: dict[str, Order | GoodsIssue] = {**desk.issues(sale), sale.number: desk.documents(Order, sale.number)[-1]}

    told = {event.document: event for event in desk.afresh(sale.number) if isinstance(event, Order | GoodsIssue)}
    assert set(told) == {sale.number, str(shipped.number), str(rest.number)} == set(before)
    for number, event in told.items():
        assert event.afresh
        assert event.version > before[number].version
        same = {"version": event.version, "afresh": True}
        assert event == before[number].model_copy(update=same)
    assert [event.document for event in desk.afresh(other.number) if isinstance(event, Order)] == [other.number]


def test_an_order_that_tryton_does_not_have_is_refused(desk: Desk) -> None:
    with pytest.raises(Rejected, match=r"factory .* has no order 'SO-none'"):
        desk.afresh("SO-none")


def read_no_more(desk: Desk, clerk: Clerk) -> None:
    """Leave all that was written so far behind the mark: what is read from now on was written, or its child, later."""
    desk.account = desk.account.model_copy(update={"overlap_seconds": 0})
    written = datetime.now(UTC)
    clerk.quote({"GS-204": 1}, PROMISED)
    # The mark is never beyond the server's clock, which tells whole seconds.
    wait_until(lambda: desk.polled().mark > written, within=30, what="a mark beyond what was written")


def test_a_quantity_that_is_changed_on_the_move_alone_arrives(desk: Desk, tryton: Tryton) -> None:
    """Tryton touches neither shipment nor sale then."""
    sale = tryton.clerk.sell({"SN-516": 10}, PROMISED)
    read_no_more(desk, tryton.clerk)
    shipment = tryton.clerk.waiting_shipment(sale)
    [move] = shipment.moves
    tryton.clerk.change_quantity(move, 7)
    desk.polled()
    told = desk.documents(GoodsIssue, str(shipment.number))
    assert [quantities(issue) for issue in told] == [[Decimal(10)], [Decimal(7)]]


def test_a_quantity_that_is_changed_on_the_line_alone_arrives(desk: Desk, tryton: Tryton) -> None:
    """Tryton does not touch the sale then."""
    sale = tryton.clerk.quote({"SN-516": 10}, PROMISED)
    tryton.clerk.take_up_again(sale)
    read_no_more(desk, tryton.clerk)
    tryton.clerk.change_ordered(sale, 7)
    desk.polled()
    told = desk.documents(Order, sale.number)
    assert [[line.ordered.value for line in order.lines] for order in told] == [[Decimal(10)], [Decimal(7)]]


def test_a_tracking_number_that_is_changed_on_the_package_alone_arrives(desk: Desk, tryton: Tryton) -> None:
    """Tryton does not touch the shipment then."""
    clerk = tryton.clerk
    sale = clerk.sell({"SN-516": 10}, PROMISED)
    picked = clerk.pick(clerk.waiting_shipment(sale))
    clerk.put_in_packages(picked, {"ZT7712345678916": list(picked.moves)})
    read_no_more(desk, clerk)
    clerk.change_tracking_of_package(picked, "ZT7712345678917")
    desk.polled()
    told = desk.documents(GoodsIssue, str(picked.number))
    numbers = [[package.tracking_number for package in issue.packages] for issue in told]
    assert numbers == [["ZT7712345678916"], ["ZT7712345678917"]]


def test_a_shipment_leaves_from_its_warehouse_by_its_carrier_s_service(desk: Desk, tryton: Tryton) -> None:
    clerk = tryton.clerk
    sale = clerk.sell({"SN-516": 1}, PROMISED)
    clerk.ship(sale, "ZTO", "ZT7712345678913")
    [issue] = desk.polled().issues(sale).values()
    assert (issue.origin.country, issue.origin.region, issue.origin.city) == ("CN", "JS", "Nanjing")
    assert [(one.carrier, one.service) for one in issue.packages] == [("ZTO Express", "EXP")]


def test_what_a_customer_sends_back_is_announced_and_received_for_the_order_with_which_it_left(
    desk: Desk, tryton: Tryton
) -> None:
    clerk = tryton.clerk
    sale = clerk.sell({"SN-516": 10}, PROMISED)
    clerk.ship(sale, "ZTO", "ZT7712345678914")
    back = clerk.customer_return(clerk.take_back(sale, {"SN-516": 2}))
    desk.polled()
    before = datetime.now(UTC)
    clerk.receive(back)
    desk.polled()
    announced, received = desk.documents(ReturnReceipt, str(back.number))
    for told in (announced, received):
        assert [(line.order, line.product.code, line.quantity.value) for line in told.lines] == [
            (sale.number, "SN-516", Decimal(2))
        ]
    assert announced.received_at is None
    assert received.received_at is not None
    assert before - timedelta(seconds=2) <= received.received_at.at <= datetime.now(UTC)
    assert [type(event) for event in desk.afresh(sale.number)] == [Order, GoodsIssue, ReturnReceipt]


def test_a_return_that_is_cancelled_is_withdrawn(desk: Desk, tryton: Tryton) -> None:
    clerk = tryton.clerk
    sale = clerk.sell({"SN-516": 1}, PROMISED)
    clerk.ship(sale, "ZTO", "ZT7712345678915")
    back = clerk.customer_return(clerk.take_back(sale, {"SN-516": 1}))
    desk.polled()
    clerk.cancel_return(back)
    desk.polled()
    assert [told.withdrawn for told in desk.documents(ReturnReceipt, str(back.number))] == [False, True]


def test_what_is_produced_for_a_sale_is_received_for_its_line(desk: Desk, tryton: Tryton) -> None:
    desk.account = desk.account.model_copy(update={"options": {"productions": "yes"}})
    sale = tryton.clerk.sell({PRODUCED: 3}, PROMISED)
    production = tryton.clerk.produce(sale)
    desk.polled()
    before = datetime.now(UTC)
    tryton.clerk.finish_production(production)
    desk.polled()
    announced, received = desk.documents(GoodsReceipt, production.number)
    for told in (announced, received):
        assert [(line.order, line.order_line, line.product.code, line.quantity.value) for line in told.lines] == [
            (sale.number, str(production.sale_line), PRODUCED, Decimal(3))
        ]
    assert announced.received_at is None
    assert received.received_at is not None
    assert before - timedelta(seconds=2) <= received.received_at.at <= datetime.now(UTC)
    afresh = desk.afresh(sale.number)
    assert [event.document for event in afresh if isinstance(event, GoodsReceipt)] == [production.number]


def test_a_draft_shipment_that_is_deleted_is_withdrawn(desk: Desk, tryton: Tryton) -> None:
    clerk = tryton.clerk
    sale = clerk.sell({"GS-204": 3}, PROMISED)
    first = clerk.waiting_shipment(sale)
    desk.polled()
    clerk.delete_shipment(first)
    desk.account = desk.account.model_copy(update={"reconcile_every_seconds": 0.001})
    desk.polled()
    newest = desk.documents(GoodsIssue, str(first.number))[-1]
    assert newest.withdrawn
    second = desk.issues(sale)[str(clerk.waiting_shipment(sale).number)]
    assert (second.withdrawn, quantities(second)) == (False, [Decimal(3)])


def test_two_edits_in_one_second_end_in_the_newest_content(desk: Desk, tryton: Tryton) -> None:
    """Whether a poll comes between them or not: the mark is no moment that is read up to, it is read again."""
    clerk = tryton.clerk
    for between in (lambda: None, desk.polled):
        sale = clerk.sell({"SN-516": 10}, PROMISED)
        desk.polled()
        [move] = clerk.waiting_shipment(sale).moves
        clerk.change_quantity(move, 7)
        between()
        clerk.change_quantity(move, 6)
        desk.polled()
        [issue] = desk.issues(sale).values()
        assert quantities(issue) == [Decimal(6)]


def test_a_cancelled_shipment_says_since_when(desk: Desk, tryton: Tryton) -> None:
    clerk = tryton.clerk
    sale = clerk.sell({"SN-516": 10}, PROMISED)
    before = datetime.now(UTC)
    clerk.cancel_shipment(clerk.waiting_shipment(sale))
    desk.polled()
    [issue] = desk.issues(sale).values()
    assert issue.state is IssueState.CANCELLED
    assert issue.closed_at is not None
    assert before - timedelta(seconds=2) <= issue.closed_at <= datetime.now(UTC)


def test_a_sale_that_is_deleted_before_anybody_confirmed_it_is_withdrawn(desk: Desk, tryton: Tryton) -> None:
    sale = tryton.clerk.quote({"SN-516": 1}, PROMISED)
    desk.polled()
    tryton.clerk.cancel_quotation(sale)
    tryton.clerk.delete_sale(sale)
    desk.account = desk.account.model_copy(update={"reconcile_every_seconds": 0.001})
    desk.polled()
    assert [order.withdrawn for order in desk.documents(Order, sale.number)] == [False, True]


def failed(account: PollerAccount) -> QuaysideError:
    desk = Desk(account)
    error = desk.poll()
    assert error is not None
    assert desk.durable.inbound == []
    return error


def test_a_wrong_key_is_told_as_such(account: PollerAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRYTON_KEY", "not-the-key")
    error = failed(account)
    assert (type(error), error.code) == (Rejected, "unauthorised")
    assert "refuses the key (401)" in error.reason


def test_a_tryton_that_does_not_answer_is_told_as_such(account: PollerAccount) -> None:
    error = failed(account.model_copy(update={"url": f"http://127.0.0.1:{free_port()}/erp"}))
    assert (type(error), error.code) == (Retryable, "unreachable")
    assert "cannot be reached" in error.reason


def test_a_database_that_is_not_there_is_told_as_such(account: PollerAccount) -> None:
    error = failed(account.model_copy(update={"url": f"{account.url}-none"}))
    assert (type(error), error.code) in {(Rejected, "refused"), (Rejected, "unauthorised")}
    assert f"{account.url}-none" in error.reason


def test_a_company_that_the_key_s_user_does_not_see_is_told_as_such(account: PollerAccount) -> None:
    error = failed(account.model_copy(update={"options": {"company": "999"}}))
    assert (type(error), error.code) == (Rejected, "refused")
    assert "Yangtze Gear Works" in error.reason


@pytest.mark.parametrize(
    ("model", "field", "kind", "code", "said"),
    [
        ("sale.sale", "no_such_field", Retryable, "server_error", "failed (500): 'no_such_field'"),
        ("account.move", "id", Rejected, "refused", '(400): You are not allowed to access "Account Move"'),
    ],
)
def test_what_tryton_refuses_is_told_in_its_own_words(
    tryton: Tryton, model: str, field: str, kind: type[QuaysideError], code: str, said: str
) -> None:
    """A field that is not there is an error of Tryton's own; a model without the right to it is a mistake of ours."""
    url = f"{tryton.url}/{tryton.database}"

    async def ask() -> None:
        headers = {"Authorization": f"Bearer {tryton.key}"}
        async with httpx.AsyncClient(base_url=f"{url}/rest/", headers=headers) as client:
            await TrytonRest(client, url).search(model, [], [field], 1)

    with pytest.raises(kind) as caught:
        asyncio.run(ask())
    assert caught.value.code == code
    assert said in caught.value.reason


class Salesperson:
    """Somebody in sales, for the suite of every poller."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk
        self._sales: dict[str, Sale] = {}

    def order(self) -> str:
        sale = self._clerk.quote({"SN-516": 1}, PROMISED)
        self._sales[sale.number] = sale
        return sale.number

    def change(self, number: str) -> None:
        self._clerk.confirm(self._sales[number])

    def delete(self, number: str) -> None:
        self._clerk.cancel_quotation(self._sales[number])
        self._clerk.delete_sale(self._sales[number])

    def order_late(self, ago: timedelta) -> str:
        raise NotImplementedError

    def wait(self, span: timedelta) -> None:
        """Its time is the machine's, and the versions are by ours."""


@pytest.fixture
def polled(account: PollerAccount, tryton: Tryton) -> Polled:
    return Polled(account, tryton.key, Salesperson(tryton.clerk))


class TestTryton(PollerConformance):
    poller = TRYTON
    page = (tryton_module, "DOCUMENTS_A_REQUEST")
    not_applicable: ClassVar[Mapping[Clause, str]] = {
        "watermark": "the real one's clock cannot be moved; tests/connectors/pollers/test_tryton.py shows it",
        "overlap": "a real transaction cannot be dated back; tests/connectors/pollers/test_tryton.py shows it",
    }


@pytest.fixture
def after_sales(account: PollerAccount) -> Desk:
    options = {"complaints": "yes", f"severity.{COMPLAINT_TYPE}": "2"}
    return Desk(account.model_copy(update={"options": options})).polled()


def test_a_complaint_is_a_case_of_its_order_until_it_is_decided(after_sales: Desk, tryton: Tryton) -> None:
    clerk = tryton.clerk
    sale = clerk.sell({"SN-516": 1}, PROMISED)
    began = datetime.now(UTC)
    complaint = clerk.complain(sale, "The housing is cracked.")
    for button in ("wait", "approve"):
        after_sales.polled()
        clerk.rest.press("sale.complaint", complaint["id"], button)
    told = after_sales.polled().cases(complaint["number"])
    assert [case.state for case in told] == [CaseState.CLASSIFIED, CaseState.ASSIGNED, CaseState.CLOSED]
    assert {(case.order, case.severity, case.title) for case in told} == {(sale.number, Severity.MAJOR, COMPLAINT_TYPE)}
    last = told[-1]
    assert last.customer
    assert (last.customer.id, last.assigned_to, last.withdrawn) == ("C-1001", CLERK, False)
    assert last.closed
    assert began - timedelta(seconds=2) <= last.reported <= last.closed <= datetime.now(UTC) + timedelta(seconds=2)
    assert last.solved == last.closed
    after_sales.polled()
    assert len(after_sales.cases(complaint["number"])) == len(told), "what did not change is not told again"


def test_a_complaint_about_a_line_names_it_and_a_rejected_one_is_answered_and_closed(
    after_sales: Desk, tryton: Tryton
) -> None:
    clerk = tryton.clerk
    sale = clerk.sell({"SN-516": 1}, PROMISED)
    [line] = clerk.rest.read("sale.sale", sale.id, "lines.id")["lines"]
    model = clerk.rest.find("ir.model", ["name", "=", "sale.line"])[0]["id"]
    kind = clerk.rest.create("sale.complaint.type", name="Part", origin=model)
    complaint = clerk.complain(sale, "Loud.")
    clerk.rest.write("sale.complaint", complaint["id"], type=kind, origin=f"sale.line,{line['id']}")
    clerk.decide_complaint(complaint["id"], "reject")
    [case] = after_sales.polled().cases(complaint["number"])
    assert (case.order, case.line, case.severity) == (sale.number, str(line["id"]), None)
    assert (case.state, case.responded, case.solved) == (CaseState.CLOSED, case.closed, None)


def test_a_cancelled_and_a_deleted_complaint_are_withdrawn(after_sales: Desk, tryton: Tryton) -> None:
    clerk = tryton.clerk
    sale = clerk.sell({"SN-516": 1}, PROMISED)
    cancelled, deleted = clerk.complain(sale, "a"), clerk.complain(sale, "b")
    after_sales.polled()
    clerk.cancel_complaint(cancelled["id"])
    clerk.delete_complaint(deleted["id"])
    after_sales.polled()
    assert [case.withdrawn for case in after_sales.cases(cancelled["number"])] == [False, True]
    assert after_sales.read_again("case", deleted["number"], deleted["id"])[0].withdrawn


async def test_what_quayside_complains_about_itself_is_no_case(
    after_sales: Desk, tryton: Tryton, account: PollerAccount
) -> None:
    """Each would have findings, whose tasks would be complaints."""
    options = {"type": COMPLAINT_TYPE, "customer": "C-1002"}
    target = TargetAccount(name="complaints", connector="tryton-complaint", url=account.url, options=options)
    context = late_task()
    async with TRYTON_COMPLAINT.open(target, tryton.key) as session:
        writing = Writing(context.key, "1", TRYTON_COMPLAINT.fields(context, target))
        created = await session.create(writing)
    number = tryton.clerk.complaint(int(created.id))["number"]
    async with TRYTON.open(after_sales.account, tryton.key, WallClock()) as session_of_poll:
        told = [reading.document.document async for reading in session_of_poll.changed_since("")]
    assert number not in told
    assert any(document.startswith("CC-") for document in told), "those of people are told"


def test_complaints_are_read_only_where_the_account_says_so(desk: Desk, tryton: Tryton) -> None:
    complaint = tryton.clerk.complain(tryton.clerk.sell({"SN-516": 1}, PROMISED), "Loud.")
    assert desk.polled().cases(complaint["number"]) == []
