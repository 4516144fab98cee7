"""The relay: takes messages from the outbox to their chats, each until it has arrived or never can. Nobody else posts."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

import structlog

from bot.chat import ChatPlatform
from bot.delivery import OR_ELSE, Delivery
from bot.ledger import Acceptance, Clock, Galleries, Outbox, OutboxMessage
from bot.placeholders import Placeholders
from engine.contract.errors import (
    ArtifactUnreadable,
    FileUnavailable,
    HeadroomError,
    PersonError,
    PlatformError,
    RateLimited,
    StorageError,
    Undeliverable,
)

SIDE_BY_SIDE = 16
"""Messages on their way to one platform: one that hangs does not hold up the others."""
IDLE_S = 0.2
PATIENCE_S = 25.0
"""For all calls of one message; below the time for which the outbox hands it to nobody else."""
LONGEST_PAUSE_S = 60.0
SHORTEST_PAUSE_S = 0.1
GIVE_UP_AFTER_S = 24 * 3600.0
TRIPS = 5
"""Tries of what trying again hardly helps: a mistake of ours, or a picture that cannot be read."""
_HOPELESS = (ArtifactUnreadable, FileUnavailable)

Posted: TypeAlias = tuple[OutboxMessage, str]
OnDelivered: TypeAlias = Callable[[str, str, float], None]
"""Platform, kind of message, and seconds since it was due to be told."""
OnFailure: TypeAlias = Callable[[str, str], None]
"""Platform and code."""
log = structlog.get_logger()


def nobody(*_: object) -> None:
    """Who is told where nobody measures."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a message that could not be delivered."""

    code: str
    after_s: float | None
    """Until the next try; None: never."""
    ours: bool = False
    """We owe the person a word about it."""


def verdict_on(error: Exception, tries: int, age_s: float) -> Verdict:
    """Pure: one policy for each way to go wrong. `tries` includes this one."""
    code = error.code if isinstance(error, HeadroomError) else "platform_unclear"
    pause_s = min(2.0 ** min(tries - 1, 10), LONGEST_PAUSE_S)
    match error:
        case Undeliverable() | PersonError():
            return Verdict(code, None)
        case _ if age_s > GIVE_UP_AFTER_S:
            return Verdict(code, None)
        case RateLimited():
            return Verdict(code, max(error.retry_after_s, SHORTEST_PAUSE_S))
        case PlatformError() | StorageError() | TimeoutError() if not isinstance(error, _HOPELESS):
            return Verdict(code, pause_s)
        case _:
            code = code if isinstance(error, HeadroomError) else "went_wrong"
            return Verdict(code, pause_s if tries < TRIPS else None, ours=True)


class Relay:
    """Runs until it is cancelled, which may happen at any moment: what was under way is handed out again later."""

    def __init__(
        self,
        outbox: Outbox,
        acceptance: Acceptance,
        galleries: Galleries,
        platforms: Mapping[str, ChatPlatform],
        placeholders: Placeholders,
        clock: Clock,
        *,
        on_delivered: OnDelivered = nobody,
        on_failure: OnFailure = nobody,
        idle_s: float = IDLE_S,
    ) -> None:
        self._outbox = outbox
        self._platforms = platforms
        self._placeholders = placeholders
        self._clock = clock
        self._delivery = Delivery(outbox, acceptance, galleries, platforms, clock)
        self._on_delivered = on_delivered
        self._on_failure = on_failure
        self._idle_s = idle_s
        self._rung = asyncio.Event()
        self._under_way: Counter[str] = Counter()

    def ring(self) -> None:
        """There may be something to deliver: look at once."""
        self._rung.set()

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._rung.clear()
                for message in await self._due():
                    self._under_way[message.person.platform] += 1
                    group.create_task(self._one(message))
                    self.ring()
                try:
                    async with asyncio.timeout(self._idle_s):
                        await self._rung.wait()
                except TimeoutError:
                    pass

    async def _due(self) -> tuple[OutboxMessage, ...]:
        free = {name: SIDE_BY_SIDE - self._under_way[name] for name in self._platforms}
        free = {name: places for name, places in free.items() if places > 0}
        if not free:
            return ()
        try:
            return await self._outbox.due(list(free), min(free.values()))
        except StorageError as error:
            log.warning("outbox_unread", code=error.code)
            await asyncio.sleep(self._idle_s * 5)
            return ()

    async def _one(self, message: OutboxMessage) -> None:
        try:
            await self.deliver(message)
        except asyncio.CancelledError:  # a clean stop: whoever comes next need not wait until our hold runs out
            with suppress(StorageError):
                await self._outbox.retry_later(message, 0, "relay_stopped")
            raise
        finally:
            self._under_way[message.person.platform] -= 1
            self.ring()  # there is room, and what waited for this one may be due now

    async def deliver(self, message: OutboxMessage) -> None:
        """Try once, and write down what came of it."""
        outcome = await self._try(message, lambda: self._delivery.deliver(message))
        try:
            if isinstance(outcome, Exception):
                await self._failed(message, outcome)
            elif await self._outbox.delivered(*outcome):
                self._on_delivered(message.person.platform, message.kind, self._age_s(message))
        except StorageError as error:  # it is handed out again, and every step of it may run twice
            log.warning("outbox_unwritten", code=error.code, message_id=message.id, shoot_id=message.shoot_id)

    async def _try(self, message: OutboxMessage, work: Callable[[], Awaitable[Posted]]) -> Posted | Exception:
        try:
            async with asyncio.timeout(PATIENCE_S), self._placeholders.alone(message.shoot_id):
                return await work()
        except Exception as error:  # noqa: BLE001 a message that trips over a mistake of ours must not stop everybody else's
            return error

    async def _failed(self, message: OutboxMessage, error: Exception) -> None:
        verdict = verdict_on(error, message.tries, self._age_s(message))
        platform = message.person.platform
        self._on_failure(platform, verdict.code)
        if isinstance(error, RateLimited):
            self._placeholders.refused(message.person, error.retry_after_s)
        if verdict.after_s is not None:
            await self._outbox.retry_later(message, verdict.after_s, verdict.code)
            return
        reference = message.key[:8]
        about = {"message_id": message.id, "shoot_id": message.shoot_id, "kind": message.kind, "platform": platform}
        log.error("message_given_up", code=verdict.code, reference=reference, tries=message.tries, **about,
                  exc_info=error if verdict.ours else None)  # fmt: skip
        if OR_ELSE in message.notes or verdict.ours:
            said = await self._try(message, lambda: self._delivery.apologise(message, reference))
            if not isinstance(said, Exception):
                await self._outbox.delivered(*said)
                return
            again = verdict_on(said, message.tries, self._age_s(message))
            if OR_ELSE in message.notes and again.after_s is not None:
                await self._outbox.retry_later(message, again.after_s, verdict.code)
                return
        await self._outbox.give_up(message, verdict.code)

    def _age_s(self, message: OutboxMessage) -> float:
        return self._clock() - message.created_at
