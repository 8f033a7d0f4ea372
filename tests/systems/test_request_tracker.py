"""Request Tracker 5 is a target like any other, and what is peculiar to it: on the real one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import httpx
import pytest

from connectors.targets.request_tracker import REQUEST_TRACKER, changes, rest2
from contracts.connector import Record, TargetSession
from contracts.errors import Rejected, Retryable
from contracts.fields import TaskField
from contracts.identity import digest
from contracts.settings import TargetAccount
from contracts.snapshot import Text
from tests.connectors.conformance.target_suite import Clause
from tests.connectors.misbehaving import Answer, Misbehaving
from tests.connectors.sample_tasks import late_task
from tests.connectors.target_conformance import System, TargetConformance
from tests.systems.request_tracker.agent import Agent
from tests.systems.request_tracker.installation import ROOT_PASSWORD
from tests.systems.request_tracker.running import RequestTracker

SLOW_SECONDS = 8.0
"""Beyond its first requests, when it compiles its pages, the real one answers well within this."""


class Colleague:
    """Mei, with Request Tracker's own means."""

    name = "mei"

    def __init__(self, agent: Agent) -> None:
        self._agent = agent

    def close(self, record: Record, reason: str) -> None:
        ticket = self._agent.ticket(int(record.id))
        self._agent.resolve(self._agent.comment(ticket, reason))

    def refuse(self, record: Record, reason: str) -> None:
        ticket = self._agent.ticket(int(record.id))
        self._agent.reject(self._agent.comment(ticket, reason))

    def close_approved(self, record: Record, reason: str) -> str:
        ticket = self._agent.ticket(int(record.id))
        self._agent.fill_in(ticket, "Approval", "approved")
        self.close(record, reason)
        return self.name

    def edit_what_is_not_ours(self, record: Record) -> None:
        self._agent.take(self._agent.ticket(int(record.id)), self.name)

    def is_edit_kept(self, record: Record) -> bool:
        return self._agent.ticket(int(record.id)).owner == self.name

    def said_on(self, record: Record) -> list[str]:
        return [entry.text for entry in self._agent.history(self._agent.ticket(int(record.id))) if entry.text]


@pytest.fixture(scope="module")
def system(request_tracker: RequestTracker) -> System:
    account = TargetAccount(
        name="rt", connector="request-tracker", url=request_tracker.url, options={"queue": request_tracker.queue}
    )
    colleague = Colleague(request_tracker.agent)
    request_tracker.agent.tickets()  # its first answers take long
    return System(account, request_tracker.token, "1-14-" + "0" * 32, colleague, SLOW_SECONDS)


def as_root(request_tracker: RequestTracker, path: str, **values: str) -> None:
    """Do what needs more rights than a colleague has."""
    with httpx.Client(base_url=f"{request_tracker.url}/REST/2.0/", auth=("root", ROOT_PASSWORD), timeout=30) as client:
        client.put(path, json=values).raise_for_status()


class TestRequestTracker(TargetConformance):
    target = REQUEST_TRACKER
    not_applicable: ClassVar[Mapping[Clause, str]] = {
        "documented_failures": "its pages tell of none; those that were found on the real one have their tests below"
    }
    false_success = b"[\"Ticket 1: Status 'bogus' isn't a valid status for this ticket.\"]"

    async def test_a_refused_change_is_told_in_its_own_words_and_without_a_customer_s_name(
        self, system: System, session: TargetSession
    ) -> None:
        """It answers 200 with the refusal as a sentence, beside sentences that repeat what it took."""
        writing = self.writing(system)
        created = await session.create(writing)
        wrong = replace(writing, fields={**writing.fields, "Status": "bogus", "CF.{Customer}": "Secret & Co"})
        with pytest.raises(Rejected, match="'bogus' isn't a valid status") as refused:
            await session.update(created, wrong)
        assert refused.value.code == "not_kept"
        assert "Secret" not in refused.value.reason

    async def test_a_status_that_its_lifecycle_refuses_is_told(self, system: System) -> None:
        """It answers 201, since the comment was added."""
        options = {**system.account.options, "closed": "bogus"}
        async with self.open(system, options=options) as session:
            writing = self.writing(system)
            created = await session.create(writing)
            with pytest.raises(Rejected, match="'bogus' isn't a valid status"):
                await session.close(created, replace(writing, comment="It arrived"))

    async def test_a_stale_version_is_read_again_and_a_faster_person_twice_is_tried_later(
        self, system: System, session: TargetSession, proxy: Misbehaving
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        system.person.edit_what_is_not_ours(created)
        proxy.seen.clear()
        updated = await session.update(created, self.with_other_scan(writing))
        assert [method for method, _ in proxy.seen] == ["PUT", "GET", "PUT", "GET"]
        proxy.next("PUT", Answer(412), Answer(412))
        with pytest.raises(Retryable) as failed:
            await session.update(updated, writing)
        assert failed.value.code == "changed"

    async def test_a_ticket_merged_into_another_is_closed_and_the_other_is_not_touched(
        self, system: System, session: TargetSession, request_tracker: RequestTracker
    ) -> None:
        """Its id gives the other ticket from then on, which a write to it would change."""
        ours, other = self.writing(system), self.writing(system)
        created, kept = await session.create(ours), await session.create(other)
        [_ async for _ in session.changed_since("")]
        before = session.mark
        as_root(request_tracker, f"ticket/{created.id}", MergeInto=kept.id)
        for found in (
            await session.read(created.id),
            await session.update(created, self.with_other_scan(ours)),
            await session.close(created, replace(ours, comment="It arrived")),
            {record.id: record async for record in session.changed_since(before)}[created.id],
        ):
            assert found is not None
            assert (found.id, found.is_open, found.closed_by) == (created.id, False, "root")
            assert found.merged_into == kept.id
        untouched = await session.read(kept.id)
        assert untouched
        assert (untouched.is_open, untouched.fields) == (True, other.fields)

    async def test_a_deleted_ticket_is_a_refused_one(
        self, system: System, session: TargetSession, request_tracker: RequestTracker
    ) -> None:
        created = await session.create(self.writing(system))
        as_root(request_tracker, f"ticket/{created.id}", Status="deleted")
        found = await session.read(created.id)
        assert found
        assert (found.is_open, found.refused, found.closed_by) == (False, True, "root")
        assert found.is_deleted

    async def test_whose_a_ticket_becomes_is_told_and_nobody_s_is_nobody(
        self, system: System, session: TargetSession
    ) -> None:
        created = await session.create(self.writing(system))
        assert created.assigned_to == ""
        [_ async for _ in session.changed_since("")]
        before = session.mark
        system.person.edit_what_is_not_ours(created)
        found = {record.id: record async for record in session.changed_since(before)}[created.id]
        assert found.assigned_to == system.person.name
        read = await session.read(created.id)
        assert read is not None
        assert read.assigned_to == system.person.name

    async def test_a_queue_that_lacks_a_field_gets_no_ticket(
        self, system: System, session: TargetSession, request_tracker: RequestTracker
    ) -> None:
        """A search by it would find nothing and a create drop it, both without an error: a new ticket at every try."""
        newest = (await session.create(self.writing(system))).id
        for options, said in (
            ({"task_key_field": "NoSuchField"}, "lacks the custom fields NoSuchField"),
            ({"queue": "NoSuchQueue"}, "403"),
        ):
            async with self.open(system, options={**system.account.options, **options}) as unfit:
                for attempt in (unfit.create(self.writing(system)), unfit.look_up(self.writing(system).key)):
                    with pytest.raises(Retryable, match=said):
                        await attempt
        assert request_tracker.agent.tickets(f"id > {newest}") == []

    async def test_a_probe_names_a_field_and_a_queue_that_are_not_there(self, system: System) -> None:
        probe = self.target.probe
        assert probe is not None
        account = system.account.model_copy(update={"fields": {"CF.{NoSuchField}": TaskField.ETA}})
        [missing] = await probe(account, system.secret)
        assert "lacks the custom field 'NoSuchField'" in missing
        elsewhere = system.account.model_copy(update={"options": {"queue": "NoSuchQueue"}})
        [nowhere] = await probe(elsewhere, system.secret)
        assert "no queue 'NoSuchQueue'" in nowhere

    @pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
    async def test_its_users_time_zone_moves_no_due_time_and_hides_no_closing(
        self, system: System, session: TargetSession, request_tracker: RequestTracker, zone: str
    ) -> None:
        as_root(request_tracker, "user/quayside", Timezone=zone)
        writing = self.writing(system)
        created = await session.create(writing)
        later = replace(writing, fields={**writing.fields, "Due": "2026-12-24T18:30:00Z"})
        assert (await session.update(created, later)).fields["Due"] == "2026-12-24T18:30:00Z"
        [_ async for _ in session.changed_since("")]
        system.person.close(created, "settled")
        assert created.id in [record.id async for record in session.changed_since(session.mark)]

    async def test_a_long_subject_in_chinese_is_cut_where_it_is_cut_there(
        self, system: System, session: TargetSession
    ) -> None:
        context = late_task()
        task = context.task.model_copy(update={"texts": {"en": Text(title="订单延误" * 60, body="")}})
        fields = self.target.fields(replace(context, task=task), system.account)
        assert (await session.create(replace(self.writing(system), fields=fields))).fields == fields

    async def test_every_page_of_a_long_list_is_read(
        self,
        system: System,
        session: TargetSession,
        request_tracker: RequestTracker,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        [_ async for _ in session.changed_since("")]
        mark = session.mark
        name = f"SO-{digest(system.account.url, mark)}"
        created = [await session.create(self.writing(system, name, episode)) for episode in (1, 2, 3)]
        for record in created:
            system.person.close(record, "settled")
        merged = await session.create(self.writing(system))
        as_root(request_tracker, f"ticket/{merged.id}", MergeInto=created[0].id)
        monkeypatch.setattr(changes, "AT_ONCE", 2)
        for module in (rest2, changes):
            monkeypatch.setattr(module, "PAGE", 2)
        found = [record.id for record in await session.look_up(created[0].key)]
        told = [record.id async for record in session.changed_since(mark)]
        assert found == [record.id for record in created]
        assert {*found, merged.id} <= set(told)
        assert len(told) == len(set(told))
