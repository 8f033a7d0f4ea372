"""The role `dispatch`: a process that keeps targets right, all of them or one. Several may share the work.

Processes of one target form a consumer group, so each lane is acted on by one of them at a time. Whatever the
database, an entry's revision lets only one of two writers change it.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from connectors.hinting.listening import Listener
from connectors.kafka import expect_topics, producer
from connectors.operations import operations_pages
from connectors.registry import TARGETS, TRACKERS, find
from contracts.connector import Target, Tracker
from contracts.errors import Fatal, QuaysideError, Rejected
from contracts.settings import Settings, TargetAccount, TrackerAccount
from contracts.topics import DEAD_LETTERS, HINTS, INBOUND, SNAPSHOTS
from streams.dispatch.dispatcher import Dispatcher
from streams.engine.writes import describe
from streams.store.database import open_database
from streams.store.migrate import migrate


async def run_dispatch(
    settings: Settings,
    target: str | None,
    stop: asyncio.Event,
    *,
    bound: "asyncio.Future[int] | None" = None,
    ready: asyncio.Event | None = None,
    targets: Mapping[str, Target] = TARGETS,
    trackers: Mapping[str, Tracker] = TRACKERS,
) -> None:
    """Dispatch to the account called `target`, or to all of them, until `stop`; then finish what is under way.

    bound: given the port of the pages. ready: set once all snapshots that stood there at the start are stored.
    Raises Rejected where the configuration is wrong, Fatal where the process cannot go on.
    """
    accounts = chosen(settings, target)
    behind = {account.name for account in accounts}
    readiness = {
        name: lambda name=name: "the snapshots are being read" if name in behind else None for name in sorted(behind)
    }
    await expect_topics(settings.kafka, (SNAPSHOTS, INBOUND, HINTS, DEAD_LETTERS))
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(operations_pages(settings.listen.dispatch, readiness))
        if bound is not None:
            bound.set_result(port)
        database = await stack.enter_async_context(open_database(settings.database_url()))
        await migrate(database)
        client = await _start_producer(settings, stack)

        def caught_up(name: str) -> Callable[[], None]:
            def tell() -> None:
                behind.discard(name)
                if not behind and ready is not None:
                    ready.set()

            return tell

        listener = Listener(settings.kafka, [account.name for account in accounts])
        dispatchers = {
            account.name: Dispatcher(
                settings,
                account,
                target_of(account, targets, trackers),
                database,
                client,
                listener.of(account.name),
            )
            for account in accounts
        }
        await _run_all(dispatchers, listener, stop, caught_up)


def chosen(settings: Settings, target: str | None) -> tuple[TargetAccount, ...]:
    """Give the accounts to dispatch to; raises Rejected where there is none, or none of that name."""
    if not settings.dispatched:
        raise Rejected("no target and no tracker is configured: there is nothing to dispatch to", code="no_target")
    accounts = tuple(account for account in settings.dispatched if target in {None, account.name})
    if not accounts:
        known = ", ".join(account.name for account in settings.dispatched)
        raise Rejected(f"no target is called {target!r}; there are: {known}", code="unknown_target")
    return accounts


def target_of(
    account: TargetAccount, targets: Mapping[str, Target] = TARGETS, trackers: Mapping[str, Tracker] = TRACKERS
) -> Target:
    """Give the connector's record of an account's target or tracker."""
    if isinstance(account, TrackerAccount):
        return find(trackers, account.connector).target
    return find(targets, account.connector)


async def _run_all(
    dispatchers: Mapping[str, Dispatcher],
    listener: Listener,
    stop: asyncio.Event,
    caught_up: Callable[[str], Callable[[], None]],
) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(listener.keep_listening(), name="hints")
            running = [
                group.create_task(dispatcher.run(stop, caught_up(name)), name=f"dispatch-{name}")
                for name, dispatcher in dispatchers.items()
            ]
            await asyncio.gather(*running)
            listening.cancel()
    except BaseExceptionGroup as failures:
        raise _the_one(failures) from failures


def _the_one(failures: BaseException) -> BaseException:
    """Give the failure that a supervisor is told of: ours as it is, another one as Fatal."""
    while isinstance(failures, BaseExceptionGroup):
        failures = failures.exceptions[0]
    if isinstance(failures, QuaysideError) or not isinstance(failures, Exception):
        return failures
    return Fatal(f"dispatch cannot go on: {describe(failures)}", code="dispatch_wrong")


async def _start_producer(settings: Settings, stack: AsyncExitStack) -> AIOKafkaProducer:
    client = producer(settings.kafka, "dispatch")
    stack.push_async_callback(client.stop)
    try:
        await client.start()
    except KafkaError as error:
        raise Fatal(f"the broker cannot be reached: {type(error).__name__}", code="broker_unreachable") from error
    return client
