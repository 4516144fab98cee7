"""The progress board: placeholders say where a shoot stands, seldom enough, and never instead of a gallery."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.allowance import AT_ONCE
from bot.doorbell import Progress
from bot.messages import Message, Text
from bot.people import Person
from bot.progress import PERIOD_S, WAITING_S, ProgressBoard
from bot.shoots import Kind
from engine.contract.errors import QueueError
from tests.bot.stage import ANNA, BEN, CARLA, Stage, open_stage, running, soon
from tests.bot.test_relay import GALLERY
from tests.chat.fake_chat import FakeChat

pytestmark = pytest.mark.asyncio


@dataclass
class Doorbell:
    """What workers said, or that Redis is away."""

    progress: dict[str, Progress] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    away: bool = False
    breaks: str = ""
    """Whose progress nobody can read."""

    async def latest(self, shoot_id: str) -> Progress | None:
        """See `ShootQueue`."""
        self.asked.append(shoot_id)
        if self.away:
            raise QueueError("queue_unreachable")
        if shoot_id == self.breaks:
            raise KeyError("stage")
        return self.progress.get(shoot_id)


@dataclass
class Watched:
    """A stage with a board and its doorbell."""

    stage: Stage
    doorbell: Doorbell

    def __post_init__(self) -> None:
        self.board = self.new_board()

    def new_board(self, period_s: float = PERIOD_S) -> ProgressBoard:
        """As a process starts it."""
        stage = self.stage
        return ProgressBoard(
            stage.ledger.reconciler,
            stage.ledger.acceptance,
            stage.ledger.galleries,
            self.doorbell,  # type: ignore[arg-type]
            stage.chats,
            stage.placeholders,
            stage.clock,
            on_failure=lambda platform, code: stage.failures.append((platform, code)),
            period_s=period_s,
        )

    async def stands(self, person: Person = ANNA, kind: Kind = "shoot") -> tuple[str, str]:
        """Somebody asks, and the placeholder is out: shoot and reference."""
        shoot_id = await self.stage.asks(person, kind)
        await self.stage.relays()
        return shoot_id, await self.stage.placeholder(shoot_id, person)

    def says(self, shoot_id: str, stage: str, done: int = 0, total: int = 0) -> None:
        """A worker reports."""
        self.doorbell.progress[shoot_id] = Progress(shoot_id, stage, done, total, self.stage.clock.now)

    async def watches(self, seconds: float, platform: str = "slack") -> None:
        """Looks for a while."""
        for _ in range(round(seconds / PERIOD_S)):
            self.stage.clock.pass_s(PERIOD_S)
            await self.board.look(platform, within_s=60)  # however slow this machine is


@pytest_asyncio.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    """An empty one."""
    async with open_stage(f"sqlite:///{tmp_path / 'ledger.db'}") as stage:
        yield Watched(stage, Doorbell())


async def test_stages_are_shown_as_they_come(watched: Watched) -> None:
    """In plain words, in the place of the first message."""
    shoot_id, ref = await watched.stands()
    await watched.stage.claims()
    for done in (0, 12):
        watched.says(shoot_id, "render", done, 24)
        await watched.watches(PERIOD_S)

    assert watched.stage.slack.edits(ref) == [
        "2 corporate headshots: taking pictures",
        "2 corporate headshots: taking pictures, 12 of 24",
    ]
    assert len(watched.stage.slack.sent()) == 1


async def test_nothing_new_is_no_edit(watched: Watched) -> None:
    """A chat is not asked to draw the same again."""
    shoot_id, ref = await watched.stands()
    await watched.stage.claims()
    watched.says(shoot_id, "select")
    await watched.watches(10)

    assert len(watched.stage.slack.edits(ref)) == 1


async def test_steps_that_come_fast_are_shown_together(watched: Watched) -> None:
    """However often a worker reports and however often we look, a placeholder is edited once in two seconds at the most."""
    shoot_id, ref = await watched.stands()
    await watched.stage.claims()
    for step in range(40):
        watched.says(shoot_id, "render", step, 40)
        watched.stage.clock.pass_s(0.25)
        await watched.board.look("slack")

    assert 4 <= len(watched.stage.slack.edits(ref)) <= 5


def words(chat: FakeChat, ref: str) -> list[str]:
    """Paragraphs of a message."""
    return [part.text for part in chat.messages[ref].parts if isinstance(part, Text)]


async def test_who_waits_hears_when_the_line_moves(watched: Watched) -> None:
    """Not more often than every ten seconds, and at once when it starts."""
    await watched.stands(BEN)
    shoot_id, ref = await watched.stands(ANNA)
    await watched.watches(WAITING_S)
    assert "1 ahead of you." in words(watched.stage.slack, ref)
    lease = await watched.stage.claims()
    await watched.watches(WAITING_S)
    assert "You are next." in words(watched.stage.slack, ref)
    await watched.watches(WAITING_S)
    assert len(watched.stage.slack.edits(ref)) == 2
    await watched.stage.finishes(lease)
    await watched.stage.claims()
    await watched.watches(PERIOD_S)

    assert watched.stage.slack.edits(ref)[-1] == "2 corporate headshots: starting"
    assert watched.doorbell.asked[-1] == shoot_id


async def test_screenings_are_shown_too(watched: Watched) -> None:
    """Whoever sent photos sees that they are looked at."""
    shoot_id, ref = await watched.stands(kind="screening")
    await watched.stage.claims("screening")
    watched.says(shoot_id, "intake", 1, 2)
    await watched.watches(PERIOD_S)

    assert watched.stage.slack.edits(ref) == ["A look at 1 photo: looking at your photos, 1 of 2"]


async def test_a_gallery_is_never_overwritten(watched: Watched) -> None:
    """Progress that was still to be shown when the shoot ended is dropped."""
    shoot_id, ref = await watched.stands()
    lease = await watched.stage.claims()
    watched.says(shoot_id, "finish", 1, 2)
    (standing,) = await watched.stage.ledger.reconciler.standing(["slack"])
    await watched.stage.finishes(lease)
    await watched.stage.relays()
    await watched.board._try(standing, {}, watched.board._show)

    assert watched.stage.shows(ref) == GALLERY


class Slow(FakeChat):
    """A chat in which something happens while an edit is on its way."""

    async def edit(self, ref: str, message: Message) -> None:
        """Once."""
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        await super().edit(ref, message)

    meanwhile = None


@pytest.mark.parametrize("fault", ["", "answer_lost"])
async def test_a_gallery_that_another_process_put_there_meanwhile_is_put_back(watched: Watched, fault: str) -> None:
    """The other process shares no lock with us; what progress wrote over its gallery is mended, also after a lost answer."""
    watched.stage.slack = slow = Slow()
    watched.stage.relay = watched.stage.new_relay()
    watched.board = watched.new_board()
    shoot_id, ref = await watched.stands()
    lease = await watched.stage.claims()
    watched.says(shoot_id, "finish", 1, 2)

    async def elsewhere() -> None:
        await watched.stage.finishes(lease)
        (message,) = await watched.stage.ledger.outbox.due(["slack"])
        await FakeChat.edit(slow, ref, Message(GALLERY))
        await watched.stage.ledger.outbox.delivered(message, ref)
        if fault:
            slow.fails("answer_lost", 1, "edit")

    slow.meanwhile = elsewhere
    await watched.watches(PERIOD_S)
    if fault:
        assert watched.stage.shows(ref) == "2 corporate headshots: printing them at full size, 1 of 2"
        await watched.watches(PERIOD_S)

    assert watched.stage.shows(ref) == GALLERY


async def test_while_the_gallery_is_on_its_way_progress_stays_away(watched: Watched) -> None:
    """It does not even wait for its turn."""
    shoot_id, ref = await watched.stands()
    await watched.stage.claims()
    watched.says(shoot_id, "finish", 1, 2)
    async with watched.stage.placeholders.alone(shoot_id):
        await watched.watches(PERIOD_S)
        assert watched.stage.slack.edits(ref) == []
    await watched.watches(PERIOD_S)

    assert len(watched.stage.slack.edits(ref)) == 1


async def test_a_workspace_that_asks_for_patience_sees_no_progress_until_then(watched: Watched) -> None:
    """Others do, and its galleries are not held up by us."""
    shoot_id, ref = await watched.stands(ANNA)
    other_id, other = await watched.stands(replace(BEN, workspace="T2"))
    for _ in range(2):
        await watched.stage.claims()
    watched.stage.slack.busy_s = 20
    watched.stage.placeholders.refused(ANNA, 20)
    for done in range(7):
        for each in (shoot_id, other_id):
            watched.says(each, "render", done, 24)
        await watched.watches(PERIOD_S)

    assert watched.stage.slack.edits(ref) == []
    assert len(watched.stage.slack.edits(other)) == 7
    await watched.watches(5)
    assert watched.stage.slack.edits(ref)


async def test_an_edit_that_is_refused_quiets_the_workspace(watched: Watched) -> None:
    """One refusal, and no second one."""
    shoot_id, _ = await watched.stands(ANNA)
    await watched.stage.claims()
    watched.says(shoot_id, "render", 1, 24)
    watched.stage.slack.weather = lambda verb: "busy"
    watched.stage.slack.busy_s = 30
    await watched.watches(25)

    assert watched.stage.slack.calls.count("edit") == 1
    assert watched.stage.failures == [("slack", "platform_busy")]


async def test_a_busy_workspace_leaves_room_for_galleries(watched: Watched) -> None:
    """With many shoots that all move, progress spends thirty edits a minute; and everybody gets some."""
    people = [replace(ANNA, user=f"U{number}") for number in range(25)]
    shoots = [await watched.stands(person) for person in people]
    for _ in people:
        await watched.stage.claims()
    for done in range(48):
        for shoot_id, _ in shoots:
            watched.says(shoot_id, "render", done, 50)
        await watched.watches(PERIOD_S)
    edits = [len(watched.stage.slack.edits(ref)) for _, ref in shoots]

    assert 60 <= sum(edits) <= 60 + AT_ONCE
    assert min(edits) >= 1


async def test_a_placeholder_that_was_deleted_is_left_alone(watched: Watched) -> None:
    """Until the gallery, which is sent anew."""
    shoot_id, ref = await watched.stands()
    await watched.stage.claims()
    await watched.stage.slack.delete(ref)
    for done in range(4):
        watched.says(shoot_id, "render", done, 24)
        await watched.watches(PERIOD_S)

    assert watched.stage.slack.calls.count("edit") == 1


async def test_an_edit_that_failed_is_tried_again(watched: Watched) -> None:
    """With what is true then."""
    shoot_id, ref = await watched.stands()
    await watched.stage.claims()
    watched.stage.slack.fails("refused")
    for done in (1, 2):
        watched.says(shoot_id, "render", done, 24)
        await watched.watches(PERIOD_S)

    assert watched.stage.slack.edits(ref) == ["2 corporate headshots: taking pictures, 2 of 24"]


async def test_without_redis_the_place_is_shown_all_the_same(watched: Watched) -> None:
    """And a hundred shoots do not wait a second each for an answer that does not come."""
    refs = [(await watched.stands(replace(ANNA, user=f"U{number}")))[1] for number in range(10)]
    for _ in refs:
        await watched.stage.claims()
    watched.doorbell.away = True
    await watched.watches(PERIOD_S)

    assert all(watched.stage.slack.edits(ref) for ref in refs)
    assert len(watched.doorbell.asked) <= 8


async def test_a_mistake_of_ours_hides_one_shoot_and_no_other(watched: Watched) -> None:
    """Said once in the log."""
    broken, ref = await watched.stands(BEN)
    _, fine = await watched.stands(ANNA)
    for _ in range(2):
        await watched.stage.claims()
    watched.doorbell.breaks = broken
    await watched.watches(3 * PERIOD_S)

    assert watched.stage.slack.edits(ref) == []
    assert len(watched.stage.slack.edits(fine)) == 1
    assert watched.doorbell.asked.count(broken) == 1


async def test_a_chat_that_hangs_makes_no_other_wait(watched: Watched) -> None:
    """Each platform is watched on its own."""

    class Hanging(FakeChat):
        async def edit(self, ref: str, message: Message) -> None:
            await asyncio.sleep(60)

    watched.stage.slack = Hanging()
    watched.stage.relay = watched.stage.new_relay()
    await watched.stands(ANNA)
    _, ref = await watched.stands(CARLA)
    for _ in range(2):
        await watched.stage.claims()
    async with running(watched.new_board(period_s=0.02).run()):
        await soon(lambda: watched.stage.discord.edits(ref))


async def test_two_hundred_that_wait_are_looked_at_within_a_period(watched: Watched) -> None:
    """Whatever does not fit comes first at the next look, so that nobody is left out for ever."""
    people = [replace(ANNA, workspace=f"T{number}") for number in range(200)]
    for person in people:
        await watched.stage.asks(person)
    await watched.stage.relays()
    watched.stage.clock.pass_s(WAITING_S)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await watched.board.look("slack", within_s=0.3)
    assert loop.time() - began < 3
    looked = len(watched.board._shown["slack"])
    assert looked < 200
    for _ in range(40):
        watched.stage.clock.pass_s(0.1)
        await watched.board.look("slack", within_s=0.3)
        if len(watched.board._shown["slack"]) == 200:
            break

    assert len(watched.board._shown["slack"]) == 200
    assert all(watched.stage.slack.edits(ref) for ref in watched.stage.slack.sent())


async def test_what_is_over_is_forgotten(watched: Watched) -> None:
    """A board that runs for months holds what stands now."""
    for number in range(3):
        await watched.stands(replace(ANNA, user=f"U{number}"))
        lease = await watched.stage.claims()
        await watched.watches(PERIOD_S)
        await watched.stage.finishes(lease)
        await watched.stage.relays()
    await watched.watches(PERIOD_S)

    assert watched.board._shown["slack"] == {}
    assert watched.board._mends["slack"] == {}
