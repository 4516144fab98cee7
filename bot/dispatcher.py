"""The dispatcher: hands events to the conversation, many people side by side, and writes down what it answers.

An event is done when its replies are in the outbox. Whatever goes wrong, each event is either handled, tried again later, or
answered with a number under which the operator finds it in the log.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Protocol

from bot.cards.answers import error_card
from bot.chat import ChatPlatform
from bot.conversation.answers import Answer
from bot.desk import Desk
from bot.events import Event
from bot.ledger import Inbox, Received, Reply
from bot.messages import from_json, to_json
from bot.observe.failures import classes_of, place_of
from engine.contract.errors import (
    FileUnavailable,
    HeadroomError,
    PersonError,
    PlatformError,
    RateLimited,
    StorageError,
    Undeliverable,
)

SIDE_BY_SIDE = 16
"""People who are served at the same time."""
POLL_S = 1.0
"""Finds what a process that died has left, and what waits for its next try."""
MOST_TRIES = 8
PATIENCE_S = 50.0
"""For one try; below the time after which the inbox hands an event to somebody else."""
LONGEST_PAUSE_S = 60.0
GRACE_S = 8.0
"""What handlers have left to come to an end when the process stops."""
log = logging.getLogger(__name__)


class Handler(Protocol):
    """What answers an event: the conversation."""

    async def handle(self, event: Event, *, again: bool = False) -> Answer:
        """See `bot.conversation.conversation.Conversation`."""
        ...


class Dispatcher:
    """One per process; several processes on one ledger share the work."""

    def __init__(
        self,
        inbox: Inbox,
        desk: Desk,
        handler: Handler,
        platforms: Mapping[str, ChatPlatform],
        answered: Callable[[], None] = lambda: None,
    ) -> None:
        """`answered` is called when there is something new in the outbox, so that it goes out at once."""
        self._inbox = inbox
        self._desk = desk
        self._handler = handler
        self._platforms = platforms
        self._answered = answered
        self._serving: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve until cancelled; then whoever is being served is served to the end, within bounds."""
        try:
            while True:
                await self._wait_for_work(took=await self._take())
        finally:
            await self._wind_up()

    async def drain(self) -> None:
        """Serve all that is due now, then return."""
        while await self._take() or self._serving:
            if self._serving:
                await asyncio.wait(set(self._serving))

    async def _take(self) -> int:
        """Start what is due and fits; how many."""
        self._desk.arrived.clear()
        if (free := SIDE_BY_SIDE - len(self._serving)) <= 0:
            return 0
        try:
            due = await self._inbox.due(tuple(self._platforms), free)
        except StorageError as error:
            log.warning("inbox_unreachable", extra={"code": error.code})
            await asyncio.sleep(POLL_S)
            return 0
        for received in due:
            task = asyncio.create_task(self._serve(received))
            self._serving.add(task)
            task.add_done_callback(self._served)
        return len(due)

    def _served(self, task: asyncio.Task[None]) -> None:
        """The same person's next event can be taken now."""
        self._serving.discard(task)
        self._desk.arrived.set()

    async def _wait_for_work(self, took: int) -> None:
        if took and len(self._serving) < SIDE_BY_SIDE:
            return
        try:
            async with asyncio.timeout(POLL_S):
                await self._desk.arrived.wait()
        except TimeoutError:
            pass

    async def _wind_up(self) -> None:
        if not self._serving:
            return
        _, late = await asyncio.wait(self._serving, timeout=GRACE_S)
        for task in late:
            task.cancel()  # handed out again when its hold is over
        await asyncio.gather(*late, return_exceptions=True)

    async def _serve(self, received: Received) -> None:
        try:
            answer = await self._answer(received)
            if answer is None:
                return
            written = await self._inbox.done(received, answer.replies, aside=answer.aside)
            self._answered()
            if not written and answer.forgotten:
                await self._send(received.event, answer.replies)
        except StorageError as error:
            log.warning("event_left", extra={"code": error.code, "tries": received.tries})  # comes again by itself

    async def _answer(self, received: Received) -> Answer | None:
        """What to say; None when the event is to be tried again."""
        while True:
            try:
                return await self._handle(received)
            except (PersonError, Undeliverable, FileUnavailable) as error:
                return _explained(received.event, error)
            except HeadroomError as error:
                if error.code == "artifact_missing":
                    return _explained(received.event, error)
                passes = error.retryable or isinstance(error, PlatformError)
                if not passes or received.tries >= MOST_TRIES:
                    return self._failed(received, error)
                pause_s = _pause_s(received, error)
                if await self._inbox.retry_later(received, pause_s, error.code):
                    return None
                await asyncio.sleep(pause_s)  # its row is gone: forgetting came so far, and has to come to its end
                received = replace(received, tries=received.tries + 1)
            except Exception as error:  # noqa: BLE001 - the person must hear of it, whatever it is; logged once, here
                return self._failed(received, error)

    async def _handle(self, received: Received) -> Answer:
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await self._handler.handle(received.event, again=received.tries > 1)
        except TimeoutError as error:
            raise PlatformError("platform_unclear") from error

    def _failed(self, received: Received, error: Exception) -> Answer:
        """Tell the person a number, and the log what belongs to it: classes and a place, no values."""
        reference = secrets.token_hex(4)
        told = {"reference": reference, "errors": classes_of(error), "place": place_of(error), "tries": received.tries}
        log.error("event_failed", extra=told)
        known = HeadroomError("went_wrong", reference=reference)
        if isinstance(error, HeadroomError) and not isinstance(
            error, PlatformError
        ):  # those say that it is tried again
            known = error
        return _explained(received.event, known, reference)

    async def _send(self, event: Event, replies: Collection[Reply]) -> None:
        """Send by hand what no outbox may keep, because the person is forgotten."""
        platform = self._platforms[event.person.platform]
        for number, reply in enumerate(replies):
            key = sha256(f"{event.person.key}\n{event.id}\n{number}".encode()).hexdigest()[:24]
            try:
                await _patiently(platform, reply, key)
            except PlatformError as error:
                log.warning("farewell_undelivered", extra={"code": error.code, "platform": event.person.platform})


def _explained(event: Event, error: HeadroomError, reference: str = "") -> Answer:
    """Where it happened, and only to whom it concerns."""
    card = error_card(error, reference, only_to="" if event.private else event.person.user)
    return Answer((Reply(event.conversation, to_json(card)),))


def _pause_s(received: Received, error: HeadroomError) -> float:
    if isinstance(error, RateLimited):
        return error.retry_after_s
    return min(2.0 ** (received.tries - 1), LONGEST_PAUSE_S)


async def _patiently(platform: ChatPlatform, reply: Reply, key: str, tries: int = 4) -> None:
    """The key makes sure that it is posted once."""
    for attempt in range(1, tries + 1):
        try:
            await platform.send(reply.conversation, from_json(reply.message), key)
        except Undeliverable:
            raise
        except PlatformError as error:
            if attempt == tries:
                raise
            await asyncio.sleep(error.retry_after_s if isinstance(error, RateLimited) else attempt)
        else:
            return
