"""Files at full size, handed over beside a message: shared in its conversation, each once, however often that is tried."""

from collections.abc import Sequence

from adapters.slack.channels import Channels
from adapters.slack.errands import Errands
from adapters.slack.filenotes import FileNotes, Note
from adapters.slack.files import Patience, SlackFiles
from adapters.slack.places import Place
from adapters.slack.stash import Stash
from bot.artifacts import ArtifactStore
from bot.messages import File
from engine.contract.errors import PlatformError

_TRIES = 2
"""Slack says now and then that it has shared a file, and has not [paradigmxyz/centaur#311]."""


class Handing:
    """One for the whole process."""

    def __init__(
        self,
        files: SlackFiles,
        stash: Stash,
        notes: FileNotes,
        pictures: ArtifactStore,
        channels: Channels,
        patience: Patience,
    ) -> None:
        self._files = files
        self._stash = stash
        self._notes = notes
        self._pictures = pictures
        self._channels = channels
        self._patience = patience
        self._errands: Errands[None] = Errands()

    async def check(self, files: Sequence[File], use: str) -> None:
        """Raises ArtifactUnreadable when one of them is not there and was not handed over either: before anything is said."""
        for file in files:
            if not await self._notes.of(file.owner, file.artifact, use):
                await self._pictures.get(file.owner, file.artifact)

    async def hand(self, place: Place, files: Sequence[File], use: str) -> None:
        """Share them in a conversation. `use`: key of the message. Raises PlatformError and StorageError: call again."""
        for file in files:
            await self._errands.run((file.artifact, use), lambda file=file: self._one(place, file, use))  # type: ignore[misc]

    async def stop(self) -> None:
        """What is under way breaks off, and goes on when it is asked for again."""
        await self._errands.stop()

    async def _one(self, place: Place, file: File, use: str) -> None:
        channel = await self._channels.id_of(place)
        for note in await self._notes.of(file.owner, file.artifact, use):
            if await self._arrived(place.workspace, note, channel):
                return
            await self._stash.take_away(place.workspace, note)
        for _ in range(_TRIES):
            note = await self._put_up(place, channel, file, use)
            if await self._arrived(place.workspace, note, channel):
                return
            await self._stash.take_away(place.workspace, note)
        raise PlatformError("platform_unclear")

    async def _put_up(self, place: Place, channel: str, file: File, use: str) -> Note:
        _, data = await self._pictures.get(file.owner, file.artifact)
        note = await self._stash.bring(place.workspace, (file.owner, file.artifact, use), file.name, data)
        await self._files.complete(place.workspace, {note.file: file.name}, channel, place.thread_ts)
        await self._stash.outlived(place.workspace, note)
        return note

    async def _arrived(self, workspace: str, note: Note, channel: str) -> bool:
        return await self._files.is_shared(workspace, note.file, channel, self._patience) or False
