"""What each answer of Tryton means, and how its records are read page by page.

Answers as trytond 8.2 gives them: `protocols/rest.py`, `protocols/wrappers.py`.
"""

import asyncio
import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from connectors.pollers.tryton_rest import Row, TrytonRest
from contracts.errors import QuaysideError, Rejected, Retryable

URL = "https://erp.example/db"
Answer = Callable[[httpx.Request], httpx.Response]


def asked(answer: Answer, size: int = 500) -> list[Row]:
    """All records that a Tryton which answers so has."""

    async def ask() -> list[Row]:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url=f"{URL}/rest/") as client:
            rest = TrytonRest(client, URL)
            return [
                row
                async for rows in rest.pages("sale.sale", [["state", "=", "draft"]], ["number"], size)
                for row in rows
            ]

    return asyncio.run(ask())


def refused(status: int, **settings: object) -> QuaysideError:
    with pytest.raises(QuaysideError) as caught:
        asked(lambda _: httpx.Response(status, **settings))  # type: ignore[arg-type]
    return caught.value


PAGE = "<!doctype html><title>500</title><h1>Internal Server Error</h1><p>It&#39;s   broken.</p>"


@pytest.mark.parametrize(
    ("status", "kind", "code", "said"),
    [
        (401, Rejected, "unauthorised", "refuses the key (401)"),
        (403, Rejected, "unauthorised", "refuses the key (403)"),
        (429, Retryable, "throttled", "asks us to wait (429)"),
        (500, Retryable, "server_error", "failed (500): It's broken."),
        (503, Retryable, "server_error", "failed (503)"),
        (400, Rejected, "refused", "refused what we asked (400)"),
        (404, Rejected, "refused", "there is no Tryton database at https://erp.example/db"),
        (302, Rejected, "refused", "refused what we asked (302)"),
    ],
)
def test_each_failure_has_its_own_message(status: int, kind: type[QuaysideError], code: str, said: str) -> None:
    error = refused(status, text=PAGE)
    assert isinstance(error, kind)
    assert error.code == code
    assert said in error.reason


def test_tryton_s_own_sentence_about_a_mistake_is_passed_on() -> None:
    error = refused(400, json={"message": "You are not allowed.", "description": "Ask somebody."})
    assert error.reason.endswith("You are not allowed. Ask somebody.")


def test_a_sentence_is_never_longer_than_a_log_line_bears() -> None:
    assert len(refused(500, text=f"<p>{'x' * 100_000}</p>").reason) < 500


def test_it_is_left_alone_as_long_as_it_asks() -> None:
    error = refused(429, headers={"Retry-After": "120"})
    assert isinstance(error, Retryable)
    assert error.retry_after == timedelta(seconds=120)


@pytest.mark.parametrize("body", ["<html>a login page</html>", "{}", "[1]"])
def test_what_is_no_answer_of_tryton_s_is_refused(body: str) -> None:
    error = refused(200, text=body)
    assert error.code == "refused"
    assert "does not answer as Tryton's REST interface does" in error.reason


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (httpx.ConnectError("connection refused"), "cannot be reached: connection refused"),
        (httpx.ReadTimeout("slow"), "gave no answer within"),
        (httpx.RemoteProtocolError("broken"), "cannot be reached: broken"),
    ],
)
def test_nobody_answering_is_unreachable(raised: httpx.RequestError, said: str) -> None:
    def fail(_request: httpx.Request) -> httpx.Response:
        raise raised

    with pytest.raises(Retryable, match=said) as caught:
        asked(fail)
    assert caught.value.code == "unreachable"


def test_records_are_read_behind_the_last_id_so_that_none_is_skipped_when_others_vanish() -> None:
    there = [3, 4, 9, 11, 12]

    def answer(request: httpx.Request) -> httpx.Response:
        [_, _, behind], condition = json.loads(base64.urlsafe_b64decode(request.url.params["d"]))
        assert condition == ["state", "=", "draft"]
        found = [number for number in there if number > behind][: int(request.url.params["s"])]
        if behind == 0:
            there.remove(3)
        return httpx.Response(200, json=[{"id": number} for number in found])

    assert [row["id"] for row in asked(answer, size=2)] == [3, 4, 9, 11, 12]


def test_the_server_s_own_time_is_kept() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=[], headers={"Date": "Mon, 02 Mar 2026 08:00:00 GMT"})

    async def ask() -> datetime | None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url=f"{URL}/rest/") as client:
            rest = TrytonRest(client, URL)
            await rest.search("sale.sale", [], ["number"], 1)
            return rest.answered_at

    assert asyncio.run(ask()) == datetime(2026, 3, 2, 8, tzinfo=UTC)
