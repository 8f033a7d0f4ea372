"""The database: its engine, and transactions.

SQLite writes ahead (WAL) and takes its write lock when a transaction begins, so that two processes wait for each
other instead of failing in the middle. It stays at `synchronous = FULL`: an in-flight mark must outlive a power cut.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from contracts.errors import Fatal, Rejected

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
Written = TypeVar("Written")

_TRIES = 5
_READ_ONLY = "quayside_read_only"
_PRAGMAS = ("busy_timeout = 30000", "journal_mode = WAL", "synchronous = FULL")


def asynchronous(url: str) -> URL:
    """Choose the asynchronous driver of a database URL; raises Rejected where it names no database of ours."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise Rejected(
            "the database's URL is none (expected sqlite:///FILE or postgresql://…)", code="bad_url"
        ) from error
    backend = parsed.get_backend_name()
    if backend not in _DRIVERS:
        raise Rejected(f"not a database of ours: {backend} (expected sqlite or postgresql)", code="bad_url")
    return parsed.set(drivername=_DRIVERS[backend])


def missing_file(url: str) -> Path | None:
    """Give the SQLite file of a database URL that is not there; None where it is, or the database is no file."""
    chosen = asynchronous(url)
    if chosen.get_backend_name() != "sqlite" or not chosen.database or Path(chosen.database).exists():
        return None
    return Path(chosen.database)


class Database:
    """An open database."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take its engine."""
        self._engine = engine

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that may write; it is committed when the block ends well."""
        async with self._engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that only reads."""
        async with self._engine.connect() as connection:
            await connection.execution_options(**{_READ_ONLY: True})
            yield connection


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """Open the database at an SQLAlchemy URL; an SQLite file's folder is made where it is missing.

    Raises Rejected where the folder cannot be made, Fatal where nothing that we can use is there.
    """
    chosen = asynchronous(url)
    if chosen.get_backend_name() == "sqlite" and chosen.database:
        _make_folder(Path(chosen.database).parent)
    engine = create_async_engine(chosen, pool_pre_ping=chosen.get_backend_name() == "postgresql")
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    try:
        await _reach(engine)
        yield Database(engine)
    finally:
        await engine.dispose()


async def despite_conflicts(write: Callable[[], Awaitable[Written]]) -> Written:
    """Run a transaction, and run it again where another one has just inserted the same row: then it finds that row."""
    for _ in range(_TRIES - 1):
        try:
            return await write()
        except IntegrityError:
            continue
    return await write()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Rejected(f"the database's folder {folder} cannot be made: {error.strerror}", code="no_folder") from error


async def _reach(engine: AsyncEngine) -> None:
    try:
        async with engine.connect():
            pass
    except DBAPIError as error:
        why = str(error.orig).partition("\n")[0]
        shown = engine.url.render_as_string(hide_password=True)
        raise Fatal(f"the database {shown} cannot be used: {why}", code="database_unreachable") from error


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver would begin transactions late, at the first write, and then fail where another one waits.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get(_READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
