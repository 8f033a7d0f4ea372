"""Which policy revision brought a task, and which are released."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table("wanted") as wanted:
        wanted.add_column(sa.Column("policy_revision", sa.Integer(), server_default="0", nullable=False))
        wanted.add_column(sa.Column("brought", sa.Text(), server_default="{}", nullable=False))
    with op.batch_alter_table("ledger") as ledger:
        ledger.add_column(sa.Column("policy_revision", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_ledger_target_policy_revision", "ledger", ["target", "policy_revision"], unique=False)
    with op.batch_alter_table("targets") as targets:
        targets.add_column(sa.Column("released", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("targets") as targets:
        targets.drop_column("released")
    op.drop_index("ix_ledger_target_policy_revision", table_name="ledger")
    with op.batch_alter_table("ledger") as ledger:
        ledger.drop_column("policy_revision")
    with op.batch_alter_table("wanted") as wanted:
        wanted.drop_column("brought")
        wanted.drop_column("policy_revision")
