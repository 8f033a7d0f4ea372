"""Both databases that the product runs on; every test of what stands in SQL runs on each."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from streams.store.database import Database, open_database
from streams.store.migrate import migrate
from streams.store.tables import METADATA
from tests.streams.store.postgres import running_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The one PostgreSQL of the run."""
    with running_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_postgres(postgres: str) -> str:
    """The URL of a database in it at the newest version, which tests use in turn: making one takes a third second."""
    url = _new(postgres)
    asyncio.run(_migrate(url))
    return url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file at the newest version, which tests copy."""
    file = tmp_path_factory.mktemp("migrated") / "quayside.sqlite"
    asyncio.run(_migrate(f"sqlite:///{file}"))
    return file


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def dialect(request: pytest.FixtureRequest) -> str:
    """Each of them in turn; a PostgreSQL takes seconds to start, so `make check` goes without."""
    return str(request.param)


@pytest.fixture
def empty_database_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any table."""
    if dialect == "sqlite":
        return f"sqlite:///{tmp_path / 'quayside.sqlite'}"
    return _new(request.getfixturevalue("postgres"))


@pytest.fixture
def database_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database at the newest version, with nothing in it."""
    if dialect == "sqlite":
        file = tmp_path / "quayside.sqlite"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), file)
        return f"sqlite:///{file}"
    url: str = request.getfixturevalue("migrated_postgres")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {', '.join(METADATA.tables)} RESTART IDENTITY")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database at the newest version."""
    async with open_database(database_url) as opened:
        yield opened


async def _migrate(url: str) -> None:
    async with open_database(url) as opened:
        await migrate(opened)


def _new(server: str) -> str:
    name = f"t{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.rpartition("/")[0] + f"/{name}"
