"""The tables of dispatch."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "consumed",
        sa.Column("reader", sa.String(length=80), nullable=False),
        sa.Column("topic", sa.String(length=255), nullable=False),
        sa.Column("partition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("next_offset", sa.BigInteger(), nullable=False),
        sa.Column("met_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reader", "topic", "partition", name="pk_consumed"),
    )
    op.create_table(
        "dead_letters",
        sa.Column("epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("partition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("offset", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage", sa.String(length=63), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("traceparent", sa.Text(), nullable=False),
        sa.Column("replayed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("epoch", "partition", "offset", name="pk_dead_letters"),
    )
    op.create_index("ix_dead_letters_stage", "dead_letters", ["stage"], unique=False)
    op.create_table(
        "ledger",
        sa.Column("target", sa.String(length=63), nullable=False),
        sa.Column("task", sa.String(length=1024), nullable=False),
        sa.Column("shadow", sa.Boolean(), nullable=False),
        sa.Column("episode", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(length=255), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("remote_version", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("attempt", sa.String(length=64), nullable=False),
        sa.Column("configuration", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("feedback", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("target", "task", "shadow", "episode", name="pk_ledger"),
    )
    op.create_index(
        "ix_ledger_target_account_scope_subject", "ledger", ["target", "account", "scope", "subject"], unique=False
    )
    op.create_index("ix_ledger_target_idempotency_key", "ledger", ["target", "idempotency_key"], unique=False)
    op.create_index("ix_ledger_target_remote_id", "ledger", ["target", "remote_id"], unique=False)
    op.create_index("ix_ledger_target_state", "ledger", ["target", "state"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("target", sa.String(length=63), nullable=False),
        sa.Column("topic", sa.String(length=255), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        sa.Column("value", sa.LargeBinary(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_target_id", "outbox", ["target", "id"], unique=False)
    op.create_table(
        "targets",
        sa.Column("target", sa.String(length=63), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("configuration", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("target", name="pk_targets"),
    )
    op.create_table(
        "wanted",
        sa.Column("target", sa.String(length=63), nullable=False),
        sa.Column("account", sa.String(length=255), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("topic", sa.String(length=255), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("through", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("traceparent", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("view", sa.Text(), nullable=False),
        sa.Column("tasks", sa.Integer(), nullable=False),
        sa.Column("ask_first", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dirty_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("target", "account", "scope", "subject", name="pk_wanted"),
    )
    op.create_index("ix_wanted_target_due_at", "wanted", ["target", "due_at"], unique=False)


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_index("ix_wanted_target_due_at", table_name="wanted")
    op.drop_table("wanted")
    op.drop_table("targets")
    op.drop_index("ix_outbox_target_id", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index("ix_ledger_target_state", table_name="ledger")
    op.drop_index("ix_ledger_target_idempotency_key", table_name="ledger")
    op.drop_index("ix_ledger_target_remote_id", table_name="ledger")
    op.drop_index("ix_ledger_target_account_scope_subject", table_name="ledger")
    op.drop_table("ledger")
    op.drop_index("ix_dead_letters_stage", table_name="dead_letters")
    op.drop_table("dead_letters")
    op.drop_table("consumed")
