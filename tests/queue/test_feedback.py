"""The worker's side of the doorbell."""

import asyncio
from pathlib import Path

from adapters.queue.embedded import EmbeddedServer
from adapters.queue.feedback import RedisShootFeedback
from tests.queue.callers import new_id


def test_whoever_stops_listening_is_free_at_once(tmp_path: Path) -> None:
    """At whatever moment of connecting or reading: a worker whose shoot is over goes on to the next."""

    async def story(url: str) -> None:
        feedback = RedisShootFeedback(url)
        for moment in range(40):
            listening = asyncio.create_task(feedback.cancelled(new_id()))
            await asyncio.sleep(moment * 0.0002)
            listening.cancel()
            done, _ = await asyncio.wait({listening}, timeout=1)
            assert done
        await feedback.close()

    with EmbeddedServer(tmp_path) as server:
        asyncio.run(story(server.url))
