"""Freshdesk, faked as its pages describe it: the real target's client over HTTP."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.targets.freshdesk import FRESHDESK, api
from contracts.connector import Limit, Record, TargetSession
from contracts.errors import Rejected, Retryable
from contracts.fields import TaskField
from contracts.settings import TargetAccount
from mappings.tickets import freshdesk as mapping
from tests.connectors.misbehaving import Answer, Fault, Misbehaving
from tests.connectors.sample_tasks import late_task
from tests.connectors.target_conformance import Failure, System, TargetConformance
from tests.fakes.freshdesk import AGENTS, KEY, MEI, Account, app_of
from tests.fakes.standing import standing

ERRORS = "https://developers.freshdesk.com/api/#error"
LIMITS = "https://developers.freshdesk.com/api/#ratelimit"
LONG_AGO = "2026-01-05T08:00:00Z"


class Agent:
    """Somebody at Freshdesk's own pages."""

    name = AGENTS[MEI]

    def __init__(self, account: Account) -> None:
        self._account = account

    def close(self, record: Record, reason: str) -> None:
        self._account.say(int(record.id), MEI, f"<div>{reason}<br></div>")
        self._account.write(int(record.id), {"status": 5})

    def refuse(self, record: Record, reason: str) -> None:
        self._account.say(int(record.id), MEI, f"<div>{reason}</div>")
        self._account.write(int(record.id), {"status": 9})

    def close_approved(self, record: Record, reason: str) -> str:
        self._account.write(int(record.id), {"custom_fields": {"cf_quayside_approver": "Chen 陈"}})
        self.close(record, reason)
        return "Chen 陈"

    def edit_what_is_not_ours(self, record: Record) -> None:
        self._account.say(int(record.id), MEI, "<div>I am on it</div>")
        self._account.write(int(record.id), {"responder_id": MEI, "type": "Problem"})

    def is_edit_kept(self, record: Record) -> bool:
        kept = self._account.tickets[int(record.id)]["type"] == "Problem"
        return kept and record.assigned_to == self.name and "I am on it" in self.said_on(record)

    def said_on(self, record: Record) -> list[str]:
        return [
            mapping.in_one_line(one["body_text"]) for one in self._account.said if str(one["ticket_id"]) == record.id
        ]


@pytest.fixture(scope="module")
def helpdesk() -> Account:
    return Account()


@pytest.fixture(scope="module")
def system(helpdesk: Account) -> Iterator[System]:
    with standing() as place:
        place.app = app_of(helpdesk)
        options = {"requester": "deliveries@example.com", "refused_statuses": "9"}
        account = TargetAccount(name="desk", connector="freshdesk", url=place.url, options=options)
        yield System(account, KEY, "another", Agent(helpdesk), patience=0.3)
    assert helpdesk.mistakes == []


def _refused(status: int, *errors: tuple[str, str], headers: Mapping[str, str] | None = None) -> Answer:
    told = [{"field": name, "message": "It should be a/an Integer", "code": code} for name, code in errors]
    return Answer(status, json.dumps({"description": "Validation failed", "errors": told}).encode(), headers or {})


def _said(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, json.dumps({"code": code, "message": message}).encode(), headers or {})


class TestFreshdesk(TargetConformance):
    target = FRESHDESK
    creates = r"POST /tickets$"
    updates = ("PUT",)
    closes = "PUT"
    looks_up = "GET /search"
    false_success = b'{"id": 1, "status": 2, "updated_at": "2026-11-20T10:00:00Z", "custom_fields": {}}'
    documented = (
        Failure(ERRORS, _refused(400, ("status", "invalid_value")), Rejected, "http_400"),
        Failure(ERRORS, _refused(400, ("type", "missing_field")), Rejected, "http_400"),
        Failure(ERRORS, _refused(400, ("cf_quayside_due", "invalid_field")), Retryable, "misconfigured"),
        Failure(ERRORS, _said(400, "invalid_json", "Request body has invalid json format"), Rejected, "http_400"),
        Failure(ERRORS, _said(401, "invalid_credentials", "You have to be logged in"), Retryable, "unauthorised"),
        Failure(ERRORS, _said(403, "access_denied", "You are not authorized"), Retryable, "forbidden"),
        Failure(ERRORS, _said(403, "require_feature", "The feature is not supported"), Retryable, "forbidden"),
        Failure(ERRORS, Answer(404), Rejected, "gone", during="update"),
        Failure(ERRORS, Answer(405), Rejected, "http_405", during="close"),
        Failure(ERRORS, _refused(409, ("email", "duplicate_value")), Retryable, "conflict"),
        Failure(ERRORS, _said(415, "invalid_content_type", "Content-Type header is invalid"), Rejected, "http_415"),
        Failure(
            LIMITS,
            _said(429, "", "You have exceeded the limit of requests per minute", {"Retry-After": "41"}),
            Retryable,
            "too_many_requests",
            wait=timedelta(seconds=41),
        ),
        Failure(ERRORS, Answer(500), Retryable, "http_500", during="look_up"),
    )

    async def test_an_error_names_the_field_and_freshdesk_s_own_words(
        self, system: System, session: TargetSession, proxy: Misbehaving
    ) -> None:
        proxy.next("POST", _refused(400, ("cf_role", "datatype_mismatch")))
        with pytest.raises(Rejected, match=r"cf_role: It should be a/an Integer \(datatype_mismatch\)"):
            await session.create(self.writing(system))

    async def test_a_ticket_is_found_at_once_and_long_after(
        self, system: System, session: TargetSession, helpdesk: Account
    ) -> None:
        """The search lags, and the list of what changed just now leaves out what is old."""
        writing = self.writing(system)
        created = await session.create(writing)
        assert [record.id for record in await session.look_up(writing.key)] == [created.id]
        helpdesk.tickets[int(created.id)]["updated_at"] = LONG_AGO
        assert [record.id for record in await session.look_up(writing.key)] == [created.id]

    async def test_without_our_fields_nothing_is_written(
        self, system: System, session: TargetSession, helpdesk: Account
    ) -> None:
        there, tickets = helpdesk.added, len(helpdesk.tickets)
        helpdesk.added = there - {"cf_quayside_closed", "cf_quayside_due"}
        try:
            with pytest.raises(Retryable, match="cf_quayside_due") as refused:
                await session.create(self.writing(system))
            assert FRESHDESK.probe
            account = system.account.model_copy(update={"options": {**system.account.options, "closed": "7"}})
            problems = list(await FRESHDESK.probe(account, system.secret))
        finally:
            helpdesk.added = there
        assert (refused.value.code, len(helpdesk.tickets)) == ("misconfigured", tickets)
        assert problems == [
            "tickets lack the custom field 'cf_quayside_closed'",
            "tickets lack the custom field 'cf_quayside_due'",
            "there is no ticket status 7",
        ]

    async def test_a_note_whose_answer_was_lost_is_not_said_again(
        self, system: System, session: TargetSession, proxy: Misbehaving
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        said = replace(self.with_other_scan(writing), comment="One more scan\n& a  blank")
        proxy.next("POST notes", Fault.LOSE)
        with pytest.raises(Retryable):
            await session.update(created, said)
        updated = await session.update(created, said)
        assert system.person.said_on(updated).count("One more scan & a blank") == 1

    @pytest.mark.parametrize("change", ["deleted", "spam"])
    async def test_what_was_deleted_or_called_spam_is_closed_and_says_so(
        self, system: System, session: TargetSession, helpdesk: Account, change: str
    ) -> None:
        created = await session.create(self.writing(system))
        helpdesk.write(int(created.id), {change: True})
        found = await session.read(created.id)
        assert found is not None
        assert (found.is_open, found.closed_by) == (False, "somebody")
        assert (found.refused, found.is_deleted) == (change == "spam", change == "deleted")
        assert created.id not in {record.id async for record in session.changed_since("")}

    async def test_of_a_merged_ticket_the_note_that_says_so_is_the_reason(
        self, system: System, session: TargetSession, helpdesk: Account
    ) -> None:
        merged, into = [await session.create(self.writing(system)) for _ in range(2)]
        helpdesk.merge(int(merged.id), int(into.id), MEI)
        found = await session.read(merged.id)
        assert found is not None
        assert (found.is_open, found.closed_by) == (False, system.person.name)
        assert found.closed_reason.endswith(f"merged into ticket {into.id}")

    async def test_who_closed_it_is_numbered_where_our_agent_may_not_read_agents(
        self, system: System, session: TargetSession, helpdesk: Account
    ) -> None:
        created = await session.create(self.writing(system))
        system.person.close(created, "settled")
        helpdesk.may_read_agents = False
        try:
            found = await session.read(created.id)
        finally:
            helpdesk.may_read_agents = True
        assert found is not None
        assert (found.closed_by, found.closed_reason) == (f"agent {MEI}", "settled")

    async def test_every_change_is_told_though_pages_are_short_and_instants_the_same(
        self, system: System, session: TargetSession, helpdesk: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        created = {(await session.create(self.writing(system))).id for _ in range(5)}
        monkeypatch.setattr(api, "PAGE", 2)
        for number in sorted(created)[:3]:
            helpdesk.tickets[int(number)]["updated_at"] = LONG_AGO
        assert created <= {record.id async for record in session.changed_since("")}

    def test_of_all_that_is_said_only_the_severity_is_a_priority(self, system: System) -> None:
        with pytest.raises(Rejected, match="only `severity` can be written"):
            self.target.check(system.account.model_copy(update={"fields": {"priority": TaskField.ORDER}}))

    def test_a_subject_is_cut_to_what_it_holds_and_the_limit_is_the_smallest_plan_s(self, system: System) -> None:
        fields = self.target.fields(late_task("SO-" + "long" * 80), system.account)
        assert len(fields["subject"]) == mapping.SUBJECT_LIMIT
        assert self.target.limit == Limit(80, 60)
