"""Whether a Redis is fit to be the doorbell, and who listens."""

from adapters.queue.connection import connect, within_a_second
from adapters.queue.keys import health_key
from bot.shoots import Lane
from engine.contract.errors import QueueError


async def check(url: str) -> None:
    """Raises QueueError within a second when the server is away, refuses us, or may throw rings away under pressure."""
    client = connect(url)
    try:
        memory = await within_a_second(lambda: client.info("memory"))
    finally:
        await client.aclose()
    if memory["maxmemory_policy"] != "noeviction":
        raise QueueError("queue_may_evict", policy=memory["maxmemory_policy"])


async def workers(url: str, lane: Lane) -> int:
    """Workers of a lane that gave a sign of life in the last 11 s. Raises QueueError within a second."""
    client = connect(url)

    async def count() -> int:
        return len([key async for key in client.scan_iter(match=health_key(lane, "*"), count=1000)])

    try:
        return await within_a_second(count)
    finally:
        await client.aclose()
