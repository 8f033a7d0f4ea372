"""HubSpot, before a fake that keeps state and holds our requests to its pages (tests/fakes/hubspot.py)."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

import pytest

from connectors.targets.hubspot import HUBSPOT
from connectors.targets.hubspot.places import AT_ONCE
from contracts.connector import OrderInContext, Record, TargetSession, Writing
from contracts.errors import QuaysideError, Rejected, Retryable
from contracts.identity import digest
from contracts.record_keys import status_key
from contracts.settings import TargetAccount
from mappings.tickets import hubspot as mapping
from tests.connectors.misbehaving import Answer, Misbehaving
from tests.connectors.sample_tasks import late_task
from tests.connectors.target_conformance import Failure, System, TargetConformance
from tests.fakes.hubspot import MEI, HubSpot, Property
from tests.fakes.serving import serving

ERRORS = "https://developers.hubspot.com/docs/api-reference/latest/error-handling"
LIMITS = "https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines"
UNIQUE = {mapping.PLACE, mapping.ORDER_KEY, "po_number"}
OWN = {mapping.PLACE, mapping.KEY, mapping.EPISODE, mapping.NOTE, "hs_pipeline", "hs_pipeline_stage"}
READ = {"quayside_reason", "quayside_approval", "hubspot_owner_id", "hs_merged_object_ids"}


class Mei:
    """Somebody at HubSpot's own pages."""

    name = "Mei 梅"

    def __init__(self, cloud: HubSpot) -> None:
        self._cloud = cloud

    def close(self, record: Record, reason: str) -> None:
        self._write(record, hs_pipeline_stage="4", quayside_reason=reason)

    def refuse(self, record: Record, reason: str) -> None:
        self._write(record, hs_pipeline_stage="9", quayside_reason=reason)

    def close_approved(self, record: Record, reason: str) -> str:
        self._write(record, quayside_approval="approved")
        self.close(record, reason)
        return self.name

    def edit_what_is_not_ours(self, record: Record) -> None:
        self._write(record, hs_ticket_category="BILLING")

    def is_edit_kept(self, record: Record) -> bool:
        return self._cloud.objects["tickets"][record.id].value("hs_ticket_category") == "BILLING"

    def said_on(self, record: Record) -> list[str]:
        return [entry["value"] for entry in self._cloud.objects["tickets"][record.id].history.get(mapping.NOTE, [])]

    def _write(self, record: Record, **values: str) -> None:
        self._cloud.write(self._cloud.objects["tickets"][record.id], values, MEI)


@pytest.fixture
async def cloud() -> AsyncIterator[HubSpot]:
    tickets = {*mapping.DEFAULT_FIELDS, *OWN, *READ, "hs_ticket_category"}
    orders = {*mapping.DEFAULT_STATUS_FIELDS, mapping.KEY, mapping.EPISODE, mapping.ORDER_KEY, "po_number"}
    there = {
        kind: {name: Property(is_unique=name in UNIQUE) for name in sorted(names)}
        for kind, names in {"tickets": tickets, "orders": orders}.items()
    }
    async with serving(HubSpot(properties=there)) as running:
        yield running
    assert running.violations == []


@pytest.fixture
def system(cloud: HubSpot) -> System:
    account = TargetAccount(
        name="crm", connector="hubspot", url=cloud.url, statuses=True, options={"refused_stages": "9"}
    )
    return System(account, cloud.token, "pat-eu1-other", Mei(cloud), patience=0.6)


def told(category: str, **more: str) -> bytes:
    return json.dumps({"status": "error", "message": "no such thing", "category": category, **more}).encode()


def limited(policy: str) -> Answer:
    return Answer(429, told("RATE_LIMITS", policyName=policy))


class TestHubSpot(TargetConformance):
    target = HUBSPOT
    creates = "POST /tickets$"
    closes = "PATCH"
    looks_up = "POST batch/read"
    documented: ClassVar[tuple[Failure, ...]] = (
        Failure(LIMITS, limited("SECONDLY"), Retryable, "too_many_requests", timedelta(seconds=1)),
        Failure(LIMITS, limited("TEN_SECONDLY_ROLLING"), Retryable, "too_many_requests", timedelta(seconds=10)),
        Failure(LIMITS, limited("DAILY"), Retryable, "too_many_requests", timedelta(hours=1), "update", "PATCH"),
        Failure(ERRORS, Answer(400, told("VALIDATION_ERROR")), Rejected, "http_400"),
        Failure(ERRORS, Answer(403, told("MISSING_SCOPES")), Retryable, "forbidden", None, "close"),
        Failure(ERRORS, Answer(423, told("LOCKED")), Retryable, "conflict", None, "update", "PATCH"),
        Failure(ERRORS, Answer(503, told("SERVICE_UNAVAILABLE")), Retryable, "http_503", None, "look_up"),
    )

    async def test_a_create_that_took_effect_late_is_found_instead_of_made_again(
        self, system: System, session: TargetSession, cloud: HubSpot
    ) -> None:
        writing = self.writing(system)
        first = await session.create(writing)
        assert await session.create(writing) == first
        assert len(cloud.objects["tickets"]) == 1

    @pytest.mark.parametrize("result", [b"{}", b"7", b'{"id": "1"}', b'{"id": 1, "properties": {}}'])
    async def test_a_result_that_is_no_record_is_not_believed(
        self, system: System, session: TargetSession, proxy: Misbehaving, result: bytes
    ) -> None:
        proxy.next(self.looks_up, Answer(200, b'{"status": "COMPLETE", "results": [' + result + b"]}"))
        with pytest.raises(Retryable) as failed:
            await session.look_up(self.writing(system).key)
        assert failed.value.code == "not_json"

    async def test_a_ticket_merged_away_tells_into_which(
        self, system: System, session: TargetSession, cloud: HubSpot
    ) -> None:
        kept, away = [await session.create(self.writing(system)) for _ in range(2)]
        cloud.merge(away.id, kept.id)
        found = await session.read(away.id)
        assert found
        assert (found.is_open, found.merged_into, found.closed_by) == (False, kept.id, "somebody")
        assert await session.update(away, self.writing(system)) == found
        heard = {record.id: record.merged_into async for record in session.changed_since("")}
        assert heard == {kept.id: "", away.id: kept.id}

    async def test_a_deleted_ticket_is_closed_and_its_place_is_not_taken_again(
        self, system: System, session: TargetSession, cloud: HubSpot
    ) -> None:
        writing = self.writing(system)
        first = await session.create(writing)
        gone = cloud.objects["tickets"][first.id]
        gone.archived_at = gone.changed
        found = await session.update(first, writing)
        assert (found.is_open, found.is_deleted) == (False, True)
        again = await session.create(replace(writing, idempotency_key=f"{digest(writing.key)}-2"))
        assert [record.id for record in await session.look_up(writing.key)] == [again.id]

    async def test_a_task_may_have_more_tickets_than_one_call_tells(
        self, system: System, session: TargetSession, cloud: HubSpot
    ) -> None:
        writing = self.writing(system)
        made = [
            await session.create(replace(writing, idempotency_key=f"{digest(writing.key)}-{episode}"))
            for episode in range(1, AT_ONCE + 3)
        ]
        gone = cloud.objects["tickets"][made[4].id]
        gone.archived_at = gone.changed
        left = [record.id for record in made if record is not made[4]]
        assert [record.id for record in await session.look_up(writing.key)] == left
        again = await session.create(replace(writing, idempotency_key=f"{digest(writing.key)}-99"))
        assert [record.id for record in await session.look_up(writing.key)] == [*left, again.id]

    async def test_what_the_search_has_not_yet_seen_is_told_by_the_next_reading(
        self, system: System, session: TargetSession, cloud: HubSpot
    ) -> None:
        cloud.lag = timedelta(minutes=4)
        created = await session.create(self.writing(system))
        assert [record.id async for record in session.changed_since("")] == []
        mark, cloud.lag = session.mark, timedelta(0)
        assert [record.id async for record in session.changed_since(mark)] == [created.id]

    async def test_who_closed_is_told_by_number_where_our_app_may_not_read_names(
        self, system: System, session: TargetSession, cloud: HubSpot
    ) -> None:
        created = await session.create(self.writing(system))
        cloud.may_read_owners = False
        system.person.close(created, "done")
        found = await session.read(created.id)
        assert found
        assert found.closed_by == "user 7"

    async def test_a_ticket_that_was_merged_or_deleted_is_not_opened_again(
        self, system: System, session: TargetSession, cloud: HubSpot
    ) -> None:
        writing = self.writing(system)
        kept, away, gone = [await session.create(self.writing(system)) for _ in range(3)]
        cloud.merge(away.id, kept.id)
        gone_ticket = cloud.objects["tickets"][gone.id]
        gone_ticket.archived_at = gone_ticket.changed
        assert await self.refused_reopening(session, away, writing) == "merged"
        assert await self.refused_reopening(session, gone, writing) == "gone"

    async def test_a_probe_tells_what_is_missing(self, system: System, cloud: HubSpot) -> None:
        del cloud.properties["tickets"]["quayside_customer"]
        cloud.properties["tickets"]["content"].is_read_only = True
        cloud.properties["orders"][mapping.ORDER_KEY].is_unique = False
        cloud.stages = ("1",)
        assert HUBSPOT.probe
        assert list(await HUBSPOT.probe(system.account, system.secret)) == [
            "tickets have no property `quayside_customer`",
            "the property `content` of tickets cannot be written",
            "the pipeline `0` has no stage with the id `4`",
            "the property `quayside_order_key` of orders must require unique values",
        ]


def status(system: System, order: str) -> Writing:
    view = late_task(order).view
    assert view
    key = status_key("erp", "order", order)
    context = OrderInContext(key, "erp", "order", order, view)
    return Writing(key, digest(key), mapping.status_fields(context, system.account))


async def settled(session: TargetSession, writings: list[Writing]) -> list[Record | QuaysideError]:
    """Write all at once; what became of each."""
    outcomes = await asyncio.gather(*(session.create(one) for one in writings), return_exceptions=True)
    assert all(isinstance(one, Record | QuaysideError) for one in outcomes)
    return outcomes  # type: ignore[return-value]  # asserted just above


def batches(cloud: HubSpot) -> list[int]:
    return [len(one.json()["inputs"]) for one in cloud.requests if one.path.endswith("batch/upsert")]


class TestOrdersInBatches:
    """Statuses of orders go together, and one that is wrong fails alone."""

    async def test_what_comes_during_a_call_goes_together_up_to_a_hundred(self, system: System, cloud: HubSpot) -> None:
        writings = [status(system, f"SO-{number}") for number in range(103)]
        async with HUBSPOT.open(system.account, system.secret) as session:
            outcomes = await settled(session, [*writings, writings[0]])
        assert all(isinstance(one, Record) for one in outcomes)
        assert sorted(batches(cloud)) == [1, 3, 100]
        assert len(cloud.objects["orders"]) == 103

    async def test_an_error_in_a_success_fails_its_own_order_alone(self, system: System, cloud: HubSpot) -> None:
        writings = [status(system, f"SO-{number}") for number in range(6)]
        cloud.broken = {digest(writings[3].key)}
        async with HUBSPOT.open(system.account, system.secret) as session:
            outcomes = await settled(session, writings)
        assert [isinstance(one, Record) for one in outcomes] == [True, True, True, False, True, True]
        assert isinstance(outcomes[3], Rejected)
        assert "not valid" in outcomes[3].reason
        assert batches(cloud) == [1, 5]

    async def test_a_batch_refused_as_a_whole_is_halved_until_the_wrong_one_is_alone(
        self, system: System, cloud: HubSpot
    ) -> None:
        writings = [status(system, f"SO-{number}") for number in range(8)]
        cloud.conflicting = {digest(writings[5].key)}
        async with HUBSPOT.open(system.account, system.secret) as session:
            outcomes = await settled(session, writings)
        assert [isinstance(one, Record) for one in outcomes] == [True] * 5 + [False] + [True] * 2
        assert isinstance(outcomes[5], Retryable)
        assert batches(cloud) == [1, 7, 4, 3, 2, 1, 1, 1]

    async def test_a_limit_is_kept_by_all_that_went_together(self, system: System, cloud: HubSpot) -> None:
        cloud.throttled = "TEN_SECONDLY_ROLLING"
        async with HUBSPOT.open(system.account, system.secret) as session:
            outcomes = await settled(session, [status(system, f"SO-{number}") for number in range(4)])
        assert {getattr(one, "retry_after", None) for one in outcomes} == {timedelta(seconds=10)}

    async def test_an_order_that_is_there_already_is_found_by_its_number(self, system: System, cloud: HubSpot) -> None:
        options = {**system.account.options, "order_number_property": "po_number"}
        account = system.account.model_copy(update={"options": options})
        writing = status(system, "SO-7")
        async with HUBSPOT.open(account, system.secret) as session:
            assert await session.look_up(writing.key) == []
            first = await session.create(writing)
            assert (await session.create(writing)).id == first.id
            assert [record.id for record in await session.look_up(writing.key)] == [first.id]
        (order,) = cloud.objects["orders"].values()
        assert order.value("po_number") == "SO-7"
