"""A session with an Odoo that answers as documented, over both of its APIs: what is asked, told, and refused."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors.pollers import odoo_api
from connectors.pollers.odoo import IMPLAUSIBLE, ODOO, OdooSession
from connectors.pollers.odoo_account import api_of
from connectors.polling.outcome import outcome
from connectors.reading import decode_json
from contracts.clock import WallClock
from contracts.connector import Context, Document, PollSession, Reading
from contracts.documents import GoodsIssue, Order, OrderState
from contracts.errors import QuaysideError, Rejected, Retryable
from contracts.receipts import ReturnReceipt
from contracts.settings import PollerAccount, SecretFrom
from tests.connectors.poller_conformance import Polled, PollerConformance
from tests.fakes.odoo import DATABASE, LOGIN, Odoo, app_of, company, deliver, sell
from tests.fakes.standing import Standing, standing

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
MARK = "2026-03-02T08:00:00.000000Z"
ACCOUNT = PollerAccount(name="works", connector="odoo", url="https://odoo.example.com", secret=SecretFrom(env="KEY"))
XMLRPC = {"api": "xmlrpc", "database": DATABASE, "login": LOGIN}
Use = Callable[[PollSession], AsyncIterator[Reading]]


@pytest.fixture(params=[19, 18], ids=["json2", "xmlrpc"])
def odoo(request: pytest.FixtureRequest) -> Odoo:
    return company(Odoo(version=request.param, now=MORNING))


@asynccontextmanager
async def session(odoo: Odoo, key: str = "the key", **more: Any) -> AsyncIterator[PollSession]:  # noqa: ANN401
    options = {**({} if odoo.version == 19 else XMLRPC), **more.pop("options", {})}
    account = ACCOUNT.model_copy(update={"options": options, **more})
    ODOO.check(account)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app_of(odoo))) as client:
        yield OdooSession(api_of(account, key, client), account, WallClock(MORNING, 0.0, 0.0))


async def readings(odoo: Odoo, use: Use, **more: Any) -> list[Reading]:  # noqa: ANN401 - what `session` takes
    async with session(odoo, **more) as opened:
        return [reading async for reading in use(opened)]


async def changed(odoo: Odoo, mark: str = "", **more: Any) -> tuple[list[str], str]:  # noqa: ANN401
    async with session(odoo, **more) as opened:
        told = [reading.document.document async for reading in opened.changed_since(mark)]
        return told, opened.mark


def events(found: list[Reading]) -> dict[str, Any]:
    """What readings say, by the name of their document."""
    context = Context("odoo", "works", MORNING, zone="Asia/Shanghai")
    told: dict[str, Any] = {}
    for reading in found:
        (event,) = ODOO.to_events(decode_json(reading.body, "$"), context).events
        told[reading.document.document] = event
    return told


async def test_an_order_its_delivery_and_its_back_order_are_told_as_they_stand(odoo: Odoo) -> None:
    sell(odoo, 7, commitment_date="2026-03-05 16:30:00", delivery_status="partial")
    done = {"date_done": "2026-03-03 02:00:00", "carrier_id": 2, "carrier_tracking_ref": "SF1, SF2"}
    deliver(odoo, 1, 7, 8.0, "done", **done)
    deliver(odoo, 2, 7, 2.0, "assigned", scheduled_date="2026-03-04 02:00:00")
    told = events(await readings(odoo, lambda it: it.changed_since("")))
    order, issue, remainder = told["S00007"], told["WH/OUT/00001"], told["WH/OUT/00002"]
    assert isinstance(order, Order)
    assert (order.state, order.customer and order.customer.id, order.destination.region) == ("confirmed", "C-3", "HB")
    (line,) = order.lines
    assert (str(line.ordered), line.product.code) == ("10 C62", "P-11")
    assert line.promised is not None
    assert line.promised.last_day().isoformat() == "2026-03-06", "half past midnight in Wuhan"
    assert isinstance(issue, GoodsIssue)
    assert [(one.order, one.order_line, str(one.quantity)) for one in issue.lines] == [("S00007", "71", "8 C62")]
    assert [package.tracking_number for package in issue.packages] == ["SF1", "SF2"]
    assert issue.despatched_at is not None
    assert (remainder.state, str(remainder.lines[0].quantity)) == ("planned", "2 C62")


async def test_an_order_of_which_all_is_delivered_is_completed_and_not_read_again(odoo: Odoo) -> None:
    sell(odoo, 7, delivery_status="full")
    [reading] = await readings(odoo, lambda it: it.changed_since(""))
    assert events([reading])["S00007"].state is OrderState.COMPLETED
    assert not reading.is_open


async def test_goods_that_come_back_are_a_return_of_what_left(odoo: Odoo) -> None:
    sell(odoo, 7)
    deliver(odoo, 1, 7, 10.0, "done", date_done="2026-03-03 02:00:00")
    back = {"name": "WH/IN/00003", "picking_type_code": "incoming", "return_id": 1, "date_done": "2026-03-09 02:00:00"}
    deliver(odoo, 3, 7, 4.0, "done", **back)
    told = events(await readings(odoo, lambda it: it.changed_since("")))["WH/IN/00003"]
    assert isinstance(told, ReturnReceipt)
    assert (told.goods_issue, told.lines[0].order, str(told.lines[0].quantity)) == ("WH/OUT/00001", "S00007", "4 C62")


async def test_the_first_poll_reads_everything_and_the_next_begins_before_its_mark(odoo: Odoo) -> None:
    sell(odoo, 7)
    odoo.now += timedelta(hours=1)
    sell(odoo, 8)
    told, mark = await changed(odoo)
    assert (told, mark) == (["S00007", "S00008"], "2026-03-02T09:00:00.000000Z")
    odoo.asked.clear()
    assert await changed(odoo, mark, overlap_seconds=300) == (["S00008"], mark)
    begins = ["write_date", ">=", "2026-03-02 08:55:00"]
    assert [model for model, domain in odoo.asked if begins in domain] == [
        "sale.order",
        "sale.order.line",
        "stock.picking",
        "stock.move",
    ]


@pytest.mark.parametrize(
    ("touched", "told"),
    [(("sale.order.line", 71), ["S00007"]), (("stock.move", 11), ["WH/OUT/00001", "S00007"])],
)
async def test_a_line_or_a_move_that_was_written_leads_to_its_documents(
    odoo: Odoo, touched: tuple[str, int], told: list[str]
) -> None:
    sell(odoo, 7)
    deliver(odoo, 1, 7, 10.0, "assigned")
    odoo.now += timedelta(hours=1)
    odoo.write(*touched, product_uom_qty=9.0)
    assert (await changed(odoo, "2026-03-02T08:30:00.000000Z", overlap_seconds=60))[0] == told


async def test_pickings_that_serve_no_sale_and_those_inside_the_house_are_not_told(odoo: Odoo) -> None:
    sell(odoo, 7)
    deliver(odoo, 1, 7, 10.0, "assigned", picking_type_code="internal")
    deliver(odoo, 2, 7, 10.0, "assigned")
    odoo.write("stock.move", 21, sale_line_id=False)
    assert (await changed(odoo))[0] == ["S00007"]


async def test_more_records_than_a_page_are_read_each_once(odoo: Odoo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(odoo_api, "PAGE", 3)
    for number in range(1, 9):
        sell(odoo, number)
    told, _ = await changed(odoo)
    assert told == [f"S{number:05}" for number in range(1, 9)]


async def test_what_is_gone_is_withdrawn_and_what_is_there_is_read(odoo: Odoo) -> None:
    sell(odoo, 7)
    documents = [Document("order", "S00007", "7"), Document("order", "S00008", "8"), Document("order", "", "no id")]
    found = await readings(odoo, lambda it: it.read_again([*documents, Document("invoice", "", "7")]))
    assert {reading.document.document: reading.withdrawn for reading in found} == {"S00007": False, "S00008": True}


async def test_many_that_vanish_at_once_are_a_right_that_was_taken_away(odoo: Odoo) -> None:
    documents = [Document("order", f"S{number}", str(number)) for number in range(IMPLAUSIBLE)]
    with pytest.raises(Rejected, match="may the key's user still see them"):
        await readings(odoo, lambda it: it.read_again(documents))


async def test_an_order_is_read_afresh_with_all_that_moves_for_it(odoo: Odoo) -> None:
    sell(odoo, 7)
    sell(odoo, 8)
    deliver(odoo, 1, 7, 10.0, "done")
    deliver(odoo, 2, 8, 10.0, "done")
    found = await readings(odoo, lambda it: it.of_order("S00007"))
    assert [reading.document.document for reading in found] == ["S00007", "WH/OUT/00001"]
    assert all(event.afresh for event in events(found).values())
    assert await readings(odoo, lambda it: it.of_order("S00009")) == []


async def test_a_record_that_was_only_touched_has_the_same_content(odoo: Odoo) -> None:
    sell(odoo, 7)
    [before] = await readings(odoo, lambda it: it.changed_since(""))
    odoo.now += timedelta(hours=1)
    odoo.write("sale.order", 7)
    [after] = await readings(odoo, lambda it: it.changed_since(MARK))
    assert before.digest == after.digest


@pytest.mark.parametrize(("companies", "option"), [(2, None), (2, "3"), (1, "3")])
async def test_the_company_must_be_clear(odoo: Odoo, companies: int, option: str | None) -> None:
    for number in range(1, companies + 1):
        odoo.write("res.company", number, name=f"Company {number}")
    with pytest.raises(Rejected, match="the account's option `company` must name one"):
        await changed(odoo, options={"company": option} if option else {})


async def failing(odoo: Odoo, **more: Any) -> QuaysideError:  # noqa: ANN401 - what `session` takes
    with pytest.raises(QuaysideError) as failed:
        await changed(odoo, **more)
    return failed.value


async def test_a_wrong_key_is_told_as_one(odoo: Odoo) -> None:
    error = await failing(odoo, key="another")
    assert (type(error), outcome(error)) == (Rejected, "unauthorised")
    assert "another" not in str(error)


async def test_a_right_that_is_missing_is_told_with_odoo_s_own_sentence(odoo: Odoo) -> None:
    odoo.hidden.add("stock.picking")
    error = await failing(odoo)
    assert (type(error), outcome(error)) == (Rejected, "refused")
    assert "not allowed to access 'stock.picking'" in str(error)


@pytest.mark.parametrize(
    ("status", "headers", "told", "wait"),
    [
        (503, {}, "server_error", None),
        (500, {"Retry-After": "7"}, "server_error", timedelta(seconds=7)),
        (429, {"Retry-After": "30"}, "throttled", timedelta(seconds=30)),
    ],
)
async def test_an_odoo_that_is_out_of_order_is_waited_for(
    odoo: Odoo, status: int, headers: dict[str, str], told: str, wait: timedelta | None
) -> None:
    odoo.fails = (status, headers)
    error = await failing(odoo)
    assert isinstance(error, Retryable)
    assert (outcome(error), error.retry_after) == (told, wait)


async def test_a_field_that_is_not_there_is_an_error_of_the_server(odoo: Odoo) -> None:
    sell(odoo, 7)
    odoo.fields["sale.order"].discard("client_order_ref")
    error = await failing(odoo)
    assert (type(error), outcome(error)) == (Retryable, "server_error")
    assert "Invalid field" in str(error)


async def test_nobody_there_is_told_as_unreachable() -> None:
    account = ACCOUNT.model_copy(update={"url": "http://127.0.0.1:1"})
    async with ODOO.open(account, "the key", WallClock()) as opened:
        with pytest.raises(Retryable) as failed:
            [reading async for reading in opened.changed_since("")]
    assert outcome(failed.value) == "unreachable"


async def test_an_older_odoo_is_told_to_use_the_other_api() -> None:
    async with session(company(Odoo(version=18)), options=dict.fromkeys(XMLRPC, "") | {"api": "json2"}) as opened:
        with pytest.raises(Rejected, match="option `api: xmlrpc`"):
            [reading async for reading in opened.changed_since("")]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"url": "odoo.example.com"}, "not an http or https URL"),
        ({"secret": None}, "no `secret`"),
        ({"options": {"api": "soap"}}, "expected json2 or xmlrpc"),
        ({"options": {"api": "xmlrpc"}}, "needs the options `database` and `login`"),
        ({"options": {"company": "Works"}}, "expected its id"),
        ({"options": {"since": "yesterday"}}, "the option `since`"),
        ({"options": {"unit.Box": "a box"}}, "UN/ECE"),
        ({"options": {"colour": "red"}}, "`colour` is unknown"),
    ],
)
def test_what_is_wrong_with_an_account_is_told_before_anybody_polls_it(change: dict[str, object], told: str) -> None:
    with pytest.raises(Rejected, match=told):
        ODOO.check(ACCOUNT.model_copy(update=change))


def test_an_account_with_every_option_is_right() -> None:
    every = {**XMLRPC, "company": "1", "since": "2026-03-01T00:00:00Z", "delivery_days": "2", "unit.箱": "XBX"}
    ODOO.check(ACCOUNT.model_copy(update={"options": every}))


class Clerk:
    """Somebody who sells in the faked Odoo."""

    def __init__(self, odoo: Odoo) -> None:
        self._odoo = odoo
        self._last = 0

    def order(self) -> str:
        self._last += 1
        sell(self._odoo, self._last)
        return f"S{self._last:05}"

    def change(self, number: str) -> None:
        line = 10 * int(number[1:]) + 1
        asked = self._odoo.tables["sale.order.line"][line]["product_uom_qty"]
        self._odoo.write("sale.order.line", line, product_uom_qty=asked + 1)

    def delete(self, number: str) -> None:
        self._odoo.unlink("sale.order.line", 10 * int(number[1:]) + 1)
        self._odoo.unlink("sale.order", int(number[1:]))

    def order_late(self, ago: timedelta) -> str:
        self._odoo.now -= ago
        number = self.order()
        self._odoo.now += ago
        return number

    def wait(self, span: timedelta) -> None:
        self._odoo.now += span


@pytest.fixture(scope="module")
def place() -> Iterator[Standing]:
    with standing() as served:
        yield served


class TestOdoo(PollerConformance):
    """Over JSON-2."""

    poller = ODOO
    asks = "POST"
    page = (odoo_api, "PAGE")
    version = 19
    options: Mapping[str, str] = {}

    @pytest.fixture
    def polled(self, place: Standing) -> Polled:
        made = company(Odoo(version=self.version, now=MORNING))
        place.app = app_of(made)
        account = ACCOUNT.model_copy(update={"url": place.url, "options": dict(self.options)})
        return Polled(account, made.key, Clerk(made), clock=WallClock(MORNING, 0.0, 0.0))


class TestOdooOverXmlRpc(TestOdoo):
    """Over XML-RPC."""

    version = 18
    options = XMLRPC
