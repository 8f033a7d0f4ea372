"""Whose tasks go to a target: everybody's, unless its account names roles."""

import asyncio

import pytest

from contracts.settings import TargetAccount
from contracts.snapshot import Kind, Role, Task
from streams.dispatch.intake import read_record
from tests.streams.dispatch import samples
from tests.streams.dispatch.fake_target import FakeTarget
from tests.streams.dispatch.memory import MemoryStore, runner

LATE = samples.task(Kind.LATE)
REFUSED = samples.task(Kind.REJECTED_QUALITY).model_copy(update={"role": Role.QUALITY})


async def follow(store: MemoryStore, fake: FakeTarget, roles: tuple[Role, ...] | None, *said: tuple[Task, ...]) -> None:
    """Let a target of these roles follow the snapshots to rest."""
    account = TargetAccount(name="desk", connector="fake", url="http://127.0.0.1:1", roles=roles)
    for through, tasks in enumerate(said, 1):
        state = read_record(samples.record(samples.snapshot(*tasks), through, offset=through))
        store.take(state, samples.START)
        await asyncio.wait_for(runner(store, fake, account, lambda: samples.START).run(state.key, lambda: True), 5)


@pytest.mark.parametrize(
    ("roles", "created"), [(None, 2), ((Role.QUALITY,), 1), ((Role.QUALITY, Role.LOGISTICS), 2), ((), 0)]
)
async def test_a_target_gets_the_tasks_of_its_roles(roles: tuple[Role, ...] | None, created: int) -> None:
    fake = FakeTarget()
    await follow(MemoryStore(), fake, roles, (LATE, REFUSED))
    assert len(fake.named("create")) == created


async def test_a_task_that_goes_to_another_role_is_closed_where_only_the_first_one_s_are() -> None:
    fake = FakeTarget()
    climbed = LATE.model_copy(update={"role": Role.MANAGEMENT})
    await follow(MemoryStore(), fake, (Role.LOGISTICS,), (LATE,), (climbed,))
    assert (len(fake.named("create")), len(fake.named("close"))) == (1, 1)
