"""Taking messages away with all their files, and files whose picture is gone.

A picture goes up once, and galleries, repetitions and shared messages show the same file. So a message that is deleted takes along
what only it brought; and a file that is shown goes when the picture store has its picture no longer: it was deleted, has expired, or
its owner was forgotten. Then it goes wherever it is shown, and also when its message was deleted by somebody else, or never posted.
What is left to do stands in the notes, so that a call which broke off may be repeated.
"""

import asyncio
from collections.abc import Collection, Iterator

from adapters.slack.calls import Json
from adapters.slack.filenotes import SHOWN, FileNotes, Note
from adapters.slack.files import SlackFiles, shares_of
from adapters.slack.places import Place
from adapters.slack.posting import Posting, payload_of
from adapters.slack.stash import Stash
from adapters.slack.uploads import Uploads
from bot.people import Person
from engine.contract.errors import Undeliverable

PLATFORM = "slack"


class Removing:
    """One for the whole process."""

    def __init__(self, posting: Posting, files: SlackFiles, stash: Stash, uploads: Uploads, notes: FileNotes) -> None:
        self._posting = posting
        self._files = files
        self._stash = stash
        self._uploads = uploads
        self._notes = notes
        self._half: set[str] = set()
        """Messages that are gone, whose files may not be."""

    async def message(self, place: Place) -> bool:
        """Take it away; False when it was gone. In a direct conversation, all files of that person without a picture go, too.
        Raises PlatformError, StorageError: call again.
        """
        notes = await self._notes.of(owner_of(place)) if place.user else ()
        try:
            stands = await self._posting.read(place) or {}
            stood = await self._posting.remove(place)
        except Undeliverable:  # nobody can be reached there any more, and their files still are
            await self.orphans(place.workspace, notes)
            raise
        if stood:
            self._half.add(str(place))
        payload = payload_of(stands)
        if not place.user and (owner := payload.get("owner")):
            notes = await self._notes.of(str(owner))
        shown = set(files_of(stands))
        for file in shown - {note.file for note in notes}:  # nobody would find it later
            await self._files.delete(place.workspace, file)
        brought = [note for note in notes if note.use in (payload.get("key"), place.ts)]
        for note in brought:
            await self._drop(place.workspace, note, with_message=True)
        left = [note for note in notes if note not in brought and (place.user or note.file in shown)]
        await self.orphans(place.workspace, left)
        stood = str(place) in self._half
        self._half.discard(str(place))
        return stood

    async def orphans_of(self, place: Place) -> None:
        """Files without a picture of whoever has this direct conversation."""
        await self.orphans(place.workspace, await self._notes.of(owner_of(place)))

    async def orphans(self, workspace: str, notes: Collection[Note], pause_s: float = 0.0) -> int:
        """Take away all files of those pictures that the store does not have any more; how many. `pause_s`: after each, for
        whoever is in no hurry.
        """
        pictures = {(note.owner, note.artifact): note for note in notes}
        there = await asyncio.gather(*(self._stash.has_picture(note) for note in pictures.values()))
        gone = {picture for picture, is_there in zip(pictures, there, strict=True) if not is_there}
        dropped = 0
        for owner in {owner for owner, _ in gone}:
            known = await self._notes.of(owner)
            doomed = [note for note in known if (note.owner, note.artifact) in gone]
            alive = {note.use for note in known if note not in doomed}
            for note in doomed:
                await self._drop(workspace, note, with_message=note.use not in alive)
                dropped += 1
                await asyncio.sleep(pause_s)
        return dropped

    async def _drop(self, workspace: str, note: Note, *, with_message: bool) -> None:
        """A message that only brought such files goes first: what remains of it otherwise says that something was there."""
        self._uploads.forget([note.file])
        if with_message and note.use != SHOWN and (found := await self._files.find(workspace, note.file)) is not None:
            for channel, ts in shares_of(found):
                await self._posting.remove_at(workspace, channel, ts)
        await self._stash.take_away(workspace, note)


def workspace_of(owner: str) -> str:
    """The workspace of somebody by their `Person.key`; ids of Slack hold nothing that a key would escape."""
    return owner.split("/")[1]


def owner_of(place: Place) -> str:
    """Whose pictures stand in a direct conversation."""
    return Person(PLATFORM, place.workspace, place.user).key


def files_of(message: Json) -> Iterator[str]:
    """Ids of the files that a message brings or shows."""
    yield from (str(file["id"]) for file in message.get("files") or ())
    for block in message.get("blocks") or ():
        if file := (block.get("slack_file") or {}).get("id"):
            yield str(file)
