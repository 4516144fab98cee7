"""Handling an event may run twice: the process died before it could say that it was done. Nothing may happen twice."""

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from adapters.records.inbox import HOLD_S
from bot.actions import Action, to_id
from bot.conversation.conversation import Conversation
from bot.events import Commanded, Filled, Happening, Opened, Pointed, Pressed, Said, Withdrawn
from bot.verbs import Verb
from engine.contract.errors import PersonError
from tests.bot.scene import ANNA, BEN, SELFIE, Scene, open_scene

pytestmark = pytest.mark.asyncio
VOLATILE = {"tries", "due_at", "at", "received_at", "created_at", "id", "key", "seq"}


@pytest_asyncio.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """Anna has two photos and a gallery."""
    async with open_scene(tmp_path) as made:
        await made.has_gallery()
        await made.points(BEN, ANNA, SELFIE + b"elsewhere")
        await made.presses(ANNA, "Share", 1, form=True)
        await made.fills(ANNA, channel="C-team")
        yield made


def pressing(verb: Verb, argument: str = "") -> Callable[[Scene, str], Pressed]:
    """A button of the gallery, or of nothing."""
    own = verb in {Verb.MAKE, Verb.STATUS, Verb.EXPORT, Verb.AGREE, Verb.REMOVE_SELFIE, Verb.OFFER}

    def made(scene: Scene, known: str) -> Pressed:
        selfie = argument == "selfie"
        keys = {"offer": "Make my headshot", "share": "Take it back"}
        what = scene.first_selfie if selfie else argument
        if argument in keys:
            what = scene.button(keys[argument])[1].action[-16:]
        return Pressed(to_id(Action(verb, "" if own else known, 0 if own else 2, what)))

    return made


EVENTS: dict[str, Callable[[Scene, str], Happening]] = {
    "photos": lambda scene, _: Said("", (scene.chat.uploads(ANNA, SELFIE + b"new"), scene.chat.uploads(ANNA, SELFIE + b"newer"))),
    "a command": lambda *_: Commanded("legal 4 white background"),
    "a command with a photo": lambda scene, _: Commanded("legal 4", (scene.chat.uploads(ANNA, SELFIE + b"new"),)),
    "words": lambda *_: Said("2 warmer"),
    "a form": lambda *_: Filled(to_id(Action(Verb.ASK)), {"style": "navy", "count": "3", "wish": "", "polish": "0.4"}),
    "more like this": pressing(Verb.MORE_LIKE_THIS),
    "more": pressing(Verb.MORE),
    "try again": pressing(Verb.TRY_AGAIN),
    "make": pressing(Verb.MAKE, "natural"),
    "favourite": pressing(Verb.FAVOURITE, "on"),
    "unfavourite": pressing(Verb.FAVOURITE, "off"),
    "download": pressing(Verb.DOWNLOAD),
    "delete": pressing(Verb.DELETE),
    "show all": pressing(Verb.SHOW_ALL),
    "show": pressing(Verb.SHOW),
    "status": pressing(Verb.STATUS),
    "remove a selfie": pressing(Verb.REMOVE_SELFIE, "selfie"),
    "agree": pressing(Verb.AGREE),
    "export": pressing(Verb.EXPORT),
    "share": lambda _, known: Filled(to_id(Action(Verb.SHARE, known, 2)), {"channel": "C-team"}),
    "take back": pressing(Verb.TAKE_BACK, "share"),
    "wear": pressing(Verb.PROFILE),
    "say yes to an offer": pressing(Verb.OFFER, "offer"),
    "open the page": lambda *_: Opened(),
    "point": lambda scene, _: Pointed(BEN, "D-office-ben", (scene.chat.uploads(BEN, SELFIE),)),
    "take a photo back": lambda *_: Withdrawn(("F1",)),
}  # fmt: skip


@pytest.mark.parametrize("name", EVENTS)
async def test_handled_twice_is_done_once(scene: Scene, name: str) -> None:
    """The first process did all of it and died; the second does it again. Records, pictures and answers are those of one."""
    shoot = await scene.ledger.galleries.latest(ANNA)
    assert shoot is not None
    scene.first_selfie = (await scene.ledger.galleries.selfies(ANNA))[0].artifact
    event = scene.event(ANNA, EVENTS[name](scene, shoot.order.id))
    assert await scene.desk.receive(event)
    (received,) = await scene.ledger.inbox.due(["playground"])
    first = await scene.conversation.handle(received.event)
    after_once = await what_is_kept(scene)

    scene.clock.pass_s(HOLD_S + 1)
    (received,) = await scene.ledger.inbox.due(["playground"])
    second = await scene.conversation.handle(received.event, again=received.tries > 1)
    assert await what_is_kept(scene) == after_once
    assert len(second.replies) == len(first.replies)
    assert [reply.message["summary"] for reply in second.replies] == [
        reply.message["summary"] for reply in first.replies
    ]

    assert await scene.ledger.inbox.done(received, second.replies)
    shown = await scene.shown()
    assert len(shown.refs) == len(set(shown.refs)) <= len(first.replies) + 2
    assert not await scene.desk.receive(event)


async def what_is_kept(scene: Scene) -> str:
    """All records but times and counters."""
    export = await scene.ledger.people.export(ANNA)
    rows = {
        name: [{key: value for key, value in row.items() if key not in VOLATILE} for row in rows]
        for name, rows in export.items()
        if isinstance(rows, list) and name not in {"events"}
    }
    return str(rows)


class Died(BaseException):
    """kill -9."""


@dataclass(frozen=True)
class Mortal:
    """Does what the real one does; the process dies right after this call."""

    real: Any
    last: str

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.real, name)
        if name != self.last:
            return method

        async def dying(*args: Any, **kwargs: Any) -> None:
            await method(*args, **kwargs)
            raise Died

        return dying


async def test_a_process_that_dies_between_two_steps_is_made_up_for(scene: Scene) -> None:
    """Whatever call was the last one: each photo is looked at, once, under a number of its own."""
    ports, chat = scene.ports, scene.chat
    dying = [
        replace(ports, platforms={"playground": Mortal(chat, "fetch")}),
        replace(ports, pictures=Mortal(ports.pictures, "put")),
        replace(ports, acceptance=Mortal(ports.acceptance, "accept")),
        replace(ports, galleries=Mortal(ports.galleries, "mark")),
        replace(ports, queue=Mortal(ports.queue, "wake")),
    ]
    for number, mortal in enumerate(dying):
        event = scene.event(ANNA, Said("", (chat.uploads(ANNA, SELFIE + bytes([number])),)))
        await scene.desk.receive(event)
        (received,) = await scene.ledger.inbox.due(["playground"])
        with suppress(Died, PersonError):
            await Conversation(mortal).handle(received.event)
        scene.clock.pass_s(HOLD_S + 1)
        await scene.dispatcher.drain()
    await scene.screens()
    kept = await scene.ledger.galleries.selfies(ANNA)
    assert [each.verdict["name"] for each in kept] == [f"Photo {number}" for number in range(1, 3 + len(dying))]
