"""Brings a database to the newest version of the tables, when a role starts."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from streams.store.database import Database

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 8_471_203_562
"""An arbitrary number that names our lock in PostgreSQL, so that two roles that start together migrate in turn."""


def configuration(connection: Connection) -> Config:
    """Give alembic's configuration for a connection, without any file."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


async def migrate(database: Database) -> None:
    """Bring the database to the newest version."""
    async with database.write() as connection:
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    command.upgrade(configuration(connection), "head")
