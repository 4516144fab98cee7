"""Pictures of messages as files that Slack has: each goes up once and is shown from then on, also after a restart."""

import asyncio
import logging
from collections.abc import Collection, Iterable
from weakref import WeakValueDictionary

from adapters.slack.display import display_jpeg
from adapters.slack.errands import all_of
from adapters.slack.filenotes import SHOWN, FileNotes, Note
from adapters.slack.files import Patience, SlackFiles
from adapters.slack.limits import UPLOADS_AT_ONCE
from adapters.slack.stash import Stash
from bot.artifacts import ArtifactStore
from bot.messages import Picture
from engine.contract.errors import ArtifactUnreadable

FILE_NAME = "headshot.jpg"
_SEEN = 10_000
log = logging.getLogger(__name__)


class Uploads:
    """One for the whole process."""

    def __init__(
        self, files: SlackFiles, stash: Stash, notes: FileNotes, pictures: ArtifactStore, patience: Patience
    ) -> None:
        self._files = files
        self._stash = stash
        self._notes = notes
        self._pictures = pictures
        self._patience = patience
        self._ready: set[str] = set()
        """Files of which Slack has named the type."""
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._at_once = asyncio.Semaphore(UPLOADS_AT_ONCE)

    async def of(self, workspace: str, pictures: Iterable[Picture]) -> dict[str, str]:
        """Artifact → file, of all that can be shown. PlatformError "picture_not_ready": Slack is not through with one yet;
        a later call goes on where this one ended. StorageError as the store's, but for pictures that are gone.
        """
        wanted = {picture.artifact: picture for picture in pictures}
        until = asyncio.get_running_loop().time() + self._patience.ready_s
        made = await all_of(self._one(workspace, picture, until) for picture in wanted.values())
        return {artifact: file for artifact, file in zip(wanted, made, strict=True) if file is not None}

    async def put_up(self, workspace: str, picture: Picture, use: str) -> Note | None:
        """A copy that still has to be completed; None when the picture is gone, or cannot be drawn."""
        async with self._at_once:
            try:
                _, data = await self._pictures.get(picture.owner, picture.artifact)
            except ArtifactUnreadable:
                return None
            if (jpeg := await asyncio.to_thread(display_jpeg, data)) is None:
                log.warning("picture_undrawable")
                return None
            return await self._stash.bring(workspace, (picture.owner, picture.artifact, use), FILE_NAME, jpeg)

    def forget(self, files: Collection[str]) -> None:
        """Slack has them no longer, or says so: they are asked about before they are shown again."""
        self._ready.difference_update(files)

    async def _one(self, workspace: str, picture: Picture, until: float) -> str | None:
        """Two messages with the same picture at the same time put it up once."""
        async with self._locks.setdefault(picture.artifact, asyncio.Lock()):
            for note in await self._notes.of(picture.owner, picture.artifact, SHOWN):
                if note.file in self._ready or await self._files.looked_at(workspace, note.file, until):
                    return self._is_ready(note.file)
                await self._notes.drop(note)
            if (new := await self.put_up(workspace, picture, SHOWN)) is None:
                return None
            await self._files.complete(workspace, {new.file: picture.alt})
            if await self._stash.outlived(workspace, new):
                return None
            if await self._files.looked_at(workspace, new.file, until) is None:
                await self._notes.drop(new)
                return None
            return self._is_ready(new.file)

    def _is_ready(self, file: str) -> str:
        if len(self._ready) > _SEEN:
            self._ready.clear()
        self._ready.add(file)
        return file
