"""Who writes next."""

import asyncio

import pytest

from adapters.records.writers import Writers

pytestmark = pytest.mark.asyncio


class Queue:
    """Writers by name, in the order in which they had their turn."""

    def __init__(self) -> None:
        self.writers = Writers()
        self.had_turn: list[str] = []
        self.go_on = asyncio.Event()

    async def writes(self, name: str, *, urgent: bool = False) -> None:
        """Keep the turn until everybody may go on."""
        async with self.writers.turn(urgent=urgent):
            self.had_turn.append(name)
            await self.go_on.wait()

    async def comes(self, name: str, *, urgent: bool = False) -> asyncio.Task[None]:
        """Stand in line."""
        task = asyncio.create_task(self.writes(name, urgent=urgent))
        await asyncio.sleep(0)
        return task


async def test_what_a_platform_waits_for_goes_before_all_others() -> None:
    """An event is acknowledged in time, however much the bot has to write about earlier ones."""
    queue = Queue()
    tasks = [await queue.comes("first"), await queue.comes("second"), await queue.comes("third")]
    tasks += [await queue.comes("event", urgent=True), await queue.comes("next event", urgent=True)]
    queue.go_on.set()
    await asyncio.gather(*tasks)

    assert queue.had_turn == ["first", "event", "next event", "second", "third"]


async def test_one_writes_at_a_time() -> None:
    """SQLite would turn a second one away."""
    queue = Queue()
    tasks = [await queue.comes(name) for name in ("first", "second")]

    assert queue.had_turn == ["first"]
    queue.go_on.set()
    await asyncio.gather(*tasks)


@pytest.mark.parametrize("steps", [0, 1])
async def test_whoever_leaves_holds_up_nobody(steps: int) -> None:
    """Be it while waiting, or in the very moment in which the turn was theirs."""
    queue = Queue()
    first, leaving, last = [await queue.comes(name) for name in ("first", "leaving", "last")]
    if steps:
        first.cancel()  # hands the turn to the one that leaves, who does not know it yet
        await asyncio.sleep(0)
    leaving.cancel()
    queue.go_on.set()
    await asyncio.gather(first, leaving, last, return_exceptions=True)

    assert queue.had_turn == ["first", "last"]
    async with asyncio.timeout(1), queue.writers.turn(urgent=False):
        pass
