"""The vault: small secrets of adapters, each in a box of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ENDS = sa.text("expires_at IS NOT NULL")


def upgrade() -> None:
    """Build the table."""
    op.create_table(
        "vault",
        sa.Column("name", sa.String(length=1024), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.Double()),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("ix_vault_expires_at", "vault", ["expires_at"], sqlite_where=ENDS, postgresql_where=ENDS)
