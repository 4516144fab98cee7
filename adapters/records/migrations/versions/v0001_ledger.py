"""The ledger: shoots, checkpoints, inbox, outbox, marks, turns, people, consents."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITS = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    """Build all tables."""
    op.create_table(
        "consent_texts",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "consents",
        sa.Column("person", sa.String(length=512), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("person", "number"),
    )
    op.create_table(
        "people",
        sa.Column("person", sa.String(length=512), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_table(
        "shoots",
        sa.Column("seq", SERIAL, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=512), nullable=False, comment="Key with the platform in it."),
        sa.Column("person", sa.String(length=512), nullable=False, comment="Key with the workspace in it."),
        sa.Column("dedupe_key", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("lane", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("payload_version", sa.Integer(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("parent", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column(
            "not_before", sa.Double(), nullable=False, comment="After an error, the next start waits until then."
        ),
        sa.Column("started_at", sa.Double(), nullable=True),
        sa.Column("ended_at", sa.Double(), nullable=True),
        sa.Column("owner", sa.String(length=255), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.Double(), nullable=True),
        sa.Column("next_index", sa.Integer(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("stalls", sa.Integer(), nullable=False),
        sa.Column("placeholder", sa.Text(), nullable=True),
        sa.Column("ending", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("person", "dedupe_key", name="uq_shoots_person_dedupe_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_shoots_ended", "shoots", ["lane", "state", "ended_at"], unique=False)
    op.create_index(
        "ix_shoots_line",
        "shoots",
        ["lane", "state", "workspace", "person", "seq", "not_before", "stalls"],
        unique=False,
    )
    op.create_index("ix_shoots_person_state", "shoots", ["person", "state"], unique=False)
    op.create_table(
        "turns",
        sa.Column("lane", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=512), nullable=False, comment="Of a workspace or a person."),
        sa.Column("turn", sa.BigInteger(), nullable=False, comment="Number of the last start: the lowest goes next."),
        sa.PrimaryKeyConstraint("lane", "key"),
    )
    op.create_index("ix_turns_turn", "turns", ["lane", "turn"], unique=False)
    op.create_table(
        "checkpoints",
        sa.Column("shoot_id", sa.String(length=32), nullable=False),
        sa.Column("candidate", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("artifact", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["shoot_id"], ["shoots.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shoot_id", "candidate"),
    )
    op.create_index("ix_checkpoints_artifact", "checkpoints", ["artifact"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False, comment="Names the message to the platform."),
        sa.Column("shoot_id", sa.String(length=32), nullable=True),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=512), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=True, comment="NULL: that of the shoot."),
        sa.Column(
            "line",
            sa.String(length=64),
            nullable=True,
            comment="Replies with the same line go out one after the other; NULL: no reply.",
        ),
        sa.Column("edits", sa.Boolean(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=True, comment="NULL: delivered or given up."),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("posted", sa.Text(), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=True, comment="Why the last try failed."),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["shoot_id"], ["shoots.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_due", "outbox", ["due_at"], unique=False, sqlite_where=WAITS, postgresql_where=WAITS)
    op.create_index(
        "ix_outbox_line", "outbox", ["line", "id"], unique=False, sqlite_where=WAITS, postgresql_where=WAITS
    )
    op.create_index("ix_outbox_person", "outbox", ["person"], unique=False)
    op.create_index("ix_outbox_shoot", "outbox", ["shoot_id", "id"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=512), nullable=False),
        sa.Column("dedupe_key", sa.String(length=255), nullable=False),
        sa.Column("event", sa.JSON(), nullable=True, comment="NULL: it was handled, and what was said is forgotten."),
        sa.Column("received_at", sa.Double(), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=True, comment="NULL: done."),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=True, comment="Why the last try failed."),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person", "dedupe_key", name="uq_inbox_person_dedupe_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inbox_due", "inbox", ["due_at"], unique=False, sqlite_where=WAITS, postgresql_where=WAITS)
    op.create_index(
        "ix_inbox_person", "inbox", ["person", "id"], unique=False, sqlite_where=WAITS, postgresql_where=WAITS
    )
    op.create_table(
        "marks",
        sa.Column("person", sa.String(length=512), nullable=False),
        sa.Column("artifact", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("person", "artifact", "mark"),
    )
