"""The progress board: while a shoot waits or runs, its placeholder says where it stands. It never stands in a gallery's way."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import structlog

from bot.allowance import Allowance
from bot.cards.shoots import progress_card
from bot.chat import ChatPlatform
from bot.doorbell import Progress, ShootQueue
from bot.endings import ending_of
from bot.ledger import Acceptance, Clock, Galleries, Reconciler, Standing
from bot.messages import Message
from bot.placeholders import Placeholders
from bot.relay import OnFailure, nobody
from bot.shoots import ShootState
from bot.waiting import wait_s
from engine.contract.errors import HeadroomError, PlatformError, QueueError, RateLimited, StorageError, Undeliverable

PERIOD_S = 2.5
"""Between two edits of one placeholder, at the least."""
SOONER = 0.8
"""Of a period: an edit that came late in one look does not make its shoot miss the next."""
WAITING_S = 10.0
"""The same while it waits in line: its place is a question to the ledger, and hundreds may wait."""
SIDE_BY_SIDE = 8
PATIENCE_S = 10.0
"""For one call."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Shown:
    """What was put in the place of a placeholder last, and when it was looked at."""

    card: Message | None
    """None: nothing yet, or nobody knows."""
    at: float
    hopeless: bool = False
    """The message is gone, or it cannot be drawn."""


NOTHING, HOPELESS = Shown(None, 0.0), Shown(None, 0.0, hopeless=True)
Work: TypeAlias = Callable[[Standing, Message | None], Awaitable[Message | None]]


class ProgressBoard:
    """Runs until it is cancelled. What was shown is kept in memory: after a start everything is shown once more."""

    def __init__(
        self,
        reconciler: Reconciler,
        acceptance: Acceptance,
        galleries: Galleries,
        queue: ShootQueue,
        platforms: Mapping[str, ChatPlatform],
        placeholders: Placeholders,
        clock: Clock,
        *,
        on_failure: OnFailure = nobody,
        period_s: float = PERIOD_S,
    ) -> None:
        self._reconciler = reconciler
        self._acceptance = acceptance
        self._galleries = galleries
        self._queue = queue
        self._platforms = platforms
        self._placeholders = placeholders
        self._clock = clock
        self._on_failure = on_failure
        self._period_s = period_s
        self._allowance = Allowance(clock)
        self._shown: dict[str, dict[str, Shown]] = {platform: {} for platform in platforms}
        self._mends: dict[str, dict[str, Standing]] = {platform: {} for platform in platforms}
        self._queue_hears = True

    async def run(self) -> None:
        """For ever. Each platform on its own, so that one that hangs makes no other wait."""
        async with asyncio.TaskGroup() as group:
            for platform in self._platforms:
                group.create_task(self._watch(platform))

    async def _watch(self, platform: str) -> None:
        now = asyncio.get_running_loop().time
        while True:
            until = now() + self._period_s
            await self.look(platform, self._period_s)
            await asyncio.sleep(max(until - now(), self._period_s / 10))

    async def look(self, platform: str, within_s: float = PERIOD_S) -> None:
        """Bring every placeholder up to date that can be within this time; the others come first at the next look."""
        try:
            standing = await self._reconciler.standing([platform])
        except StorageError as error:
            log.warning("progress_unread", code=error.code, platform=platform)
            return
        self._queue_hears = True
        before = self._shown[platform]
        shown = self._shown[platform] = {e.shoot_id: before[e.shoot_id] for e in standing if e.shoot_id in before}
        late = asyncio.get_running_loop().time() + within_s
        due = iter(self._due(standing, shown))
        mends = [each for each in self._mends[platform].values() if not self._placeholders.quiet(each.person)]

        async def hand() -> None:
            for each in due:
                if asyncio.get_running_loop().time() > late:
                    return
                await self._try(each, shown, self._show)

        async with asyncio.TaskGroup() as group:
            for each in mends:
                group.create_task(self._try(each, shown, self._mend))
            for _ in range(min(SIDE_BY_SIDE, len(standing))):
                group.create_task(hand())

    def _due(self, standing: Sequence[Standing], shown: Mapping[str, Shown]) -> list[Standing]:
        """Those that may be edited now: all that run, and of those that wait a share, what was not looked at for longest."""
        runs: list[tuple[float, Standing]] = []
        waits: list[tuple[float, Standing]] = []
        for each in standing:
            if each.state is ShootState.RUNNING:
                last, pause_s, those = shown.get(each.shoot_id, NOTHING), PERIOD_S * SOONER, runs
            else:
                last, pause_s, those = shown.get(each.shoot_id, Shown(None, each.created_at)), WAITING_S, waits
            soon = 0 <= self._clock() - last.at < pause_s  # not when the clock was set back
            if not (soon or last.hopeless or self._placeholders.quiet(each.person)):
                those.append((last.at, each))
        share = max(SIDE_BY_SIDE, round(len(standing) * PERIOD_S / WAITING_S))
        runs.sort(key=lambda one: one[0])
        waits.sort(key=lambda one: one[0])
        return [each for _, each in [*runs, *waits[:share]]]

    async def _try(self, standing: Standing, shown: dict[str, Shown], work: Work) -> None:
        shoot_id, platform = standing.shoot_id, standing.person.platform
        try:
            if (card := await work(standing, shown.get(shoot_id, NOTHING).card)) is not None:
                shown[shoot_id] = Shown(card, self._clock())
        except RateLimited as error:
            self._placeholders.refused(standing.person, error.retry_after_s)
            self._on_failure(platform, error.code)
        except Undeliverable:
            shown[shoot_id] = HOPELESS
            self._mends[platform].pop(shoot_id, None)
        except (PlatformError, StorageError, TimeoutError) as error:
            shown[shoot_id] = Shown(None, self._clock())
            self._on_failure(platform, error.code if isinstance(error, HeadroomError) else "platform_unclear")
        except Exception as error:  # a shoot whose progress trips over a mistake of ours must not hide the others'
            shown[shoot_id] = HOPELESS
            self._mends[platform].pop(shoot_id, None)
            log.error("progress_failed", shoot_id=shoot_id, platform=platform, exc_info=error)

    async def _show(self, standing: Standing, last: Message | None) -> Message | None:
        """What stands there now; None: it was not its turn."""
        if self._allowance.left(standing.person) < 1:
            return None
        place = await self._acceptance.place(standing.shoot_id)
        progress = await self._latest(standing)
        wait = wait_s(place, standing.started_at, progress, self._clock())
        card = progress_card(standing, place, progress, wait)
        if card == last:
            return card
        if self._placeholders.in_use(standing.shoot_id) or not self._allowance.spend(standing.person):
            return None
        async with self._placeholders.alone(standing.shoot_id):
            shoot = await self._acceptance.find(standing.shoot_id, standing.person)
            if shoot is None or not shoot.state.is_open:
                return None
            await self._write(standing, card)
        await self._mend(standing)
        return card

    async def _latest(self, standing: Standing) -> Progress | None:
        """What waits has none; and a doorbell that does not answer is not asked again before the next look."""
        if standing.state is not ShootState.RUNNING or not self._queue_hears:
            return None
        try:
            return await self._queue.latest(standing.shoot_id)
        except QueueError:
            self._queue_hears = False
            return None

    async def _write(self, standing: Standing, card: Message) -> None:
        """From before the call until it is known that the shoot did not end meanwhile, there may be something to mend."""
        mends = self._mends[standing.person.platform]
        mends[standing.shoot_id] = standing
        try:
            await self._edit(standing, card)
        except (RateLimited, Undeliverable):
            mends.pop(standing.shoot_id, None)  # for certain nothing was written
            raise

    async def _mend(self, standing: Standing, _: Message | None = None) -> None:
        """Another process may have told the ending while progress was on its way over it: then it is put back."""
        async with self._placeholders.alone(standing.shoot_id):
            shoot = await self._acceptance.find(standing.shoot_id, standing.person)
            if shoot is not None and not shoot.state.is_open:
                card, _headshots = await ending_of(shoot, self._galleries)
                await self._edit(standing, card)
            self._mends[standing.person.platform].pop(standing.shoot_id, None)

    async def _edit(self, standing: Standing, card: Message) -> None:
        async with asyncio.timeout(PATIENCE_S):
            await self._platforms[standing.person.platform].edit(standing.placeholder, card)
