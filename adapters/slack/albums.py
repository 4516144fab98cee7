"""Albums: many pictures in one message, which Slack opens to leaf through and to save. No message of ours can hold that; it is what
Slack makes of several files that are shared at once. So an album stands above the message with its words and buttons.
"""

from collections.abc import Sequence

from adapters.slack.channels import Channels
from adapters.slack.errands import Errands, all_of
from adapters.slack.filenotes import FileNotes, Note
from adapters.slack.files import Patience, SlackFiles
from adapters.slack.limits import ALBUM
from adapters.slack.places import Place
from adapters.slack.stash import Stash
from adapters.slack.uploads import Uploads
from bot.messages import Picture

_TRIES = 2
"""Slack says now and then that it has shared files, and has not [paradigmxyz/centaur#311]."""


class Albums:
    """One for the whole process."""

    def __init__(
        self,
        files: SlackFiles,
        stash: Stash,
        notes: FileNotes,
        uploads: Uploads,
        channels: Channels,
        patience: Patience,
    ) -> None:
        self._files = files
        self._stash = stash
        self._notes = notes
        self._uploads = uploads
        self._channels = channels
        self._patience = patience
        self._errands: Errands[bool] = Errands()

    async def share(self, place: Place, pictures: Sequence[Picture], use: str) -> bool:
        """In a conversation, each once, however often it is tried. `use`: key of the message below. False: Slack shares none of
        them, so they have to be shown otherwise. Raises PlatformError and StorageError: call again.
        """
        for start in range(0, len(pictures), ALBUM):
            page = pictures[start : start + ALBUM]
            if not await self._errands.run((use, start), lambda page=page: self._one(place, page, use)):  # type: ignore[misc]
                return False
        return True

    async def stop(self) -> None:
        """What is under way breaks off, and is done anew when it is asked for again."""
        await self._errands.stop()

    async def _one(self, place: Place, pictures: Sequence[Picture], use: str) -> bool:
        channel, workspace = await self._channels.id_of(place), place.workspace
        notes = [note for each in pictures for note in await self._notes.of(each.owner, each.artifact, use)]
        for _ in range(_TRIES):
            if await self._stands(workspace, notes, channel):
                return True
            await self._take_back(workspace, notes)
            if not (notes := await self._put_up(place, channel, pictures, use)):
                return True  # all of them are gone from the store, and nothing is left to share
        if await self._stands(workspace, notes, channel):
            return True
        await self._take_back(workspace, notes)
        return False

    async def _put_up(self, place: Place, channel: str, pictures: Sequence[Picture], use: str) -> list[Note]:
        made = await all_of(self._uploads.put_up(place.workspace, picture, use) for picture in pictures)
        titles, notes = dict[str, str](), list[Note]()
        for picture, note in zip(pictures, made, strict=True):
            if note is not None:
                titles[note.file] = picture.alt
                notes.append(note)
        if notes:
            await self._files.complete(place.workspace, titles, channel, place.thread_ts)
        return [note for note in notes if not await self._stash.outlived(place.workspace, note)]

    async def _stands(self, workspace: str, notes: Sequence[Note], channel: str) -> bool:
        """All of them were completed in one call and stand in one message, so the first that is there speaks for them."""
        for note in notes:
            stands = await self._files.is_shared(workspace, note.file, channel, self._patience)
            if stands is not None:
                return stands
        return False

    async def _take_back(self, workspace: str, notes: Sequence[Note]) -> None:
        for note in notes:
            await self._stash.take_away(workspace, note)
