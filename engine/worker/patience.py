"""Trying again while a store or the records are away for a moment."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from engine.contract.errors import StorageError

PAUSE_S: Final = (0.1, 0.6)
"""Random, so that workers that lost the same store do not come back in step."""
T = TypeVar("T")


async def patiently(call: Callable[[], Awaitable[T]], until: Callable[[], float]) -> T:
    """The answer of a call that may be repeated. After the moment `until`, of the monotonic clock, its StorageError goes up."""
    while True:
        try:
            return await call()
        except StorageError as error:
            if not error.retryable or time.monotonic() >= until():
                raise
        await asyncio.sleep(random.uniform(*PAUSE_S))
