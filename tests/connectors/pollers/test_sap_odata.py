"""A session with an SAP S/4HANA that answers as documented: what is asked, told, and refused."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors.pollers import sap_odata_api
from connectors.pollers.sap_odata import SAP_ODATA, SapODataSession
from connectors.pollers.sap_odata_api import api_of
from connectors.polling.outcome import outcome
from connectors.reading import decode_json
from contracts.clock import WallClock
from contracts.connector import Context, Document, PollSession, Reading
from contracts.documents import GoodsIssue, Order
from contracts.errors import QuaysideError, Rejected
from contracts.settings import PollerAccount, SecretFrom
from tests.connectors.poller_conformance import Polled, PollerConformance
from tests.fakes.sap_odata import DELIVERY, ORDER, SECRET, System, app_of, deliver, sell
from tests.fakes.standing import Standing, standing

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
PATH = "/sap/opu/odata/sap"
TOKEN = {"token_url": "https://erp.example.com/oauth/token"}
ACCOUNT = PollerAccount(
    name="works",
    connector="sap-odata",
    url="https://erp.example.com" + PATH,
    zone="Europe/Berlin",
    secret=SecretFrom(env="SAP_SECRET"),
)
Use = Callable[[PollSession], AsyncIterator[Reading]]


@pytest.fixture
def system() -> System:
    return System()


@asynccontextmanager
async def session(system: System, secret: str = SECRET, **more: Any) -> AsyncIterator[PollSession]:  # noqa: ANN401
    account = ACCOUNT.model_copy(update=more)
    SAP_ODATA.check(account)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app_of(system))) as client:
        yield SapODataSession(api_of(account, secret, client), account, WallClock(MORNING, 0.0, 0.0))


async def readings(system: System, use: Use, **more: Any) -> list[Reading]:  # noqa: ANN401 - what `session` takes
    async with session(system, **more) as opened:
        return [reading async for reading in use(opened)]


async def changed(system: System, mark: str = "", **more: Any) -> tuple[list[str], str]:  # noqa: ANN401
    async with session(system, **more) as opened:
        told = [reading.document.document async for reading in opened.changed_since(mark)]
        return told, opened.mark


def event(reading: Reading) -> Any:  # noqa: ANN401 - whatever it says
    context = Context("sap-odata", "works", MORNING, zone="Europe/Berlin")
    (told,) = SAP_ODATA.to_events(decode_json(reading.body, "$"), context).events
    return told


async def test_an_order_and_its_delivery_are_told_as_they_stand(system: System) -> None:
    sell(system, "45017")
    deliver(system, "80012345", "45017", "8")
    order, issue = [event(reading) for reading in await readings(system, lambda it: it.changed_since(""))]
    assert isinstance(order, Order)
    assert (order.document, order.state, str(order.lines[0].ordered)) == ("45017", "confirmed", "10 C62")
    assert order.lines[0].promised is not None
    assert order.lines[0].promised.last_day().isoformat() == "2026-03-05"
    assert isinstance(issue, GoodsIssue)
    assert [(one.order, one.order_line, str(one.quantity)) for one in issue.lines] == [("45017", "10", "8 C62")]
    assert [(one.carrier, one.tracking_number) for one in issue.packages] == [("300001", "SF1001")]
    assert issue.despatched_at is not None
    assert issue.despatched_at.at == datetime(2026, 3, 3, 8, 5, tzinfo=UTC)


async def test_the_first_poll_reads_everything_and_the_next_begins_before_its_mark(system: System) -> None:
    sell(system, "1")
    system.wait(hours=-1)
    sell(system, "2")
    told, mark = await changed(system)
    assert (told, mark) == (["1", "2"], "2026-03-02T08:00:00.000000Z")
    system.asked.clear()
    assert await changed(system, mark, overlap_seconds=300) == (["1"], mark)
    assert [query["$filter"] for _, query in system.asked] == [
        "LastChangeDateTime ge datetimeoffset'2026-03-02T07:55:00Z'",
        "(LastChangeDate ge datetime'2026-03-01T00:00:00' or CreationDate ge datetime'2026-03-01T00:00:00')",
    ]


async def test_a_delivery_that_nobody_changed_yet_has_only_the_date_on_which_it_was_made(system: System) -> None:
    deliver(system, "8", "1", "1")
    told, mark = await changed(system)
    assert (told, mark) == (["8"], "2026-03-01T23:00:00.000000Z")
    system.wait(days=3)
    system.write(DELIVERY, "8", BillOfLading="SF1002")
    assert (await changed(system, mark))[1] == "2026-03-04T23:00:00.000000Z"


async def test_pages_end_where_the_server_wants_and_where_we_want(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sap_odata_api, "PAGE", 3)
    system.page = 2
    for number in range(1, 9):
        sell(system, str(number))
    assert (await changed(system))[0] == [str(number) for number in range(1, 9)]
    asked = [query for kind, query in system.asked if kind == ORDER]
    assert sum("$skiptoken" in query for query in asked) == 2
    assert [query["$filter"] for query in asked if "$filter" in query][-1] == "SalesOrder gt '6'"


async def test_of_several_sales_organisations_one_may_be_chosen(system: System) -> None:
    sell(system, "1")
    sell(system, "2", SalesOrganization="2020")
    assert (await changed(system, options={"sales_organisation": "2020"}))[0] == ["2"]


async def test_what_is_gone_is_withdrawn_and_what_is_there_is_read(system: System) -> None:
    sell(system, "1")
    hinted = [Document("order", "1", "1"), Document("order", "2", "2"), Document("order", "", "it's/odd")]
    found = await readings(
        system, lambda it: it.read_again([*hinted, Document("invoice", "", "1"), Document("order", "", "")])
    )
    assert [one.withdrawn for one in found] == [False, True, True]


async def test_an_order_is_read_afresh_with_every_delivery_that_names_it(system: System) -> None:
    sell(system, "1")
    deliver(system, "8", "1", "10")
    deliver(system, "9", "2", "10")
    found = await readings(system, lambda it: it.of_order("1"))
    assert [reading.document.document for reading in found] == ["1", "8"]
    assert all(event(reading).afresh for reading in found)
    assert await readings(system, lambda it: it.of_order("3")) == []


async def test_a_document_of_which_nothing_changed_that_is_read_has_the_same_content(system: System) -> None:
    sell(system, "1")
    [before] = await readings(system, lambda it: it.changed_since(""))
    system.wait(hours=1)
    system.write(ORDER, "1", TotalNetAmount="1300.00")
    [after] = await readings(system, lambda it: it.changed_since(""))
    assert before.digest == after.digest
    assert b"TotalNetAmount" not in after.body


@pytest.mark.parametrize(
    ("statuses", "is_open"),
    [({}, True), ({"OverallSDProcessStatus": "C"}, False), ({"OverallSDDocumentRejectionSts": "C"}, False)],
)
async def test_open_is_what_may_still_change_unseen(system: System, statuses: dict[str, str], *, is_open: bool) -> None:
    sell(system, "1", **statuses)
    [reading] = await readings(system, lambda it: it.changed_since(""))
    assert reading.is_open is is_open


async def test_a_client_shows_a_token_and_fetches_another_when_that_is_refused(system: System) -> None:
    system.tokens = set()
    sell(system, "1")
    async with session(system, options=TOKEN) as opened:
        assert [one.document.document async for one in opened.changed_since("")] == ["1"]
        assert system.given == 1
        system.tokens.clear()
        assert [one.document.document async for one in opened.changed_since("")] == ["1"]
    assert system.given == 2


async def failing(system: System, **more: Any) -> QuaysideError:  # noqa: ANN401 - what `session` takes
    with pytest.raises(QuaysideError) as failed:
        await changed(system, **more)
    return failed.value


async def test_a_wrong_secret_is_told_as_one_of_users_and_of_clients(system: System) -> None:
    error = await failing(system, secret="another:one")
    assert (type(error), outcome(error)) == (Rejected, "unauthorised")
    system.tokens = set()
    error = await failing(system, secret="another:one", options=TOKEN)
    assert outcome(error) == "unauthorised"
    assert "no such client" in str(error)


async def test_a_service_that_is_not_published_is_told_and_withdraws_nothing(system: System) -> None:
    sell(system, "1")
    system.unpublished.add("API_SALES_ORDER_SRV")
    error = await failing(system)
    assert (outcome(error), "/IWFND/MED/170" in str(error)) == ("refused", True)


@pytest.mark.parametrize(("status", "told"), [(503, "server_error"), (429, "throttled"), (400, "refused")])
async def test_a_system_that_is_out_of_order_is_waited_for(system: System, status: int, told: str) -> None:
    system.fails = (status, {})
    assert outcome(await failing(system)) == told


async def test_what_is_missing_over_there_is_said(
    system: System, place: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "app", app_of(system))
    assert SAP_ODATA.probe is not None
    account = ACCOUNT.model_copy(update={"url": place.url + PATH})
    assert await SAP_ODATA.probe(account, SECRET) == []
    system.unpublished.add("API_SALES_ORDER_SRV")
    (problem,) = await SAP_ODATA.probe(account, SECRET)
    assert "No service found" in problem


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"url": "erp.example.com"}, "not an http or https URL"),
        ({"secret": None}, "no `secret`"),
        ({"options": {"since": "yesterday"}}, "the option `since`"),
        ({"options": {"token_url": "there"}}, "not an http or https URL"),
        ({"options": {"tracking": "Phone"}}, "expected one of BillOfLading"),
        ({"options": {"delivery_days": "2"}}, "SAP promises the delivery"),
        ({"options": {"colour": "red"}}, "`colour` is unknown"),
    ],
)
def test_what_is_wrong_with_an_account_is_told_before_anybody_polls_it(change: dict[str, object], told: str) -> None:
    with pytest.raises(Rejected, match=told):
        SAP_ODATA.check(ACCOUNT.model_copy(update=change))


class Clerk:
    """Somebody who sells in the faked system."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._last = 0

    def order(self) -> str:
        self._last += 1
        sell(self._system, str(self._last))
        return str(self._last)

    def change(self, number: str) -> None:
        asked = self._system.entities[ORDER][number]["to_Item"]["results"][0]["RequestedQuantity"]
        sell(self._system, number, str(int(asked) + 1))

    def delete(self, number: str) -> None:
        self._system.delete(ORDER, number)

    def order_late(self, ago: timedelta) -> str:
        self._system.now -= ago
        number = self.order()
        self._system.now += ago
        return number

    def wait(self, span: timedelta) -> None:
        self._system.now += span


@pytest.fixture(scope="module")
def place() -> Iterator[Standing]:
    with standing() as served:
        yield served


class TestSapOData(PollerConformance):
    poller = SAP_ODATA
    page = (sap_odata_api, "PAGE")

    @pytest.fixture
    def polled(self, place: Standing) -> Polled:
        system = System()
        place.app = app_of(system)
        account = ACCOUNT.model_copy(update={"url": place.url + PATH})
        return Polled(account, SECRET, Clerk(system), "another:one", WallClock(MORNING, 0.0, 0.0))
