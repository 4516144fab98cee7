"""Files without a picture in a simulated Slack: whatever left them behind, a round takes them away, slowly and bit by bit."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.slack.filenotes import FileNotes
from adapters.slack.sweeping import EVERY_S, FIRST_S, Sweeping
from bot.messages import Album, File, Message, Picture
from bot.people import Person
from bot.vault import of_person
from engine.contract.errors import ArtifactUnreadable, PlatformError
from tests.slack.places import ANNA, BEN, DIRECT, Town, picture, town

pytestmark = pytest.mark.asyncio
PAST = datetime(2001, 1, 1, tzinfo=UTC)


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    """A town with nobody spoken to."""
    async with town(tmp_path) as opened:
        yield opened


class Naps:
    """Sleeps at once, remembers for how long, and is woken for good after so many."""

    def __init__(self, most: int = 100) -> None:
        self.history: list[float] = []
        self._most = most

    async def __call__(self, seconds: float) -> None:
        self.history.append(seconds)
        if len(self.history) >= self._most:
            raise asyncio.CancelledError
        await asyncio.sleep(0)


def sweeping(here: Town, naps: Naps | None = None, looked_at: int = 1000) -> Sweeping:
    """Of the chat of now, in no need to be slow."""
    return Sweeping(here.chat.sweeping.removing, FileNotes(here.vault), naps or Naps(), 0.0, looked_at)


def notes(here: Town, person: Person = ANNA) -> list[str]:
    """What is noted of somebody's files."""
    return [name for name in here.vault.kept if name.startswith(of_person(person))]


async def shown(here: Town, person: Person = ANNA, colour: str = "teal") -> Picture:
    """A headshot in somebody's gallery."""
    made = picture(await here.keeps(person, colour), person)
    await here.chat.send(f"T1/@{person.user}", Message("Yours", (made,)), f"{person.user}{colour}")
    return made


# ---- what goes


async def test_what_expires_in_the_store_goes_from_slack(here: Town) -> None:
    """The copy that messages show, those of albums, and downloads; what is kept here stays there."""
    gone, stays = await shown(here), await shown(here, BEN)
    file = File(gone.artifact, ANNA.key, "headshot-corporate-1.jpg", "image/jpeg")
    await here.chat.send(DIRECT, Message("Rest", (Album((gone,)),)), "k1")
    await here.chat.send(DIRECT, Message("Download", (file,)), "k2")
    assert await sweeping(here).sweep() == 0
    assert len(here.stored()) == 4

    await here.pictures.expire(ANNA.key, gone.artifact, PAST)
    assert await sweeping(here).sweep() == 3
    assert len(here.stored()) == len(notes(here, BEN)) == 1
    assert notes(here) == []
    assert [message.text for message in here.reads(ANNA)] == ["Yours", "Rest", "Download"]
    assert stays.artifact in notes(here, BEN)[0]


async def test_a_file_of_a_message_that_never_came_goes_with_its_picture(here: Town) -> None:
    """The process died between the upload and the message."""
    artifact = await here.keeps(ANNA)
    here.slack.habits.drop("chat.postMessage")
    with pytest.raises(PlatformError):
        await here.chat.send(DIRECT, Message("Yours", (picture(artifact),)), "k1")
    await here.restart()
    assert await sweeping(here).sweep() == 0

    await here.pictures.expire(ANNA.key, artifact, PAST)
    assert await sweeping(here).sweep() == 1
    assert here.stored() == []


@pytest.mark.parametrize("broken", [False, True], ids=["goes on", "dies"])
@pytest.mark.parametrize("part", ["picture", "album", "file"])
async def test_an_upload_that_crosses_a_forgetting_leaves_no_file_without_a_note(
    here: Town, part: str, broken: bool
) -> None:
    """It goes at once; or where nobody hears that it is complete, with the next round."""
    artifact = await here.keeps(ANNA)
    parts = {
        "picture": picture(artifact),
        "album": Album((picture(artifact),)),
        "file": File(artifact, ANNA.key, "headshot-corporate-1.jpg", "image/jpeg"),
    }
    here.slack.habits.latency_s["upload"] = 0.3
    if broken:
        here.slack.habits.lose_answer("files.completeUploadExternal")
    sending = asyncio.create_task(here.chat.send(DIRECT, Message("Yours", (parts[part],)), "k1"))
    async with asyncio.timeout(5):
        while not notes(here):
            await asyncio.sleep(0.01)
    await here.pictures.delete_owner(ANNA.key)
    await here.vault.drop(of_person(ANNA))
    with suppress(PlatformError, ArtifactUnreadable):
        await sending

    if broken:
        assert len(here.stored()) == len(notes(here)) == 1
        assert await sweeping(here).sweep() == 1
    assert here.stored() == notes(here) == []


# ---- how


async def test_a_round_is_bounded_and_the_next_goes_on_where_it_stopped(here: Town) -> None:
    """After everybody it begins anew."""
    for person in (ANNA, BEN):
        await shown(here, person)
    round_of_one = sweeping(here, looked_at=1)
    for person in (ANNA, BEN):
        await here.pictures.delete_owner(person.key)

    assert [await round_of_one.sweep() for _ in range(3)] == [1, 1, 0]
    again = await shown(here, ANNA, "navy")
    await here.pictures.expire(ANNA.key, again.artifact, PAST)
    assert await round_of_one.sweep() == 1


async def test_a_slack_that_is_busy_is_left_in_peace(here: Town) -> None:
    """The round waits as long as it is told; what was left goes with the next."""
    for colour in ("teal", "navy"):
        await shown(here, ANNA, colour)
    await here.pictures.delete_owner(ANNA.key)
    here.slack.habits.limit("files.delete", retry_after_s=1)
    naps = Naps()
    busy = sweeping(here, naps)

    assert await busy.sweep() == 0
    assert naps.history == [1.0]
    await asyncio.sleep(1)
    assert await busy.sweep() == 2


async def test_a_workspace_that_removed_the_app_holds_nobody_up(here: Town) -> None:
    """Nothing can be taken away there any more; everywhere else it goes on."""
    await shown(here, BEN)
    await here.pictures.delete_owner(BEN.key)
    await here.vault.put("person/slack/T0/U1/slack-files/" + "a" * 32 + "/shown/F012345678", b"1")

    assert await sweeping(here).sweep() == 1
    assert len([name for name in here.vault.kept if "/T0/" in name]) == 1


async def test_rounds_go_on_whatever_happens(here: Town) -> None:
    """First a while after the start, then every hour, also when Slack was away or did not take a call."""
    await shown(here)
    await here.pictures.delete_owner(ANNA.key)
    here.slack.habits.break_down("files.delete")
    here.slack.habits.refuse("files.delete", "invalid_arguments")
    naps = Naps(most=4)
    with pytest.raises(asyncio.CancelledError):
        await sweeping(here, naps).run()

    assert naps.history == [FIRST_S, EVERY_S, EVERY_S, EVERY_S]
    assert here.stored() == []
