"""Everything that was said: an SQLite file of the playground's own, so that conversations outlive the bot. It names pictures and holds none.

Every addition, edit and removal takes the next `change`; a page that knows its last one asks for all since. Removed messages
leave an empty row, so that a late page hears of it and a late repetition of a send does not bring them back.
"""

import secrets
import sqlite3
import threading
from pathlib import Path
from typing import Any

from adapters.playground.entries import Content, Entry, Shown, body_of, content_of, pictures_of
from adapters.playground.limits import MESSAGES_KEPT_S
from adapters.playground.places import Place, channels_of
from bot.events import Attachment
from bot.messages import Message

_TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value);
CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    thread INTEGER,             -- number of the message above; NULL in the channel itself
    author TEXT NOT NULL,       -- '' = the bot
    only_to TEXT NOT NULL,
    body TEXT,                  -- NULL = removed
    created_at REAL NOT NULL,
    edited_at REAL,
    change INTEGER NOT NULL UNIQUE
);
CREATE INDEX IF NOT EXISTS messages_by_place ON messages (channel, thread, number);
CREATE INDEX IF NOT EXISTS messages_by_thread ON messages (thread);
CREATE TABLE IF NOT EXISTS shown (
    message INTEGER NOT NULL, artifact TEXT NOT NULL, owner TEXT NOT NULL, name TEXT NOT NULL, by_bot INTEGER NOT NULL,
    PRIMARY KEY (artifact, message)
);
CREATE INDEX IF NOT EXISTS shown_by_message ON shown (message);
CREATE TABLE IF NOT EXISTS uploads (
    artifact TEXT NOT NULL, user TEXT NOT NULL, media_type TEXT NOT NULL, size_bytes INTEGER NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (artifact, user)
);
"""
# What stands in a channel of somebody else, was said to somebody else alone, or stands below such a message, is not theirs.
_VISIBLE = """
    m.channel IN (:direct, :team) AND m.only_to IN ('', :user)
    AND (m.thread IS NULL OR EXISTS (SELECT 1 FROM messages r WHERE r.number = m.thread AND r.only_to IN ('', :user)))
"""
_ENTRIES = f"""
    SELECT m.*,
        (SELECT COUNT(*) FROM messages c WHERE c.thread = m.number AND c.body IS NOT NULL AND c.only_to IN ('', :user)) replies
    FROM messages m WHERE {_VISIBLE}
"""


class History:
    """The file. Calls block for milliseconds and may come from any thread."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        self._turn = threading.Lock()
        self._db = sqlite3.connect(file, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA busy_timeout=2000")
        self._db.executescript(_TABLES)
        with self._db:
            facts = {"id": secrets.token_hex(8), "change": 0}
            self._db.executemany("INSERT OR IGNORE INTO facts VALUES (?, ?)", facts.items())
        self.id: str = self._fact("id")
        """Another file has another id: pages that know an older one start afresh."""

    def close(self) -> None:
        """The file can be opened by somebody else."""
        with self._turn:
            self._db.close()

    def add(
        self, place: Place, author: str, key: str, content: Content, now: float, only_to: str = ""
    ) -> tuple[Place, bool] | None:
        """Reference of a new message, or of the one that had this key of this author before, and whether it is new.

        None: there is no such thread. A reply to a reply stands in the same thread.
        """
        unique = f"{author}/{key}"
        with self._turn, self._db:
            if earlier := self._one("SELECT channel, number FROM messages WHERE key = ?", unique):
                return Place(earlier["channel"], earlier["number"]), False
            thread = None
            if place.number is not None:
                above = self._one(
                    "SELECT number, thread FROM messages WHERE number = ? AND channel = ? AND body IS NOT NULL",
                    place.number, place.channel,
                )  # fmt: skip
                if above is None:
                    return None
                thread = above["thread"] or above["number"]
            cursor = self._db.execute(
                "INSERT INTO messages (key, channel, thread, author, only_to, body, created_at, change)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (unique, place.channel, thread, author, only_to, body_of(content), now, self._next_change()),
            )
            number = int(cursor.lastrowid or 0)
            self._show(number, author, content)
            self._touch(thread)
            return Place(place.channel, number), True

    def edit(self, place: Place, message: Message, now: float) -> bool:
        """False: there is no such message of the bot. The same once more changes nothing."""
        body = body_of(message)
        with self._turn, self._db:
            stands = self._one(
                "SELECT body, only_to FROM messages WHERE number = ? AND channel = ? AND author = '' AND body IS NOT NULL",
                place.number, place.channel,
            )  # fmt: skip
            if stands is None:
                return False
            if (stands["body"], stands["only_to"]) != (body, message.only_to):
                self._db.execute(
                    "UPDATE messages SET body = ?, only_to = ?, edited_at = ?, change = ? WHERE number = ?",
                    (body, message.only_to, now, self._next_change(), place.number),
                )
                self._db.execute("DELETE FROM shown WHERE message = ?", (place.number,))
                self._show(place.number or 0, "", message)
            return True

    def remove(self, place: Place) -> bool:
        """False: it was gone already."""
        with self._turn, self._db:
            gone = self._db.execute(
                "UPDATE messages SET body = NULL, change = ? WHERE number = ? AND channel = ? AND body IS NOT NULL",
                (self._next_change(), place.number, place.channel),
            ).rowcount
            self._db.execute("DELETE FROM shown WHERE message = ?", (place.number,))
            if gone:
                self._touch(self._one("SELECT thread FROM messages WHERE number = ?", place.number)["thread"])
            return bool(gone)

    def withdraw(self, place: Place) -> None:
        """Remove what somebody said and may say once more with the same key."""
        self.remove(place)
        with self._turn, self._db:
            self._db.execute("UPDATE messages SET key = key || '/' || number WHERE number = ?", (place.number,))

    def read(self, place: Place, user: str, limit: int, before: int = 2**62) -> list[Entry]:
        """The last messages of a conversation that this user can see, from top to bottom. What was removed is left out,
        unless something stands below it."""
        where = "m.thread IS NULL" if place.number is None else "m.thread = :thread"
        return self._entries(
            f"SELECT * FROM ({_ENTRIES} AND m.channel = :channel AND {where} AND m.number < :before)"
            " WHERE body IS NOT NULL OR replies > 0 ORDER BY number DESC LIMIT :limit",
            user, channel=place.channel, thread=place.number, before=before, limit=limit,
        )[::-1]  # fmt: skip

    def find(self, place: Place, user: str) -> Entry | None:
        """One message; None for what this user cannot see."""
        found = self._entries(
            f"{_ENTRIES} AND m.number = :number AND m.channel = :channel AND m.body IS NOT NULL",
            user, number=place.number, channel=place.channel,
        )  # fmt: skip
        return found[0] if found else None

    def since(self, change: int, user: str, limit: int = 100) -> list[Entry]:
        """What changed after that for this user, oldest change first, each as it stands there now."""
        query = f"{_ENTRIES} AND m.change > :change ORDER BY m.change LIMIT :limit"
        return self._entries(query, user, change=change, limit=limit)

    def last_change(self) -> int:
        """Number of the latest change."""
        with self._turn:
            return int(self._fact("change"))

    def shown_to(self, user: str, artifact: str) -> list[Shown]:
        """Messages in which this user can see the picture or file; empty when there are none."""
        with self._turn:
            rows = self._db.execute(
                f"SELECT s.* FROM shown s JOIN messages m ON m.number = s.message WHERE s.artifact = :artifact AND {_VISIBLE}",
                {"artifact": artifact, **_reader(user)},
            ).fetchall()
        return [Shown(row["owner"], row["name"], bool(row["by_bot"])) for row in rows]

    def note_upload(self, user: str, attachment: Attachment, now: float) -> None:
        """Remember what kind of file somebody uploaded."""
        with self._turn, self._db:
            self._db.execute(
                "INSERT OR REPLACE INTO uploads VALUES (?, ?, ?, ?, ?)",
                (attachment.ref, user, attachment.media_type, attachment.size_bytes, now),
            )

    def find_upload(self, user: str, artifact: str) -> Attachment | None:
        """None unless this user uploaded it."""
        with self._turn:
            row = self._one("SELECT * FROM uploads WHERE artifact = ? AND user = ?", artifact, user)
        return row and Attachment(row["artifact"], row["media_type"], row["size_bytes"])

    def purge(self, now: float) -> None:
        """Old messages go, whole threads at a time."""
        with self._turn, self._db:
            old = (
                "SELECT number FROM messages m WHERE created_at < :then AND NOT EXISTS"
                " (SELECT 1 FROM messages c WHERE c.thread = COALESCE(m.thread, m.number) AND c.created_at >= :then)"
            )
            then = {"then": now - MESSAGES_KEPT_S}
            self._db.execute(f"DELETE FROM shown WHERE message IN ({old})", then)
            self._db.execute(f"DELETE FROM messages WHERE number IN ({old})", then)
            self._db.execute("DELETE FROM uploads WHERE at < :then", then)

    def _entries(self, query: str, user: str, **values: object) -> list[Entry]:
        with self._turn:
            return [_entry(row) for row in self._db.execute(query, {**_reader(user), **values}).fetchall()]

    def _show(self, number: int, author: str, content: Content) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO shown VALUES (:message, :artifact, :owner, :name, :by_bot)",
            [{"message": number, "by_bot": not author, **each} for each in pictures_of(author, content)],
        )

    def _touch(self, thread: int | None) -> None:
        """The message above says how many replies it has, so it changes with them."""
        if thread is not None:
            self._db.execute("UPDATE messages SET change = ? WHERE number = ?", (self._next_change(), thread))

    def _next_change(self) -> int:
        self._db.execute("UPDATE facts SET value = value + 1 WHERE name = 'change'")
        return int(self._fact("change"))

    def _fact(self, name: str) -> Any:
        return self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()[0]

    def _one(self, query: str, *values: object) -> Any:
        return self._db.execute(query, values).fetchone()


def _reader(user: str) -> dict[str, str]:
    own, team = channels_of(user)
    return {"user": user, "direct": own, "team": team}


def _entry(row: sqlite3.Row) -> Entry:
    author, _, key = row["key"].partition("/")
    return Entry(
        number=row["number"],
        place=Place(row["channel"], row["thread"]),
        author=author,
        key=key,
        only_to=row["only_to"],
        content=content_of(author, row["body"]),
        created_at=row["created_at"],
        edited_at=row["edited_at"],
        change=row["change"],
        replies=row["replies"],
    )
