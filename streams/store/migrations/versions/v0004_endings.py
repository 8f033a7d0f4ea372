"""How people ended a record, what it was merged into, whose it is; when a target was last reconciled."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table("ledger") as ledger:
        ledger.add_column(sa.Column("ending", sa.String(16), server_default=sa.text("''"), nullable=False))
        ledger.add_column(sa.Column("merged_into", sa.Text(), server_default=sa.text("''"), nullable=False))
        ledger.add_column(sa.Column("assigned_to", sa.Text(), server_default=sa.text("''"), nullable=False))
    with op.batch_alter_table("targets") as targets:
        targets.add_column(sa.Column("reconciled_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Go back to the version before."""
    with op.batch_alter_table("targets") as targets:
        targets.drop_column("reconciled_at")
    with op.batch_alter_table("ledger") as ledger:
        ledger.drop_column("assigned_to")
        ledger.drop_column("merged_into")
        ledger.drop_column("ending")
