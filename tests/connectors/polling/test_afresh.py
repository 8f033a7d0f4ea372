"""An order is read afresh whole or not at all, and whoever polls its account is not disturbed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from connectors.pollers.sample_file import SAMPLE_FILE
from connectors.polling.afresh import tell_afresh
from contracts.clock import WallClock
from contracts.connector import Reading
from contracts.errors import Rejected, Retryable
from contracts.settings import PollerAccount
from contracts.topics import BODY_LIMIT
from tests.connectors.polling.doubles import ACCOUNT, Durable, System, poll_of


def tell(system: System, durable: Durable, order: str = "SO1") -> list[Reading]:
    @asynccontextmanager
    async def opened(_account: PollerAccount, _secret: str | None, _clock: WallClock) -> AsyncIterator[System]:
        yield system

    return asyncio.run(tell_afresh(ACCOUNT, replace(SAMPLE_FILE, open=opened), order, system.clock, durable))


@pytest.fixture
def system() -> System:
    made = System()
    made.write("1", "ten")
    made.write("2", "eight", name="GI1", kind="goods_issue")
    return made


def test_the_order_and_what_names_it_is_told_and_nothing_is_remembered(system: System) -> None:
    durable = Durable()
    found = tell(system, durable)
    assert [reading.document.document for reading in found] == ["SO1", "GI1"]
    assert durable.inbound == found
    assert durable.order == ["store"]


def test_it_is_told_though_nothing_has_changed_and_the_next_poll_tells_none_of_it(system: System) -> None:
    durable = Durable()
    asyncio.run(poll_of(system, durable).once())
    before = len(durable.told())
    tell(system, durable)
    assert len(durable.told()) == before + 2
    asyncio.run(poll_of(system, durable).once())
    assert len(durable.told()) == before + 2


def test_an_order_that_the_system_does_not_have_is_refused_by_name(system: System) -> None:
    durable = Durable()
    with pytest.raises(Rejected, match=r"erp .* has no order 'SO9'"):
        tell(system, durable, "SO9")
    assert durable.order == []


def test_what_no_record_can_hold_is_refused_and_nothing_is_told(system: System) -> None:
    durable = Durable()
    system.write("3", "x" * BODY_LIMIT, name="GI2", kind="goods_issue")
    with pytest.raises(Rejected, match=r"goods_issue GI2 has .* bytes; at most"):
        tell(system, durable)
    assert durable.order == []


def test_a_system_that_fails_half_way_leaves_nothing_told(system: System) -> None:
    durable = Durable()

    class Failing(System):
        async def of_order(self, order: str) -> AsyncIterator[Reading]:
            async for reading in super().of_order(order):
                yield reading
                raise Retryable("away", code="unreachable")

    with pytest.raises(Retryable):
        tell(Failing(documents=system.documents), durable)
    assert durable.order == []
