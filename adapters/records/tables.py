"""Tables of the ledger. `migrations` builds them; a test proves that both say the same."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()
Serial = BigInteger().with_variant(Integer, "sqlite")


def _shoot_reference(*, primary_key: bool) -> Column[str]:
    shoot = ForeignKey("shoots.id", ondelete="CASCADE")
    return Column("shoot_id", String(32), shoot, nullable=not primary_key, primary_key=primary_key)


def _waiting(name: str, *columns: str) -> Index:
    """An index of the rows that are still to be dealt with: it stays small however much was dealt with."""
    waits = text("due_at IS NOT NULL")
    return Index(name, *columns, sqlite_where=waits, postgresql_where=waits)


shoots = Table(
    "shoots",
    metadata,
    Column("seq", Serial, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("platform", String(32), nullable=False),
    Column("workspace", String(512), nullable=False, comment="Key with the platform in it."),
    Column("person", String(512), nullable=False, comment="Key with the workspace in it."),
    Column("dedupe_key", String(255), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("lane", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("payload_version", Integer, nullable=False),
    Column("conversation", Text, nullable=False),
    Column("parent", String(32)),
    Column("created_at", Double, nullable=False),
    Column("not_before", Double, nullable=False, comment="After an error, the next start waits until then."),
    Column("started_at", Double),
    Column("ended_at", Double),
    Column("owner", String(255)),
    Column("fence", Integer, nullable=False),
    Column("lease_until", Double),
    Column("next_index", Integer, nullable=False),
    Column("errors", Integer, nullable=False),
    Column("stalls", Integer, nullable=False),
    Column("placeholder", Text),
    Column("ending", JSON, nullable=False),
    UniqueConstraint("person", "dedupe_key", name="uq_shoots_person_dedupe_key"),
    Index("ix_shoots_line", "lane", "state", "workspace", "person", "seq", "not_before", "stalls"),
    Index("ix_shoots_person_state", "person", "state"),
    Index("ix_shoots_ended", "lane", "state", "ended_at"),
    sqlite_autoincrement=True,
)

checkpoints = Table(
    "checkpoints",
    metadata,
    _shoot_reference(primary_key=True),
    Column("candidate", Integer, primary_key=True, autoincrement=False),
    Column("artifact", Text, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("created_at", Double, nullable=False),
    Index("ix_checkpoints_artifact", "artifact"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("key", String(16), nullable=False, unique=True, comment="Names the message to the platform."),
    _shoot_reference(primary_key=False),
    Column("platform", String(32), nullable=False),
    Column("person", String(512), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("conversation", Text, comment="NULL: that of the shoot."),
    Column("line", String(64), comment="Replies with the same line go out one after the other; NULL: no reply."),
    Column("edits", Boolean, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("due_at", Double, comment="NULL: delivered or given up."),
    Column("tries", Integer, nullable=False),
    Column("posted", Text),
    Column("code", String(64), comment="Why the last try failed."),
    Column("notes", JSON, nullable=False),
    _waiting("ix_outbox_due", "due_at"),
    _waiting("ix_outbox_line", "line", "id"),
    Index("ix_outbox_shoot", "shoot_id", "id"),
    Index("ix_outbox_person", "person"),
    sqlite_autoincrement=True,  # an id that a relay still holds is never given to another message
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("platform", String(32), nullable=False),
    Column("person", String(512), nullable=False),
    Column("dedupe_key", String(255), nullable=False),
    Column("event", JSON(none_as_null=True), comment="NULL: it was handled, and what was said is forgotten."),
    Column("received_at", Double, nullable=False),
    Column("due_at", Double, comment="NULL: done."),
    Column("tries", Integer, nullable=False),
    Column("code", String(64), comment="Why the last try failed."),
    UniqueConstraint("person", "dedupe_key", name="uq_inbox_person_dedupe_key"),
    _waiting("ix_inbox_due", "due_at"),
    _waiting("ix_inbox_person", "person", "id"),
    sqlite_autoincrement=True,  # as above
)

marks = Table(
    "marks",
    metadata,
    Column("person", String(512), primary_key=True),
    Column("artifact", String(64), primary_key=True),
    Column("mark", String(16), primary_key=True),
    Column("at", Double, nullable=False),
)

turns = Table(
    "turns",
    metadata,
    Column("lane", String(16), primary_key=True),
    Column("key", String(512), primary_key=True, comment="Of a workspace or a person."),
    Column("turn", BigInteger, nullable=False, comment="Number of the last start: the lowest goes next."),
    Index("ix_turns_turn", "lane", "turn"),
)

people = Table(
    "people",
    metadata,
    Column("person", String(512), primary_key=True),
    Column("since", Double, nullable=False),
)

consent_texts = Table(
    "consent_texts",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("text", Text, nullable=False),
)

consents = Table(
    "consents",
    metadata,
    Column("person", String(512), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("act", String(16), nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("at", Double, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("link", String(64), nullable=False),
)

_ENDS = text("expires_at IS NOT NULL")
vault = Table(
    "vault",
    metadata,
    Column(
        "name", String(1024), primary_key=True, comment="What belongs to a person begins with `bot.vault.of_person`."
    ),
    Column("sealed", LargeBinary, nullable=False, comment="Opens under its own name only."),
    Column("expires_at", Double, comment="NULL: until it is taken away."),
    Index("ix_vault_expires_at", "expires_at", sqlite_where=_ENDS, postgresql_where=_ENDS),
)
