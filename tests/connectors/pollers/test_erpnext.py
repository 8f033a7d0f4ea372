"""A session with an ERPNext that answers as documented: what is asked, told, and refused."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors.pollers import erpnext_api
from connectors.pollers.erpnext import ERPNEXT, ErpNextSession
from connectors.pollers.erpnext_api import api_of
from connectors.pollers.erpnext_changes import begin
from connectors.polling.outcome import outcome
from connectors.reading import decode_json
from contracts.clock import WallClock
from contracts.connector import Context, Document, PollSession, Reading
from contracts.documents import GoodsIssue, Order
from contracts.errors import QuaysideError, Rejected, Retryable
from contracts.moment import zone
from contracts.receipts import ReturnReceipt
from contracts.settings import PollerAccount, SecretFrom
from tests.connectors.poller_conformance import Polled, PollerConformance
from tests.fakes.erpnext import SECRET, Site, app_of, deliver, sell, ship
from tests.fakes.standing import Standing, standing

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
URL = "https://erp.example.com"
ACCOUNT = PollerAccount(
    name="works", connector="erpnext", url=URL, zone="Asia/Shanghai", secret=SecretFrom(env="ERPNEXT_SECRET")
)
Use = Callable[[PollSession], AsyncIterator[Reading]]


@pytest.fixture
def site() -> Site:
    return Site()


@asynccontextmanager
async def session(site: Site, secret: str = SECRET, at: int = 16, **more: Any) -> AsyncIterator[PollSession]:  # noqa: ANN401
    """A session at `at` o'clock in Shanghai."""
    clock = WallClock(MORNING + timedelta(hours=at - 16), 0.0, 0.0)
    account = ACCOUNT.model_copy(update=more)
    ERPNEXT.check(account)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app_of(site))) as client:
        yield ErpNextSession(api_of(account, secret, client), account, clock)


async def readings(site: Site, use: Use, **more: Any) -> list[Reading]:  # noqa: ANN401 - what `session` takes
    async with session(site, **more) as opened:
        return [reading async for reading in use(opened)]


async def changed(site: Site, mark: str = "", **more: Any) -> tuple[list[str], str]:  # noqa: ANN401
    async with session(site, **more) as opened:
        told = [reading.document.document async for reading in opened.changed_since(mark)]
        return told, opened.mark


def events(found: list[Reading]) -> dict[str, Any]:
    """What readings say, by the name of their document."""
    context = Context("erpnext", "works", MORNING, zone="Asia/Shanghai")
    told: dict[str, Any] = {}
    for reading in found:
        (event,) = ERPNEXT.to_events(decode_json(reading.body, "$"), context).events
        told[reading.document.document] = event
    return told


async def test_an_order_its_delivery_and_a_return_are_told_as_they_stand(site: Site) -> None:
    sell(site, "SO-1")
    deliver(site, "DN-1", "SO-1", 8.0, transporter_name="Works' own", lr_no="LR-9")
    deliver(site, "DN-2", "SO-1", 2.0, docstatus=0)
    deliver(site, "DN-RET-1", "SO-1", -3.0, is_return=1, return_against="DN-1")
    ship(site, "SHIP-1", "DN-1", "SF1001")
    ship(site, "SHIP-2", "DN-1", "SF1002", docstatus=2)
    told = events(await readings(site, lambda it: it.changed_since("")))
    order, issue, returned = told["SO-1"], told["DN-1"], told["DN-RET-1"]
    assert isinstance(order, Order)
    assert (order.state, order.destination.country, order.destination.city) == ("confirmed", "CN", "Wuhan")
    assert order.lines[0].promised is not None
    assert order.lines[0].promised.last_day().isoformat() == "2026-03-05"
    assert isinstance(issue, GoodsIssue)
    assert [(one.order, one.order_line, str(one.quantity)) for one in issue.lines] == [("SO-1", "SO-1-row", "8 C62")]
    assert [(one.carrier, one.tracking_number) for one in issue.packages] == [("SF Express", "SF1001")]
    assert issue.despatched_at is not None
    assert issue.despatched_at.at == datetime(2026, 3, 3, 1, 5, tzinfo=UTC)
    assert told["DN-2"].state == "planned"
    assert isinstance(returned, ReturnReceipt)
    assert (returned.goods_issue, str(returned.lines[0].quantity)) == ("DN-1", "3 C62")


async def test_an_amended_order_is_another_one_and_the_one_it_amends_is_cancelled(site: Site) -> None:
    sell(site, "SO-1", docstatus=2, status="Cancelled")
    sell(site, "SO-1-1", 12.0, amended_from="SO-1")
    told = events(await readings(site, lambda it: it.changed_since("")))
    assert {name: event.state for name, event in told.items()} == {"SO-1": "cancelled", "SO-1-1": "confirmed"}


async def test_the_first_poll_reads_everything_and_the_next_begins_before_its_mark(site: Site) -> None:
    sell(site, "SO-1")
    site.wait(hours=-1)
    sell(site, "SO-0")
    told, mark = await changed(site)
    assert (told, mark) == (["SO-0", "SO-1"], "2026-03-02 16:00:00.000000")
    site.asked.clear()
    assert await changed(site, mark, overlap_seconds=300) == (["SO-1"], mark)
    begins = ["modified", ">=", "2026-03-02 15:55:00.000000"]
    assert [doctype for doctype, filters in site.asked if begins in filters] == [
        "Sales Order",
        "Delivery Note",
        "Shipment",
    ]


@pytest.mark.parametrize(
    ("mark", "now", "begins"),
    [
        ("2026-10-25 02:59:00.000000", "2026-10-25T01:05:00+00:00", "2026-10-25 02:00:00"),
        ("2026-10-25 01:59:00.000000", "2026-10-25T00:00:00+00:00", "2026-10-25 01:54:00"),
        ("2026-03-29 01:59:00.000000", "2026-03-29T01:01:00+00:00", "2026-03-29 01:54:00"),
    ],
)
def test_in_the_night_in_which_clocks_change_nothing_is_skipped(mark: str, now: str, begins: str) -> None:
    """Clocks in Berlin went from three to two: what is written then is dated before the mark."""
    since = begin(mark, None, datetime.fromisoformat(now), 300, zone("Europe/Berlin"))
    assert str(since) == begins


async def test_a_shipment_that_was_written_leads_to_its_delivery_note(site: Site) -> None:
    sell(site, "SO-1")
    deliver(site, "DN-1", "SO-1", 10.0)
    site.wait(hours=1)
    ship(site, "SHIP-1", "DN-1", "SF1001")
    assert (await changed(site, "2026-03-02 16:30:00.000000", overlap_seconds=0, at=17))[0] == ["DN-1"]


async def test_more_documents_than_a_page_are_read_each_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erpnext_api, "PAGE", 3)
    for number in range(8):
        sell(site, f"SO-{number}")
    assert (await changed(site))[0] == [f"SO-{number}" for number in range(8)]


async def test_of_several_companies_one_may_be_chosen(site: Site) -> None:
    sell(site, "SO-1")
    sell(site, "SO-2", company="Another")
    assert (await changed(site))[0] == ["SO-1", "SO-2"]
    assert (await changed(site, options={"company": "Works"}))[0] == ["SO-1"]


async def test_what_is_gone_is_withdrawn_and_what_is_there_is_read(site: Site) -> None:
    sell(site, "SO/1")
    deliver(site, "DN-1", "SO/1", -1.0, is_return=1)
    documents = [Document("order", "SO/1", "SO/1"), Document("order", "SO-2", "SO-2"), Document("invoice", "", "SO/1")]
    found = await readings(site, lambda it: it.read_again([*documents, Document("order", "", "")]))
    assert {one.document.document: one.withdrawn for one in found} == {"SO/1": False, "SO-2": True}
    wrong_kind = await readings(site, lambda it: it.read_again([Document("goods_issue", "", "DN-1")]))
    assert [one.withdrawn for one in wrong_kind] == [True], "it was never told as one, so this tells nobody anything"


async def test_an_order_is_read_afresh_with_every_delivery_that_names_it(site: Site) -> None:
    sell(site, "SO-1")
    deliver(site, "DN-1", "SO-1", 10.0)
    deliver(site, "DN-2", "SO-2", 10.0)
    deliver(site, "DN-RET-1", "SO-1", -1.0, is_return=1, return_against="DN-1")
    found = await readings(site, lambda it: it.of_order("SO-1"))
    assert [reading.document.document for reading in found] == ["SO-1", "DN-1", "DN-RET-1"]
    assert all(event.afresh for event in events(found).values())
    assert await readings(site, lambda it: it.of_order("SO-9")) == []


@pytest.mark.parametrize(
    ("status", "docstatus", "is_open"),
    [("Draft", 0, True), ("To Deliver", 1, True), ("On Hold", 1, True), ("To Bill", 1, False), ("Closed", 1, False)],
)
async def test_open_is_what_may_still_change_unseen(site: Site, status: str, docstatus: int, *, is_open: bool) -> None:
    sell(site, "SO-1", status=status, docstatus=docstatus)
    [reading] = await readings(site, lambda it: it.changed_since(""))
    assert reading.is_open is is_open


async def test_a_document_that_was_only_touched_has_the_same_content(site: Site) -> None:
    sell(site, "SO-1")
    [before] = await readings(site, lambda it: it.changed_since(""))
    site.wait(hours=1)
    site.write("Sales Order", "SO-1", per_billed=30)
    [after] = await readings(site, lambda it: it.changed_since(""))
    assert before.digest == after.digest


async def failing(site: Site, **more: Any) -> QuaysideError:  # noqa: ANN401 - what `session` takes
    with pytest.raises(QuaysideError) as failed:
        await changed(site, **more)
    return failed.value


async def test_a_wrong_key_is_told_as_one(site: Site) -> None:
    error = await failing(site, secret="another:one")
    assert (type(error), outcome(error)) == (Rejected, "unauthorised")
    assert "another" not in str(error)


async def test_a_right_that_is_missing_is_told_with_frappe_s_own_sentence(site: Site) -> None:
    site.hidden.add("Delivery Note")
    error = await failing(site)
    assert (type(error), outcome(error)) == (Rejected, "refused")
    assert "role permission for Delivery Note" in str(error)


@pytest.mark.parametrize(
    ("status", "headers", "told", "wait"),
    [
        (503, {}, "server_error", None),
        (429, {"Retry-After": "30"}, "throttled", timedelta(seconds=30)),
        (417, {}, "refused", None),
    ],
)
async def test_a_site_that_is_out_of_order_is_waited_for(
    site: Site, status: int, headers: dict[str, str], told: str, wait: timedelta | None
) -> None:
    site.fails = (status, headers)
    error = await failing(site)
    assert (outcome(error), getattr(error, "retry_after", None)) == (told, wait)


async def test_nobody_there_is_told_as_unreachable() -> None:
    account = ACCOUNT.model_copy(update={"url": "http://127.0.0.1:1"})
    async with ERPNEXT.open(account, SECRET, WallClock()) as opened:
        with pytest.raises(Retryable) as failed:
            [reading async for reading in opened.changed_since("")]
    assert outcome(failed.value) == "unreachable"


async def test_a_secret_that_is_no_pair_is_told_before_anything_is_asked() -> None:
    with pytest.raises(Rejected, match="is not `KEY:SECRET`"):
        async with ERPNEXT.open(ACCOUNT, "the key", WallClock()):
            pass


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"url": "erp.example.com"}, "not an http or https URL"),
        ({"secret": None}, "no `secret`"),
        ({"options": {"since": "yesterday"}}, "the option `since`"),
        ({"options": {"unit.Crate": "a crate"}}, "UN/ECE"),
        ({"options": {"delivery_days": "2"}}, "ERPNext promises the delivery"),
        ({"options": {"colour": "red"}}, "`colour` is unknown"),
    ],
)
def test_what_is_wrong_with_an_account_is_told_before_anybody_polls_it(change: dict[str, object], told: str) -> None:
    with pytest.raises(Rejected, match=told):
        ERPNEXT.check(ACCOUNT.model_copy(update=change))


class Clerk:
    """Somebody who sells in the faked site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._last = 0

    def order(self) -> str:
        self._last += 1
        sell(self._site, f"SO-{self._last}")
        return f"SO-{self._last}"

    def change(self, number: str) -> None:
        asked = float(self._site.documents["Sales Order"][number]["items"][0]["qty"])
        sell(self._site, number, asked + 1)

    def delete(self, number: str) -> None:
        self._site.delete("Sales Order", number)

    def order_late(self, ago: timedelta) -> str:
        self._site.now -= ago
        number = self.order()
        self._site.now += ago
        return number

    def wait(self, span: timedelta) -> None:
        self._site.now += span


@pytest.fixture(scope="module")
def place() -> Iterator[Standing]:
    with standing() as served:
        yield served


class TestErpNext(PollerConformance):
    poller = ERPNEXT
    page = (erpnext_api, "PAGE")

    @pytest.fixture
    def polled(self, place: Standing) -> Polled:
        site = Site()
        place.app = app_of(site)
        account = ACCOUNT.model_copy(update={"url": place.url})
        return Polled(account, SECRET, Clerk(site), "another:one", WallClock(MORNING, 0.0, 0.0))
