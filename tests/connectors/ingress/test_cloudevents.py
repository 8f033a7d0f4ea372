"""What a sender of CloudEvents sees of ingress; the examples of the page are run, and answered as it says."""

import json
import re
import shlex
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from connectors.ingress.accounts import Door, Doors
from connectors.ingress.intake import ingress_app
from connectors.sources.cloudevents import CLOUDEVENTS
from contracts.metrics import REGISTRY
from mappings.canonical.open_types import OPEN_TYPES
from tests.connectors.ingress.memory import Memory

PAGE_PATH = Path(__file__).parents[3] / "docs" / "how-to" / "push-cloudevents.md"
PAGE = PAGE_PATH.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```sh\n(curl .*?)^```.*?^```http\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
SECRET, TOKEN = "this year's", "a-secret-path"
ADDRESS = "/in/cloudevents/factory"
EVENT = json.dumps(
    {
        "specversion": "1.0",
        "id": "1",
        "source": "/gate",
        "type": "quayside.tracking.reported.v1",
        "data": {"number": "YT-1", "coverage": "increment"},
    }
)
STRUCTURED = {"content-type": "application/cloudevents+json"}


class Ingress:
    def __init__(self) -> None:
        self.durable = Memory()
        doors = [Door(CLOUDEVENTS, "factory", (SECRET,), ""), Door(CLOUDEVENTS, "truck", (), TOKEN)]
        transport = httpx.ASGITransport(ingress_app(Doors(doors), self.durable, {}))
        self.http = httpx.AsyncClient(transport=transport, base_url="https://quayside.example.com")


@pytest.fixture
async def ingress() -> AsyncIterator[Ingress]:
    made = Ingress()
    async with made.http:
        yield made


def request_of(curl: str) -> tuple[str, dict[str, str], bytes]:
    """The address, headers and body that this command line of curl sends."""
    line = curl.replace("\\\n", " ").replace("$PORTAL_SECRET", SECRET)
    words = iter(shlex.split(line)[1:])
    address, headers, body = "", dict[str, str](), b""
    for word in words:
        match word:
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "--data":
                body = next(words).encode()
            case "-i":
                pass
            case _:
                assert not address
                address = word
    return address, headers, body


@pytest.mark.parametrize(("curl", "answer"), EXAMPLES)
async def test_the_page_s_examples_are_answered_as_it_says(ingress: Ingress, curl: str, answer: str) -> None:
    address, headers, body = request_of(curl)
    given = await ingress.http.post(address, headers=headers, content=body)
    head, _, said = answer.partition("\n\n")
    assert given.status_code == int(head.split()[1])
    if said:
        assert given.headers["content-type"] in head
        assert given.json() == json.loads(said) | {"title": HTTPStatus(given.status_code).phrase}
    else:
        assert given.content == b""


def test_the_page_shows_every_mode_and_a_refusal() -> None:
    assert [int(answer.split()[1]) for _, answer in EXAMPLES] == [202, 202, 422]
    modes = [request_of(curl)[1]["Content-Type"] for curl, _ in EXAMPLES]
    assert len(set(modes)) == 3


def test_the_page_lists_the_open_types() -> None:
    assert set(re.findall(r"^\| `(quayside\.[^`]+)` \|", PAGE, re.MULTILINE)) == set(OPEN_TYPES)


async def test_the_example_of_telling_a_closed_order_again_is_taken(ingress: Ingress) -> None:
    page = PAGE_PATH.with_name("closed-orders.md").read_text(encoding="utf-8")
    [example] = re.findall(r"^```json\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    answer = await ingress.http.post(f"/in/cloudevents/truck/{TOKEN}", headers=STRUCTURED, content=example)
    assert answer.status_code == 202
    assert json.loads(example)["data"]["afresh"] is True


async def test_the_secret_of_a_request_is_kept_nowhere(ingress: Ingress) -> None:
    headers = {**STRUCTURED, "authorization": f"Bearer {SECRET}", "ce-id": "kept"}
    assert (await ingress.http.post(ADDRESS, headers=headers, content=EVENT)).status_code == 202
    [record] = ingress.durable.records
    assert SECRET.encode() not in b"".join(value for _, value in record[2])
    assert ("http-ce-id", b"kept") in record[2]


async def test_without_the_secret_it_is_a_problem_that_offers_a_bearer(ingress: Ingress) -> None:
    answer = await ingress.http.post(ADDRESS, headers=STRUCTURED, content=EVENT)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json() == {
        "title": "Unauthorized",
        "status": 401,
        "detail": "no live secret came with this request",
    }
    assert ingress.durable.records == []


async def test_who_is_not_recognised_is_not_told_what_is_wrong_with_the_event(ingress: Ingress) -> None:
    assert (await ingress.http.post(ADDRESS, headers=STRUCTURED, content=b"{")).status_code == 401


async def test_a_secret_path_opens_too(ingress: Ingress) -> None:
    answer = await ingress.http.post(f"/in/cloudevents/truck/{TOKEN}", headers=STRUCTURED, content=EVENT)
    assert answer.status_code == 202


async def test_a_mistake_is_told_at_once_counted_and_not_stored(ingress: Ingress) -> None:
    labels = {"connector": "cloudevents", "outcome": "invalid"}
    before = REGISTRY.get_sample_value("quayside_inbound_total", labels) or 0.0
    answer = await ingress.http.post(f"/in/cloudevents/truck/{TOKEN}", headers=STRUCTURED, content=b'{"id": 1}')
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert ingress.durable.records == []
    assert REGISTRY.get_sample_value("quayside_inbound_total", labels) == before + 1


async def test_while_the_broker_is_away_the_problem_says_to_try_later(ingress: Ingress) -> None:
    ingress.durable.away = True
    answer = await ingress.http.post(f"/in/cloudevents/truck/{TOKEN}", headers=STRUCTURED, content=EVENT)
    assert (answer.status_code, answer.json()["status"], answer.headers["retry-after"]) == (503, 503, "10")
