"""A round about once an hour: files whose picture is gone go from Slack, too. Pictures expire while nobody says anything, and a
process that died between an upload and its message leaves a file that no message will ever take along.

Nobody waits for it, so it is slow on purpose, and looks at a part of the notes each time, from where it stopped.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import groupby

from adapters.slack.filenotes import FileNotes, Note
from adapters.slack.removing import Removing, workspace_of
from engine.contract.errors import PlatformError, RateLimited, StorageError, Undeliverable

FIRST_S, EVERY_S = 90.0, 3600.0
"""Until the first round, so that a start is not slowed down; and until each after it."""
LOOKED_AT = 5_000
"""Notes of one round, and those of the last person in it."""
PAUSE_S = 1.5
"""After each file: Slack takes some fifty such calls a minute, and forgetting somebody needs them, too."""
TAKEN = 400
"""Files of one round, and those of the last person in it: ten minutes."""
log = logging.getLogger(__name__)


class Sweeping:
    """One for the whole process. Several processes may sweep at once: a file that is gone is gone."""

    def __init__(
        self,
        removing: Removing,
        notes: FileNotes,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        pause_s: float = PAUSE_S,
        looked_at: int = LOOKED_AT,
    ) -> None:
        self.removing = removing
        self._notes = notes
        self._sleep = sleep
        self._pause_s = pause_s
        self._most = looked_at
        self._done = ""
        """The last owner whom a round came to."""

    async def run(self) -> None:
        """For ever; nothing that fails ends it."""
        await self._sleep(FIRST_S)
        while True:
            try:
                if taken := await self.sweep():
                    log.info("slack_files_swept", extra={"count": taken})
            except (PlatformError, StorageError) as error:
                log.warning("slack_sweep_failed", extra={"code": error.code})
            except ValueError:  # a call that Slack can never take is a mistake of ours
                log.exception("slack_sweep_failed")
            await self._sleep(EVERY_S)

    async def sweep(self) -> int:
        """One round; how many files went. PlatformError: Slack is away, or busy; StorageError. The next round goes on there."""
        looked_at = taken = 0
        for owner, notes in self._in_turn(await self._notes.all()):
            self._done = owner
            try:
                taken += await self.removing.orphans(workspace_of(owner), notes, self._pause_s)
            except RateLimited as error:
                await self._sleep(error.retry_after_s)
            except Undeliverable as error:  # the app was removed there, or the file belongs to an earlier install
                log.info("slack_file_left", extra={"code": error.code})
            looked_at += len(notes)
            if looked_at >= self._most or taken >= TAKEN:
                break
        return taken

    def _in_turn(self, notes: Sequence[Note]) -> Iterator[tuple[str, list[Note]]]:
        """By owner: first those who come after the last of the round before."""
        turn = sorted(notes, key=lambda note: (note.owner <= self._done, note.owner))
        for owner, each in groupby(turn, key=lambda note: note.owner):
            yield owner, list(each)
