"""Zendesk, before a fake that keeps state and holds our requests to its pages (tests/fakes/zendesk.py)."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

import pytest

from connectors.targets.zendesk import ZENDESK
from contracts.connector import Record, TargetSession, Writing
from contracts.errors import Rejected, Retryable
from contracts.fields import TaskField
from contracts.identity import digest
from contracts.settings import TargetAccount
from tests.connectors.misbehaving import Answer, Misbehaving
from tests.connectors.sample_tasks import late_task
from tests.connectors.target_conformance import Failure, System, TargetConformance
from tests.fakes.serving import serving
from tests.fakes.zendesk import AUTOMATION, MEI, Zendesk

REQUESTS = "https://developer.zendesk.com/api-reference/introduction/requests/"
LIMITS = "https://developer.zendesk.com/api-reference/introduction/rate-limits/"
FOLLOW_UPS = "https://developer.zendesk.com/documentation/ticketing/managing-tickets/creating-and-updating-tickets"
KEY, EPISODE, DETAILS, ORDER, THEIRS = "3601", "3602", "3603", "3604", "3699"


class Mei:
    """Somebody in Zendesk's own agent workspace."""

    name = "Mei 梅"

    def __init__(self, cloud: Zendesk) -> None:
        self._cloud = cloud

    def close(self, record: Record, reason: str) -> None:
        self._write(record, status="solved", comment={"body": reason, "public": True})

    def refuse(self, record: Record, reason: str) -> None:
        self._tag(record, "refused")
        self.close(record, reason)

    def close_approved(self, record: Record, reason: str) -> str:
        self._tag(record, "approved")
        self.close(record, reason)
        return self.name

    def edit_what_is_not_ours(self, record: Record) -> None:
        self._write(record, custom_fields=[{"id": int(THEIRS), "value": "mine"}])

    def is_edit_kept(self, record: Record) -> bool:
        fields = self._cloud.tickets[int(record.id)]["custom_fields"]
        return any((one["id"], one["value"]) == (int(THEIRS), "mine") for one in fields)

    def said_on(self, record: Record) -> list[str]:
        events = [event for audit in self._cloud.audits[int(record.id)] for event in audit["events"]]
        return [event["body"] for event in events if event["type"] == "Comment"]

    def _tag(self, record: Record, tag: str) -> None:
        self._write(record, tags=[*self._cloud.tickets[int(record.id)]["tags"], tag])

    def _write(self, record: Record, **values: object) -> None:
        self._cloud.write(int(record.id), values, MEI)


@pytest.fixture
async def cloud() -> AsyncIterator[Zendesk]:
    fields = dict.fromkeys((KEY, EPISODE, DETAILS, ORDER, THEIRS), "textarea")
    async with serving(Zendesk(fields=fields)) as running:
        yield running
    assert running.violations == []


@pytest.fixture
def system(cloud: Zendesk) -> System:
    email, _, secret = cloud.key.partition("/token:")
    options = {"email": email, "key_field": KEY, "episode_field": EPISODE, "details_field": DETAILS}
    account = TargetAccount(name="crm", connector="zendesk", url=cloud.url, options=options)
    return System(account, secret, "another token", Mei(cloud), patience=0.6)


def told(error: str, **more: object) -> bytes:
    return json.dumps({"error": error, "description": "no such thing", **more}).encode()


class TestZendesk(TargetConformance):
    target = ZENDESK
    creates = "POST /tickets$"
    closes = "PUT"
    looks_up = r"GET /tickets\?"
    peculiar = frozenset({400})
    documented: ClassVar[tuple[Failure, ...]] = (
        Failure(FOLLOW_UPS, Answer(400, told("IdempotentRequestError")), Retryable, "conflict"),
        Failure(REQUESTS, Answer(422, told("RecordInvalid", details={})), Rejected, "http_422"),
        Failure(REQUESTS, Answer(409, told("RecordNotUnique")), Retryable, "conflict", None, "update"),
        Failure(REQUESTS, Answer(423, told("Locked")), Retryable, "conflict", None, "close"),
        Failure(REQUESTS, Answer(503, told("Unavailable"), {"Retry-After": "5"}), Retryable, "http_503"),
        Failure(
            LIMITS,
            Answer(429, told("APIRateLimitExceeded"), {"Retry-After": "93"}),
            Retryable,
            "too_many_requests",
            timedelta(seconds=93),
            "look_up",
        ),
    )

    async def test_the_same_episode_is_made_once_also_when_its_idempotency_key_has_expired(
        self, system: System, session: TargetSession, cloud: Zendesk
    ) -> None:
        writing = self.writing(system)
        first = await session.create(writing)
        cloud.ahead = timedelta(hours=3)
        assert await session.create(writing) == first
        assert len(cloud.tickets) == 1

    async def test_a_create_that_the_listing_has_not_seen_is_stopped_by_its_idempotency_key(
        self, system: System, session: TargetSession, proxy: Misbehaving, cloud: Zendesk
    ) -> None:
        writing = self.writing(system)
        first = await session.create(writing)
        nothing = Answer(200, b'{"tickets": [], "meta": {"has_more": false}}')
        proxy.next(self.looks_up, nothing)
        assert (await session.create(writing)).id == first.id
        proxy.next(self.looks_up, nothing)
        assert (await session.create(self.with_other_scan(writing))).id == first.id
        assert len(cloud.tickets) == 1

    async def test_after_a_ticket_closed_for_good_a_follow_up_comes(
        self, system: System, session: TargetSession, cloud: Zendesk
    ) -> None:
        writing = self.writing(system)
        first = await session.create(writing)
        system.person.close(first, "done")
        cloud.write(int(first.id), {"status": "closed"}, AUTOMATION)
        found = await session.update(first, self.with_other_scan(writing))
        assert (found.is_open, found.closed_by, found.closed_reason) == (False, "Mei 梅", "done")
        second = await session.create(replace(writing, idempotency_key=f"{digest(writing.key)}-2"))
        assert cloud.tickets[int(second.id)]["followup_source"] == int(first.id)
        assert [record.id for record in await session.look_up(writing.key)] == [first.id, second.id]

    async def test_a_ticket_that_changed_since_it_was_read_is_read_again(
        self, system: System, session: TargetSession, proxy: Misbehaving, cloud: Zendesk
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        proxy.next("PUT", Answer(409, told("UpdateConflict")))
        assert (await session.update(created, self.with_other_scan(writing))).is_open
        proxy.next("PUT", *[Answer(409, told("UpdateConflict"))] * 2)
        with pytest.raises(Retryable) as failed:
            await session.update(created, writing)
        assert failed.value.code == "changed"
        stamps = [one.json()["ticket"]["safe_update"] for one in cloud.requests if one.method == "PUT"]
        assert stamps == [True]

    async def test_merged_and_deleted_tickets_are_told_as_such(
        self, system: System, session: TargetSession, cloud: Zendesk
    ) -> None:
        kept, away, gone = [await session.create(self.writing(system)) for _ in range(3)]
        _ = [record async for record in session.changed_since("")]
        mark, cloud.ahead = session.mark, timedelta(seconds=5)
        cloud.merge(int(away.id), int(kept.id))
        cloud.delete(int(gone.id))
        heard = {record.id: record async for record in session.changed_since(mark)}
        assert (heard[away.id].is_open, heard[gone.id].is_deleted, heard[gone.id].is_open) == (False, True, False)
        merged = await session.read(away.id)
        assert merged
        assert (merged.merged_into, merged.closed_by) == (kept.id, "Mei 梅")
        assert await session.read(gone.id) is None
        again = await session.create(replace(self.writing(system), key=merged.key))
        assert cloud.tickets[int(again.id)]["followup_source"] is None, "nothing follows what stands elsewhere"

    async def test_what_export_and_search_leave_out_is_told_later(
        self, system: System, session: TargetSession, cloud: Zendesk
    ) -> None:
        cloud.recent, cloud.lag = timedelta(minutes=1), timedelta(minutes=3)
        created = await session.create(self.writing(system))
        assert [record.id async for record in session.changed_since("")] == []
        mark, cloud.ahead = session.mark, timedelta(seconds=61)
        assert [record.id async for record in session.changed_since(mark)] == [created.id]
        mark = session.mark
        assert [record.id async for record in session.changed_since(mark)] == []

    async def test_many_tickets_come_page_by_page_and_others_are_left_out(
        self, system: System, session: TargetSession, cloud: Zendesk
    ) -> None:
        cloud.page = 2
        created = [await session.create(self.writing(system)) for _ in range(5)]
        cloud.tickets[7] = {**cloud.tickets[int(created[0].id)], "id": 7, "custom_fields": []}
        cloud.touched[7] = cloud.touched[int(created[0].id)]
        assert {record.id async for record in session.changed_since("")} == {record.id for record in created}

    async def test_a_limit_is_waited_for_as_long_as_zendesk_says(
        self, system: System, session: TargetSession, cloud: Zendesk
    ) -> None:
        cloud.throttled = True
        with pytest.raises(Retryable) as failed:
            await session.create(self.writing(system))
        assert failed.value.retry_after == timedelta(seconds=37)

    async def test_what_the_account_chooses_goes_to_custom_fields(self, system: System, cloud: Zendesk) -> None:
        account = system.account.model_copy(update={"fields": {ORDER: TaskField.ORDER, "priority": None}})
        fields = ZENDESK.fields(late_task("SO-7"), account)
        async with ZENDESK.open(account, system.secret) as session:
            created = await session.create(Writing("key", "key-1", fields))
            assert created == await session.read(created.id)
        there = {str(one["id"]): one["value"] for one in cloud.tickets[int(created.id)]["custom_fields"]}
        assert (there[ORDER], cloud.tickets[int(created.id)]["priority"]) == ("SO-7", None)

    async def test_a_custom_field_that_zendesk_drops_is_not_believed(self, system: System) -> None:
        account = system.account.model_copy(update={"fields": {"3777": TaskField.ORDER}})
        async with ZENDESK.open(account, system.secret) as session:
            with pytest.raises(Rejected, match="3777") as failed:
                await session.create(Writing("key", "key-1", ZENDESK.fields(late_task("SO-7"), account)))
        assert failed.value.code == "not_kept"

    async def test_nothing_is_created_where_a_field_for_our_keys_is_missing(
        self, system: System, session: TargetSession, cloud: Zendesk
    ) -> None:
        kind = cloud.fields.pop(EPISODE)
        with pytest.raises(Retryable, match=EPISODE) as failed:
            await session.create(self.writing(system))
        assert (failed.value.code, cloud.tickets) == ("misconfigured", {})
        cloud.fields[EPISODE] = kind
        assert (await session.create(self.writing(system))).is_open

    async def test_whose_a_ticket_is_is_told_by_name(
        self, system: System, session: TargetSession, cloud: Zendesk
    ) -> None:
        created = await session.create(self.writing(system))
        cloud.write(int(created.id), {"assignee_id": MEI}, MEI)
        found = await session.read(created.id)
        assert found
        assert found.assigned_to == "Mei 梅"

    async def test_a_ticket_that_was_merged_or_deleted_or_is_closed_for_good_is_not_opened_again(
        self, system: System, session: TargetSession, cloud: Zendesk
    ) -> None:
        writing = self.writing(system)
        kept, away, final, gone = [await session.create(self.writing(system)) for _ in range(4)]
        cloud.merge(int(away.id), int(kept.id))
        cloud.write(int(final.id), {"status": "closed"}, AUTOMATION)
        cloud.delete(int(gone.id))
        assert await self.refused_reopening(session, away, writing) == "merged"
        assert await self.refused_reopening(session, final, writing) == "final"
        assert await self.refused_reopening(session, gone, writing) == "gone"

    async def test_a_probe_tells_what_is_missing(self, system: System, cloud: Zendesk) -> None:
        del cloud.fields[ORDER]
        cloud.fields[KEY] = "tagger"
        cloud.inactive, cloud.role = {"2"}, "end-user"
        account = system.account.model_copy(update={"fields": {ORDER: TaskField.ORDER}})
        assert ZENDESK.probe
        assert list(await ZENDESK.probe(account, system.secret)) == [
            "our user is end-user: it must be an agent to write tickets",
            f"there is no active ticket field {ORDER}",
            f"the ticket field {KEY} is of type tagger: it must take any text",
            "the ticket field for `priority` is not active",
        ]


@pytest.mark.parametrize(
    "fields", [{KEY: "order"}, {"status": "order"}, {"due_at": "order"}, {"Subject": "order"}, {"0": "order"}]
)
def test_a_field_that_is_not_to_be_chosen_is_refused(fields: dict[str, str]) -> None:
    options = {"email": "a@b.example", "key_field": KEY, "episode_field": EPISODE, "details_field": DETAILS}
    told = {"name": "crm", "connector": "zendesk", "url": "https://works.zendesk.com", "options": options}
    with pytest.raises(Rejected, match=next(iter(fields))):
        ZENDESK.check(TargetAccount.model_validate({**told, "fields": fields}))
