"""The desk: where adapters hand in what happened. It is safe on disk before the platform is answered."""

import asyncio

from bot.events import Event
from bot.ledger import Inbox


class Desk:
    """What adapters call; nothing else of the bot is needed to answer a platform in time."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self.arrived = asyncio.Event()
        """Set when there is something to handle; the dispatcher clears it."""

    async def receive(self, event: Event) -> bool:
        """Write it down. False: it is known already. StorageError: not written; let the platform deliver it again."""
        new = await self._inbox.receive(event)
        self.arrived.set()
        return new
