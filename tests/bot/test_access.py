"""Access: every action of everybody, by everybody else. To strangers there is no such shoot, and the words are the same for all."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from bot.actions import Action
from bot.conversation.pressing import OF_A_GALLERY, OF_A_SHOOT, OF_ANY_SHOOT, ON_THEIR_OWN
from bot.events import Pressed
from bot.messages import File, Picture
from bot.verbs import Verb
from engine.contract.sentences import sentence
from tests.bot.scene import ANNA, ANNA_ELSEWHERE, BEN, GUS, SELFIE, Scene, Shown, open_scene

pytestmark = pytest.mark.asyncio
STRANGERS = {"another user": BEN, "the same name in another workspace": ANNA_ELSEWHERE, "a guest": GUS}
NOT_THERE = "0" * 32
CHANNEL = "C-team"
ABOUT_HERS = OF_A_SHOOT | {Verb.REMOVE_SELFIE, Verb.OFFER}


@dataclass
class Office:
    """A scene in which Anna has photos and a gallery, and everybody has agreed."""

    scene: Scene
    shoot_id: str
    selfie: str
    offer: str
    """Key of a question to Anna about photos of hers."""
    share: str
    """Key of a headshot that Anna shared."""
    secrets: frozenset[str]
    """Ids that no stranger may ever see."""

    def action(self, verb: Verb, *, real: bool = True) -> Action:
        """What Anna's button of this verb asks for; or the same about things that never were."""
        shoot_id = (self.shoot_id if real else NOT_THERE) if verb in OF_A_SHOOT else ""
        argument = {
            Verb.MAKE: "corporate",
            Verb.FAVOURITE: "on",
            Verb.REMOVE_SELFIE: self.selfie if real else NOT_THERE,
            Verb.OFFER: self.offer if real else NOT_THERE[:16],
            Verb.TAKE_BACK: self.share if real else NOT_THERE[:16],
        }.get(verb, "")
        return Action(verb, shoot_id, 1 if verb in OF_A_GALLERY else 0, argument)

    async def belongings(self) -> tuple[str, list[str]]:
        """All of Anna's records, and which of her pictures can be read."""
        readable = []
        for artifact in sorted(self.secrets - {self.shoot_id}):
            await self.scene.pictures.get(ANNA.key, artifact)
            readable.append(artifact)
        readable += [ref for ref in self.scene.chat.sent(conversation=CHANNEL) if ref in self.scene.chat.messages]
        export = await self.scene.ledger.people.export(ANNA)
        return str(export), readable


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """Anna's day so far."""
    async with open_scene(tmp_path) as scene:
        await scene.has_gallery(ANNA)
        shoot = await scene.ledger.galleries.latest(ANNA)
        assert shoot is not None
        headshots = await scene.ledger.galleries.headshots(shoot.order.id, ANNA)
        selfies = [kept.artifact for kept in await scene.ledger.galleries.selfies(ANNA)]
        for person in STRANGERS.values():
            await scene.agreed(person)
        await scene.points(BEN, ANNA, SELFIE + b"elsewhere")
        await scene.presses(ANNA, "Share", 1, form=True)
        await scene.fills(ANNA, channel=CHANNEL)
        offer, share = (scene.button(label)[1].action[-16:] for label in ("Make my headshot", "Take it back"))
        secrets = frozenset({shoot.order.id, *selfies, *(kept.artifact for kept in headshots)})
        yield Office(scene, shoot.order.id, selfies[0], offer, share, secrets)


def leaks(shown: Shown, office: Office) -> list[str]:
    """Ids of Anna's that stand anywhere in these messages."""
    found = [secret for secret in office.secrets if secret in str(shown.messages)]
    owners = [part.owner for m in shown.messages for part in m.parts if isinstance(part, Picture | File)]
    return found + [owner for owner in owners if owner == ANNA.key]


async def test_every_verb_is_about_a_shoot_or_about_oneself() -> None:
    """A new verb has to decide what it is, and is then tried by every stranger below."""
    tables = [set(OF_A_GALLERY), set(OF_ANY_SHOOT), set(ON_THEIR_OWN)]
    assert set.union(*tables) == set(Verb)
    assert sum(map(len, tables)) == len(Verb)


@pytest.mark.parametrize("verb", Verb)
async def test_strangers_get_nothing(office: Office, verb: Verb) -> None:
    """Nothing of Anna's is shown, changed or used, whatever a stranger presses; and what is hers looks like nothing at all."""
    scene, before, told = office.scene, await office.belongings(), []
    for who, stranger in STRANGERS.items():
        shown = await scene.presses_id(stranger, office.action(verb), guest=stranger == GUS)
        nothing = await scene.presses_id(stranger, office.action(verb, real=False), guest=stranger == GUS)
        told.append(shown.messages)

        assert leaks(shown, office) == [], who
        assert verb not in ABOUT_HERS or shown.messages == nothing.messages, who
        assert not await scene.ledger.acceptance.open_shoots(ANNA), who
        assert verb not in OF_A_SHOOT or shown.summaries == [sentence("shoot_unknown")], who
    assert verb not in OF_A_SHOOT or told[0] == told[1] == told[2]
    assert await office.belongings() == before


@pytest.mark.parametrize("verb", sorted(OF_A_SHOOT))
async def test_the_answer_to_a_stranger_does_not_tell_who_has_agreed(office: Office, verb: Verb) -> None:
    """Before consent, the words are the same again: the owner is asked for first, then everything else."""
    for person in STRANGERS.values():
        await office.scene.ledger.people.withdraw_consent(person)
        shown = await office.scene.presses_id(person, office.action(verb), guest=person == GUS)
        assert shown.summaries == [sentence("shoot_unknown")]


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb is not Verb.FORGET_NOW])
async def test_the_owner_is_always_answered(office: Office, verb: Verb) -> None:
    """The same buttons work for whom they were made; otherwise the tests above would prove nothing."""
    before = await office.scene.open_orders()
    shown = await office.scene.presses_id(ANNA, office.action(verb))

    assert sentence("shoot_unknown") not in shown
    assert sentence("button_unknown") not in shown
    assert shown or await office.scene.open_orders() != before


async def test_words_find_nothing_of_others(office: Office) -> None:
    """`show`, status, selfies and words for a gallery see one's own things only."""
    about = [f"show {office.shoot_id}", f"show {office.shoot_id[:8]}", "status", "selfies", "warmer", "download 1"]
    for stranger in STRANGERS.values():
        for words in (*about, "delete 1", "more", "remove photo 1"):
            shown = await office.scene.says(stranger, words)
            assert leaks(shown, office) == [], words
    assert (await office.scene.ledger.galleries.headshots(office.shoot_id, ANNA))[0].marks == frozenset()


@pytest.mark.parametrize(
    "button_id", ["", "nonsense", "more-like-this:2.x", f"unheard-of:1.{NOT_THERE}.1.", "show-all:1..."]
)
async def test_buttons_that_are_not_ours_do_nothing(office: Office, button_id: str) -> None:
    """Whatever a client makes up is answered in words."""
    shown = await office.scene.does(office.scene.event(BEN, Pressed(button_id)))
    assert shown.summaries[0] in {sentence("button_unknown"), sentence("shoot_unknown")}
