"""Which files Slack has of us: each picture goes up once, also after a restart, and what somebody forgets can be found.

A note is a name in the vault that says it all: `person/<owner>/slack-files/<artifact>/<use>/<file>`. It is forgotten with its owner.
`use` is SHOWN for the copy that messages show, and else the key of the message that a full-size file was given with.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.vault import Vault, of_owner

SHOWN = "shown"
_NOTE = re.compile(r"person/(slack/[^/]+/[^/]+)/slack-files/([^/]+)/([^/]+)/([^/]+)")
KEPT_S = 400 * 24 * 3600.0
"""Longer than any record of the message that shows it."""


@dataclass(frozen=True, slots=True)
class Note:
    """One file that Slack has."""

    owner: str
    """`Person.key`"""
    artifact: str
    use: str
    file: str
    """Slack's id, F…"""

    @property
    def name(self) -> str:
        """In the vault."""
        return f"{prefix_of(self.owner)}{self.artifact}/{self.use}/{self.file}"


def prefix_of(owner: str) -> str:
    """Of the names of all notes about somebody's pictures; see `bot.vault.of_owner`."""
    return of_owner(owner, "slack-files/")


class FileNotes:
    """On the vault. Raises StorageError."""

    def __init__(self, vault: Vault, now: Callable[[], float] = time.time) -> None:
        self._vault = vault
        self._now = now

    async def of(self, owner: str, artifact: str = "", use: str = "") -> tuple[Note, ...]:
        """All about somebody's pictures; about one of them, and one use of it, where they are named."""
        prefix = prefix_of(owner)
        asked = "".join(f"{part}/" for part in (artifact, use) if part)
        found = [name.removeprefix(prefix).split("/") for name in await self._vault.names(prefix + asked)]
        return tuple(Note(owner, *parts) for parts in found if len(parts) == 3)

    async def all(self) -> tuple[Note, ...]:
        """About the pictures of everybody."""
        found = (_NOTE.fullmatch(name) for name in await self._vault.names("person/slack/"))
        return tuple(Note(*match.groups()) for match in found if match is not None)

    async def add(self, note: Note) -> None:
        """Before its bytes go anywhere: what breaks off then is found again."""
        await self._vault.put(note.name, b"1", self._now() + KEPT_S)

    async def drop(self, note: Note) -> None:
        """Slack has it no longer."""
        await self._vault.drop(note.name)
