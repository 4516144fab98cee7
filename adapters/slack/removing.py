"""Taking messages away with all their files, and files whose picture is gone.

Messages are deleted when somebody is forgotten, and then all of theirs are. So the files of a message go with it, whatever other
messages show them; and besides, every file of which the picture store has nothing more, be it that its message was deleted by
somebody else, or never posted. What is left to do stands in the notes, so that a call which broke off may be repeated.
"""

from collections.abc import Collection, Iterator

from adapters.slack.calls import Json
from adapters.slack.filenotes import FileNotes, Note
from adapters.slack.files import SlackFiles, shares_of
from adapters.slack.places import Place
from adapters.slack.posting import EVENT, Posting
from adapters.slack.uploads import Uploads
from bot.artifacts import ArtifactStore
from bot.people import Person
from engine.contract.errors import ArtifactUnreadable

PLATFORM = "slack"


class Removing:
    """One for the whole process."""

    def __init__(
        self, posting: Posting, files: SlackFiles, uploads: Uploads, notes: FileNotes, pictures: ArtifactStore
    ) -> None:
        self._posting = posting
        self._files = files
        self._uploads = uploads
        self._notes = notes
        self._pictures = pictures

    async def message(self, place: Place) -> bool:
        """Take it away with its files, and its owner's files without a picture; False when it was gone. Raises PlatformError."""
        stands = await self._posting.read(place)
        gone = await self._posting.remove(place)
        notes = await self._notes.of(owner_of(place)) if place.user else ()
        shown = set(files_of(stands or {}))
        key = key_of(stands or {})
        theirs = [note for note in notes if note.file in shown or note.use == key]
        for file in shown - {note.file for note in theirs}:
            await self._files.delete(place.workspace, file)
        for note in theirs:
            await self._drop(place.workspace, note)
        await self.orphans(place.workspace, [note for note in notes if note not in theirs])
        return gone

    async def orphans(self, workspace: str, notes: Collection[Note]) -> None:
        """Take away the files whose picture the store does not have any more."""
        for artifact in {note.artifact: note for note in notes}.values():
            try:
                await self._pictures.get(artifact.owner, artifact.artifact)
            except ArtifactUnreadable:
                for note in (each for each in notes if each.artifact == artifact.artifact):
                    await self._drop(workspace, note)

    async def _drop(self, workspace: str, note: Note) -> None:
        """A message that only brought the file goes first: what remains of it otherwise says that something was there."""
        self._uploads.forget([note.file])
        if note.use != "shown" and (found := await self._files.find(workspace, note.file)) is not None:
            for channel, ts in shares_of(found):
                await self._posting.remove_at(workspace, channel, ts)
        await self._files.delete(workspace, note.file)
        await self._notes.drop(note)


def owner_of(place: Place) -> str:
    """Whose pictures stand in a direct conversation."""
    return Person(PLATFORM, place.workspace, place.user).key


def files_of(message: Json) -> Iterator[str]:
    """Ids of the files that a message brings or shows."""
    yield from (str(file["id"]) for file in message.get("files") or ())
    for block in message.get("blocks") or ():
        if file := (block.get("slack_file") or {}).get("id"):
            yield str(file)


def key_of(message: Json) -> str:
    """The key that it was posted with; "" = none."""
    metadata = message.get("metadata") or {}
    return str(metadata.get("event_payload", {}).get("key", "")) if metadata.get("event_type") == EVENT else ""
