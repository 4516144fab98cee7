"""Files at full size, handed over beside a message: shared in its conversation, each once, however often that is tried.

A large one takes longer than anybody waits for a message: then it goes on by itself, and whoever asks again waits for the same.
"""

import asyncio
from collections.abc import Sequence
from functools import partial

from adapters.slack.channels import Channels
from adapters.slack.filenotes import FileNotes, Note
from adapters.slack.files import Patience, SlackFiles, shares_of
from adapters.slack.places import Place
from bot.artifacts import ArtifactStore
from bot.messages import File
from engine.contract.errors import PlatformError

_TRIES = 2
"""Slack says now and then that it has shared a file, and has not [paradigmxyz/centaur#311]."""


class Handing:
    """One for the whole process."""

    def __init__(
        self, files: SlackFiles, notes: FileNotes, pictures: ArtifactStore, channels: Channels, patience: Patience
    ) -> None:
        self._files = files
        self._notes = notes
        self._pictures = pictures
        self._channels = channels
        self._patience = patience
        self._under_way: dict[tuple[str, str], asyncio.Task[None]] = {}

    async def check(self, files: Sequence[File], use: str) -> None:
        """Raises ArtifactUnreadable when one of them is not there and was not handed over either: before anything is said."""
        for file in files:
            if not await self._notes.of(file.owner, file.artifact, use):
                await self._pictures.get(file.owner, file.artifact)

    async def hand(self, place: Place, files: Sequence[File], use: str) -> None:
        """Share them in a conversation. `use`: key of the message. Raises PlatformError and StorageError: call again."""
        for file in files:
            what = (file.artifact, use)
            if (task := self._under_way.get(what)) is None:
                task = self._under_way[what] = asyncio.create_task(self._one(place, file, use))
                task.add_done_callback(partial(self._over, what))
            await asyncio.shield(task)

    async def stop(self) -> None:
        """What is under way breaks off, and goes on when it is asked for again."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _over(self, what: tuple[str, str], task: asyncio.Task[None]) -> None:
        del self._under_way[what]
        if not task.cancelled():
            task.exception()  # whoever waited heard of it; if nobody waits any more, somebody asks again

    async def _one(self, place: Place, file: File, use: str) -> None:
        channel = await self._channels.id_of(place)
        for note in await self._notes.of(file.owner, file.artifact, use):
            if await self._arrived(place.workspace, note.file, channel):
                return
            await self._take_back(place.workspace, note)
        for _ in range(_TRIES):
            note = await self._put_up(place, channel, file, use)
            if await self._arrived(place.workspace, note.file, channel):
                return
            await self._take_back(place.workspace, note)
        raise PlatformError("platform_unclear")

    async def _put_up(self, place: Place, channel: str, file: File, use: str) -> Note:
        _, data = await self._pictures.get(file.owner, file.artifact)
        slack_file, address = await self._files.begin(place.workspace, file.name, len(data))
        note = Note(file.owner, file.artifact, use, slack_file)
        await self._notes.add(note)
        await self._files.put(place.workspace, address, data)
        await self._files.complete(place.workspace, slack_file, file.name, channel, place.thread_ts)
        return note

    async def _arrived(self, workspace: str, file: str, channel: str) -> bool:
        """Whether it stands in the channel. Where it does not a moment after Slack has looked at it, it never will."""
        now = asyncio.get_running_loop().time
        found = await self._files.looked_at(workspace, file, now() + self._patience.ready_s)
        late, pause_s = now() + self._patience.shared_s, self._patience.shared_s / 8
        while found is not None:
            if channel in {where for where, _ in shares_of(found)}:
                return True
            if now() + pause_s > late:
                return False
            await asyncio.sleep(pause_s)
            pause_s *= 2
            found = await self._files.find(workspace, file)
        return False

    async def _take_back(self, workspace: str, note: Note) -> None:
        await self._files.delete(workspace, note.file)
        await self._notes.drop(note)
