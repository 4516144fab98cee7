"""Files on a simulated Slack: handed over at full size, fetched from those who sent them, and gone when somebody is forgotten."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.slack.files import Patience
from bot.events import Attachment
from bot.messages import File, Message, Text
from bot.people import Person
from engine.contract.errors import (
    ArtifactUnreadable,
    FileUnavailable,
    PersonError,
    PlatformError,
    RateLimited,
    Undeliverable,
)
from tests.slack.places import ANNA, BEN, DIRECT, Town, jpeg, picture, town

pytestmark = pytest.mark.asyncio
LIMIT = 25_000_000


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    """A town with nobody spoken to."""
    async with town(tmp_path) as opened:
        yield opened


def download(artifact: str, only_to: str = "") -> Message:
    """A headshot to take along."""
    said = "Headshot 1 at full size"
    return Message(said, (Text(said), File(artifact, ANNA.key, "headshot-corporate-1.jpg", "image/jpeg")), only_to)


def brought(here: Town, conversation: str = DIRECT, person: Person = ANNA) -> list[bytes]:
    """Files that stand in a conversation, as somebody opens them."""
    who = here.slack.person(person.user)
    return [who.opens(file) or b"" for message in here.reads(person, conversation) for file in message.files]


async def sent(here: Town, data: bytes, person: Person = ANNA, name: str = "selfie.jpg") -> Attachment:
    """Somebody uploads a file to the app."""
    message = await here.slack.person(person.user).dm(files=[(name, data)])
    return Attachment(message.files[0], "image/jpeg", len(data))


# ---- handed over


async def test_a_download_comes_below_its_words_byte_for_byte_and_by_its_name(here: Town) -> None:
    """At full size, in the thread where it was asked for."""
    artifact = await here.keeps(ANNA, size=(2400, 3000))
    top = await here.chat.send(DIRECT, Message("Queued"), "k0")
    await here.chat.send(top, download(artifact), "k1")

    assert [message.text for message in here.reads(ANNA, top)] == ["Headshot 1 at full size", ""]
    assert brought(here, top) == [(await here.pictures.get(ANNA.key, artifact))[1]]
    assert [file.name for file in here.slack.world.files.values()] == ["headshot-corporate-1.jpg"]


async def test_a_file_is_handed_over_once_however_often_it_is_tried(here: Town) -> None:
    """Also by another process."""
    message = download(await here.keeps(ANNA))
    for again in (False, True):
        await here.chat.send(DIRECT, message, "k1", again=again)
    await here.restart()
    await here.chat.send(DIRECT, message, "k1", again=True)

    assert len(brought(here)) == 1
    assert len(here.calls("files.completeUploadExternal")) == 1


@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
@pytest.mark.parametrize("how", ["lose_answer", "drop", "break_down"])
async def test_a_file_that_broke_off_anywhere_arrives_once(here: Town, step: str, how: str) -> None:
    """Unclear for the relay, which comes back."""
    message = download(await here.keeps(ANNA))
    getattr(here.slack.habits, how)(step)
    with pytest.raises(PlatformError, match="platform_unclear"):
        await here.chat.send(DIRECT, message, "k1")
    await here.restart()
    await here.chat.send(DIRECT, message, "k1", again=True)

    assert len(brought(here)) == 1
    assert [message.text for message in here.reads(ANNA)] == ["Headshot 1 at full size", ""]


async def test_a_completion_that_shared_nothing_is_noticed_and_done_again(here: Town) -> None:
    """Slack says ok, and nothing stands in the conversation."""
    await here.restart(patience=Patience(shared_s=0.2))
    here.slack.habits.forget_shares = 1
    await here.chat.send(DIRECT, download(await here.keeps(ANNA)), "k1")

    assert len(brought(here)) == len(here.stored()) == 1


async def test_a_slack_that_never_shares_is_tried_again_later_and_leaves_nothing_behind(here: Town) -> None:
    """The relay hears that it is unclear; the words are not said again."""
    await here.restart(patience=Patience(shared_s=0.2))
    here.slack.habits.forget_shares = 2
    message = download(await here.keeps(ANNA))
    with pytest.raises(PlatformError, match="platform_unclear"):
        await here.chat.send(DIRECT, message, "k1")
    assert here.stored() == []
    await here.chat.send(DIRECT, message, "k1", again=True)

    assert len(brought(here)) == 1
    assert len(here.calls("chat.postMessage")) == 1


async def test_a_large_file_goes_on_while_the_relay_comes_and_goes(here: Town) -> None:
    """It takes longer than anybody waits for a message; nobody starts it anew."""
    here.slack.habits.latency_s["upload"] = 0.5
    message = download(await here.keeps(ANNA))
    tries = 0
    while not brought(here):
        tries += 1
        try:
            async with asyncio.timeout(0.2):
                await here.chat.send(DIRECT, message, "k1", again=tries > 1)
        except TimeoutError:
            pass

    assert tries > 1
    assert len(here.calls("files.getUploadURLExternal")) == 1
    assert len(here.calls("chat.postMessage")) == 1


async def test_a_file_that_is_gone_is_not_announced(here: Town) -> None:
    """Nothing is said, so that the relay can say that it went wrong."""
    with pytest.raises(ArtifactUnreadable):
        await here.chat.send(DIRECT, download("0" * 32), "k1")

    assert here.reads(ANNA) == []


async def test_a_file_for_one_person_is_not_put_into_a_channel(here: Town) -> None:
    """All others could open it there."""
    await here.chat.send("T1/C1", download(await here.keeps(ANNA), only_to="U1"), "k1")

    assert brought(here, "T1/C1") == []
    assert len(brought(here)) == 1


# ---- fetched


async def test_a_file_comes_from_slack_as_it_was_sent(here: Town) -> None:
    """Also one of which events tell no more than its id, as those of other companies."""
    here.slack.habits.stub_files = True
    data = jpeg(size=(3000, 2000))

    assert await here.chat.fetch(ANNA, await sent(here, data), LIMIT) == data


async def test_what_somebody_else_sent_is_not_there(here: Town) -> None:
    """Whoever makes up an id of Ben's gets the same answer as for one that does not exist."""
    of_ben = await sent(here, jpeg(), BEN)
    cases = (
        (ANNA, of_ben.ref),
        (ANNA, "F0000000404"),
        (ANNA, "../auth.test"),
        (ANNA, ""),
        (Person("slack", "T2", "U2"), of_ben.ref),
        (Person("playground", "T1", "U2"), of_ben.ref),
    )

    for person, ref in cases:
        with pytest.raises(FileUnavailable, match="file_unavailable"):
            await here.chat.fetch(person, Attachment(ref), LIMIT)
    assert here.calls("download") == []


async def test_a_file_that_was_deleted_meanwhile_is_unavailable(here: Town) -> None:
    """The person is asked to send it again."""
    attachment = await sent(here, jpeg())
    await here.slack.person("U1").deletes_file(attachment.ref)

    with pytest.raises(FileUnavailable, match="file_unavailable"):
        await here.chat.fetch(ANNA, attachment, LIMIT)


async def test_a_login_page_is_no_photo(here: Town, caplog: pytest.LogCaptureFixture) -> None:
    """What Slack gives a token without files:read, with status 200. The log says what to look for."""
    attachment = await sent(here, jpeg())
    here.slack.habits.html_downloads = True

    with pytest.raises(FileUnavailable, match="file_unavailable"):
        await here.chat.fetch(ANNA, attachment, LIMIT)
    assert [record.code for record in caplog.records if record.msg == "slack_file_refused"] == ["slack_file_html"]  # type: ignore[attr-defined]


async def test_a_page_that_calls_itself_a_picture_is_no_photo_either(here: Town) -> None:
    """By its first bytes, whatever its headers say."""
    attachment = await sent(here, jpeg())
    here.slack.world.files[attachment.ref].data = b"\n <!DOCTYPE html><html>Sign in</html>"

    with pytest.raises(FileUnavailable, match="file_unavailable"):
        await here.chat.fetch(ANNA, attachment, LIMIT)


async def test_nobody_is_followed_with_the_token(here: Town, caplog: pytest.LogCaptureFixture) -> None:
    """A redirect may lead anywhere; `town` looks for leaks when it closes."""
    attachment = await sent(here, jpeg())
    here.slack.habits.redirect_downloads = True

    with pytest.raises(FileUnavailable, match="file_unavailable"):
        await here.chat.fetch(ANNA, attachment, LIMIT)
    assert [r.code for r in caplog.records if r.msg == "slack_file_refused"] == ["slack_file_redirected"]  # type: ignore[attr-defined]


async def test_only_the_hosts_of_the_settings_are_asked(here: Town) -> None:
    """An address of the same machine by another name is another host."""
    attachment = await sent(here, jpeg())
    here.slack.world.url = here.slack.world.url.replace("127.0.0.1", "localhost")

    with pytest.raises(FileUnavailable, match="file_unavailable"):
        await here.chat.fetch(ANNA, attachment, LIMIT)


async def test_a_file_above_the_limit_is_not_even_asked_for(here: Town) -> None:
    """The person hears how heavy it is."""
    attachment = await sent(here, jpeg() + bytes(3_000_000))
    here.slack.habits.break_down("download")

    with pytest.raises(PersonError, match="photo_too_heavy") as told:
        await here.chat.fetch(ANNA, attachment, 2_000_000)
    assert told.value.facts == {"megabytes": 3, "limit": 2}


async def test_a_file_that_is_heavier_than_slack_said_is_dropped_on_the_way(here: Town) -> None:
    """Nothing above the limit is held in memory."""
    attachment, given = await sent(here, jpeg()), [0]

    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while given[0] < 50_000_000:
            await answer.write(bytes(100_000))
            given[0] += 100_000
        return answer

    app = web.Application()
    app.router.add_get("/{rest:.*}", endless)
    async with TestServer(app) as server:
        await here.restart(file_hosts=[f"127.0.0.1:{server.port}"])
        here.slack.world.url = str(server.make_url("/"))
        with pytest.raises(PersonError, match="photo_too_heavy"):
            await here.chat.fetch(ANNA, attachment, 2_000_000)
    assert 0 < given[0] < 20_000_000


@pytest.mark.parametrize(
    ("how", "error"), [("drop", PlatformError), ("break_down", PlatformError), ("limit", RateLimited)]
)
async def test_a_download_that_breaks_off_is_tried_again(here: Town, how: str, error: type[Exception]) -> None:
    """It is not the file that is at fault."""
    attachment = await sent(here, jpeg())
    getattr(here.slack.habits, how)("download", **({} if how == "limit" else {"times": 3}))

    with pytest.raises(error) as told:
        await here.chat.fetch(ANNA, attachment, LIMIT)
    assert not isinstance(told.value, FileUnavailable)


# ---- forgotten


async def test_forgetting_leaves_neither_messages_nor_files(here: Town) -> None:
    """Galleries, repetitions, downloads with what brought them, a shared one, and a picture whose message was deleted by hand."""
    artifact, other = await here.keeps(ANNA), await here.keeps(ANNA, "navy")
    gallery = Message("Yours", (picture(artifact), picture(other)))
    refs = [
        await here.chat.send(DIRECT, gallery, "k1"),
        await here.chat.send(DIRECT, Message("Again", (picture(artifact),)), "k2"),
        await here.chat.send(DIRECT, download(artifact), "k3"),
        await here.chat.send("T1/C1", Message("Shared", (picture(artifact),)), "k4"),
    ]
    here.slack.board.delete(here.slack.world.bot_im("U1").messages[refs[0].rpartition("/")[2]])
    of_ben = await here.keeps(BEN)
    await here.chat.send("T1/@U2", Message("Ben's", (picture(of_ben, BEN),)), "k5")
    await here.restart()

    await here.pictures.delete_owner(ANNA.key)
    assert [await here.chat.delete(ref) for ref in reversed(refs)] == [True, True, True, False]

    assert here.reads(ANNA) == here.reads(ANNA, "T1/C1") == []
    assert len(here.stored()) == 1
    assert len(here.reads(BEN, "T1/@U2")) == 1
    assert [name for name in here.vault.kept if ANNA.key in name] == []


async def test_forgetting_goes_on_where_it_was_told_to_wait(here: Town) -> None:
    """The message is gone by then, and its files are still known."""
    ref = await here.chat.send(DIRECT, Message("Yours", (picture(await here.keeps(ANNA)),)), "k1")
    await here.pictures.delete_owner(ANNA.key)
    here.slack.habits.limit("files.delete", retry_after_s=1)
    with pytest.raises(RateLimited):
        await here.chat.delete(ref)
    await asyncio.sleep(1)

    assert await here.chat.delete(ref) is True
    assert await here.chat.delete(ref) is False
    assert here.stored() == []


async def test_another_process_finishes_what_was_begun(here: Town) -> None:
    """It finds no message, and the files in the notes."""
    ref = await here.chat.send(DIRECT, Message("Yours", (picture(await here.keeps(ANNA)),)), "k1")
    await here.pictures.delete_owner(ANNA.key)
    here.slack.habits.limit("files.delete", retry_after_s=1)
    with pytest.raises(RateLimited):
        await here.chat.delete(ref)
    await here.restart()

    assert await here.chat.delete(ref) is False
    assert here.stored() == []


async def test_files_of_somebody_who_left_go_too(here: Town) -> None:
    """Their conversation is closed, and nobody can delete a message in it."""
    ref = await here.chat.send(DIRECT, Message("Yours", (picture(await here.keeps(ANNA)),)), "k1")
    here.slack.deactivate("U1")
    await here.restart()
    await here.pictures.delete_owner(ANNA.key)

    with pytest.raises(Undeliverable):
        await here.chat.delete(ref)
    assert here.stored() == []


async def test_taking_a_shared_headshot_back_leaves_the_gallery_as_it_was(here: Town) -> None:
    """Both show the same file."""
    artifact = await here.keeps(ANNA)
    await here.chat.send(DIRECT, Message("Yours", (picture(artifact),)), "k1")
    shared = await here.chat.send("T1/C1", Message("Shared", (picture(artifact),)), "k2")

    assert await here.chat.delete(shared) is True
    assert here.reads(BEN, "T1/C1") == []
    assert len(here.stored()) == 1


async def test_deleting_a_download_takes_away_what_it_brought(here: Town) -> None:
    """Its words, the file, and the message that the file stood in; the headshot stays in its gallery."""
    artifact = await here.keeps(ANNA)
    await here.chat.send(DIRECT, Message("Yours", (picture(artifact),)), "k1")
    ref = await here.chat.send(DIRECT, download(artifact), "k2")

    assert await here.chat.delete(ref) is True
    assert [message.text for message in here.reads(ANNA)] == ["Yours"]
    assert len(here.stored()) == 1
