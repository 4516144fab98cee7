"""Albums in a simulated Slack: several files that stand in one message, shared once, above the words and menus about them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.slack.files import Patience
from adapters.slack.limits import ALBUM
from bot.actions import Action, to_id
from bot.messages import Album, Button, Message, Text
from engine.contract.errors import PlatformError
from tests.slack.places import ANNA, DIRECT, Town, picture, town
from tests.slack.simulator.world import files_in

pytestmark = pytest.mark.asyncio
COLOURS = ("teal", "navy", "olive", "plum", "coral", "gold", "grey", "pink", "lime", "cyan", "tan", "red")
PAST = datetime(2001, 1, 1, tzinfo=UTC)


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    """A town with nobody spoken to, and a Slack that shares at once or never."""
    async with town(tmp_path) as opened:
        await opened.restart(patience=Patience(shared_s=0.2))
        yield opened


def album(*artifacts: str) -> Message:
    """Anna's headshots from the fifth on."""
    shown = []
    for rank, artifact in enumerate(artifacts, 5):
        download = Button(to_id(Action("download", "a" * 32, rank)), "Download")
        shown.append(replace(picture(artifact, alt=f"Headshot {rank}"), title=f"{rank}", buttons=(download,)))
    return Message("The rest", (Text("The rest", "heading"), Album(tuple(shown))))


async def keeps(here: Town, count: int) -> list[str]:
    """So many headshots of Anna."""
    return [await here.keeps(ANNA, colour) for colour in COLOURS[:count]]


def albums(here: Town, conversation: str = DIRECT) -> list[list[str]]:
    """Titles of the files of each message that brings some and can be opened, as Anna sees it."""
    anna, files = here.slack.person("U1"), here.slack.world.files
    shared = [message for message in here.reads(ANNA, conversation) if message.files]
    return [[files[each].title for each in message.files if anna.opens(each)] for message in shared]


# ---- shared


async def test_an_album_is_one_message_above_the_one_with_its_menus(here: Town) -> None:
    """In the thread where it was asked for, in the order of the ranks; nothing is said on the upload."""
    top = await here.chat.send(DIRECT, Message("Gallery"), "k0")
    await here.chat.send(top, album(*await keeps(here, 3)), "k1")

    assert [message.text for message in here.reads(ANNA, top)] == ["", "The rest"]
    assert albums(here, top) == [["Headshot 5", "Headshot 6", "Headshot 7"]]
    lines = [block for block in here.reads(ANNA, top)[1].blocks if block["type"] == "section"]
    assert [line["accessory"]["options"][0]["value"] for line in lines] == [
        f"download:1.{'a' * 32}.{rank}." for rank in (5, 6, 7)
    ]
    assert not list(files_in(here.reads(ANNA, top)[1].blocks))
    assert all("alt_txt" not in call.args and "initial_comment" not in call.args for call in here.slack.world.calls)


async def test_more_than_slack_shares_at_once_are_several(here: Town) -> None:
    """With fifteen files the call fails."""
    await here.chat.send(DIRECT, album(*await keeps(here, 12)), "k1")

    assert [len(each) for each in albums(here)] == [ALBUM, 2]
    assert len(here.calls("files.completeUploadExternal")) == 2


async def test_an_album_is_shared_once_however_often_it_is_tried(here: Town) -> None:
    """Also by another process, and where the message below it was not posted."""
    message = album(*await keeps(here, 2))
    here.slack.habits.drop("chat.postMessage")
    with pytest.raises(PlatformError):
        await here.chat.send(DIRECT, message, "k1")
    for _ in range(2):
        await here.chat.send(DIRECT, message, "k1", again=True)
        await here.restart(patience=Patience(shared_s=0.2))

    assert albums(here) == [["Headshot 5", "Headshot 6"]]
    assert [message.text for message in here.reads(ANNA)] == ["", "The rest"]


@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
@pytest.mark.parametrize("how", ["lose_answer", "drop", "break_down"])
async def test_an_album_that_broke_off_anywhere_arrives_once(here: Town, step: str, how: str) -> None:
    """Unclear for the relay, which comes back; nothing is left lying about."""
    message = album(*await keeps(here, 3))
    getattr(here.slack.habits, how)(step)
    with pytest.raises(PlatformError, match="platform_unclear"):
        await here.chat.send(DIRECT, message, "k1")
    await here.restart(patience=Patience(shared_s=0.2))
    await here.chat.send(DIRECT, message, "k1", again=True)

    assert albums(here) == [["Headshot 5", "Headshot 6", "Headshot 7"]]
    completed = [file for file in here.slack.world.files.values() if file.completed and not file.deleted]
    assert len(completed) == len([name for name in here.vault.kept if "/slack-files/" in name]) == 3


async def test_a_completion_that_shared_nothing_is_noticed_and_done_again(here: Town) -> None:
    """Slack says ok, and nothing stands in the conversation."""
    here.slack.habits.forget_shares = 1
    await here.chat.send(DIRECT, album(*await keeps(here, 3)), "k1")

    assert [len(each) for each in albums(here)] == [3]
    assert len(here.stored()) == 3


async def test_what_slack_never_shares_is_shown_in_the_message(here: Town) -> None:
    """Smaller and one below the other, and with the same menus."""
    here.slack.habits.forget_shares = 2
    await here.chat.send(DIRECT, album(*await keeps(here, 3)), "k1")

    assert albums(here) == []
    (message,) = here.reads(ANNA)
    assert [block["type"] for block in message.blocks] == ["header", *("image", "section") * 3]
    assert all(here.slack.person("U1").opens(file) for file in files_in(message.blocks))
    assert len(here.stored()) == 3


async def test_an_album_waits_until_slack_has_looked_at_it(here: Town) -> None:
    """Nobody is told about pictures that do not stand there yet."""
    here.slack.habits.ready_after_s = 0.5
    await here.chat.send(DIRECT, album(*await keeps(here, 2)), "k1")

    assert [message.text for message in here.reads(ANNA)] == ["", "The rest"]


async def test_a_slow_album_goes_on_while_the_relay_comes_and_goes(here: Town) -> None:
    """It takes longer than anybody waits for a message; nobody starts it anew."""
    here.slack.habits.latency_s["upload"] = 0.4
    message, tries = album(*await keeps(here, 4)), 0
    while not here.reads(ANNA)[1:]:
        tries += 1
        try:
            async with asyncio.timeout(0.2):
                await here.chat.send(DIRECT, message, "k1", again=tries > 1)
        except TimeoutError:
            pass

    assert tries > 1
    assert [len(each) for each in albums(here)] == [4]
    assert len(here.calls("files.getUploadURLExternal")) == 4


async def test_a_picture_that_is_gone_is_left_out(here: Town) -> None:
    """Of the album; it is still told in words. With none left there is no album."""
    first, second = await keeps(here, 2)
    await here.pictures.expire(ANNA.key, first, PAST)
    await here.chat.send(DIRECT, album(first, second), "k1")
    await here.pictures.expire(ANNA.key, second, PAST)
    await here.chat.send(DIRECT, album(first, second), "k2")

    assert albums(here) == [["Headshot 6"]]
    assert [message.text for message in here.reads(ANNA)] == ["", "The rest", "The rest"]


# ---- gone


async def test_deleting_it_takes_the_album_and_its_files_along(here: Town) -> None:
    """And nothing else."""
    artifacts = await keeps(here, 3)
    await here.chat.send(DIRECT, Message("Gallery", (picture(artifacts[0]),)), "k0")
    ref = await here.chat.send(DIRECT, album(*artifacts), "k1")
    await here.restart()

    assert await here.chat.delete(ref) is True
    assert [message.text for message in here.reads(ANNA)] == ["Gallery"]
    assert len(here.stored()) == len([name for name in here.vault.kept if "/slack-files/" in name]) == 1


async def test_a_headshot_that_was_deleted_goes_from_the_album_and_leaves_the_others(here: Town) -> None:
    """As soon as the gallery is edited, though the gallery never showed it; with the last one goes the message."""
    artifacts = await keeps(here, 3)
    gallery = await here.chat.send(DIRECT, Message("Gallery"), "k0")
    await here.chat.send(DIRECT, album(*artifacts), "k1")
    await here.pictures.expire(ANNA.key, artifacts[1], PAST)
    await here.chat.edit(gallery, Message("Gallery, edited"))
    assert albums(here) == [["Headshot 5", "Headshot 7"]]

    for artifact in (artifacts[0], artifacts[2]):
        await here.pictures.expire(ANNA.key, artifact, PAST)
    await here.chat.edit(gallery, Message("Gallery, edited"))
    assert albums(here) == []
    assert [message.text for message in here.reads(ANNA)] == ["Gallery, edited", "The rest"]
    assert here.stored() == []


async def test_forgetting_takes_albums_away(here: Town) -> None:
    """Also one whose message somebody had deleted by hand."""
    first = await here.chat.send(DIRECT, album(*await keeps(here, 3)), "k1")
    second = await here.chat.send(DIRECT, album(*await keeps(here, 2)), "k2")
    here.slack.board.delete(here.slack.world.bot_im("U1").messages[first.rpartition("/")[2]])
    await here.restart()
    await here.pictures.delete_owner(ANNA.key)

    assert [await here.chat.delete(ref) for ref in (second, first)] == [True, False]
    assert here.reads(ANNA) == []
    assert here.stored() == []
    assert not [name for name in here.vault.kept if ANNA.key in name]
