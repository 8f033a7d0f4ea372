"""The tables. A change here comes with a migration; a test compares the two on both databases."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from streams.store.columns import Instant

METADATA = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"},
)

WANTED = Table(
    "wanted",
    METADATA,
    Column("target", String(63), primary_key=True),
    Column("account", String(255), primary_key=True),
    Column("scope", String(16), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("topic", String(255), nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("through", BigInteger, nullable=False),
    Column("as_of", Instant, nullable=False),
    Column("origin", Text, nullable=False),
    Column("traceparent", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("wanted", Text, nullable=False),
    Column("view", Text, nullable=False),
    Column("tasks", Integer, nullable=False),
    Column("ask_first", Boolean, nullable=False),
    Column("policy_revision", Integer, nullable=False, server_default="0"),
    # Which policy revision brought which of the tasks, where one did.
    Column("brought", Text, nullable=False, server_default="{}"),
    # Grows with each state that is stored, so that a lane which finished an older one does not rest.
    Column("sequence", BigInteger, nullable=False),
    # When the lane is to be looked at: absent at rest, later while it is parked.
    Column("due_at", Instant),
    Column("dirty_since", Instant),
    Column("parked", Boolean, nullable=False),
    Index(None, "target", "due_at"),
)
"""The newest wanted state of each snapshot's key, for each target, and when its lane is to be looked at."""

LEDGER = Table(
    "ledger",
    METADATA,
    Column("target", String(63), primary_key=True),
    Column("task", String(1024), primary_key=True),
    Column("shadow", Boolean, primary_key=True),
    Column("episode", Integer, primary_key=True, autoincrement=False),
    Column("account", String(255), nullable=False),
    Column("scope", String(16), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("since", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("idempotency_key", String(64), nullable=False),
    Column("remote_id", Text, nullable=False),
    Column("remote_version", Text, nullable=False),
    Column("fields", JSON, nullable=False),
    Column("attempt", String(64), nullable=False),
    Column("configuration", String(64), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("failing_since", Instant),
    Column("failed_at", Instant),
    Column("error_code", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("feedback", String(64), nullable=False),
    Column("opened_at", Instant),
    Column("closed_at", Instant),
    Column("closed_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("policy_revision", Integer, nullable=False, server_default="0"),
    Column("ending", String(16), nullable=False, server_default=text("''")),
    Column("merged_into", Text, nullable=False, server_default=text("''")),
    Column("assigned_to", Text, nullable=False, server_default=text("''")),
    Index(None, "target", "account", "scope", "subject"),
    Index(None, "target", "idempotency_key"),
    Index(None, "target", "remote_id"),
    Index(None, "target", "state"),
    Index(None, "target", "policy_revision"),
)
"""One row an episode of a task at a target (`streams.dispatch.entry.Entry`)."""

PACES = Table(
    "paces",
    METADATA,
    Column("target", String(63), primary_key=True),
    Column("full_at", Instant, nullable=False),
)
"""Until when each target's pace is used up (`streams.dispatch.pace`)."""

CONSUMED = Table(
    "consumed",
    METADATA,
    Column("reader", String(80), primary_key=True),
    Column("topic", String(255), primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("epoch", Integer, nullable=False),
    Column("next_offset", BigInteger, nullable=False),
    # Where the topic ended when this reader first met it: what stands before may be older than the ledger.
    Column("met_at", BigInteger, nullable=False),
)
"""How far each reader has read, written with what it read: the offset in Kafka's group only follows."""

TARGETS = Table(
    "targets",
    METADATA,
    Column("target", String(63), primary_key=True),
    Column("mark", Text, nullable=False),
    Column("configuration", String(64), nullable=False),
    Column("released", Integer, nullable=False, server_default="0"),
    Column("reconciled_at", Instant),
)
"""One row a target (`streams.store.targets`)."""

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("target", String(63), nullable=False),
    Column("topic", String(255), nullable=False),
    Column("key", LargeBinary),
    Column("value", LargeBinary),
    Column("headers", JSON, nullable=False),
    Index(None, "target", "id"),
)
"""Records that are to be written to Kafka, durable together with their cause. topic: its declared name."""

DEAD_LETTERS = Table(
    "dead_letters",
    METADATA,
    Column("epoch", Integer, primary_key=True, autoincrement=False),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("offset", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("stage", String(63), nullable=False),
    Column("code", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("traceparent", Text, nullable=False),
    Column("replayed_at", Instant),
    Index(None, "stage"),
)
"""A projection of the topic of that name: all but the records themselves. Only `replayed_at` is its own."""
