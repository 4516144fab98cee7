"""A conversation that is measured: the same answers, and a figure for each event."""

import sys
import time

from bot.conversation.answers import Answer
from bot.dispatcher import Handler
from bot.events import Event
from bot.observe.metrics import Metrics
from engine.contract.errors import HeadroomError


class Measured:
    """Stands before the conversation."""

    def __init__(self, handler: Handler, metrics: Metrics) -> None:
        self._handler, self._metrics = handler, metrics

    async def handle(self, event: Event, *, again: bool = False) -> Answer:
        """Hand it on."""
        started = time.monotonic()
        try:
            return await self._handler.handle(event, again=again)
        finally:
            self._metrics.handled(event.person.platform, event.happened.kind, time.monotonic() - started)
            error = sys.exc_info()[1]
            if isinstance(error, Exception):
                self._metrics.failed(error.code if isinstance(error, HeadroomError) else "went_wrong")
