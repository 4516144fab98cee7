"""The port `ChatPlatform`: what relay and conversation may rely on, whatever the chat."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.events import Attachment
from bot.messages import Blank, Form, Message, Text
from engine.contract.errors import FileUnavailable, PersonError, Undeliverable
from tests.ports.chat.platforms import PLATFORMS, Place

pytestmark = pytest.mark.asyncio
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8
FORM = Form("retouch:1...", "Retouch", "Start", (Blank("wish", "Your wish", "text", longest=80),))


@pytest_asyncio.fixture(params=PLATFORMS)
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """A platform with Anna and Ben on it."""
    async with PLATFORMS[request.param](tmp_path) as opened:
        yield opened


def words(text: str, only_to: str = "") -> Message:
    """A short message."""
    return Message(text, (Text(text),), only_to)


async def test_a_message_stands_where_it_was_sent(place: Place) -> None:
    """Whoever reads along in the channel sees it."""
    await place.chat.send(place.conversation, words("Hello"), "k1")

    assert (await place.reads(place.conversation, place.anna))[-1:] == ["Hello"]
    assert (await place.reads(place.conversation, place.ben))[-1:] == ["Hello"]


async def test_the_same_key_is_posted_once(place: Place) -> None:
    """A relay that did not hear the answer asks again and gets the reference of what stands there already."""
    key = "0123456789abcdef" + "r" * 9
    first = await place.chat.send(place.conversation, words("One"), key)
    again = await place.chat.send(place.conversation, words("One"), key)
    other = await place.chat.send(place.conversation, words("Two"), "another")

    assert first == again != other
    assert (await place.reads(place.conversation, place.anna))[-2:] == ["One", "Two"]


async def test_an_edit_takes_the_place_of_the_message(place: Place) -> None:
    """The gallery stands where the placeholder stood, also when the edit comes twice."""
    ref = await place.chat.send(place.conversation, words("Queued"), "k1")
    await place.chat.send(place.conversation, words("Something else"), "k2")
    for _ in range(2):
        await place.chat.edit(ref, words("Here you are"))

    assert (await place.reads(place.conversation, place.anna))[-2:] == ["Here you are", "Something else"]


async def test_a_message_that_somebody_deleted_cannot_be_edited(place: Place) -> None:
    """The relay hears it and sends the gallery anew."""
    ref = await place.chat.send(place.conversation, words("Queued"), "k1")
    await place.chat.delete(ref)

    with pytest.raises(Undeliverable, match="message_gone"):
        await place.chat.edit(ref, words("Here you are"))


async def test_deleting_says_whether_something_stood_there(place: Place) -> None:
    """Forgetting counts what it took away, and counts nothing twice."""
    ref = await place.chat.send(place.conversation, words("Hello"), "k1")

    assert await place.chat.delete(ref) is True
    assert await place.chat.delete(ref) is False
    assert "Hello" not in await place.reads(place.conversation, place.anna)


async def test_a_deleted_message_does_not_come_back_with_its_key(place: Place) -> None:
    """A late repetition of a send does not undo what somebody deleted."""
    ref = await place.chat.send(place.conversation, words("Hello"), "k1")
    await place.chat.delete(ref)
    await place.chat.send(place.conversation, words("Hello"), "k1")

    assert "Hello" not in await place.reads(place.conversation, place.anna)


async def test_the_reference_of_a_message_is_the_thread_below_it(place: Place) -> None:
    """The note that a gallery is ready stands below its placeholder and not in the channel; it can be changed too."""
    ref = await place.chat.send(place.conversation, words("Queued"), "k1")
    below = await place.chat.send(ref, words("Ready"), "k2")
    assert await place.reads(ref, place.anna) == ["Ready"]
    assert "Ready" not in await place.reads(place.conversation, place.anna)
    await place.chat.edit(below, words("Still ready"))

    assert await place.reads(ref, place.anna) == ["Still ready"]


async def test_a_message_for_one_person_is_seen_by_nobody_else(place: Place) -> None:
    """Advice about somebody's selfies is not for the whole channel, not even after an edit."""
    before = await place.reads(place.conversation, place.ben)
    ref = await place.chat.send(place.conversation, words("Only you", place.anna.user), "k1")
    await place.chat.edit(ref, words("Still only you", place.anna.user))

    assert (await place.reads(place.conversation, place.anna))[-1:] == ["Still only you"]
    assert await place.reads(place.conversation, place.ben) == before


async def test_a_file_arrives_as_it_was_sent(place: Place) -> None:
    """Byte for byte: the engine reads the original."""
    sent = await place.uploads(place.anna, JPEG)

    assert await place.chat.fetch(place.anna, sent, len(JPEG)) == JPEG


async def test_a_file_above_the_limit_is_not_read(place: Place) -> None:
    """The person hears that it is too heavy."""
    sent = await place.uploads(place.anna, JPEG)

    with pytest.raises(PersonError, match="photo_too_heavy"):
        await place.chat.fetch(place.anna, sent, len(JPEG) - 1)


async def test_a_file_that_is_not_there_is_unavailable(place: Place) -> None:
    """The person is asked to send it again."""
    with pytest.raises(FileUnavailable, match="file_unavailable"):
        await place.chat.fetch(place.anna, Attachment("no-such-file", "image/jpeg", 3), 100)


async def test_a_form_opens_for_whoever_set_it_off(place: Place) -> None:
    """Once, and right away."""
    await place.chat.open_form(await place.sets_off(place.anna), FORM)

    assert await place.forms(place.anna) == [FORM.id]


async def test_a_form_that_comes_too_late_says_so(place: Place) -> None:
    """The person is asked to type the command again."""
    with pytest.raises(Undeliverable, match="form_too_late"):
        await place.chat.open_form("of-last-week", FORM)


async def test_a_key_that_is_too_long_is_a_mistake_of_ours(place: Place) -> None:
    """Discord takes 25 characters; the others would hide the mistake until then."""
    with pytest.raises(ValueError, match="key"):
        await place.chat.send(place.conversation, words("Hello"), "k" * 26)
