"""Zammad, faked as its pages and its source describe it: the real target's client over HTTP."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from connectors.targets.zammad import ZAMMAD, api
from contracts.connector import Record, TargetSession
from contracts.errors import Rejected, Retryable
from contracts.settings import TargetAccount
from mappings.tickets import zammad as mapping
from tests.connectors.misbehaving import Answer, Misbehaving
from tests.connectors.sample_tasks import late_task
from tests.connectors.target_conformance import Failure, System, TargetConformance
from tests.fakes.standing import standing
from tests.fakes.zammad import CHEN, MEI, TOKEN, Helpdesk, app_of

PAGE = "https://docs.zammad.org/en/latest/api/ticket/index.html"
ERRORS = "https://github.com/zammad/zammad/blob/develop/app/controllers/application_controller/handles_errors.rb"


class Agent:
    """Somebody at Zammad's own pages."""

    name = "Mei 林"

    def __init__(self, desk: Helpdesk) -> None:
        self._desk = desk

    def close(self, record: Record, reason: str) -> None:
        self._write(record, state="closed", article={"body": f"<div>{reason}<br></div>", "content_type": "text/html"})

    def refuse(self, record: Record, reason: str) -> None:
        self._write(record, state="removed", article={"body": reason, "content_type": "text/plain"})

    def close_approved(self, record: Record, reason: str) -> str:
        self._desk.write(int(record.id), {"quayside_approval": "approved"}, CHEN)
        self.close(record, reason)
        return "Chen 陈"

    def edit_what_is_not_ours(self, record: Record) -> None:
        self._write(record, owner_id=MEI, article={"body": "I am on it", "content_type": "text/plain"})

    def is_edit_kept(self, record: Record) -> bool:
        return record.assigned_to == "mei@example.com" and "I am on it" in self.said_on(record)

    def said_on(self, record: Record) -> list[str]:
        return [mapping.said(one) for one in self._desk.articles if str(one["ticket_id"]) == record.id]

    def _write(self, record: Record, **values: object) -> None:
        self._desk.write(int(record.id), values, MEI)


@pytest.fixture(scope="module")
def desk() -> Helpdesk:
    return Helpdesk()


@pytest.fixture(scope="module")
def system(desk: Helpdesk) -> Iterator[System]:
    with standing() as place:
        place.app = app_of(desk)
        account = TargetAccount(name="desk", connector="zammad", url=place.url, options={"group": "Deliveries"})
        yield System(account, TOKEN, "another", Agent(desk), patience=0.3)
    assert desk.mistakes == []


def _error(status: int, sentence: str) -> Answer:
    return Answer(status, json.dumps({"error": sentence, "error_human": sentence}).encode())


class TestZammad(TargetConformance):
    target = ZAMMAD
    updates = ("PUT",)
    closes = "PUT"
    looks_up = "GET /search"
    false_success = b'{"id": 1, "state": "open", "updated_at": "2026-11-20T10:00:00.000Z", "created_by_id": 7}'
    documented = (
        Failure(ERRORS, _error(401, "Invalid BasicAuth credentials"), Retryable, "unauthorised"),
        Failure(ERRORS, _error(403, "Not authorized"), Retryable, "forbidden"),
        Failure(ERRORS, _error(404, "Couldn't find Ticket with 'id'=9"), Rejected, "gone", during="update"),
        Failure(ERRORS, _error(422, "No lookup value found for 'group': \"Sales\""), Rejected, "http_422"),
        Failure(ERRORS, _error(422, "column does not exist"), Retryable, "misconfigured", during="look_up"),
        Failure(ERRORS, _error(500, "Error ID abc: Please contact your administrator."), Retryable, "http_500"),
    )

    async def test_an_error_says_zammad_s_own_words(
        self, system: System, session: TargetSession, proxy: Misbehaving
    ) -> None:
        proxy.next("POST", _error(422, "No lookup value found for 'group'"))
        with pytest.raises(Rejected, match="No lookup value found for 'group'"):
            await session.create(self.writing(system))

    async def test_without_our_attributes_nothing_is_written(
        self, system: System, session: TargetSession, desk: Helpdesk
    ) -> None:
        there, tickets = desk.added, len(desk.tickets)
        desk.added = there - {"quayside_task"}
        try:
            with pytest.raises(Retryable, match="quayside_task") as looked:
                await session.look_up(self.writing(system).key)
            assert ZAMMAD.probe
            problems = list(await ZAMMAD.probe(system.account, system.secret))
        finally:
            desk.added = there
        assert (looked.value.code, len(desk.tickets)) == ("misconfigured", tickets)
        assert problems == ["tickets lack the attribute 'quayside_task'"]

    async def test_an_attribute_that_is_dropped_is_an_operator_s_to_mend(
        self, system: System, session: TargetSession, desk: Helpdesk
    ) -> None:
        there = desk.added
        desk.added = there - {"quayside_last_scan"}
        try:
            with pytest.raises(Retryable, match="lack the attributes quayside_last_scan") as dropped:
                await session.create(self.writing(system))
        finally:
            desk.added = there
        assert dropped.value.code == "misconfigured"

    async def test_a_probe_names_a_group_that_is_not_ours_and_a_state_that_is_not_there(self, system: System) -> None:
        assert ZAMMAD.probe
        options = {"group": "Users", "closed": "done"}
        account = system.account.model_copy(update={"options": options})
        problems = list(await ZAMMAD.probe(account, system.secret))
        assert problems == [
            "our user was given no full access to the group 'Users' (what a role gives is not shown)",
            "there is no active ticket state 'done'",
        ]

    async def test_newer_releases_answer_a_search_otherwise(
        self, system: System, session: TargetSession, desk: Helpdesk
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        desk.is_newer = True
        try:
            assert list(await session.look_up(writing.key)) == [created]
            assert list(await session.look_up(self.writing(system).key)) == []
        finally:
            desk.is_newer = False

    async def test_a_search_whose_condition_was_left_out_is_not_believed(
        self, system: System, session: TargetSession, proxy: Misbehaving
    ) -> None:
        """A condition that Zammad takes for invalid is logged there, and every ticket is found."""
        proxy.next("GET /search", Answer(200, b'{"tickets": [1], "tickets_count": 1, "assets": {}}'))
        with pytest.raises(Retryable, match="finds other tickets") as found:
            await session.look_up(self.writing(system).key)
        assert found.value.code == "misconfigured"

    async def test_a_merged_ticket_tells_what_it_went_into_and_who_merged_it(
        self, system: System, session: TargetSession, desk: Helpdesk
    ) -> None:
        merged, into = [await session.create(self.writing(system)) for _ in range(2)]
        desk.merge(int(merged.id), int(into.id), MEI)
        found = await session.read(merged.id)
        assert found is not None
        assert (found.is_open, found.merged_into, found.closed_by) == (False, into.id, system.person.name)

    async def test_every_change_is_told_though_pages_are_short(
        self, system: System, session: TargetSession, desk: Helpdesk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        created = {(await session.create(self.writing(system))).id for _ in range(5)}
        monkeypatch.setattr(api, "PAGE", 2)
        same: Mapping[str, Any] = {"updated_at": "2026-11-20T10:00:00.000Z"}
        for number in sorted(created)[:3]:
            desk.tickets[int(number)] |= same
        assert created <= {record.id async for record in session.changed_since("")}

    def test_a_title_is_cut_to_what_it_holds(self, system: System) -> None:
        fields = self.target.fields(late_task("SO-" + "long" * 80), system.account)
        assert len(fields["title"]) == mapping.TITLE_LIMIT
