"""How far the pace of each target is used up."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "paces",
        sa.Column("target", sa.String(length=63), nullable=False),
        sa.Column("full_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("target", name="pk_paces"),
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("paces")
