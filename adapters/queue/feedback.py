"""The worker's side of the doorbell on Redis: reports progress, hears cancellations."""

import asyncio

from adapters.queue.bell import BLOCK_S, PAUSE_S
from adapters.queue.connection import FAULTS, connect, heard
from adapters.queue.keys import PROGRESS_EXPIRES_S, PROGRESS_KEPT, cancel_key, progress_key
from adapters.queue.wire import pack_progress
from bot.doorbell import Progress


class RedisShootFeedback:
    """Implements `ShootFeedback`. Safe for many tasks of one event loop."""

    def __init__(self, url: str) -> None:
        self._redis = connect(url)
        self._listener = connect(url, attempts=0, answer_s=BLOCK_S * 2)

    async def report(self, progress: Progress) -> bool:
        """The stream keeps the newest `PROGRESS_KEPT` entries and expires a day after the last."""
        key = progress_key(progress.shoot_id)

        async def publish() -> bool:
            async with self._redis.pipeline(transaction=True) as calls:
                calls.xadd(key, pack_progress(progress), maxlen=PROGRESS_KEPT, approximate=False)
                calls.expire(key, PROGRESS_EXPIRES_S)
                await calls.execute()
            return True

        return await heard(publish)

    async def cancelled(self, shoot_id: str) -> None:
        """Waits in the server, so that a cancellation arrives within milliseconds.

        Each read is a task of its own: redis-py 5 swallows a `Task.cancel` that arrives while it connects, and whoever stops
        listening would wait for ever.
        """
        key = cancel_key(shoot_id)
        while True:
            reading = asyncio.ensure_future(self._listener.xread({key: "0"}, block=int(BLOCK_S * 1000)))
            try:
                await asyncio.wait({reading})
                if reading.result():
                    return
            except FAULTS:
                await asyncio.sleep(PAUSE_S)
            finally:
                reading.cancel()
                reading.add_done_callback(_ignore)

    async def close(self) -> None:
        """Give the connections back."""
        await self._redis.aclose()
        await self._listener.aclose()


def _ignore(reading: asyncio.Task[object]) -> None:
    """Nobody waits for this answer any more, be it an error."""
    if not reading.cancelled():
        reading.exception()
