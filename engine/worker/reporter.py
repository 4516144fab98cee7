"""How far a shoot has come, told a few times a second at most, and never in the way of the work."""

import asyncio
import time
from typing import Final, Self

from bot.doorbell import Progress, ShootFeedback
from engine.contract.ports import Step

EVERY_S: Final = 0.25


class Reporter:
    """Tells the latest step in the background; steps that came and went in between are left out."""

    def __init__(self, feedback: ShootFeedback, shoot_id: str) -> None:
        self._feedback = feedback
        self._shoot_id = shoot_id
        self._latest: Step | None = None
        self._news = asyncio.Event()
        self._over = False

    async def __aenter__(self) -> Self:
        self._telling = asyncio.create_task(self._tell())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over = True  # a client that is just connecting may swallow the cancel, and is done within a second
        self._telling.cancel()
        await asyncio.gather(self._telling, return_exceptions=True)

    def step(self, step: Step) -> None:
        """Something moved."""
        if step != self._latest:
            self._latest = step
            self._news.set()

    async def _tell(self) -> None:
        while not self._over and await self._news.wait():
            self._news.clear()
            if (step := self._latest) is not None:
                await self._feedback.report(Progress(self._shoot_id, step.stage, step.done, step.total, time.time()))
            await asyncio.sleep(EVERY_S)
