"""A Redmine that runs on a fresh copy of the prepared site and database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.systems.processes import Say, Server, free_port
from tests.systems.redmine.installation import prepare, server
from tests.systems.redmine.member import Member


@dataclass(frozen=True)
class Redmine:
    """`key` belongs to the user `quayside`; `mei` is a person of the project, `root` administers all."""

    url: str
    key: str
    mei: Member
    root: Member
    server: Server


@contextmanager
def redmine_in(folder: Path, say: Say) -> Iterator[Redmine]:
    """Prepare Redmine if need be and run it on a database in `folder`.

    Raises:
        SetUpFailed: it cannot be installed or does not answer.
    """
    installation = prepare(say)
    installation.copy_to(folder)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    keys = installation.keys()
    process = server(folder, port, keys["quayside"])
    with process.running(), Member(url, keys["mei"]) as mei, Member(url, keys["root"]) as root:
        say(f"Redmine answers on {url}")
        yield Redmine(url, keys["quayside"], mei, root, process)
