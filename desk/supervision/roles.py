"""What `quayside up` runs: the roles that have work to do, and the embedded broker where none is named."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from contracts.settings import Listen, Settings
from desk.broker import Broker, find_running, running_broker
from desk.broker.ports import free_ports
from desk.supervision.child import Child

DRAINED_TOGETHER = (("ingress", "poll"), ("worker",), ("dispatch",))
"""First nothing comes in any more, then what came in is finished, then what is wanted goes out."""


def roles_with_work(settings: Settings) -> dict[str, Listen]:
    """Give the roles to run and where each listens; a port 0 is replaced by a free one."""
    idle = {
        name
        for name, accounts in {"poll": settings.pollers + settings.folders, "dispatch": settings.dispatched}.items()
        if not accounts
    }
    listens = {name: getattr(settings.listen, name) for group in DRAINED_TOGETHER for name in group if name not in idle}
    free = iter(free_ports(len(listens)))
    return {
        name: listen if listen.port else listen.model_copy(update={"port": next(free)})
        for name, listen in listens.items()
    }


def children(
    listens: Mapping[str, Listen], bootstrap: str | None, config: Path | None, on_line: Callable[[str, str], None]
) -> list[list[Child]]:
    """Make a child for each role, in the groups in which they are drained."""
    environ = dict(os.environ) | {"PYTHONUNBUFFERED": "1"}
    if bootstrap is not None:
        environ["QUAYSIDE_BROKER"] = bootstrap
    if config is not None:
        environ["QUAYSIDE_CONFIG"] = str(config.resolve())

    def child(role: str) -> Child:
        port = {f"QUAYSIDE_LISTEN__{role.upper()}__PORT": str(listens[role].port)}
        return Child(role, [sys.executable, "-P", "-m", "desk", role], on_line, environ=environ | port)

    return [[child(role) for role in group if role in listens] for group in DRAINED_TOGETHER]


@contextmanager
def broker_for(settings: Settings, tell: Callable[[str, str], None]) -> Iterator[Broker | str]:
    """Give the configured broker's address; else that of one that is up in the state folder; else start one there.

    Raises what `desk.broker.Broker.start` raises. The one that was started is stopped at the end.
    """
    data = settings.state / "broker"
    if (found := settings.kafka.bootstrap or find_running(data)) is not None:
        yield found
        return
    tell("broker", f"starts in {data}")
    with running_broker(data) as broker:
        yield broker
