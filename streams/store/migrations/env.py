"""What alembic runs: on the connection, and in the transaction, that its caller opened."""

from alembic import context

from streams.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    compare_type=True,
    compare_server_default=True,
    transactional_ddl=False,
)
context.run_migrations()
