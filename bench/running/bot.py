"""A bot with all its loops in this process, on a chat that takes its time, and a real worker in another."""

import asyncio
import os
import random
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from adapters.queue.bell import RedisShootQueue
from adapters.records.ledger import Ledger, open_ledger
from adapters.storage.install_key import load_install_key
from adapters.storage.pictures import Pictures, open_pictures
from adapters.storage.shelf import folder_shelf
from bench.child import sample
from bot.conversation.conversation import Conversation
from bot.conversation.ports import Ports
from bot.desk import Desk
from bot.dispatcher import Dispatcher
from bot.events import Attachment
from bot.exporting import Exporting
from bot.forgetting import Forgetting
from bot.messages import Form, Message
from bot.payloads import ScreeningPayload, SelfieRef, SelfieVerdict, VerdictEnding, to_json
from bot.people import Person
from bot.placeholders import Placeholders
from bot.progress import ProgressBoard
from bot.relay import Relay
from bot.retention import Retention
from bot.shoots import Ending, ShootOrder, ShootState, new_shoot_id
from bot.upkeep import Upkeep
from engine.catalogue import StudioCatalogue
from engine.contract.errors import FileUnavailable

ANSWER_S = (0.05, 0.15)
"""What a chat platform takes for a call."""


@dataclass
class Chat:
    """A platform that takes its time and never fails."""

    posted: int = 0
    edited: int = 0

    async def send(self, conversation: str, message: Message, key: str, *, again: bool = False) -> str:
        """See `ChatPlatform`."""
        await asyncio.sleep(random.uniform(*ANSWER_S))
        self.posted += 1
        return f"{conversation}:{key}"

    async def edit(self, ref: str, message: Message) -> None:
        """See `ChatPlatform`."""
        await asyncio.sleep(random.uniform(*ANSWER_S))
        self.edited += 1

    async def delete(self, ref: str) -> bool:
        """See `ChatPlatform`."""
        return True

    async def fetch(self, person: Person, attachment: Attachment, limit_bytes: int) -> bytes:
        """See `ChatPlatform`."""
        raise FileUnavailable("file_unavailable")

    async def open_form(self, trigger: str, form: Form) -> None:
        """See `ChatPlatform`."""


@dataclass
class Bot:
    """What runs in the process of the bot."""

    ledger: Ledger
    ports: Ports
    desk: Desk
    chat: Chat


@asynccontextmanager
async def opened(folder: Path, redis_url: str) -> AsyncIterator[Bot]:
    """A bot on an empty ledger, with all its loops running."""
    async with AsyncExitStack() as stack:
        pictures = await open_pictures(
            folder_shelf(folder / "pictures"), load_install_key(folder / "install.key"), lambda: datetime.now(UTC)
        )
        ledger = await open_ledger(f"sqlite:///{folder / 'ledger.db'}", time.time)
        stack.push_async_callback(ledger.close)
        queue = RedisShootQueue(redis_url)
        stack.push_async_callback(queue.close)
        bot = Bot(ledger, ports_of(ledger, queue, pictures, chat := Chat()), Desk(ledger.inbox), chat)
        placeholders, chats = Placeholders(time.time), bot.ports.platforms
        board = ProgressBoard(
            ledger.reconciler, ledger.acceptance, ledger.galleries, queue, chats, placeholders, time.time
        )
        loops = (
            Dispatcher(ledger.inbox, bot.desk, Conversation(bot.ports), chats),
            Relay(ledger.outbox, ledger.acceptance, ledger.galleries, chats, placeholders, time.time),
            Upkeep(ledger.reconciler, queue, pictures, Retention(), time.time),
            board,
        )
        tasks = [asyncio.create_task(loop.run()) for loop in loops]
        yield bot
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def ports_of(ledger: Ledger, queue: RedisShootQueue, pictures: Pictures, chat: Chat) -> Ports:
    """All real but the chat."""
    return Ports(
        acceptance=ledger.acceptance,
        people=ledger.people,
        galleries=ledger.galleries,
        inbox=ledger.inbox,
        queue=queue,
        pictures=pictures,
        catalogue=StudioCatalogue(None),
        platforms={"slack": chat},
        forgetting=Forgetting(ledger.people, pictures, queue, {"slack": chat}),
        exporting=Exporting(ledger.people, pictures, Retention(), time.time),
        clock=time.time,
        operator="a bench",
    )


@asynccontextmanager
async def worker(folder: Path, redis_url: str) -> AsyncIterator[None]:
    """`python -m engine.worker`."""
    told = {"HEADROOM_DATA_DIR": str(folder), "HEADROOM_REDIS_URL": redis_url, "HEADROOM_OBSERVE_PORT": "48766"}
    with open(folder / "worker.log", "wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "engine.worker", env={**os.environ, **told}, stdout=log, stderr=log
        )
        try:
            yield
        finally:
            process.kill()
            await process.wait()


async def sits(bot: Bot, person: Person) -> None:
    """The sample sitter's photo, looked at and accepted."""
    photo, now = sample(), bot.ports.now()
    stored = await bot.ports.pictures.put(
        person.key, photo.data, kind="selfie", media_type="image/png", expires_at=now + Retention().selfies
    )
    selfie = SelfieRef(stored.id, "Photo 1")
    order = ShootOrder(
        new_shoot_id(), person, f"{person.user}:selfies", "screening", to_json(ScreeningPayload((selfie,))), "D1"
    )
    await bot.ledger.acceptance.accept(order)
    verdict = SelfieVerdict(stored.id, "Photo 1", "a" * 16, "accepted", "accepted_front", "Good.")
    lease = await bot.ledger.leases.claim("screenings", "bench")
    assert lease is not None, "the worker was faster"
    ending = Ending(ShootState.FINISHED, to_json(VerdictEnding((verdict,), None)))
    assert await bot.ledger.leases.finish(lease, ending)
