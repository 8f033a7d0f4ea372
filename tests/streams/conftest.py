"""Both databases that the product runs on; every test of what stands in SQL runs on each."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from streams.store.database import Database, open_database
from streams.store.migrate import migrate
from tests.streams.store.postgres import running_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The one PostgreSQL of the run."""
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'quayside.sqlite'}"
    server: str = request.getfixturevalue("postgres")
    name = f"t{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.rpartition("/")[0] + f"/{name}"


@pytest.fixture
async def database(empty_database_url: str) -> AsyncIterator[Database]:
    """An open database at the newest version."""
    async with open_database(empty_database_url) as opened:
        await migrate(opened)
        yield opened
