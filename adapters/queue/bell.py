"""The bot's side of the doorbell on Redis: rings are jobs of arq, progress is a stream per shoot."""

import asyncio
from collections.abc import AsyncIterator, Collection

from adapters.queue.connection import FAULTS, connect, heard, within_a_second
from adapters.queue.keys import CANCEL_EXPIRES_S, cancel_key, lane_key, progress_key
from adapters.queue.wire import FUNCTION, unpack_progress
from bot.doorbell import Progress, require_opaque
from bot.shoots import Lane

BLOCK_S = 5.0
"""How long one read waits in the server for news."""
PAUSE_S = 0.5
"""Between two tries while the server is away."""


class RedisShootQueue:
    """Implements `ShootQueue`. Safe for many tasks of one event loop."""

    def __init__(self, url: str) -> None:
        self._redis = connect(url)
        self._listener = connect(url, attempts=0, answer_s=BLOCK_S * 2)

    async def wake(self, shoot_id: str, lane: Lane) -> bool:
        """A new job id for every ring, because arq answers a known id with silence, also when the job is long dead.

        With a new id `None` can only mean that the connection broke on the way; then the bell is rung once more.
        """
        require_opaque(shoot_id)
        lane_name = lane_key(lane)

        async def ring() -> bool:
            for _ in range(2):
                if await self._redis.enqueue_job(FUNCTION, shoot_id, _queue_name=lane_name):
                    return True
            return False

        return await heard(ring)

    async def cancel(self, shoot_id: str) -> bool:
        """One entry in a stream of its own: whoever reads it from the start hears it now or later."""
        key = cancel_key(shoot_id)

        async def tell() -> bool:
            async with self._redis.pipeline(transaction=True) as calls:
                calls.xadd(key, {"by": "owner"}, maxlen=1, approximate=False)
                calls.expire(key, CANCEL_EXPIRES_S)
                await calls.execute()
            return True

        return await heard(tell)

    async def latest(self, shoot_id: str) -> Progress | None:
        """The last entry of the stream."""
        last = await self._last(shoot_id)
        return last[1] if last else None

    async def changes(self, shoot_id: str) -> AsyncIterator[Progress]:
        """Read from the last entry on; a flushed server starts a new stream, whose ids are later by the clock."""
        key, seen = progress_key(shoot_id), ""
        while True:
            try:
                if not seen:
                    last = await self._redis.xrevrange(key, count=1)
                    entries, seen = last, last[0][0].decode() if last else "0"
                else:
                    found = await self._listener.xread({key: seen}, block=int(BLOCK_S * 1000))
                    entries = found[0][1] if found else []
            except FAULTS:
                await asyncio.sleep(PAUSE_S)
                continue
            for entry_id, fields in entries:
                seen = entry_id.decode()
                if progress := unpack_progress(shoot_id, fields):
                    yield progress

    async def forget(self, shoot_ids: Collection[str]) -> int:
        """One command for all; what a ring still holds of them is an id that nobody can claim any more."""
        keys = [name(shoot_id) for shoot_id in shoot_ids for name in (progress_key, cancel_key)]
        return int(await within_a_second(lambda: self._redis.delete(*keys))) if keys else 0

    async def close(self) -> None:
        """Give the connections back."""
        await self._redis.aclose()
        await self._listener.aclose()

    async def _last(self, shoot_id: str) -> tuple[str, Progress | None] | None:
        key = progress_key(shoot_id)
        entries = await within_a_second(lambda: self._redis.xrevrange(key, count=1))
        return (entries[0][0].decode(), unpack_progress(shoot_id, entries[0][1])) if entries else None
