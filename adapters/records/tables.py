"""Tables of the ledger. `migrations` builds them; a test proves that both say the same."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()
Serial = BigInteger().with_variant(Integer, "sqlite")


def _shoot_reference(*, primary_key: bool = False) -> Column[str]:
    shoot = ForeignKey("shoots.id", ondelete="CASCADE")
    return Column("shoot_id", String(32), shoot, nullable=False, primary_key=primary_key)


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
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    _shoot_reference(),
    Column("person", String(512), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("due_at", Double, comment="NULL: delivered or given up."),
    Column("tries", Integer, nullable=False),
    Column("posted", Text),
    Column("code", String(64), comment="Why the last try failed."),
    Column("notes", JSON, nullable=False),
    Index("ix_outbox_due", "due_at"),
    Index("ix_outbox_shoot", "shoot_id", "id"),
    Index("ix_outbox_person", "person"),
    sqlite_autoincrement=True,  # an id that a relay still holds is never given to another message
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
