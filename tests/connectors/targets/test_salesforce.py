"""Salesforce, before a fake that keeps state and holds our requests to its pages (tests/fakes/salesforce.py)."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

import pytest

from connectors.targets.salesforce import SALESFORCE
from contracts.connector import OrderInContext, Record, TargetSession, Writing
from contracts.errors import Rejected, Retryable
from contracts.identity import digest
from contracts.record_keys import status_key
from contracts.settings import TargetAccount
from mappings.tickets import salesforce as mapping
from tests.connectors.misbehaving import Answer, Misbehaving
from tests.connectors.sample_tasks import late_task
from tests.connectors.target_conformance import Failure, System, TargetConformance
from tests.fakes.salesforce import MEI, Salesforce
from tests.fakes.serving import serving

ERRORS = "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm"
UPSERT = "https://developer.salesforce.com/docs/platform/api-rest/guide/dome-upsert.html"
DELIVERY = "Quayside_Delivery__c"
OTHERS = {"Quayside_Reason__c", "Quayside_Approval__c", "Status", "Comments", "Origin", "OwnerId"}


class Mei:
    """Somebody in Salesforce's own console."""

    name = "Mei 梅"

    def __init__(self, cloud: Salesforce) -> None:
        self._cloud = cloud

    def close(self, record: Record, reason: str) -> None:
        self._write(record, Status="Closed", Quayside_Reason__c=reason)

    def refuse(self, record: Record, reason: str) -> None:
        self._write(record, Status="Rejected", Quayside_Reason__c=reason)

    def close_approved(self, record: Record, reason: str) -> str:
        self._write(record, Quayside_Approval__c="approved")
        self.close(record, reason)
        return self.name

    def edit_what_is_not_ours(self, record: Record) -> None:
        self._write(record, Origin="Phone")

    def is_edit_kept(self, record: Record) -> bool:
        return bool(self._cloud.tables["Case"][record.id]["Origin"] == "Phone")

    def said_on(self, record: Record) -> list[str]:
        return self._cloud.comments.get(record.id, [])

    def _write(self, record: Record, **values: str) -> None:
        self._cloud.write(self._cloud.tables["Case"][record.id], values, MEI)


@pytest.fixture
async def cloud() -> AsyncIterator[Salesforce]:
    keys = {mapping.KEY, mapping.EPISODE, mapping.TASK}
    there = {
        "Case": {*mapping.DEFAULT_FIELDS, *keys, *OTHERS},
        DELIVERY: {*mapping.DEFAULT_STATUS_FIELDS, *keys, "Order_Number__c"},
    }
    external = {"Case": {mapping.EPISODE}, DELIVERY: {mapping.TASK, "Order_Number__c"}}
    async with serving(Salesforce(fields=there, external=external, tables={kind: {} for kind in there})) as running:
        yield running
    assert running.violations == []


@pytest.fixture
def system(cloud: Salesforce) -> System:
    client, secret = cloud.client
    options = {"client_id": client, "refused_statuses": "Rejected"}
    account = TargetAccount(name="crm", connector="salesforce", url=cloud.url, statuses=True, options=options)
    return System(account, secret, "another secret", Mei(cloud), patience=0.6, not_ours="500000000000000AAA")


def told(code: str) -> bytes:
    return json.dumps([{"message": "no such thing", "errorCode": code, "fields": []}]).encode()


class TestSalesforce(TargetConformance):
    target = SALESFORCE
    creates = "PATCH /Quayside_Episode__c/"
    updates = ("PATCH /Case/500",)
    closes = "PATCH /Case/500"
    looks_up = r"GET /query\?"
    peculiar = frozenset({300})
    documented: ClassVar[tuple[Failure, ...]] = (
        Failure(UPSERT, Answer(300, b'["/services/data/v64.0/sobjects/Case/500"]'), Rejected, "several_matches"),
        Failure(ERRORS, Answer(400, told("STRING_TOO_LONG")), Rejected, "http_400"),
        Failure(ERRORS, Answer(400, told("INVALID_FIELD")), Retryable, "misconfigured"),
        Failure(ERRORS, Answer(400, told("UNABLE_TO_LOCK_ROW")), Retryable, "conflict", None, "update"),
        Failure(
            ERRORS, Answer(403, told("REQUEST_LIMIT_EXCEEDED")), Retryable, "too_many_requests", timedelta(minutes=5)
        ),
        Failure(ERRORS, Answer(403, told("INSUFFICIENT_ACCESS")), Retryable, "forbidden", None, "close"),
        Failure(ERRORS, Answer(404, told("ENTITY_IS_DELETED")), Rejected, "gone", None, "update"),
        Failure(ERRORS, Answer(503, told("SERVER_UNAVAILABLE")), Retryable, "busy", None, "look_up"),
        Failure(UPSERT, Answer(200, b'{"success": false, "errors": []}'), Rejected, "not_kept"),
    )

    async def test_a_session_that_ended_is_replaced_without_a_failure(
        self, system: System, session: TargetSession, cloud: Salesforce
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        cloud.sessions.clear()
        assert await session.read(created.id) == created
        assert [one.path for one in cloud.requests].count("/services/oauth2/token") == 2

    async def test_the_same_episode_again_is_the_same_case_and_opens_nothing(
        self, system: System, session: TargetSession, cloud: Salesforce
    ) -> None:
        writing = self.writing(system)
        first = await session.create(writing)
        system.person.close(first, "done")
        again = await session.create(writing)
        assert (again.id, again.is_open, again.closed_by) == (first.id, False, "Mei 梅")
        assert len(cloud.tables["Case"]) == 1

    async def test_a_success_without_a_body_is_looked_up(
        self, system: System, session: TargetSession, proxy: Misbehaving
    ) -> None:
        writing = self.writing(system)
        first = await session.create(writing)
        proxy.next(
            self.looks_up, Answer(200, b'{"done": true, "records": []}', {"Date": "Sat, 21 Nov 2026 08:00:00 GMT"})
        )
        proxy.next(self.creates, Answer(204))
        assert await session.create(writing) == first

    @pytest.mark.parametrize("rows", [b"[7]", b"{}", b"null"])
    async def test_rows_that_are_none_are_not_believed(
        self, system: System, session: TargetSession, proxy: Misbehaving, rows: bytes
    ) -> None:
        proxy.next(self.looks_up, Answer(200, b'{"done": true, "records": ' + rows + b"}"))
        with pytest.raises(Retryable) as failed:
            await session.look_up(self.writing(system).key)
        assert failed.value.code == "not_json"

    async def test_deleted_and_merged_cases_are_told_as_such(
        self, system: System, session: TargetSession, cloud: Salesforce
    ) -> None:
        writings = [self.writing(system) for _ in range(3)]
        kept, away, gone = [await session.create(writing) for writing in writings]
        cloud.delete(away.id, into=kept.id)
        cloud.delete(gone.id)
        heard = {record.id: record async for record in session.changed_since("")}
        assert {number: (one.is_open, one.merged_into, one.is_deleted) for number, one in heard.items()} == {
            kept.id: (True, "", False),
            away.id: (False, kept.id, False),
            gone.id: (False, "", True),
        }
        assert await session.update(gone, writings[2]) == await session.read(gone.id)
        assert list(await session.look_up(writings[1].key)) == []

    async def test_many_cases_come_page_by_page(
        self, system: System, session: TargetSession, cloud: Salesforce
    ) -> None:
        cloud.page = 2
        created = [await session.create(self.writing(system)) for _ in range(5)]
        assert {record.id async for record in session.changed_since("")} == {record.id for record in created}

    async def test_a_locked_row_and_a_limit_that_is_used_up_pass(
        self, system: System, session: TargetSession, cloud: Salesforce
    ) -> None:
        writing = self.writing(system)
        created = await session.create(writing)
        cloud.locked = {created.id}
        with pytest.raises(Retryable, match="UNABLE_TO_LOCK_ROW") as locked:
            await session.close(created, replace(writing, comment="It arrived"))
        cloud.locked, cloud.used_up = set(), True
        with pytest.raises(Retryable, match="REQUEST_LIMIT_EXCEEDED") as used_up:
            await session.close(created, replace(writing, comment="It arrived"))
        cloud.used_up = False
        assert (locked.value.code, used_up.value.code) == ("conflict", "too_many_requests")
        assert not (await session.close(created, replace(writing, comment="It arrived"))).is_open
        assert system.person.said_on(created) == ["It arrived"]

    async def test_where_no_history_is_kept_whoever_changed_it_last_closed_it(
        self, system: System, session: TargetSession, cloud: Salesforce
    ) -> None:
        cloud.tracked = set()
        done, ours = [await session.create(self.writing(system)) for _ in range(2)]
        system.person.close(done, "done")
        closed = await session.close(ours, replace(self.writing(system), comment="It arrived"))
        found = await session.read(done.id)
        assert found
        assert (found.closed_by, closed.closed_by) == ("Mei 梅", "")

    async def test_a_case_that_a_queue_has_tells_whose_it_is(
        self, system: System, session: TargetSession, cloud: Salesforce
    ) -> None:
        created = await session.create(self.writing(system))
        assert created.assigned_to == ""
        cloud.tables["Case"][created.id] |= {"OwnerId": "00G000000000001AAA", "Owner": {"Name": "Logistics"}}
        found = await session.read(created.id)
        assert found
        assert found.assigned_to == "Logistics"

    async def test_a_delivery_that_is_there_already_is_found_by_its_number(
        self, system: System, cloud: Salesforce
    ) -> None:
        options = {**system.account.options, "order_number_field": "Order_Number__c"}
        account = system.account.model_copy(update={"options": options})
        view = late_task("SO-'7").view
        assert view
        key = status_key("erp", "order", "SO-'7")
        fields = mapping.status_fields(OrderInContext(key, "erp", "order", "SO-'7", view), account)
        writing = Writing(key, digest(key), fields)
        async with SALESFORCE.open(account, system.secret) as session:
            first = await session.create(writing)
            assert (await session.update(first, writing)).id == first.id
            assert list(await session.look_up(key)) == [await session.read(first.id)]
        (row,) = cloud.tables[DELIVERY].values()
        assert row["Order_Number__c"] == "SO-'7"

    async def test_a_case_that_was_merged_or_deleted_is_not_opened_again(
        self, system: System, session: TargetSession, cloud: Salesforce
    ) -> None:
        writing = self.writing(system)
        kept, away, gone = [await session.create(self.writing(system)) for _ in range(3)]
        cloud.delete(away.id, into=kept.id)
        cloud.delete(gone.id)
        assert await self.refused_reopening(session, away, writing) == "merged"
        assert await self.refused_reopening(session, gone, writing) == "gone"

    async def test_a_probe_tells_what_is_missing(self, system: System, cloud: Salesforce) -> None:
        cloud.fields["Case"] -= {"Quayside_Customer__c", "Status"}
        cloud.external[DELIVERY] = set()
        cloud.rights[DELIVERY] = {"createable": False}
        assert SALESFORCE.probe
        assert list(await SALESFORCE.probe(system.account, system.secret)) == [
            "Case has no field Quayside_Customer__c, or our user may not see it",
            "our user may not write the field Status of Case",
            f"the field Quayside_Task__c of {DELIVERY} must be an external id, and unique",
            f"our user may not create records of {DELIVERY}",
        ]
