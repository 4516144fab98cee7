"""Sharing a headshot and wearing it: nobody but its owner can, and what was shared can be taken back."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.actions import Action, to_id
from bot.events import Filled
from bot.forgetting import Forgetting
from bot.messages import Picture
from bot.verbs import Verb
from engine.contract.errors import PersonError
from engine.contract.sentences import sentence
from tests.bot.scene import ANNA, ANNA_ELSEWHERE, BEN, GUS, Scene, buttons_of, open_scene, text_of

pytestmark = pytest.mark.asyncio
CHANNEL = "C-team"


@pytest_asyncio.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """Anna has a gallery."""
    async with open_scene(tmp_path) as made:
        await made.has_gallery()
        yield made


async def shares(scene: Scene, rank: int = 2) -> None:
    """By button and form."""
    assert not await scene.presses(ANNA, "Share", rank, form=True)
    await scene.fills(ANNA, channel=CHANNEL)


async def test_a_headshot_is_posted_where_its_owner_chose(scene: Scene) -> None:
    """The picture and whose doing it is: no name, no score, no button. The owner is told, below the gallery."""
    await shares(scene)

    (ref,) = scene.chat.sent(conversation=CHANNEL)
    posted = scene.chat.messages[ref]
    (picture,) = [part for part in posted.parts if isinstance(part, Picture)]
    shoot = await scene.ledger.galleries.latest(ANNA)
    assert shoot is not None
    headshots = await scene.ledger.galleries.headshots(shoot.order.id, ANNA)
    assert picture.artifact == headshots[1].artifact
    assert buttons_of(posted) == []
    assert "anna" not in text_of(posted).casefold()
    assert "0.9" not in text_of(posted)
    assert any("I post headshot 2" in text_of(each) for each in scene.chat.thread(shoot.placeholder or ""))


async def test_what_is_shared_is_kept_as_long_as_a_favourite(scene: Scene) -> None:
    """It stands before everybody: it does not vanish after a week."""
    await shares(scene)
    (ref,) = scene.chat.sent(conversation=CHANNEL)
    picture = next(part for part in scene.chat.messages[ref].parts if isinstance(part, Picture))
    artifact, _ = await scene.pictures.get(ANNA.key, picture.artifact)
    assert artifact.expires_at - scene.ports.now() == scene.ports.retention.picked


async def test_it_can_be_taken_back(scene: Scene) -> None:
    """By the button in the direct conversation; pressing twice says that it is gone."""
    await shares(scene)
    (ref,) = scene.chat.sent(conversation=CHANNEL)
    assert "Headshot 2 is taken back" in await scene.presses(ANNA, "Take it back")
    assert ref not in scene.chat.messages
    assert "Headshot 2 is taken back" in await scene.presses(ANNA, "Take it back")


async def test_it_can_be_taken_back_without_consent(scene: Scene) -> None:
    """To end something takes no agreement."""
    await shares(scene)
    await scene.ledger.people.withdraw_consent(ANNA)
    assert "Headshot 2 is taken back" in await scene.presses(ANNA, "Take it back")


async def test_a_headshot_that_is_deleted_for_good_is_taken_back_too(scene: Scene) -> None:
    """Its picture is gone here; it does not go on standing in a channel. Others that were shared stay."""
    await shares(scene)
    await shares(scene, 1)
    second, first = scene.chat.sent(conversation=CHANNEL)
    assert "Where you had shared it, it is taken away, too" in await scene.presses(ANNA, "Delete", 2)
    assert second not in scene.chat.messages
    assert first in scene.chat.messages


async def test_nobody_else_can_take_it_back_or_share_it(scene: Scene) -> None:
    """Neither by pressing what they never saw nor by sending off a form that was not theirs."""
    await shares(scene)
    (ref,) = scene.chat.sent(conversation=CHANNEL)
    _, back = scene.button("Take it back")
    _, form = scene.chat.forms[-1]
    for stranger in (BEN, ANNA_ELSEWHERE):
        await scene.agreed(stranger)
        stolen = await scene.does(scene.event(stranger, Filled(form.id, {"channel": CHANNEL})))
        assert stolen.summaries == [sentence("shoot_unknown")]
    guest = replace(scene.event(GUS, Filled(form.id, {"channel": CHANNEL})), guest=True)
    assert (await scene.does(guest)).summaries == [sentence("guests_not_served")]
    key = back.action.rpartition(".")[2]
    shoot = await scene.ledger.galleries.latest(ANNA)
    assert shoot is not None
    for stranger in (BEN, ANNA_ELSEWHERE, GUS):
        await scene.presses_id(stranger, Action(Verb.TAKE_BACK, shoot.order.id, 2, key))
    assert scene.chat.sent(conversation=CHANNEL) == [ref]
    assert ref in scene.chat.messages


async def test_the_key_of_another_message_takes_nothing_back(tmp_path: Path) -> None:
    """Whoever has a gallery of their own still cannot name somebody else's message with it."""
    async with open_scene(tmp_path) as scene:
        await scene.has_gallery(BEN)
        await scene.has_gallery(ANNA)
        await shares(scene)
        (ref,) = scene.chat.sent(conversation=CHANNEL)
        key = scene.button("Take it back")[1].action.rpartition(".")[2]
        own = await scene.ledger.galleries.latest(BEN)
        assert own is not None
        shown = await scene.presses_id(BEN, Action(Verb.TAKE_BACK, own.order.id, 2, key))
        assert "does not stand there" in shown
        assert ref in scene.chat.messages


async def test_a_channel_that_the_bot_cannot_write_in_is_told_with_what_to_do(scene: Scene) -> None:
    """The owner hears that nobody saw it; a second press of “Take it back” does not take that line away."""
    scene.chat.closed.add(CHANNEL)
    await shares(scene)
    assert scene.chat.sent(conversation=CHANNEL) == []
    told = [each for each in scene.chat.messages.values() if "invite me" in text_of(each)]
    assert len(told) == 1
    assert [button.label for button in buttons_of(told[0])] == ["Share again"]

    assert "does not stand there" in await scene.presses(ANNA, "Take it back")
    assert told[0] in scene.chat.messages.values()

    scene.chat.closed.clear()
    await scene.presses(ANNA, "Share again", form=True)
    await scene.fills(ANNA, channel=CHANNEL)
    assert len(scene.chat.sent(conversation=CHANNEL)) == 1


async def test_the_word_before_a_channel_is_asked_for(scene: Scene) -> None:
    """Words open no form, so a button comes first; a form without a channel is answered."""
    shown = await scene.says(ANNA, "share 2")
    assert shown.labels == ["Choose a channel"]
    await scene.presses(ANNA, "Choose a channel", form=True)
    assert await scene.fills(ANNA)
    assert scene.chat.sent(conversation=CHANNEL) == []
    assert sentence("channel_missing") in [message.summary for message in scene.chat.messages.values()]


async def test_forgetting_takes_shared_headshots_back(scene: Scene) -> None:
    """Also what other people read along, and also the words that were said instead."""
    await shares(scene)
    scene.chat.closed.add("C-closed")
    await scene.presses(ANNA, "Share", 1, form=True)
    await scene.fills(ANNA, channel="C-closed")
    forgetting = Forgetting(scene.ledger.people, scene.pictures, scene.bell, {"playground": scene.chat})  # type: ignore[arg-type]
    await forgetting.forget(ANNA)
    assert scene.chat.messages == {}


async def test_a_headshot_becomes_the_profile_photo(scene: Scene) -> None:
    """Its bytes as they are stored; twice is as good as once."""
    shoot = await scene.ledger.galleries.latest(ANNA)
    assert shoot is not None
    headshots = await scene.ledger.galleries.headshots(shoot.order.id, ANNA)
    shown = await scene.presses_id(ANNA, Action(Verb.PROFILE, shoot.order.id, 1))
    assert "Headshot 1 is your profile photo now" in shown
    _, data = await scene.pictures.get(ANNA.key, headshots[0].artifact)
    assert scene.profiles.worn == [(ANNA, data)]


async def test_who_has_not_connected_their_profile_is_told_how(scene: Scene) -> None:
    """A link of their own; the headshot waits."""
    scene.profiles.refusal = PersonError("profile_not_connected", url="https://example.org/connect")
    shoot = await scene.ledger.galleries.latest(ANNA)
    assert shoot is not None
    shown = await scene.presses_id(ANNA, Action(Verb.PROFILE, shoot.order.id, 1))
    assert "https://example.org/connect" in str(shown.messages)
    assert scene.profiles.worn == []
    assert shown.files == []


@pytest.mark.parametrize("code", ["profile_managed", "profile_refused", "profile_not_offered"])
async def test_who_cannot_wear_it_gets_the_file(scene: Scene, code: str) -> None:
    """With the reason: somebody else sets the photos, or the person does it by hand."""
    scene.profiles.refusal = PersonError(code)
    shoot = await scene.ledger.galleries.latest(ANNA)
    assert shoot is not None
    shown = await scene.presses_id(ANNA, Action(Verb.PROFILE, shoot.order.id, 1))
    assert sentence(code) in shown
    assert [file.name for file in shown.files] == ["headshot-corporate-1.jpg"]


async def test_the_profile_button_stands_where_there_are_profiles(scene: Scene) -> None:
    """The playground has none, so nobody is offered what cannot be done."""
    gallery = await scene.says(ANNA, "show all")
    assert "Share" in gallery.labels
    assert "Use as my photo" not in gallery.labels
    assert to_id(Action(Verb.PROFILE, "0" * 32, 1)).startswith("profile:1.")
