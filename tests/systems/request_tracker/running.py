"""A Request Tracker that runs on a fresh copy of the prepared database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.systems.processes import Say, Server, free_port
from tests.systems.request_tracker.agent import QUEUE, Agent
from tests.systems.request_tracker.installation import prepare, server


@dataclass(frozen=True)
class RequestTracker:
    """`token` belongs to the user `quayside`; `agent` acts as the person `mei`."""

    url: str
    token: str
    queue: str
    agent: Agent
    server: Server


@contextmanager
def request_tracker_in(folder: Path, say: Say) -> Iterator[RequestTracker]:
    """Prepare Request Tracker if need be and run it on a database in `folder`.

    Raises:
        SetUpFailed: it cannot be installed or does not answer.
    """
    installation = prepare(say)
    installation.copy_to(folder)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    tokens = installation.tokens()
    process = server(folder, port, tokens["quayside"])
    with process.running(), Agent(url, tokens["mei"]) as agent:
        say(f"Request Tracker answers on {url}")
        yield RequestTracker(url, tokens["quayside"], QUEUE, agent, process)
