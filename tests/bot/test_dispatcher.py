"""The dispatcher: every event is handled, tried again or answered with a number, whoever else is being served."""

import asyncio
import logging
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from bot.cards.answers import told
from bot.conversation.answers import Answer, answer
from bot.dispatcher import MOST_TRIES, Dispatcher
from bot.events import Event, Said
from bot.ledger import Inbox, Received
from bot.people import Person
from engine.contract.errors import ArtifactUnreadable, PersonError, PlatformError, RateLimited, StorageError
from tests.bot.scene import ANNA, BEN, Scene, open_scene

pytestmark = pytest.mark.asyncio


@dataclass
class Script:
    """A handler that does what it is told, and remembers for whom."""

    play: Callable[[Event], Awaitable[Answer]]
    handled: list[tuple[str, bool]] = field(default_factory=list)

    async def handle(self, event: Event, *, again: bool = False) -> Answer:
        """See `Handler`."""
        self.handled.append((event.id, again))
        return await self.play(event)


@dataclass
class Flaky:
    """An inbox that cannot be reached now and then."""

    real: Inbox
    down: int

    async def due(self, platforms: tuple[str, ...], limit: int = 10) -> tuple[Received, ...]:
        """Fails `down` times."""
        self.down -= 1
        if self.down >= 0:
            raise StorageError("records_busy")
        return await self.real.due(platforms, limit)

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)


@pytest_asyncio.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """A quiet chat."""
    async with open_scene(tmp_path) as made:
        yield made


async def echo(event: Event) -> Answer:
    """Say it back."""
    assert isinstance(event.happened, Said)
    return answer(event, told(event.happened.text))


def failing(error: Exception, times: int = 10**6) -> Callable[[Event], Awaitable[Answer]]:
    """Raise it so often, then work."""
    left = [times]

    async def play(event: Event) -> Answer:
        left[0] -= 1
        if left[0] >= 0:
            raise error
        return await echo(event)

    return play


def directed(scene: Scene, play: Callable[[Event], Awaitable[Answer]]) -> Script:
    """From now on this is what answers."""
    script = Script(play)
    scene.dispatcher = Dispatcher(scene.ledger.inbox, scene.desk, script, scene.ports.platforms)
    return script


@asynccontextmanager
async def running(dispatcher: Dispatcher) -> AsyncIterator[asyncio.Task[None]]:
    """As in the process."""
    task = asyncio.create_task(dispatcher.run())
    yield task
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def waits_for(scene: Scene, count: int, within_s: float = 10.0) -> None:
    """Until so many messages stand in the chat."""
    async with asyncio.timeout(within_s):
        while len(scene.chat.sent()) < count:
            await scene.shown()
            await asyncio.sleep(0.01)


async def test_what_passes_is_tried_again_with_growing_pauses(scene: Scene) -> None:
    """A store that is away for some seconds costs the person nothing but these seconds."""
    script = directed(scene, failing(StorageError("storage_unavailable"), 3))
    assert not await scene.says(ANNA, "hello")
    for pause_s in (1, 2, 4):
        scene.clock.pass_s(pause_s - 0.5)
        await scene.dispatcher.drain()
        assert not await scene.shown()
        scene.clock.pass_s(0.5)
        await scene.dispatcher.drain()
    assert (await scene.shown()).summaries == ["hello"]
    assert script.handled == [("event-1", False), *[("event-1", True)] * 3]


async def test_a_platform_that_asks_to_wait_is_waited_for(scene: Scene) -> None:
    """No earlier, and not much later."""
    script = directed(scene, failing(RateLimited("platform_busy", 17), 1))
    await scene.says(ANNA, "hello")
    scene.clock.pass_s(16.9)
    await scene.dispatcher.drain()
    assert len(script.handled) == 1
    scene.clock.pass_s(0.2)
    await scene.dispatcher.drain()
    assert (await scene.shown()).summaries == ["hello"]


@pytest.mark.parametrize("error", [StorageError("storage_unavailable"), PlatformError("platform_unclear")])
async def test_what_does_not_pass_is_told_with_a_number(
    scene: Scene, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """After eight tries the person hears of it, and the operator finds the same number in the log, once."""
    script = directed(scene, failing(error))
    await scene.says(ANNA, "hello")
    for _ in range(MOST_TRIES + 3):
        scene.clock.pass_s(61)
        await scene.dispatcher.drain()
    assert len(script.handled) == MOST_TRIES
    (said,) = (await scene.shown()).summaries
    reference = re.search(r"\b[0-9a-f]{8}\b", said)
    assert reference is not None
    assert [record.__dict__["reference"] for record in caplog.records] == [reference[0]]
    assert "is tried again" not in said


async def test_a_mistake_of_ours_is_logged_without_values(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """Classes and a place, no words of people; the person gets the number, and the next event is handled."""
    directed(scene, failing(ValueError("anna said something private"), 1))
    with caplog.at_level(logging.DEBUG, "bot"):
        (said,) = (await scene.says(ANNA, "a private wish")).summaries
    (record,) = caplog.records
    assert record.__dict__["errors"] == ["ValueError"]
    assert record.__dict__["reference"] in said
    assert "private" not in str(record.__dict__)
    assert (await scene.says(ANNA, "hello")).summaries == ["hello"]


@pytest.mark.parametrize("error", [PersonError("shoot_unknown"), ArtifactUnreadable("artifact_missing")])
async def test_what_a_person_can_mend_is_answered_at_once(
    scene: Scene, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """In the sentence of its code."""
    directed(scene, failing(error))
    (said,) = (await scene.says(ANNA, "hello")).summaries
    assert said.startswith(("There is no such shoot.", "This picture is not here"))
    assert caplog.records == []


async def test_one_person_waits_for_nobody_else(scene: Scene) -> None:
    """Somebody whose ten photos take a minute does not hold up the rest; everybody's own events stay in order."""
    free, order = asyncio.Event(), []

    async def play(event: Event) -> Answer:
        if event.person == ANNA and not order:
            await free.wait()
        order.append((event.person.user, event.happened.text))  # type: ignore[union-attr]
        return await echo(event)

    directed(scene, play)
    await scene.desk.receive(scene.event(ANNA, Said("one")))
    await scene.desk.receive(scene.event(ANNA, Said("two")))
    for number in range(40):
        person = Person("playground", "office", f"user{number}")
        await scene.desk.receive(scene.event(person, Said("hello")))
    async with running(scene.dispatcher):
        async with asyncio.timeout(20):
            while len(order) < 40:
                await asyncio.sleep(0.01)
        assert "anna" not in dict(order)
        free.set()
        await waits_for(scene, 42, 20)
    assert order[-2:] == [("anna", "one"), ("anna", "two")]


async def test_an_event_is_handled_at_once(scene: Scene) -> None:
    """Nobody waits for the next look at the inbox."""
    directed(scene, echo)
    async with running(scene.dispatcher):
        await asyncio.sleep(0.2)
        waits = []
        for number in range(10):
            began = time.monotonic()
            await scene.desk.receive(scene.event(ANNA, Said(str(number))))
            await waits_for(scene, number + 1)
            waits.append(time.monotonic() - began)
    assert sorted(waits)[5] < 0.5


async def test_events_that_a_dead_process_left_are_handled(scene: Scene) -> None:
    """Without anybody ringing: the inbox is looked at all the time."""
    await scene.ledger.inbox.receive(scene.event(ANNA, Said("left behind")))
    await scene.ledger.inbox.due(["playground"])
    script = directed(scene, echo)
    async with running(scene.dispatcher):
        await asyncio.sleep(0.3)
        assert script.handled == []
        scene.clock.pass_s(61)
        await waits_for(scene, 1, 5)
    assert script.handled == [("event-1", True)]


async def test_who_is_being_served_is_served_to_the_end(scene: Scene) -> None:
    """A clean stop in the middle of an answer loses nothing and repeats nothing."""
    began = asyncio.Event()

    async def play(event: Event) -> Answer:
        began.set()
        await asyncio.sleep(0.3)
        return await echo(event)

    script = directed(scene, play)
    async with running(scene.dispatcher):
        await scene.desk.receive(scene.event(ANNA, Said("hello")))
        await began.wait()
    assert (await scene.shown()).summaries == ["hello"]
    assert script.handled == [("event-1", False)]


async def test_records_that_are_away_stop_nobody(scene: Scene) -> None:
    """The dispatcher looks again until they are back."""
    script = Script(echo)
    scene.dispatcher = Dispatcher(
        Flaky(scene.ledger.inbox, 1),  # type: ignore[arg-type]
        scene.desk,
        script,
        scene.ports.platforms,
    )
    await scene.desk.receive(scene.event(ANNA, Said("hello")))
    async with running(scene.dispatcher):
        await waits_for(scene, 1, 5)


async def test_the_farewell_is_sent_once_though_nothing_is_kept(scene: Scene) -> None:
    """Who was forgotten is told so by hand, also when the chat does not answer clearly; nobody else is."""

    async def play(event: Event) -> Answer:
        await scene.ledger.people.forget(event.person)
        return Answer(answer(event, told("forgotten")).replies, forgotten=event.person == ANNA)

    directed(scene, play)
    scene.chat.fails("answer_lost", 1, "send")
    await scene.says(ANNA, "forget")
    await scene.says(BEN, "something that crossed")
    assert [message.summary for message in scene.chat.messages.values()] == ["forgotten"]


async def test_a_chat_that_refuses_while_forgetting_is_asked_again(scene: Scene) -> None:
    """The rows are gone already, so nobody would hand the event out again."""
    left = [2]

    async def play(event: Event) -> Answer:
        await scene.ledger.people.forget(event.person)
        left[0] -= 1
        if left[0] >= 0:
            raise RateLimited("platform_busy", 0.05)
        return Answer(answer(event, told("forgotten")).replies, forgotten=True)

    directed(scene, play)
    await scene.says(ANNA, "forget")
    assert [message.summary for message in scene.chat.messages.values()] == ["forgotten"]
