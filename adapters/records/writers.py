"""Writers of one process take turns, and those that a platform waits for go first.

SQLite lets one write at a time. An event that comes in is one short insert, and the chat wants its answer within seconds; what
the bot does about it afterwards is some ten writes that nobody waits for so urgently.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Writers:
    """A lock with two lines before it."""

    def __init__(self) -> None:
        self._busy = False
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def turn(self, *, urgent: bool) -> AsyncIterator[None]:
        """Wait until it is your turn; it ends with the block."""
        await self._take(self._urgent if urgent else self._others)
        try:
            yield
        finally:
            self._next()

    async def _take(self, line: deque[asyncio.Future[None]]) -> None:
        if not self._busy:
            self._busy = True
            return
        place = asyncio.get_running_loop().create_future()
        line.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._next()  # it was our turn already
            raise

    def _next(self) -> None:
        for line in (self._urgent, self._others):
            while line:
                if not (place := line.popleft()).done():
                    place.set_result(None)
                    return
        self._busy = False
