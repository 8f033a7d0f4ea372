"""The ticket desk is a target like any other: the real desk on a real port, the real target's client."""

import base64
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from threading import Thread
from typing import ClassVar

import httpx
import pytest
import uvicorn

from connectors.targets.ticket_desk import TICKET_DESK
from contracts.connector import Record
from contracts.settings import Listen, TargetAccount
from desk.receive.desk import Desk
from desk.receive.journal import Journal
from desk.receive.serving import application, bound
from tests.connectors.conformance.target_suite import Clause
from tests.connectors.target_conformance import System, TargetConformance

SECRET = "whsec_" + base64.b64encode(b"the secret of this very test").decode()
OTHER = "whsec_" + base64.b64encode(b"another secret, of somebody").decode()


class Visitor:
    """Somebody at the desk's own pages."""

    name = "Mei 梅"

    def __init__(self, url: str) -> None:
        self._browser = httpx.Client(base_url=url)

    def close(self, record: Record, reason: str) -> None:
        self._submit(record, "close", reason, outcome="done")

    def refuse(self, record: Record, reason: str) -> None:
        self._submit(record, "close", reason, outcome="refused")

    def close_approved(self, record: Record, reason: str) -> str:
        self._submit(record, "close", reason, outcome="done", approved_by="Chen 陈")
        return "Chen 陈"

    def edit_what_is_not_ours(self, record: Record) -> None:
        self._submit(record, "comment", "I am on it")

    def is_edit_kept(self, record: Record) -> bool:
        return "I am on it" in self.said_on(record)

    def said_on(self, record: Record) -> list[str]:
        history = self._browser.get(f"records/{record.id}").raise_for_status().json()["history"]
        return [line["text"] for line in history if "text" in line]

    def leave(self) -> None:
        self._browser.close()

    def _submit(self, record: Record, what: str, reason: str, **more: str) -> None:
        form = {"by": self.name, "reason": reason, **more}
        answer = self._browser.post(f"tasks/{record.id}/{what}", data=form)
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.text


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    with bound(Listen()) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        app = application(Desk(Journal(None), lambda: datetime.now(UTC)), SECRET)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        serving = Thread(target=server.run, kwargs={"sockets": [listening]})
        serving.start()
        visitor = Visitor(url)
        account = TargetAccount(name="desk", connector="ticket-desk", url=url)
        yield System(account, SECRET, OTHER, visitor, patience=0.5)
        visitor.leave()
        server.should_exit = True
        serving.join()


class TestTicketDesk(TargetConformance):
    target = TICKET_DESK
    false_success = b'{"message": "Status isn\'t valid"}'
    not_applicable: ClassVar[Mapping[Clause, str]] = {
        "documented_failures": "the desk is ours: its page names no failure but HTTP's (docs/how-to/ticket-desk.md)",
        "probed_secret": "the desk verifies the signatures of writes alone (docs/how-to/ticket-desk.md)",
    }
