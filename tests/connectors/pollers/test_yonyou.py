"""A session with a YonBIP that answers as documented: what is asked, told, and refused."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors.pollers import yonyou_api
from connectors.pollers.pacing import Pace
from connectors.pollers.yonyou import YONYOU, YonyouSession, api_of
from connectors.pollers.yonyou_api import signature
from connectors.polling.outcome import outcome
from connectors.reading import decode_json
from contracts.clock import WallClock
from contracts.connector import Context, Document, PollSession, Reading
from contracts.documents import GoodsIssue, Order
from contracts.errors import QuaysideError, Rejected, Retryable
from contracts.settings import PollerAccount, SecretFrom
from tests.connectors.poller_conformance import Polled, PollerConformance
from tests.fakes.standing import Standing, standing
from tests.fakes.yonyou import ISSUE, ORDER, SECRET, Tenant, app_of, deliver, row_of, sell

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
PATH = "/iuap-api-gateway"
ACCOUNT = PollerAccount(
    name="works",
    connector="yonyou",
    url="https://c2.yonyoucloud.com" + PATH,
    zone="Asia/Shanghai",
    secret=SecretFrom(env="YONYOU_SECRET"),
    overlap_seconds=300,
)
Use = Callable[[PollSession], AsyncIterator[Reading]]


@pytest.fixture
def tenant() -> Tenant:
    return Tenant()


@asynccontextmanager
async def session(tenant: Tenant, secret: str = SECRET, **more: Any) -> AsyncIterator[PollSession]:  # noqa: ANN401
    account = ACCOUNT.model_copy(update=more)
    YONYOU.check(account)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app_of(tenant))) as client:
        api = api_of(account, secret, client, Pace(60, 60.0))
        yield YonyouSession(api, account, WallClock(MORNING, 0.0, 0.0))


async def readings(tenant: Tenant, use: Use, **more: Any) -> list[Reading]:  # noqa: ANN401 - what `session` takes
    async with session(tenant, **more) as opened:
        return [reading async for reading in use(opened)]


async def changed(tenant: Tenant, mark: str = "", **more: Any) -> tuple[list[str], str]:  # noqa: ANN401
    async with session(tenant, **more) as opened:
        told = [reading.document.document async for reading in opened.changed_since(mark)]
        return told, opened.mark


def event(reading: Reading) -> Any:  # noqa: ANN401 - whatever it says
    context = Context("yonyou", "works", MORNING, zone="Asia/Shanghai")
    (told,) = YONYOU.to_events(decode_json(reading.body, "$"), context).events
    return told


def test_parameters_are_signed_in_the_order_of_their_names() -> None:
    # printf 'appKey41832a3d2df94989b500da6a22268747timestamp1568098531823' |
    #     openssl dgst -sha256 -hmac secret -binary | base64
    params = {"timestamp": "1568098531823", "appKey": "41832a3d2df94989b500da6a22268747"}
    assert signature(params, "secret") == "H8cSr2Q0WF/TYdKqbd85nYzjFWiK5a2PHUyIK1tbRfc="


async def test_an_order_and_its_issue_are_told_as_they_stand(tenant: Tenant) -> None:
    sell(tenant, "UO-1")
    deliver(tenant, "XSCK-1", "UO-1", 8)
    order, issue = [event(reading) for reading in await readings(tenant, lambda it: it.changed_since(""))]
    line = str(row_of(tenant, "UO-1"))
    assert isinstance(order, Order)
    assert (order.document, order.state, order.lines[0].line) == ("UO-1", "confirmed", line)
    assert order.lines[0].promised is not None
    assert order.lines[0].promised.last_day().isoformat() == "2026-03-05"
    assert isinstance(issue, GoodsIssue)
    assert [(one.order, one.order_line, str(one.quantity)) for one in issue.lines] == [("UO-1", line, "8 C62")]
    assert [(one.carrier, one.tracking_number) for one in issue.packages] == [("顺丰速运", "SF1001")]


async def test_the_first_poll_reads_everything_and_the_next_begins_before_its_mark(tenant: Tenant) -> None:
    sell(tenant, "UO-1")
    tenant.wait(hours=-1)
    sell(tenant, "UO-2")
    told, mark = await changed(tenant)
    assert (told, mark) == (["UO-1", "UO-2"], "2026-03-02 16:00:00")
    tenant.asked.clear()
    assert await changed(tenant, mark) == (["UO-1"], mark)
    since = {"field": "pubts", "op": "gt", "value1": "2026-03-02 15:54:59"}
    assert [asked["simpleVOs"] for asked in tenant.asked] == [[since], [since]]


async def test_more_documents_than_a_page_are_read_each_once(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yonyou_api, "PAGE", 3)
    for number in range(7):
        sell(tenant, f"UO-{number}")
    assert (await changed(tenant))[0] == [f"UO-{number}" for number in range(7)]


async def test_a_list_that_loses_a_document_while_it_is_read_is_read_anew(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stood first on the second page would else stand last on the first, which was read already."""
    monkeypatch.setattr(yonyou_api, "PAGE", 2)
    for number in range(6):
        sell(tenant, f"UO-{number}")
    tenant.vanishing = 1
    assert (await changed(tenant))[0] == [f"UO-{number}" for number in range(1, 6)]
    tenant.vanishing = 100
    for number in range(50):
        sell(tenant, f"UO-1{number}")
    error = await failing(tenant)
    assert (type(error), "vanish" in str(error)) == (Retryable, True)


async def test_goods_that_come_back_are_not_told_as_leaving(tenant: Tenant) -> None:
    deliver(tenant, "XSCK-1", "UO-1", -8, stockDirection="1")
    assert (await changed(tenant))[0] == []


async def test_what_is_gone_is_withdrawn_whichever_code_says_so(tenant: Tenant) -> None:
    sell(tenant, "UO-1")
    here = str(tenant.write(ORDER, "UO-1"))
    hinted = [Document("order", "UO-1", here), Document("order", "UO-2", "17"), Document("goods_issue", "XSCK-1", "18")]
    nothing = [Document("invoice", "", here), Document("order", "", ""), Document("order", "", "1&id=2")]
    found = await readings(tenant, lambda it: it.read_again([*hinted, *nothing]))
    assert [one.withdrawn for one in found] == [False, True, True]


async def test_a_failure_over_there_withdraws_nothing(tenant: Tenant) -> None:
    """999 says both."""
    sell(tenant, "UO-1")
    here = str(tenant.write(ORDER, "UO-1"))
    tenant.codes = ["999"]
    with pytest.raises(Rejected, match="999"):
        await readings(tenant, lambda it: it.read_again([Document("order", "UO-1", here)]))


async def test_an_order_is_read_afresh_with_every_issue_that_names_it(tenant: Tenant) -> None:
    sell(tenant, "UO-1")
    deliver(tenant, "XSCK-1", "UO-1", 5)
    deliver(tenant, "XSCK-2", "UO-2", 5)
    found = await readings(tenant, lambda it: it.of_order("UO-1"))
    assert [reading.document.document for reading in found] == ["UO-1", "XSCK-1"]
    assert all(event(reading).afresh for reading in found)
    assert await readings(tenant, lambda it: it.of_order("UO-3")) == []


@pytest.mark.parametrize(
    ("kind", "fields", "is_open"),
    [
        (ORDER, {}, True),
        (ORDER, {"nextStatus": "ENDORDER"}, False),
        (ORDER, {"nextStatus": "OPPOSE"}, False),
        (ISSUE, {}, False),
        (ISSUE, {"status": "0"}, True),
    ],
)
async def test_open_is_what_may_still_change_unseen(
    tenant: Tenant, kind: str, fields: dict[str, Any], *, is_open: bool
) -> None:
    if kind == ORDER:
        sell(tenant, "UO-1", **fields)
    else:
        deliver(tenant, "XSCK-1", "UO-1", 1, **fields)
    [reading] = await readings(tenant, lambda it: it.changed_since(""))
    assert reading.is_open is is_open
    assert b"creator" not in reading.body


@pytest.mark.parametrize("as_text", [False, True])
async def test_a_token_that_has_ended_is_fetched_again(tenant: Tenant, *, as_text: bool) -> None:
    sell(tenant, "UO-1")
    tenant.as_text = as_text
    async with session(tenant) as opened:
        assert [one.document.document async for one in opened.changed_since("")] == ["UO-1"]
        assert tenant.given == 1
        tenant.tokens.clear()
        assert [one.document.document async for one in opened.changed_since("")] == ["UO-1"]
    assert tenant.given == 2


async def failing(tenant: Tenant, **more: Any) -> QuaysideError:  # noqa: ANN401 - what `session` takes
    with pytest.raises(QuaysideError) as failed:
        await changed(tenant, **more)
    return failed.value


@pytest.mark.parametrize(
    ("code", "told", "wait"),
    [
        *((code, "throttled", timedelta(minutes=1)) for code in sorted(yonyou_api.LIMITED)),
        *((code, "server_error", None) for code in sorted(yonyou_api.AWAY)),
        *((code, "unauthorised", None) for code in sorted(yonyou_api.NO_APP)),
        ("310037", "refused", None),
        ("999", "refused", None),
    ],
)
async def test_a_code_inside_a_success_is_told_as_what_it_is(
    tenant: Tenant, code: str, told: str, wait: timedelta | None
) -> None:
    tenant.codes = [code]
    error = await failing(tenant)
    assert (outcome(error), getattr(error, "retry_after", None)) == (told, wait)
    assert code in str(error)


async def test_a_wrong_secret_is_told_as_one(tenant: Tenant) -> None:
    error = await failing(tenant, secret="another:one")
    assert (type(error), outcome(error)) == (Rejected, "unauthorised")
    assert "应用不存在" in str(error)


async def test_a_token_that_is_refused_again_and_again_is_no_reason_to_go_on(tenant: Tenant) -> None:
    tenant.codes = ["310036", "310036"]
    assert outcome(await failing(tenant)) == "unauthorised"


async def test_calls_of_one_name_wait_until_the_limit_allows_them() -> None:
    now, waits = [0.0], list[float]()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    pace = Pace(2, 60.0, lambda: now[0], sleep)
    for name in ("list", "list", "detail"):
        await pace.turn(name)
        now[0] += 1
    assert waits == []
    await pace.turn("list")
    await pace.turn("list")
    assert waits == [57.0, 1.0]


async def test_what_is_missing_over_there_is_said(
    tenant: Tenant, place: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "app", app_of(tenant))
    assert YONYOU.probe is not None
    account = ACCOUNT.model_copy(update={"url": place.url + PATH})
    assert await YONYOU.probe(account, SECRET) == []
    tenant.ungranted.add(ISSUE)
    (problem,) = await YONYOU.probe(account, SECRET)
    assert "API未被授权" in problem


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"url": "erp.example.com"}, "not an http or https URL"),
        ({"url": "https://erp.example.com"}, "the option `auth_url`"),
        ({"secret": None}, "no `secret`"),
        ({"options": {"auth_url": "there"}}, "not an http or https URL"),
        ({"options": {"since": "yesterday"}}, "the option `since`"),
        ({"options": {"delivery_days": "soon"}}, "expected days"),
        ({"options": {"colour": "red"}}, "`colour` is unknown"),
    ],
)
def test_what_is_wrong_with_an_account_is_told_before_anybody_polls_it(change: dict[str, object], told: str) -> None:
    with pytest.raises(Rejected, match=told):
        YONYOU.check(ACCOUNT.model_copy(update=change))


class Clerk:
    """Somebody who sells at the faked tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._last = 0

    def order(self) -> str:
        self._last += 1
        sell(self._tenant, f"UO-{self._last}")
        return f"UO-{self._last}"

    def change(self, number: str) -> None:
        order = self._tenant.document(ORDER, number)
        assert order is not None
        sell(self._tenant, number, order["orderDetails"][0]["qty"] + 1)

    def delete(self, number: str) -> None:
        self._tenant.delete(ORDER, number)

    def order_late(self, ago: timedelta) -> str:
        self._tenant.now -= ago
        number = self.order()
        self._tenant.now += ago
        return number

    def wait(self, span: timedelta) -> None:
        self._tenant.now += span


@pytest.fixture(scope="module")
def place() -> Iterator[Standing]:
    with standing() as served:
        yield served


class TestYonyou(PollerConformance):
    poller = YONYOU
    page = (yonyou_api, "PAGE")

    @pytest.fixture
    def polled(self, place: Standing) -> Polled:
        tenant = Tenant()
        place.app = app_of(tenant)
        options = {"auth_url": place.url + "/iuap-api-auth"}
        account = ACCOUNT.model_copy(update={"url": place.url + PATH, "options": options})
        return Polled(account, SECRET, Clerk(tenant), "another:one", WallClock(MORNING, 0.0, 0.0))
