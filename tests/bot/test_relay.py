"""The relay: every message arrives once, where it belongs, whatever the chat does meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.delivery import INSTEAD
from bot.messages import Message
from bot.relay import GIVE_UP_AFTER_S, TRIPS, verdict_on
from engine.contract.errors import (
    ArtifactUnreadable,
    FileUnavailable,
    PersonError,
    PlatformError,
    RateLimited,
    StorageError,
    Undeliverable,
)
from tests.bot.stage import ANNA, BEN, CARLA, Stage, open_stage, running, soon
from tests.chat.fake_chat import FakeChat

pytestmark = pytest.mark.asyncio
GALLERY = "Your corporate headshots: 2 headshots, the best first."
READY = "Your 2 corporate headshots are ready, the best first."


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """An empty one."""
    async with open_stage(f"sqlite:///{tmp_path / 'ledger.db'}") as opened:
        yield opened


async def test_a_gallery_takes_the_place_of_the_placeholder_and_rings_once_below_it(stage: Stage) -> None:
    """The person sees one message that became a gallery, and one fresh line in its thread."""
    shoot_id = await stage.asks()
    await stage.relays()
    ref = await stage.placeholder(shoot_id)
    assert (
        stage.shows(ref)
        == "2 corporate headshots from 1 photo."[:1].upper() + "2 corporate headshots from 1 photo."[1:]
    )
    await stage.finishes()
    await stage.relays()

    assert stage.shows(ref) == GALLERY
    assert [message.summary for message in stage.slack.thread(ref)] == [READY]
    assert len(stage.slack.history) == 3
    assert stage.delivered == [("slack", "ack"), ("slack", "gallery")]


async def test_an_answer_is_posted_where_it_was_asked(stage: Stage) -> None:
    """Replies carry their whole message."""
    await stage.answers("You have no photos yet.")
    await stage.relays()

    assert [stage.shows(ref) for ref in stage.slack.sent(conversation="C1")] == ["You have no photos yet."]


async def test_an_answer_may_take_the_place_of_a_gallery(stage: Stage) -> None:
    """“Show all” changes the gallery that stands there; nothing new is posted."""
    shoot_id = await stage.asks()
    await stage.finishes()
    await stage.relays()
    posted = len(stage.slack.sent())
    await stage.answers("All of them.", shoot_id=shoot_id, edits=True)
    await stage.relays()

    assert stage.shows(await stage.placeholder(shoot_id)) == "All of them."
    assert len(stage.slack.sent()) == posted


async def test_verdicts_explanations_and_cancellations_take_the_place_of_the_placeholder(stage: Stage) -> None:
    """Each ending is told where the person was told to wait."""
    told = {}
    for how in ("screening", "explained", "cancelled"):
        shoot_id = await stage.asks(kind="screening" if how == "screening" else "shoot")
        await stage.relays()
        if how == "screening":
            await stage.judges()
        elif how == "explained":
            await stage.explains()
        else:
            await stage.ledger.acceptance.cancel(shoot_id, ANNA)
        await stage.relays()
        told[how] = stage.shows(await stage.placeholder(shoot_id))

    assert "1 photo" in told["screening"]
    assert "No picture was good enough" in told["explained"]
    assert "cancelled" in told["cancelled"]
    assert len(stage.slack.sent()) == 3


@pytest.mark.parametrize("verb", ["edit", "send"])
async def test_a_gallery_whose_answer_got_lost_is_not_posted_twice(stage: Stage, verb: str) -> None:
    """Nobody knows how far the call came; it is repeated, and still one gallery and one line stand there."""
    shoot_id = await stage.asks()
    await stage.relays()
    await stage.finishes()
    stage.slack.fails("answer_lost", 2, verb)
    await stage.relays_for(8)
    ref = await stage.placeholder(shoot_id)

    assert stage.shows(ref) == GALLERY
    assert len(stage.slack.sent(conversation=ref)) == 1
    assert len(stage.slack.sent()) == 2
    assert await stage.all_told()


async def test_a_placeholder_whose_answer_got_lost_is_posted_once(stage: Stage) -> None:
    """The same key again."""
    shoot_id = await stage.asks()
    stage.slack.fails("answer_lost", 3)
    await stage.relays_for(10)

    assert stage.slack.sent() == [await stage.placeholder(shoot_id)]
    assert stage.slack.calls == ["send"] * 4


async def test_a_gallery_that_is_shown_is_not_shown_again_for_the_sake_of_the_line_below(stage: Stage) -> None:
    """Pictures are not uploaded a second time because a short line could not be posted."""
    shoot_id = await stage.asks()
    await stage.relays()
    await stage.finishes()
    stage.slack.fails("refused", 3, "send")
    await stage.relays_for(10)
    ref = await stage.placeholder(shoot_id)

    assert stage.slack.edits(ref) == [GALLERY]
    assert [message.summary for message in stage.slack.thread(ref)] == [READY]


async def test_a_gallery_whose_placeholder_was_deleted_is_sent_anew(stage: Stage) -> None:
    """Once, without a line below it, because a new message rings by itself; from then on it stands for the shoot."""
    shoot_id = await stage.asks()
    await stage.relays()
    gone = await stage.placeholder(shoot_id)
    await stage.slack.delete(gone)
    await stage.finishes()
    stage.slack.fails("answer_lost", 1, "send")
    await stage.relays_for(4)
    ref = await stage.placeholder(shoot_id)

    assert ref != gone
    assert stage.shows(ref) == GALLERY
    assert len(stage.slack.sent()) == 2
    await stage.answers("All of them.", shoot_id=shoot_id, edits=True)
    await stage.relays()
    assert stage.shows(ref) == "All of them."


async def test_a_gallery_that_was_deleted_before_the_line_below_it_is_let_be(stage: Stage) -> None:
    """Somebody saw it and took it away: nothing is posted after it."""
    shoot_id = await stage.asks()
    await stage.relays()
    await stage.finishes()
    stage.slack.fails("refused", 1, "send")
    await stage.relays()
    await stage.slack.delete(await stage.placeholder(shoot_id))
    await stage.relays_for(4)

    assert stage.slack.messages == {}
    assert await stage.all_told()


async def test_what_can_never_arrive_is_given_up_and_the_gallery_finds_its_own_way(stage: Stage) -> None:
    """The placeholder could not be posted; the gallery is a message of its own as soon as one can be."""
    shoot_id = await stage.asks()
    stage.slack.closed.add("C1")
    await stage.relays()
    assert stage.failures == [("slack", "conversation_closed")]
    stage.slack.closed.clear()
    await stage.finishes()
    await stage.relays()

    assert stage.shows(await stage.placeholder(shoot_id)) == GALLERY
    assert len(stage.slack.sent()) == 1


async def test_a_chat_that_asks_for_patience_gets_it(stage: Stage) -> None:
    """Not one call before the time is over."""
    await stage.asks()
    stage.slack.busy_s = 30
    stage.slack.fails("busy")
    await stage.relays_for(29)
    assert stage.slack.calls == ["send"]
    await stage.relays_for(2)

    assert stage.slack.calls == ["send"] * 2
    assert len(stage.slack.sent()) == 1


async def test_tries_come_less_and_less_often_and_end_after_a_day(stage: Stage) -> None:
    """A chat that is down for an hour is not hammered, and one that is down for ever does not keep us busy for ever."""
    await stage.asks()
    stage.slack.weather = lambda verb: "refused"
    await stage.relays_for(3600, step_s=10)
    assert 55 <= len(stage.slack.calls) <= 70
    await stage.relays_for(GIVE_UP_AFTER_S, step_s=600)
    calls = len(stage.slack.calls)
    await stage.relays_for(3600, step_s=600)

    assert len(stage.slack.calls) == calls
    assert await stage.all_told()


class Clumsy(FakeChat):
    """A chat whose adapter has a mistake: it trips over bars and pictures, and is hurt by nothing else."""

    trips: int = 1_000

    async def edit(self, ref: str, message: Message) -> None:
        """Only plain words get through."""
        if len(message.parts) > 1 and self.trips:
            self.trips -= 1
            raise KeyError("blocks")
        await super().edit(ref, message)


async def test_a_mistake_of_ours_does_not_hold_up_what_comes_after_it(stage: Stage) -> None:
    """After some tries the person gets an apology with a number, and the next message of the shoot comes."""
    clumsy = Clumsy()
    stage.slack = clumsy
    stage.relay = stage.new_relay()
    shoot_id = await stage.asks()
    await stage.relays()
    ref = await stage.placeholder(shoot_id)
    await stage.finishes()
    await stage.answers("Next.", shoot_id=shoot_id)
    await stage.relays_for(2.0**TRIPS)

    assert "Something went wrong" in stage.shows(ref)
    assert stage.failures.count(("slack", "went_wrong")) == TRIPS
    assert [stage.shows(each) for each in clumsy.sent(conversation="C1")[1:]] == ["Next."]


async def test_a_mistake_that_passes_costs_a_try(stage: Stage) -> None:
    """Nobody hears of it."""
    clumsy = Clumsy()
    clumsy.trips = TRIPS - 1
    stage.slack = clumsy
    stage.relay = stage.new_relay()
    shoot_id = await stage.asks()
    await stage.relays()
    await stage.finishes()
    await stage.relays_for(2.0**TRIPS)

    assert stage.shows(await stage.placeholder(shoot_id)) == GALLERY


async def test_what_can_never_be_posted_is_told_elsewhere(stage: Stage) -> None:
    """A channel in which nobody may write: the person hears it where they are, once, and can be forgotten there."""
    stage.slack.closed.add("C9")
    await stage.answers("A headshot", conversation="C9", otherwise=("D1", "I could not post it."))
    await stage.relays()
    await stage.relays()

    (ref,) = stage.slack.sent(conversation="D1")
    assert stage.shows(ref) == "I could not post it."
    assert stage.slack.sent(conversation="C9") == []
    (row,) = (await stage.ledger.people.export(ANNA))["messages"]
    assert (row["posted"], row["notes"][INSTEAD]) == (ref, ref)
    assert await stage.all_told()


async def test_what_is_told_elsewhere_is_told_for_certain(stage: Stage) -> None:
    """A chat that asks for patience, or loses an answer, gets it; what was posted is not posted again."""
    stage.slack.closed.add("C9")
    await stage.answers("A headshot", conversation="C9", otherwise=("D1", "I could not post it."))
    stage.slack.fails("gone", verb="send")
    stage.slack.fails("busy", verb="send")
    await stage.relays_for(5)
    stage.slack.fails("gone", verb="send")
    stage.slack.fails("answer_lost", verb="send")
    await stage.relays_for(90)

    (ref,) = stage.slack.sent(conversation="D1")
    assert stage.shows(ref) == "I could not post it."
    assert await stage.all_told()


async def test_a_reply_that_only_waits_is_not_told_elsewhere(stage: Stage) -> None:
    """A pause is no failure."""
    await stage.answers("A headshot", conversation="C9", otherwise=("D1", "I could not post it."))
    stage.slack.fails("busy", times=2)
    await stage.relays_for(20)

    assert len(stage.slack.sent(conversation="C9")) == 1
    assert stage.slack.sent(conversation="D1") == []


async def test_a_message_whose_shoot_is_gone_is_not_told(stage: Stage) -> None:
    """Forgotten while the relay held it."""
    await stage.asks()
    (message,) = await stage.ledger.outbox.due(["slack"])
    await stage.ledger.people.forget(ANNA)
    await stage.relay.deliver(message)

    assert stage.slack.history == []
    assert stage.failures == [("slack", "shoot_unknown")]


async def test_forgetting_names_every_message_that_was_posted(stage: Stage) -> None:
    """Placeholder, line below the gallery and answers: all that has to be deleted in the chat."""
    await stage.asks()
    await stage.finishes()
    await stage.answers("Hello.")
    await stage.relays()
    forgotten = await stage.ledger.people.forget(ANNA)

    assert sorted(ref for _, ref in forgotten.messages) == sorted(stage.slack.messages)


async def test_a_ring_is_heard_at_once(stage: Stage) -> None:
    """Answers do not wait for the next look, and messages of two people go out side by side."""
    stage.relay._idle_s = 30
    async with running(stage.relay.run()):
        await asyncio.sleep(0.05)
        await stage.asks(ANNA)
        await stage.asks(BEN)
        await stage.asks(CARLA)
        stage.relay.ring()
        await soon(lambda: len(stage.slack.sent()) == 2 and len(stage.discord.sent()) == 1)


class Hanging(FakeChat):
    """A chat that answers when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = 0
        self.open = asyncio.Event()

    async def send(self, conversation: str, message: Message, key: str, *, again: bool = False) -> str:
        """Waits."""
        self.waiting += 1
        await self.open.wait()
        return await super().send(conversation, message, key, again=again)


async def test_a_chat_that_hangs_holds_up_no_other(stage: Stage) -> None:
    """However many messages wait for Slack, those to Discord go out; and never more than some hang at a time."""
    hanging = Hanging()
    stage.slack = hanging
    stage.relay = stage.new_relay()
    for number in range(40):
        await stage.asks(replace(ANNA, user=f"U{number}"))
    async with running(stage.relay.run()):
        await soon(lambda: hanging.waiting == 16)
        await stage.asks(CARLA)
        await soon(lambda: len(stage.discord.sent()) == 1)
        assert hanging.waiting == 16
        hanging.open.set()
        await soon(lambda: len(hanging.sent()) == 40)


async def test_what_was_under_way_at_a_clean_stop_is_handed_out_again_at_once(stage: Stage) -> None:
    """A new version of the bot does not let people wait for the holds of the old one."""
    hanging = Hanging()
    stage.slack = hanging
    stage.relay = stage.new_relay()
    await stage.asks()
    async with running(stage.relay.run()):
        await soon(lambda: hanging.waiting == 1)
    hanging.open.set()
    await stage.relays()

    assert len(hanging.sent()) == 1


@pytest.mark.parametrize(
    ("error", "tries", "age_s", "after_s"),
    [
        (Undeliverable("message_gone"), 1, 0, None),
        (PersonError("shoot_unknown"), 1, 0, None),
        (RateLimited("platform_busy", 7.5), 9, 0, 7.5),
        (RateLimited("platform_busy", 0), 1, 0, 0.1),
        (PlatformError("platform_unclear"), 1, 0, 1),
        (PlatformError("platform_unclear"), 4, 0, 8),
        (PlatformError("platform_unclear"), 5000, 0, 60),
        (PlatformError("platform_unclear"), 5000, GIVE_UP_AFTER_S + 1, None),
        (TimeoutError(), 2, 0, 2),
        (StorageError("storage_unavailable"), 6, 0, 32),
        (ArtifactUnreadable("artifact_missing"), TRIPS, 0, None),
        (FileUnavailable("file_unavailable"), TRIPS, 0, None),
        (ValueError("too long"), TRIPS - 1, 0, 8),
        (ValueError("too long"), TRIPS, 0, None),
    ],
)
async def test_each_way_to_go_wrong_has_one_policy(
    error: Exception, tries: int, age_s: float, after_s: float | None
) -> None:
    """Wait as long as asked, longer and longer when it is unclear, and not for ever."""
    assert verdict_on(error, tries, age_s).after_s == after_s
