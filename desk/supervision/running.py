"""`quayside up` from start to end: broker, topics, roles, where they listen, and the drain."""

import asyncio
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

from connectors.kafka import create_topics
from contracts.settings import Listen, Settings
from desk.broker import Broker
from desk.supervision.embedded import EmbeddedBroker
from desk.supervision.listening import url, wait_until_ready
from desk.supervision.output import prefixed
from desk.supervision.roles import broker_for, children, roles_with_work
from desk.supervision.supervisor import Supervised, Supervisor

Tell = Callable[[str, str], None]
_WHAT_FOR = {
    "ingress": "senders post to /in/CONNECTOR/ACCOUNT",
    "poll": "health and metrics",
    "worker": "health and metrics",
    "dispatch": "health and metrics",
}


def run_all(settings: Settings, config: Path | None) -> None:
    """Run everything until SIGTERM or SIGINT. Raises Fatal where a role is given up, and what the broker raises."""
    tell = prefixed(["broker", *_WHAT_FOR, "up"])
    with broker_for(settings, tell) as broker:
        asyncio.run(_run(settings, config, broker, tell))


async def _run(settings: Settings, config: Path | None, broker: Broker | str, tell: Tell) -> None:
    bootstrap = broker if isinstance(broker, str) else broker.bootstrap
    await create_topics(settings.kafka.model_copy(update={"bootstrap": bootstrap}))
    listens = roles_with_work(settings)
    groups: list[list[Supervised]] = [list(group) for group in children(listens, bootstrap, config, tell)]
    if isinstance(broker, Broker):
        groups.append([EmbeddedBroker(broker)])
    supervisor = Supervisor(groups, tell)
    stop = _on_signals(supervisor, tell)
    announcing = asyncio.create_task(_announce(listens, bootstrap, tell), name="announce")
    try:
        await supervisor.run(stop)
    finally:
        announcing.cancel()
    tell("up", "everything has ended")


def _on_signals(supervisor: Supervisor, tell: Tell) -> asyncio.Event:
    """Stop at the first signal, at once at the second."""
    stop = asyncio.Event()

    def asked() -> None:
        if stop.is_set():
            supervisor.kill()
            return
        tell("up", "finishes what is under way; a second Ctrl-C ends at once")
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked)
    return stop


async def _announce(listens: Mapping[str, Listen], bootstrap: str, tell: Tell) -> None:
    """Say where everything listens, once it is ready to work."""
    await wait_until_ready(listens, tell)
    tell("up", "ready:")
    for role, listen in listens.items():
        tell("up", f"  {role:<8}  {url(listen)}  {_WHAT_FOR[role]}")
    tell("up", f"  {'broker':<8}  {bootstrap}")
    for role in _WHAT_FOR.keys() - listens.keys():
        tell("up", f"  {role:<8}  not started: no account is configured for it")
