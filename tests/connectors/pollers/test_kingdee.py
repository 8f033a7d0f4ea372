"""A session with a Kingdee K/3 Cloud that answers as documented: what is asked, told, and refused."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors.pollers import kingdee_api
from connectors.pollers.kingdee import KINGDEE, KingdeeSession, api_of
from connectors.pollers.kingdee_signing import App, unmasked
from connectors.pollers.wall_clock import begin
from connectors.polling.outcome import outcome
from connectors.reading import decode_json
from contracts.clock import WallClock
from contracts.connector import Context, Document, PollSession, Reading
from contracts.documents import GoodsIssue, Order
from contracts.errors import QuaysideError, Rejected
from contracts.moment import zone
from contracts.settings import PollerAccount, SecretFrom
from tests.connectors.poller_conformance import Polled, PollerConformance
from tests.fakes.kingdee import (
    ACCOUNT_SET,
    APP,
    OUTSTOCK,
    SALE,
    SECRET,
    USER,
    AccountSet,
    app_of,
    deliver,
    entry_of,
    sell,
)
from tests.fakes.standing import Standing, standing

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
PATH = "/K3Cloud"
OPTIONS = {"account_set": ACCOUNT_SET, "user": USER}
ACCOUNT = PollerAccount(
    name="works",
    connector="kingdee",
    url="https://erp.example.com" + PATH,
    zone="Asia/Shanghai",
    secret=SecretFrom(env="KINGDEE_SECRET"),
    options=OPTIONS,
)
Use = Callable[[PollSession], AsyncIterator[Reading]]


@pytest.fixture
def there() -> AccountSet:
    return AccountSet()


@asynccontextmanager
async def session(there: AccountSet, secret: str = SECRET, at: int = 16, **options: str) -> AsyncIterator[PollSession]:
    """A session at `at` o'clock in Shanghai, with an overlap of five minutes."""
    account = ACCOUNT.model_copy(update={"options": OPTIONS | options, "overlap_seconds": 300})
    KINGDEE.check(account)
    clock = WallClock(MORNING + timedelta(hours=at - 16), 0.0, 0.0)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app_of(there))) as client:
        yield KingdeeSession(api_of(account, secret, client), account, clock)


async def readings(there: AccountSet, use: Use, **options: Any) -> list[Reading]:  # noqa: ANN401 - what `session` takes
    async with session(there, **options) as opened:
        return [reading async for reading in use(opened)]


async def changed(there: AccountSet, mark: str = "", at: int = 16, **more: str) -> tuple[list[str], str]:
    async with session(there, at=at, **more) as opened:
        told = [reading.document.document async for reading in opened.changed_since(mark)]
        return told, opened.mark


def event(reading: Reading) -> Any:  # noqa: ANN401 - whatever it says
    context = Context("kingdee", "works", MORNING, zone="Asia/Shanghai")
    (told,) = KINGDEE.to_events(decode_json(reading.body, "$"), context).events
    return told


def test_a_request_is_signed_as_kingdee_s_own_kit_signs_it() -> None:
    """The kit `kingdee.cdp.webapi.sdk` 8.2 of Kingdee's gives these for the same app, path and time."""
    app = App("123456_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4", "test-app-secret-value", "dcid-1", "user-1", "2052", "100")
    path = "/K3Cloud/Kingdee.BOS.WebApi.ServicesStub.DynamicFormService.ExecuteBillQuery.common.kdsvc"
    assert app.headers(path, 1700000000, "1700000000") == {
        "X-Kd-Appkey": "123456_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4",
        "X-Kd-Appdata": "ZGNpZC0xLHVzZXItMSwyMDUyLDEwMA==",
        "X-Kd-Signature": "NjI5MzRiZGVhNGJhOWY2N2Y2YzQ2MzQ5ODA3N2JiZTRiMDRmOTUwNjI3YWIzODU1ODBkZDdhNzgwMzdmMDgxMg==",
        "X-Api-ClientID": "123456",
        "X-Api-Auth-Version": "2.0",
        "x-api-timestamp": "1700000000",
        "x-api-nonce": "1700000000",
        "x-api-signheaders": "x-api-timestamp,x-api-nonce",
        "X-Api-Signature": "MjNhMzg5MmZiMWE1MTQ1ZGE5NWFkYmZiZWYxYzhlY2NjNzcwM2ZjNDJlZTczMzBhNzkxOTk1ODhjNDZkMTEzYw==",
    }
    assert "X-Api-Signature" not in App("123456", "secret", "1", "2", "3", "4").headers(path, 1, "1")


@pytest.mark.parametrize("masked", ["!" * 32, "no base64", "YWJj" * 20])
def test_an_app_id_that_hides_no_key_is_signed_with_none_and_refused_over_there(masked: str) -> None:
    assert unmasked(masked) == b""


async def test_an_order_and_its_outstock_are_told_as_they_stand(there: AccountSet) -> None:
    sell(there, "XSDD000001")
    deliver(there, "XSCKD000001", "XSDD000001", 8.0)
    order, issue = [event(reading) for reading in await readings(there, lambda it: it.changed_since(""))]
    line = str(entry_of(there, "XSDD000001"))
    assert isinstance(order, Order)
    assert (order.document, order.state, order.lines[0].line) == ("XSDD000001", "confirmed", line)
    assert order.lines[0].promised is not None
    assert order.lines[0].promised.last_day().isoformat() == "2026-03-05"
    assert isinstance(issue, GoodsIssue)
    assert [(one.order, one.order_line, str(one.quantity)) for one in issue.lines] == [("XSDD000001", line, "8 C62")]
    assert [(one.carrier, one.tracking_number) for one in issue.packages] == [("顺丰速运", "SF1001")]


async def test_flat_rows_of_one_bill_are_one_document_on_whatever_pages_they_are(
    there: AccountSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kingdee_api, "PAGE", 2)
    for number in range(3):
        sell(there, f"SO{number}")
        bill = there.bill(SALE, f"SO{number}")
        assert bill is not None
        bill["rows"] = [{**bill["rows"][0], "FSaleOrderEntry_FEntryID": 10 * number + at} for at in range(1, 4)]
    told = [event(reading) for reading in await readings(there, lambda it: it.changed_since(""))]
    assert [[line.line for line in order.lines] for order in told] == [
        [str(10 * number + at) for at in range(1, 4)] for number in range(3)
    ]


async def test_a_bill_that_was_put_aside_without_a_number_or_without_rows_is_no_reason_to_stop(
    there: AccountSet,
) -> None:
    sell(there, "SO1")
    there.write(SALE, "", [], FDocumentStatus="Z", FCancelStatus="A", FCloseStatus="A")
    there.write(SALE, "SO2", [], FDocumentStatus="A", FCancelStatus="A", FCloseStatus="A")
    assert (await changed(there))[0] == ["SO1", "SO2"]


async def test_the_first_poll_reads_everything_and_the_next_begins_before_its_mark(there: AccountSet) -> None:
    sell(there, "SO1")
    there.wait(hours=-1)
    sell(there, "SO2")
    told, mark = await changed(there)
    assert (told, mark) == (["SO1", "SO2"], "2026-03-02 16:00:00")
    there.asked.clear()
    assert await changed(there, mark) == (["SO1"], mark)
    dates = ("FCreateDate", "FModifyDate", "FApproveDate", "FCancelDate", "FCloseDate")
    since = " or ".join(f"{name} >= '2026-03-02 15:55:00'" for name in dates)
    assert there.asked[0]["FilterString"] == f"({since}) and FID > 0"


async def test_an_audit_is_seen_though_it_leaves_the_date_of_the_last_change(there: AccountSet) -> None:
    sell(there, "SO1", FDocumentStatus="B")
    there.wait(hours=1)
    there.audit(SALE, "SO1")
    assert await changed(there, "2026-03-02 16:30:00", at=17) == (["SO1"], "2026-03-02 17:00:00")


def test_in_the_night_in_which_clocks_change_nothing_is_skipped() -> None:
    """Clocks in Berlin went from three to two: what is written then is dated before the mark."""
    now = datetime(2026, 10, 25, 1, 5, tzinfo=UTC)
    assert str(begin("2026-10-25 02:59:00", None, now, 300, zone("Europe/Berlin"))) == "2026-10-25 02:00:00"


async def test_of_several_sales_organisations_one_may_be_chosen(there: AccountSet) -> None:
    sell(there, "SO1")
    organisation: dict[str, Any] = {"FSaleOrgId.FNumber": "it's 200"}
    sell(there, "SO2", **organisation)
    assert (await changed(there, sales_organisation="it's 200"))[0] == ["SO2"]


async def test_what_is_gone_is_withdrawn_and_what_is_there_is_read(there: AccountSet) -> None:
    sell(there, "SO1")
    hinted = [Document("order", "SO1", "100001"), Document("order", "SO2", "100002")]
    nothing = [Document("invoice", "", "100001"), Document("order", "", ""), Document("order", "", "1) or (1=1")]
    found = await readings(there, lambda it: it.read_again([*hinted, *nothing]))
    assert [(one.document.document, one.withdrawn) for one in found] == [("SO1", False), ("SO2", True)]


async def test_an_order_is_read_afresh_with_every_outstock_that_names_it(there: AccountSet) -> None:
    sell(there, "SO1")
    deliver(there, "OUT1", "SO1", 5.0)
    deliver(there, "OUT2", "SO2", 5.0)
    found = await readings(there, lambda it: it.of_order("SO1"))
    assert [reading.document.document for reading in found] == ["SO1", "OUT1"]
    assert all(event(reading).afresh for reading in found)
    assert await readings(there, lambda it: it.of_order("SO3")) == []


@pytest.mark.parametrize(
    ("form", "fields", "is_open"),
    [
        (SALE, {}, True),
        (SALE, {"FCancelStatus": "B"}, False),
        (SALE, {"FCloseStatus": "B"}, False),
        (OUTSTOCK, {}, False),
        (OUTSTOCK, {"FDocumentStatus": "A"}, True),
        (OUTSTOCK, {"FDocumentStatus": "A", "FCancelStatus": "B"}, False),
    ],
)
async def test_open_is_what_may_still_change_unseen(
    there: AccountSet, form: str, fields: dict[str, Any], *, is_open: bool
) -> None:
    if form == SALE:
        sell(there, "SO1", **fields)
    else:
        deliver(there, "OUT1", "SO1", 1.0, **fields)
    [reading] = await readings(there, lambda it: it.changed_since(""))
    assert reading.is_open is is_open


async def test_a_session_is_opened_by_the_app_s_secret_and_again_once_it_has_ended(there: AccountSet) -> None:
    sell(there, "SO1")
    async with session(there, login="session") as opened:
        assert [one.document.document async for one in opened.changed_since("")] == ["SO1"]
        assert there.opened == 1
        there.sessions.clear()
        assert [one.document.document async for one in opened.changed_since("")] == ["SO1"]
    assert there.opened == 2


async def failing(there: AccountSet, **more: Any) -> QuaysideError:  # noqa: ANN401 - what `session` takes
    with pytest.raises(QuaysideError) as failed:
        await changed(there, **more)
    return failed.value


@pytest.mark.parametrize("login", ["signature", "session"])
async def test_a_wrong_secret_is_told_as_one_though_the_answer_is_a_success(there: AccountSet, login: str) -> None:
    error = await failing(there, secret=f"{APP}:another", login=login)
    assert (type(error), outcome(error)) == (Rejected, "unauthorised")
    assert "another" not in str(error)


async def test_a_right_that_is_missing_is_told_with_kingdee_s_own_sentence(there: AccountSet) -> None:
    there.hidden.add(OUTSTOCK)
    error = await failing(there)
    assert (outcome(error), "用户没有SAL_OUTSTOCK的查看权限" in str(error)) == ("refused", True)


@pytest.mark.parametrize(("status", "told"), [(503, "server_error"), (429, "throttled"), (403, "refused")])
async def test_a_system_that_is_out_of_order_is_waited_for(there: AccountSet, status: int, told: str) -> None:
    there.fails = (status, {})
    assert outcome(await failing(there)) == told


async def test_an_error_of_the_gateway_that_is_text_is_told(there: AccountSet) -> None:
    there.fails = (200, {"content-type": "text/plain"})
    app = httpx.MockTransport(lambda _: httpx.Response(200, text="response_error: the query is not licensed"))
    async with httpx.AsyncClient(transport=app) as client:
        opened = KingdeeSession(api_of(ACCOUNT, SECRET, client), ACCOUNT, WallClock())
        with pytest.raises(Rejected, match="the query is not licensed"):
            [reading async for reading in opened.changed_since("")]


async def test_what_is_missing_over_there_is_said(
    there: AccountSet, place: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "app", app_of(there))
    assert KINGDEE.probe is not None
    account = ACCOUNT.model_copy(update={"url": place.url + PATH})
    assert await KINGDEE.probe(account, SECRET) == []
    there.hidden.add(SALE)
    (problem,) = await KINGDEE.probe(account, SECRET)
    assert "用户没有SAL_SaleOrder的查看权限" in problem


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"url": "erp.example.com"}, "not an http or https URL"),
        ({"secret": None}, "no `secret`"),
        ({"options": {"account_set": "1"}}, "no option `user`"),
        ({"options": OPTIONS | {"login": "password"}}, "expected signature or session"),
        ({"options": OPTIONS | {"since": "yesterday"}}, "the option `since`"),
        ({"options": OPTIONS | {"delivery_days": "2"}}, "Kingdee promises the delivery"),
        ({"options": OPTIONS | {"colour": "red"}}, "`colour` is unknown"),
    ],
)
def test_what_is_wrong_with_an_account_is_told_before_anybody_polls_it(change: dict[str, object], told: str) -> None:
    with pytest.raises(Rejected, match=told):
        KINGDEE.check(ACCOUNT.model_copy(update=change))


class Clerk:
    """Somebody who sells in the faked account set."""

    def __init__(self, there: AccountSet) -> None:
        self._there = there
        self._last = 0

    def order(self) -> str:
        self._last += 1
        sell(self._there, f"SO{self._last}")
        return f"SO{self._last}"

    def change(self, number: str) -> None:
        bill = self._there.bill(SALE, number)
        assert bill is not None
        sell(self._there, number, bill["rows"][0]["FQty"] + 1)

    def delete(self, number: str) -> None:
        self._there.delete(SALE, number)

    def order_late(self, ago: timedelta) -> str:
        self._there.now -= ago
        number = self.order()
        self._there.now += ago
        return number

    def wait(self, span: timedelta) -> None:
        self._there.now += span


@pytest.fixture(scope="module")
def place() -> Iterator[Standing]:
    with standing() as served:
        yield served


class TestKingdee(PollerConformance):
    poller = KINGDEE
    page = (kingdee_api, "PAGE")
    asks = "POST"

    @pytest.fixture
    def polled(self, place: Standing) -> Polled:
        there = AccountSet()
        place.app = app_of(there)
        account = ACCOUNT.model_copy(update={"url": place.url + PATH})
        return Polled(account, SECRET, Clerk(there), f"{APP}:another one", WallClock(MORNING, 0.0, 0.0))
