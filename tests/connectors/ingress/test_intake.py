"""What a sender sees of ingress, and what stands in `inbound` afterwards."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from structlog.testing import capture_logs

from connectors.ingress import intake
from connectors.ingress.accounts import Door, Doors, open_doors
from connectors.ingress.intake import ingress_app
from connectors.sources.kuaidi100 import KUAIDI100
from contracts.connector import Context, Reply
from contracts.envelope import Envelope, Event, Origin
from contracts.errors import Rejected
from contracts.metrics import REGISTRY
from contracts.raw import RawRequest
from contracts.settings import SourceAccount
from contracts.topics import BODY_LIMIT, HEADERS_LIMIT
from tests.connectors.ingress.memory import EPOCH, Memory

SECRET, OLD_SECRET, TOKEN = "this year's", "last year's", "a-secret-path"
PAYLOAD = b'{"status":"polling"}'
SIGNED = KUAIDI100.verify.sign(PAYLOAD, SECRET, EPOCH).body
ACKNOWLEDGED = '{"result":true,"returnCode":"200","message":"成功"}'.encode()
SOURCE = replace(KUAIDI100, headers=frozenset({"x-kept"}))


class Ingress:
    def __init__(self) -> None:
        self.durable = Memory()
        doors = Doors(
            [
                Door(SOURCE, "shop", (OLD_SECRET, SECRET), ""),
                Door(SOURCE, "hidden", (), TOKEN),
                Door(SOURCE, "both", (SECRET,), TOKEN),
            ]
        )
        app = ingress_app(doors, self.durable, {})
        # The application's own mistakes become answers, as under a real server.
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://ingress")

    async def post(
        self,
        path: str = "/in/kuaidi100/shop",
        body: bytes | AsyncIterator[bytes] = SIGNED,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        return await self.http.post(path, content=body, headers=headers)

    def stored(self) -> list[RawRequest]:
        return [
            RawRequest.read(Event(key or b"", value, Origin("inbound", 0, offset), headers))
            for offset, (key, value, headers, _) in enumerate(self.durable.records)
        ]


@pytest.fixture
async def ingress() -> AsyncIterator[Ingress]:
    made = Ingress()
    async with made.http:
        yield made


def counted(outcome: str, connector: str = "kuaidi100") -> float:
    return REGISTRY.get_sample_value("quayside_inbound_total", {"connector": connector, "outcome": outcome}) or 0.0


async def in_chunks(size: int, count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * size


async def test_a_signed_request_is_stored_byte_for_byte_and_acknowledged_as_its_sender_expects(
    ingress: Ingress,
) -> None:
    before = counted("stored")
    answer = await ingress.post(headers={"content-type": "application/x-www-form-urlencoded"})
    assert (answer.status_code, answer.content) == (200, ACKNOWLEDGED)
    assert answer.headers["content-type"] == "application/json"
    (raw,) = ingress.stored()
    assert (raw.connector, raw.account, raw.body) == ("kuaidi100", "shop", SIGNED)
    assert raw.content_type == "application/x-www-form-urlencoded"
    assert counted("stored") == before + 1


async def test_a_sender_may_be_answered_by_its_own_request_and_its_account_s_options() -> None:
    def acknowledge(request: RawRequest, context: Context) -> Reply:
        return Reply(200, b"%d bytes for %s" % (len(request.body), context.options["customer"].encode()))

    source = replace(SOURCE, acknowledge=acknowledge)
    door = Door(source, "shop", (SECRET,), "", options={"customer": "C-7"})
    app = ingress_app(Doors([door]), Memory(), {})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ingress") as http:
        answer = await http.post("/in/kuaidi100/shop", content=SIGNED)
    assert answer.content == b"%d bytes for C-7" % len(SIGNED)


def test_an_account_with_an_option_that_its_connector_does_not_know_keeps_ingress_from_starting() -> None:
    account = SourceAccount(name="shop", connector="kuaidi100", options={"colour": "red"})
    with pytest.raises(Rejected, match="the option `colour` is unknown: kuaidi100 has none"):
        open_doors([account], {"kuaidi100": KUAIDI100})


async def test_nothing_is_acknowledged_before_it_is_durable(ingress: Ingress) -> None:
    ingress.durable.gate.clear()
    posting = asyncio.create_task(ingress.post())
    await ingress.durable.waiting.wait()
    done, _ = await asyncio.wait({posting}, timeout=0.05)
    assert not done
    ingress.durable.gate.set()
    assert (await posting).content == ACKNOWLEDGED


async def test_a_request_that_cannot_be_made_durable_is_put_off_in_the_sender_s_format(ingress: Ingress) -> None:
    before = counted("unavailable")
    ingress.durable.away = True
    answer = await ingress.post()
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["result"] is False
    assert counted("unavailable") == before + 1


async def test_more_requests_than_may_be_under_way_are_put_off_and_all_others_are_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also while they wait: how it goes can still be asked."""
    monkeypatch.setattr(intake, "REQUESTS", 2)
    before = counted("overloaded")
    busy = Ingress()
    busy.durable.gate.clear()
    async with busy.http, asyncio.TaskGroup() as group:
        under_way = [group.create_task(busy.post()) for _ in range(2)]
        async with asyncio.timeout(5):
            while busy.durable.writing < 2:  # noqa: ASYNC110 - what is waited for has no event
                await asyncio.sleep(0)
        answer = await busy.post()
        assert (answer.status_code, answer.headers["retry-after"], answer.json()["result"]) == (503, "10", False)
        assert (await busy.http.get("/healthz")).status_code == 200
        busy.durable.gate.set()
        assert [(await one).content for one in under_way] == [ACKNOWLEDGED] * 2
        assert (await busy.post()).content == ACKNOWLEDGED
    assert counted("overloaded") == before + 1


async def test_a_mistake_of_ours_is_never_an_acknowledgement(ingress: Ingress, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(ingress.durable, "write", fails)
    assert (await ingress.post()).status_code == 500


async def test_a_request_told_twice_is_stored_twice_under_one_key(ingress: Ingress) -> None:
    await ingress.post()
    await ingress.post()
    first, second = ingress.durable.records
    assert first[0] == second[0]


@pytest.mark.parametrize("secret", [OLD_SECRET, SECRET])
async def test_both_secrets_of_a_rotation_open(ingress: Ingress, secret: str) -> None:
    answer = await ingress.post(body=KUAIDI100.verify.sign(PAYLOAD, secret, EPOCH).body)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "body", [SIGNED.replace(b"polling", b"abort"), b"param=%7B%7D&sign=", b"param=%7B%7D", b"", b"\xff" * 100]
)
async def test_a_forged_request_is_refused_in_the_sender_s_format_counted_and_not_stored(
    ingress: Ingress, body: bytes
) -> None:
    before = counted("refused")
    answer = await ingress.post(body=body)
    assert answer.status_code == 401
    assert answer.json()["result"] is False
    assert answer.json()["returnCode"] == "500"
    assert ingress.durable.records == []
    assert counted("refused") == before + 1


@pytest.mark.parametrize(
    "path",
    [
        "/in/kuaidi100/nobody",
        "/in/nobody/shop",
        "/in/kuaidi100/shop/",
        "/in/kuaidi100/shop/token",
        "/in/kuaidi100/hidden",
        "/in/kuaidi100/hidden/wrong",
        f"/in/kuaidi100/hidden?token={TOKEN}",
        f"/in/kuaidi100/hidden/{TOKEN}/more",
        "/in/kuaidi100/hidden/%ff",
    ],
)
async def test_an_unknown_account_and_a_wrong_token_look_the_same(ingress: Ingress, path: str) -> None:
    answer = await ingress.post(path)
    nowhere = await ingress.post("/nowhere")
    assert (answer.status_code, answer.content) == (404, nowhere.content)
    assert ingress.durable.records == []


async def test_a_secret_path_is_proof_enough_where_the_sender_does_not_sign(ingress: Ingress) -> None:
    answer = await ingress.post(f"/in/kuaidi100/hidden/{TOKEN}", body=b"param=%7B%7D")
    assert answer.content == ACKNOWLEDGED


async def test_a_secret_path_replaces_no_signature_that_was_agreed(ingress: Ingress) -> None:
    answer = await ingress.post(f"/in/kuaidi100/both/{TOKEN}", body=b"param=%7B%7D&sign=0")
    assert answer.status_code == 401


async def test_neither_token_nor_body_nor_secret_is_logged(ingress: Ingress) -> None:
    with capture_logs() as entries:
        await ingress.post(f"/in/kuaidi100/hidden/{TOKEN}", body=SIGNED)
        await ingress.post(f"/in/kuaidi100/hidden/{TOKEN}x", body=SIGNED)
        await ingress.post(body=b"param=private&sign=0")
    assert [entry["outcome"] for entry in entries] == ["stored", "unknown_account", "refused"]
    for hidden in (TOKEN, SECRET, "private", "polling"):
        assert hidden not in str(entries)


async def test_the_largest_body_is_taken(ingress: Ingress) -> None:
    answer = await ingress.post(f"/in/kuaidi100/hidden/{TOKEN}", body=b"x" * BODY_LIMIT)
    assert answer.status_code == 200


async def test_one_byte_more_is_refused_unread(ingress: Ingress) -> None:
    before = counted("too_large")

    read: list[bytes] = []

    async def watched() -> AsyncIterator[bytes]:
        read.append(b"x")
        yield b"x"

    answer = await ingress.post(
        f"/in/kuaidi100/hidden/{TOKEN}", body=watched(), headers={"content-length": str(BODY_LIMIT + 1)}
    )
    assert (answer.status_code, answer.json()["result"], read) == (413, False, [])
    assert counted("too_large") == before + 1


async def test_a_body_without_a_length_is_refused_as_soon_as_it_is_too_large(ingress: Ingress) -> None:
    answer = await ingress.post(f"/in/kuaidi100/hidden/{TOKEN}", body=in_chunks(100_000, 10))
    assert answer.status_code == 413
    answer = await ingress.post(f"/in/kuaidi100/hidden/{TOKEN}", body=in_chunks(100_000, 9))
    assert answer.status_code == 200


@pytest.mark.parametrize("name", ["content-type", "x-kept"])
async def test_headers_that_no_record_could_hold_are_refused_for_good_and_not_put_off(
    ingress: Ingress, name: str
) -> None:
    """The broker would refuse the record for ever, and so its sender would come for ever."""
    answer = await ingress.post(headers={name: "x" * (HEADERS_LIMIT + 1)})
    assert (answer.status_code, answer.json()["result"]) == (431, False)
    assert ingress.durable.records == []
    answer = await ingress.post(headers={name: "x" * (HEADERS_LIMIT - 100), "x-not-kept": "x" * HEADERS_LIMIT})
    assert answer.status_code == 200


async def test_a_body_that_does_not_arrive_is_given_up(ingress: Ingress, monkeypatch: pytest.MonkeyPatch) -> None:
    async def drips() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.Event().wait()

    monkeypatch.setattr(intake, "READ_SECONDS", 0.05)
    answer = await ingress.post(f"/in/kuaidi100/hidden/{TOKEN}", body=drips())
    assert answer.status_code == 408
    assert ingress.durable.records == []


async def test_only_allowed_headers_are_kept(ingress: Ingress) -> None:
    await ingress.post(headers={"X-Kept": "yes", "Authorization": "Bearer x", "Cookie": "y"})
    (raw,) = ingress.stored()
    assert raw.headers == {"x-kept": "yes"}


VALID = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
NO_TRACE = f"00-{'0' * 32}-00f067aa0ba902b7-01"
NO_PARENT = f"00-4bf92f3577b34da6a3ce929d0e0e4736-{'0' * 16}-01"


async def test_a_sender_s_trace_goes_on(ingress: Ingress) -> None:
    await ingress.post(headers={"traceparent": VALID})
    assert Envelope.read(ingress.durable.records[0][2]).traceparent == VALID


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "x",
        VALID + "0",
        VALID.upper(),
        "ff" + VALID[2:],
        f"00-{'0' * 32}-{'1' * 16}-01",
        f"00-{'1' * 32}-{'0' * 16}-01",
    ],
)
async def test_a_trace_begins_where_the_sender_brings_no_valid_one(ingress: Ingress, header: str | None) -> None:
    await ingress.post(headers={} if header is None else {"traceparent": header})
    begun = Envelope.read(ingress.durable.records[0][2]).traceparent
    assert begun != header
    assert len(begun) == len(VALID)
