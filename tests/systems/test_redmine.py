"""Redmine 5 is a target like any other, and what is peculiar to it: on the real one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest

from connectors.targets.redmine import REDMINE, api
from connectors.targets.redmine.session import RedmineSession
from contracts.connector import Record, TargetSession
from contracts.errors import Rejected, Retryable
from contracts.fields import TaskField
from contracts.identity import digest
from contracts.settings import TargetAccount
from contracts.snapshot import Text
from tests.connectors.conformance.target_suite import Clause, Failure
from tests.connectors.misbehaving import Answer, Misbehaving
from tests.connectors.sample_tasks import late_task
from tests.connectors.target_conformance import System, TargetConformance
from tests.systems.redmine.member import PROJECT, TRACKER, Member, Refused
from tests.systems.redmine.running import Redmine

REST_API = "https://www.redmine.org/projects/redmine/wiki/Rest_api"
SLOW_SECONDS = 4.0
"""The real one answers well within this, on a busy machine as well."""


class Colleague:
    """Mei, with Redmine's own means."""

    name = "Mei Lin"

    def __init__(self, member: Member) -> None:
        self._member = member

    def close(self, record: Record, reason: str) -> None:
        self._member.give_status(record.id, "Closed", reason)

    def refuse(self, record: Record, reason: str) -> None:
        self._member.give_status(record.id, "Rejected", reason)

    def close_approved(self, record: Record, reason: str) -> str:
        self._member.fill_in(record.id, "Approval", "approved")
        self.close(record, reason)
        return self.name

    def edit_what_is_not_ours(self, record: Record) -> None:
        self._member.take(record.id)

    def is_edit_kept(self, record: Record) -> bool:
        owner = self._member.issue(record.id).get("assigned_to", {})
        return bool(record.assigned_to == owner.get("name") == self.name)

    def said_on(self, record: Record) -> list[str]:
        return self._member.said_on(record.id)


@pytest.fixture(scope="module")
def system(redmine: Redmine) -> System:
    account = TargetAccount(
        name="tracker", connector="redmine", url=redmine.url, options={"project": PROJECT, "tracker": TRACKER}
    )
    return System(account, redmine.key, "0" * 40, Colleague(redmine.mei), SLOW_SECONDS)


class TestRedmine(TargetConformance):
    target = REDMINE
    not_applicable: ClassVar[Mapping[Clause, str]] = {}
    updates: ClassVar[tuple[str, ...]] = ("PUT",)
    closes: ClassVar[str] = "PUT"
    false_success: ClassVar[bytes] = b""
    documented: ClassVar[tuple[Failure, ...]] = (
        Failure(
            f"{REST_API}, Validation errors",
            Answer(422, b'{"errors": ["Subject cannot be blank"]}'),
            Rejected,
            "http_422",
        ),
    )

    async def test_a_key_that_is_no_longer_known_is_told_though_it_is_served_as_a_stranger_s(
        self, system: System, redmine: Redmine
    ) -> None:
        """Nothing would be found, and a new issue be made of each task, were the answers believed."""
        writing = self.writing(system)
        user, key = redmine.root.new_colleague("temporary", PROJECT, "Integration")
        async with self.target.open(system.account, key) as session:
            created = await session.create(writing)
            assert [record.id for record in await session.look_up(writing.key)] == [created.id]
            redmine.root.lock(user)
            for attempt in (session.look_up(writing.key), session.create(writing), session.update(created, writing)):
                with pytest.raises(Retryable) as refused:
                    await attempt
                assert refused.value.code == "unauthorised"
            with pytest.raises(Retryable):
                [_ async for _ in session.changed_since("")]

    async def test_a_field_that_the_issue_s_tracker_lacks_is_told(self, system: System) -> None:
        """It answers 201, without it."""
        account = system.account.model_copy(update={"fields": {"cf.Region": TaskField.ORDER}})
        context = late_task()
        async with self.target.open(account, system.secret) as session:
            writing = replace(self.writing(system), fields=self.target.fields(context, account))
            with pytest.raises(Rejected, match=r"did not keep cf\.Region") as refused:
                await session.create(writing)
        assert refused.value.code == "not_kept"

    async def test_a_status_to_which_no_workflow_leads_is_told(self, system: System) -> None:
        """It answers 204, and takes the note alone."""
        options = {**system.account.options, "closed": "Settled"}
        async with self.open(system, options=options) as session:
            writing = self.writing(system)
            created = await session.create(writing)
            with pytest.raises(Rejected, match="did not take the status 'Settled'"):
                await session.close(created, replace(writing, comment="It arrived"))
            found = await session.read(created.id)
        assert found
        assert found.is_open

    async def test_a_write_that_meets_another_one_is_tried_again(
        self, system: System, session: TargetSession, proxy: Misbehaving, redmine: Redmine
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        with pytest.raises(Refused, match="422") as stale:
            redmine.mei.change(created.id, subject="faster", lock_version=0)
        assert str(stale.value).endswith('{"errors":[]}')
        proxy.next("PUT", Answer(422, b'{"errors":[]}'))
        with pytest.raises(Retryable) as failed:
            await session.update(created, self.with_other_scan(writing))
        assert failed.value.code == "conflict"

    async def test_what_was_due_before_today_is_taken(self, system: System, session: TargetSession) -> None:
        """Redmine lets an issue begin today, and refuses one that is due before it begins."""
        writing = self.writing(system)
        early = replace(writing, fields={**writing.fields, "due_date": "2020-02-29"})
        assert (await session.create(early)).fields["due_date"] == "2020-02-29"

    async def test_a_long_subject_in_chinese_is_cut_where_it_would_be_refused(
        self, system: System, session: TargetSession
    ) -> None:
        context = late_task()
        task = context.task.model_copy(update={"texts": {"en": Text(title="订单延误" * 100, body="")}})
        fields = self.target.fields(replace(context, task=task), system.account)
        assert (await session.create(replace(self.writing(system), fields=fields))).fields == fields
        with pytest.raises(Rejected, match="Subject is too long"):
            await session.create(replace(self.writing(system), fields={**fields, "subject": "订" * 256}))

    async def test_an_issue_that_people_made_private_or_moved_is_still_ours(
        self, system: System, session: TargetSession, redmine: Redmine
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        [_ async for _ in session.changed_since("")]
        redmine.mei.change(created.id, is_private=True)
        redmine.mei.move(created.id, "claims")
        changed = self.with_other_scan(writing)
        assert (await session.update(created, changed)).fields == changed.fields
        system.person.close(created, "settled")
        told = {record.id: record async for record in session.changed_since(session.mark)}
        assert not told[created.id].is_open
        assert [record.closed_by for record in await session.look_up(writing.key)] == [system.person.name]

    async def test_an_issue_that_was_moved_out_of_our_sight_is_an_operator_s_to_mend(
        self, system: System, session: TargetSession, redmine: Redmine
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        redmine.mei.move(created.id, "management")
        for attempt in (session.read(created.id), session.update(created, writing)):
            with pytest.raises(Retryable) as hidden:
                await attempt
            assert hidden.value.code == "forbidden"

    async def test_a_deleted_issue_is_gone(self, system: System, session: TargetSession, redmine: Redmine) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        redmine.mei.delete(created.id)
        assert await session.read(created.id) is None
        assert list(await session.look_up(writing.key)) == []
        with pytest.raises(Rejected) as gone:
            await session.update(created, writing)
        assert gone.value.code == "gone"

    async def test_a_project_that_does_not_fit_gets_no_issue(
        self, system: System, session: TargetSession, redmine: Redmine
    ) -> None:
        """A search by a field that is not used as a filter finds everything, without an error."""
        newest = (await session.create(self.writing(system))).id
        for options, said in (
            ({"task_key_field": "NoSuchField"}, "lacks the custom field 'NoSuchField'"),
            ({"task_key_field": "OrderNo"}, "'OrderNo' is not used as a filter"),
            ({"tracker": "Bug"}, "has no tracker 'Bug'"),
            ({"project": "nowhere"}, "no project 'nowhere'"),
            ({"project": "management"}, "403"),
        ):
            async with self.open(system, options={**system.account.options, **options}) as unfit:
                for attempt in (unfit.create(self.writing(system)), unfit.look_up(self.writing(system).key)):
                    with pytest.raises(Retryable, match=said):
                        await attempt
        assert str(redmine.mei.issues()[0]["id"]) == newest

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"fields": {"cf.NoSuchField": TaskField.ETA}}, "lacks the custom field 'NoSuchField'"),
            ({"options": {"project": "nowhere"}}, "no project 'nowhere'"),
            ({"options": {"project": "management"}}, "no project 'management', or our user may not see it"),
            ({"options": {"tracker": "Bug"}}, "no tracker 'Bug'"),
            ({"options": {"task_key_field": "OrderNo"}}, "'OrderNo' is not used as a filter"),
            ({"options": {"closed": "Done"}}, "no status 'Done'"),
            ({"options": {"closed": "Resolved"}}, "'Resolved' does not close an issue"),
            ({"options": {"reopened": "Rejected"}}, "'Rejected' does not open an issue"),
            ({"options": {"closed": "Settled"}}, "to 'Settled'"),
        ],
    )
    async def test_a_probe_names_what_is_missing_there(
        self, system: System, session: TargetSession, changes: Mapping[str, Mapping[str, str]], said: str
    ) -> None:
        await session.create(self.writing(system))
        options = {**system.account.options, **changes.get("options", {})}
        account = system.account.model_copy(update={**changes, "options": options})
        assert self.target.probe
        [missing] = await self.target.probe(account, system.secret)
        assert said in missing

    async def test_a_probe_names_the_right_that_our_user_lacks(self, system: System, redmine: Redmine) -> None:
        assert self.target.probe
        _, reporter = redmine.root.new_colleague("reporter", PROJECT, "Reporter")
        [missing] = await self.target.probe(system.account, reporter)
        assert "(edit_issues)" in missing
        _, stranger = redmine.root.new_colleague("stranger", "claims", "Reporter")
        [nobody] = await self.target.probe(system.account, stranger)
        assert "no member of the project 'deliveries'" in nobody

    @pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
    async def test_its_users_time_zone_moves_no_due_day_and_hides_no_closing(
        self, system: System, session: TargetSession, redmine: Redmine, zone: str
    ) -> None:
        redmine.root.set_time_zone("quayside", zone)
        writing = self.writing(system)
        created = await session.create(writing)
        assert created.fields["due_date"] == writing.fields["due_date"]
        [_ async for _ in session.changed_since("")]
        system.person.close(created, "settled")
        assert created.id in [record.id async for record in session.changed_since(session.mark)]
        found = await session.read(created.id)
        assert found
        assert found.closed_at
        assert abs(found.closed_at - datetime.now(UTC)) < timedelta(minutes=1)

    async def test_a_closed_issue_is_opened_again_and_a_person_s_later_closing_is_that_person_s(
        self, system: System, session: TargetSession
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        system.person.refuse(created, "not ours")
        assert isinstance(session, RedmineSession)
        opened = await session.reopen(created, replace(self.with_other_scan(writing), comment="Still late"))
        assert (opened.is_open, opened.refused, opened.closed_by) == (True, False, "")
        assert opened.fields == self.with_other_scan(writing).fields
        assert system.person.said_on(opened) == ["not ours", "Still late"]
        system.person.close(opened, "called them")
        found = await session.read(created.id)
        assert found
        assert (found.refused, found.closed_by, found.closed_reason) == (False, system.person.name, "called them")

    async def test_every_page_of_a_long_list_is_read(
        self, system: System, session: TargetSession, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        name = f"SO-{digest(system.account.url)}|pages"
        created = [await session.create(self.writing(system, name, episode)) for episode in (1, 2, 3)]
        monkeypatch.setattr(api, "PAGE", 2)
        told = [record.id async for record in session.changed_since("")]
        assert [record.id for record in await session.look_up(created[0].key)] == [record.id for record in created]
        assert {record.id for record in created} <= set(told)
        assert len(told) == len(set(told))
