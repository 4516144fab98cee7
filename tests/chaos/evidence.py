"""Everything that is left of a storm, read together: the ledger, the pictures, the chat, the journal and what people asked for."""

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import Row, select

from adapters.records.ledger import open_ledger
from adapters.records.tables import checkpoints, inbox, outbox, shoots
from adapters.storage.install_key import load_install_key
from adapters.storage.pictures import open_pictures
from adapters.storage.shelf import folder_shelf
from bot.ledger import Counts
from engine.contract.errors import StorageError
from tests.chaos.journal import Entry
from tests.chaos.people import Letters, Sitter
from tests.chaos.posted import Posted, Talk
from tests.chaos.studio import making_of
from tests.chaos.town import Town


@dataclass(frozen=True)
class Evidence:
    """Rows by what they are about."""

    began: float
    lease_s: float
    counts: Counts
    shoots: dict[str, Row[Any]]
    heard: Sequence[Row[Any]]
    said: dict[str, list[Row[Any]]]
    """By shoot, "" for none, in order."""
    checkpoints: dict[str, list[Row[Any]]]
    missing: tuple[str, ...]
    """Shoots with a headshot whose picture is gone."""
    journal: list[Entry]
    chat: Talk
    post: Letters
    sitters: Sequence[Sitter]

    @classmethod
    async def gather(cls, town: Town, chat: Talk, post: Letters, sitters: Sequence[Sitter], began: float) -> Self:
        """When all is quiet."""
        ledger = await open_ledger(town.database, time.time)
        try:
            async with ledger.database.engine.connect() as connection:
                rows = {row.id: row for row in await connection.execute(select(shoots))}
                said, made = defaultdict(list), defaultdict(list)
                for row in await connection.execute(select(outbox).order_by(outbox.c.id)):
                    said[row.shoot_id or ""].append(row)
                for row in await connection.execute(select(checkpoints).order_by(checkpoints.c.candidate)):
                    made[row.shoot_id].append(row)
                heard = (await connection.execute(select(inbox))).all()
            return cls(
                began=began,
                lease_s=town.lease_s,
                counts=await ledger.reconciler.counts(),
                shoots=rows,
                heard=heard,
                said=said,
                checkpoints=made,
                missing=await _missing(town, rows, made),
                journal=list(town.journal.entries()),
                chat=chat,
                post=post,
                sitters=sitters,
            )
        finally:
            await ledger.close()

    def placeholders(self, shoot_id: str) -> list[Posted]:
        """Messages that were ever about this shoot as one that is still to come, or that showed its gallery."""
        return [posted for posted in self.chat.messages.values() if posted.shoot_id == shoot_id]

    def making(self, row: Row[Any]) -> str:
        """What the studio calls it."""
        if row.kind == "variation":
            return making_of(row.payload["recipe"], row.payload["variation"])
        return str(row.payload.get("seed", row.id))

    @property
    def twins(self) -> frozenset[str]:
        """Makings of several variations: somebody saw no answer to a press, pressed again, and was heard both times."""
        made = Counter(self.making(row) for row in self.shoots.values())
        return frozenset(making for making, times in made.items() if times > 1)

    def told_by(self, row: Row[Any]) -> Sitter:
        """Whose it is."""
        return next(sitter for sitter in self.sitters if sitter.person.key == row.person)

    def history(self, shoot_id: str) -> str:
        """All that happened to a shoot, readable, with the deaths around it."""
        row = self.shoots[shoot_id]
        lines = [(row.created_at, f"ledger: accepted for {row.person}, {row.dedupe_key}, {row.kind}")]
        lines += [(e.at, str(e)) for e in self.journal if self._concerns(e, row)]
        lines += [(m.created_at, f"outbox: {m.kind} {m.key}, {m.tries} tries, {m.code}") for m in self.said[shoot_id]]
        for posted in self.placeholders(shoot_id):
            for version in posted.versions:
                lines.append((version.at, f"chat: {posted.ref} {version.key} “{version.summary}”"))
        ending = f"ledger: now {row.state} in {row.lane}, {row.errors} errors, {row.stalls} stalls, {row.ending}"
        lines.append((row.ended_at or float("inf"), ending))
        return "\n".join(f"{at - self.began:8.3f}  {text}" for at, text in sorted(lines))

    def _concerns(self, entry: Entry, row: Row[Any]) -> bool:
        own = entry.facts.get("shoot") == row.id or entry.facts.get("making") == self.making(row)
        around = entry.what in {"killed", "frozen", "thawed", "flushed", "ended", "up"}
        return own or (around and row.created_at - 1 < entry.at < (row.ended_at or float("inf")) + 1)


async def _missing(town: Town, rows: dict[str, Row[Any]], made: dict[str, list[Row[Any]]]) -> tuple[str, ...]:
    pictures = await open_pictures(
        folder_shelf(town.data / "pictures"), load_install_key(town.data / "install.key"), lambda: datetime.now(UTC)
    )
    missing = []
    for shoot_id, candidates in made.items():
        for candidate in candidates:
            try:
                await pictures.get(rows[shoot_id].person, candidate.artifact)
            except StorageError:
                missing.append(shoot_id)
    return tuple(missing)
