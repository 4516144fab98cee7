"""One device and the engine process on it: warm from shoot to shoot, replaced by a fresh one where a shoot must be alone."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Self, TypeAlias

from engine.child.process import EngineChild

NewChild: TypeAlias = Callable[[int], EngineChild]
"""An engine process that has not been started, for so many pictures in work at a time."""


class Device:
    """Whoever holds the `turn` has the device. Entering it loads the models: raises EngineError, ModelUnavailable."""

    def __init__(self, new_child: NewChild, batch: int) -> None:
        self.turn = asyncio.Lock()
        self.stopping = False
        self.batch = batch
        self._new_child = new_child
        self._warm = self._current = new_child(batch)

    async def __aenter__(self) -> Self:
        await self._warm.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._warm.__aexit__()

    @property
    def pid(self) -> int | None:
        """Of the warm process, as long as there is one."""
        return self._warm.pid

    @asynccontextmanager
    async def child(self, *, alone: bool, batch: int) -> AsyncIterator[EngineChild]:
        """The warm process; a fresh one, ended afterwards, for a shoot that must be alone or needs a smaller batch."""
        if not alone and batch == self.batch:
            yield self._warm
            return
        await self._warm.rest()
        self._current = self._new_child(batch)
        try:
            async with self._current as child:
                if self.stopping:
                    child.wind_up()
                yield child
        finally:
            self._current = self._warm

    def cancel(self) -> bool:
        """Stop the job that is being done; False when there is none."""
        return self._current.cancel()

    def wind_up(self) -> None:
        """Finish the headshot that is being made and begin no other."""
        self.stopping = True
        for child in {self._warm, self._current}:
            child.wind_up()
