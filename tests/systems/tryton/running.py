"""A Tryton that runs on a fresh copy of the prepared database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.systems.processes import Say, Server, free_port
from tests.systems.tryton.clerk import Clerk
from tests.systems.tryton.installation import DATABASE, prepare, server
from tests.systems.tryton.rest import Rest


@dataclass(frozen=True)
class Tryton:
    """`key` belongs to a user with the rights of sales and stock; `company` is the id to name in each request."""

    url: str
    database: str
    key: str
    company: int
    clerk: Clerk
    server: Server


@contextmanager
def tryton_in(folder: Path, say: Say) -> Iterator[Tryton]:
    """Prepare Tryton if need be and run it on a database in `folder`.

    Raises:
        SetUpFailed: it cannot be installed or does not answer.
    """
    installation = prepare(say)
    installation.copy_to(folder)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    company = installation.company()
    process = server(installation.programs, folder, port)
    with process.running(), Rest(url, DATABASE, company["clerk_key"]) as rest:
        say(f"Tryton answers on {url}")
        clerk = Clerk(rest, company)
        yield Tryton(url, DATABASE, company["integration_key"], company["company"], clerk, process)
