"""Files of pictures that Slack has of us, each with a note as long as it is there. The note comes first and goes last, so that
whatever breaks off is found again; and whoever is forgotten while their picture is on its way leaves nothing behind.
"""

from adapters.slack.filenotes import FileNotes, Note
from adapters.slack.files import SlackFiles
from bot.artifacts import ArtifactStore


class Stash:
    """One for the whole process. Raises PlatformError and StorageError: call again."""

    def __init__(self, files: SlackFiles, notes: FileNotes, pictures: ArtifactStore) -> None:
        self._files = files
        self._notes = notes
        self._pictures = pictures

    async def bring(self, workspace: str, whose: tuple[str, str, str], name: str, data: bytes) -> Note:
        """The bytes; nobody sees them before they are completed. `whose`: owner, artifact and use of the note."""
        file, address = await self._files.begin(workspace, name, len(data))
        note = Note(*whose, file)
        await self._notes.add(note)
        await self._files.put(workspace, address, data)
        await self._notes.add(note)  # once more: meanwhile its owner may have been forgotten, with all notes
        return note

    async def outlived(self, workspace: str, note: Note) -> bool:
        """Asked when a file is complete: its picture has gone meanwhile. Then so has the file."""
        if await self.has_picture(note):
            return False
        await self.take_away(workspace, note)
        return True

    async def has_picture(self, note: Note) -> bool:
        """Whether the store still has what the file shows."""
        return await self._pictures.find(note.owner, note.artifact) is not None

    async def take_away(self, workspace: str, note: Note) -> None:
        """Bytes and all; also what was gone already."""
        await self._files.delete(workspace, note.file)
        await self._notes.drop(note)
