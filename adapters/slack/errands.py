"""Work that takes longer than anybody waits for a message: it goes on by itself, and whoever asks again waits for the same."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Iterable
from functools import partial
from typing import Any, Generic, TypeVar

T = TypeVar("T")


async def all_of(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Side by side, and each to its end; then the first that failed is raised, so that nothing goes on behind the caller's back."""
    done: list[T] = []
    for outcome in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome
        done.append(outcome)
    return done


class Errands(Generic[T]):
    """By what they are about."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, asyncio.Task[T]] = {}

    async def run(self, about: Hashable, begin: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What came of it. Begun unless it is under way."""
        if (task := self._under_way.get(about)) is None:
            task = self._under_way[about] = asyncio.create_task(begin())
            task.add_done_callback(partial(self._over, about))
        return await asyncio.shield(task)

    async def stop(self) -> None:
        """What is under way breaks off, and is begun anew when it is asked for again."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _over(self, about: Hashable, task: asyncio.Task[T]) -> None:
        del self._under_way[about]
        if not task.cancelled():
            task.exception()  # whoever waited heard of it; if nobody waits any more, somebody asks again
