"""The web server: who gets in, who sees what, and what happens when things come twice, late or too large."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from aiohttp import ClientResponse, ClientSession
from PIL import Image

from adapters.playground.cast import CAST
from adapters.playground.server import Playground
from bot.events import Commanded, Filled, Pressed, Said
from bot.messages import Blank, Button, Buttons, File, Form, Message, Picture, Text
from engine.contract.errors import SettingsError, StorageError
from tests.playground.places import EXAMPLE, PAGE, Scene, scene

pytestmark = pytest.mark.asyncio
FORM = Form("make:1...", "Yours", "Go", (Blank("count", "How many", "number", "4", least=1, most=9),))


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[Scene]:
    """A playground with nobody in it."""
    async with scene(tmp_path) as opened:
        yield opened


def jpeg(width: int = 1600, height: int = 2000, colour: str = "slategray") -> bytes:
    """A picture."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


async def frames(answer: ClientResponse) -> AsyncIterator[tuple[str, Any, int | None]]:
    """Server-sent events: name, data, id."""
    name, number = "", None
    async for line in answer.content:
        field, _, value = line.decode().rstrip("\n").partition(": ")
        if field == "event":
            name = value
        elif field == "id":
            number = int(value)
        elif field == "data":
            yield name, json.loads(value), number
            name, number = "", None


# ---- who gets in


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.0.7", "", "localhost.evil.example:80"])  # fmt: skip
async def test_another_name_for_this_machine_is_refused(here: Scene, host: str) -> None:
    """A site that gives its own name our address reads nothing."""
    answer = await here.client.get("/as/alex/state", headers={"Host": host})

    assert answer.status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**PAGE, "Origin": "https://evil.example"},
        {**PAGE, "Origin": "null"},
        {**PAGE, "Sec-Fetch-Site": "cross-site"},
        {**PAGE, "Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_site_can_post_nothing(here: Scene, headers: dict[str, str]) -> None:
    """Neither with a plain form nor with a script."""
    body = {"id": str(uuid4()), "tab": str(uuid4()), "conversation": "dm-alex", "text": "/headshot forget"}
    answer = await here.client.post("/as/alex/messages", json=body, headers=headers)

    assert answer.status == 403
    assert here.desk.events == []


async def test_another_site_can_link_here_and_read_nothing(here: Scene) -> None:
    """A link opens the page; embedding and reading are refused."""
    foreign = {"Sec-Fetch-Site": "cross-site"}

    assert (await here.client.get("/", headers=foreign)).status == 200
    assert (await here.client.get("/as/alex/state", headers=foreign)).status == 403


async def test_every_answer_is_hardened(here: Scene) -> None:
    """No foreign script, no guessing of types, and nothing about people in the browser's cache."""
    for path in ("/", "/as/alex/state", "/as/alex/pictures/x", "/nowhere"):
        headers = (await here.client.get(path)).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] in {"no-store", "no-cache"}


async def test_the_page_says_everything_as_text() -> None:
    """Nothing that somebody typed becomes markup."""
    scripts = (Path(__file__).parents[2] / "adapters" / "playground" / "page").glob("*.js")
    words = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(")
    found = [(path.name, word) for path in scripts for word in words if word in path.read_text()]

    assert found == []


async def test_somebody_who_is_not_in_the_cast_is_nobody(here: Scene) -> None:
    """There are four people."""
    assert (await here.client.get("/as/mallory/state")).status == 404


# ---- saying


async def test_what_is_said_stands_there_and_reaches_the_bot(here: Scene) -> None:
    """In that order, with the photos."""
    page = here.page()
    photo = await page.uploads(jpeg())
    answer = await page.says("Hello", photos=(photo,))
    (message,) = await page.reads()

    assert answer.status == 200
    assert (message["text"], message["photos"]) == ("Hello", [{"artifact": photo, "mediaType": "image/jpeg"}])
    happened = here.desk.events[0].happened
    assert isinstance(happened, Said)
    assert happened.attachments[0].ref == photo
    assert await here.playground.chat.fetch(CAST["alex"].person, happened.attachments[0], 10**7) == jpeg()


async def test_a_post_that_is_repeated_counts_once(here: Scene) -> None:
    """The page did not hear the answer and asks again with the same id."""
    page, event_id = here.page(), str(uuid4())
    for _ in range(3):
        assert (await page.says("/headshot", id=event_id)).status == 200

    assert len(await page.reads()) == 1
    assert len(here.desk.events) == 1


async def test_what_the_bot_could_not_take_does_not_stand_there(here: Scene) -> None:
    """The person sees that it was not sent, and sends it again."""
    page, event_id = here.page(), str(uuid4())
    here.desk.error = StorageError("records_unreachable")
    refused = await page.says("Hello", id=event_id)
    assert (refused.status, (await refused.json())["code"]) == (503, "records_unreachable")
    assert await page.reads() == []
    here.desk.error = None
    await page.says("Hello", id=event_id)

    assert [message["text"] for message in await page.reads()] == ["Hello"]


async def test_nobody_writes_where_they_cannot_read(here: Scene) -> None:
    """Somebody else's conversation, a thread that is not there, and no conversation at all."""
    for conversation in ("dm-sam", "dm-alex:99", "nowhere"):
        assert (await here.page().says("Hello", conversation)).status == 404

    assert here.desk.events == []


async def test_a_command_in_the_channel_is_seen_by_its_author_alone(here: Scene) -> None:
    """As slash commands are elsewhere; words are for all."""
    await here.page().says("/headshot corporate", "team")
    await here.page().says("Look at this", "team")

    assert [m["text"] for m in await here.page("sam").reads("team")] == ["Look at this"]
    assert len(await here.page().reads("team")) == 2


async def test_somebody_elses_photo_cannot_be_sent(here: Scene) -> None:
    """Its id alone is worth nothing."""
    photo = await here.page("sam").uploads(jpeg())
    answer = await here.page().says("Mine", photos=(photo,))

    assert (answer.status, (await answer.json())["code"]) == (422, "file_unavailable")


# ---- photos


async def test_a_photo_above_the_limit_is_refused_while_it_comes(here: Scene) -> None:
    """With or without a declared length, and the sentence says what to do."""

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(26):
            yield bytes(1_000_000)

    declared = await here.client.post("/as/alex/photos", data=io.BytesIO(bytes(25_000_001)), headers=PAGE)
    streamed = await here.client.post("/as/alex/photos", data=endless(), headers=PAGE)

    assert {declared.status, streamed.status} == {422}
    assert "25 MB is the limit" in (await declared.json())["sentence"]
    assert (await (await here.client.post("/as/alex/photos", data=b"", headers=PAGE)).json())["code"] == "photo_empty"


async def test_photos_are_never_on_the_disk_in_clear(here: Scene, tmp_path: Path) -> None:
    """Neither in the store nor in the history."""
    data = jpeg() + b"a-mark-that-can-be-found"
    await here.page().says("Me", photos=(await here.page().uploads(data),))
    stored = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]

    assert sum(map(len, stored)) > len(data)
    assert not any(b"a-mark-that-can-be-found" in each for each in stored)


async def test_the_page_of_whoever_uploaded_a_photo_draws_it_itself(here: Scene) -> None:
    """Nothing of it is decoded here before consent: even `?w=` gets the very bytes."""
    photo = await here.page().uploads(jpeg())
    answer = await here.page().get(f"pictures/{photo}?w=480")

    assert (answer.status, answer.content_type, await answer.read()) == (200, "image/jpeg", jpeg())
    assert answer.headers["Cache-Control"] == "no-store"
    assert (await here.page("sam").get(f"pictures/{photo}")).status == 204


async def test_a_photo_in_the_channel_is_seen_by_all(here: Scene) -> None:
    """Whoever posts it there means that."""
    photo = await here.page().uploads(jpeg())
    await here.page().says("Look", "team", (photo,))

    assert (await here.page("gus").get(f"pictures/{photo}")).status == 200


async def test_what_a_browser_would_run_is_never_served_as_such(here: Scene) -> None:
    """An uploaded web page stays a heap of bytes."""
    upload = await here.page().uploads(b"<!doctype html><script>alert(1)</script>")

    assert (await here.page().get(f"pictures/{upload}")).status == 204


# ---- pictures of the bot


async def test_a_picture_is_for_those_who_see_its_message(here: Scene) -> None:
    """Everybody else, and whoever asks for what does not exist, gets the very same answer."""
    artifact = await here.keeps("alex", jpeg(), "image/jpeg")
    picture = Picture(artifact, CAST["alex"].person.key, "A headshot")
    await here.playground.chat.send("dm-alex", Message("Yours", (picture,)), "k1")
    await here.playground.chat.send("team", Message("Hidden", (picture,), "alex"), "k2")
    refused = [await here.page(user).get(f"pictures/{artifact}") for user in ("sam", "hanna", "gus")]
    missing = await here.page("sam").get(f"pictures/{'0' * 32}")

    assert (await here.page().get(f"pictures/{artifact}")).status == 200
    assert {(each.status, await each.text()) for each in refused} == {(missing.status, await missing.text())}
    assert (missing.status, await missing.read()) == (204, b"")


async def test_a_picture_in_the_store_that_was_never_shown_is_not_served(here: Scene) -> None:
    """Not even to its owner: candidates stay behind the curtain."""
    artifact = await here.keeps("alex", jpeg(), "image/jpeg")

    assert (await here.page().get(f"pictures/{artifact}")).status == 204


async def test_previews_are_small_and_go_with_the_picture(here: Scene) -> None:
    """One that was made already is not shown when its owner is forgotten."""
    artifact = await here.keeps("alex", jpeg(), "image/jpeg")
    await here.playground.chat.send(
        "dm-alex", Message("Yours", (Picture(artifact, CAST["alex"].person.key, "A"),)), "k1"
    )
    for _ in range(2):
        preview = await here.page().get(f"pictures/{artifact}?w=480")
        with Image.open(io.BytesIO(await preview.read())) as drawn:
            assert drawn.size == (480, 600)
    assert await (await here.page().get(f"pictures/{artifact}?w=12345")).read() == jpeg()
    await here.pictures.delete_owner(CAST["alex"].person.key)

    assert (await here.page().get(f"pictures/{artifact}?w=480")).status == 204


async def test_a_file_is_saved_under_its_name(here: Scene) -> None:
    """By whoever sees it, and never opened in the page."""
    artifact = await here.keeps("alex", b"PK", "application/zip")
    file = File(artifact, CAST["alex"].person.key, "headroom-export.zip", "application/zip")
    await here.playground.chat.send("dm-alex", Message("Yours", (file,)), "k1")
    answer = await here.page().get(f"files/{artifact}")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="headroom-export.zip"'
    assert await answer.read() == b"PK"
    assert (await here.page("sam").get(f"files/{artifact}")).status == 404


async def test_the_sample_sitter_is_there(here: Scene) -> None:
    """A newcomer without a photo can begin."""
    answer = await here.client.get("/sample.png")
    with Image.open(io.BytesIO(await answer.read())) as sitter:
        assert sitter.size == (512, 512)


# ---- presses and forms


async def test_a_press_is_an_event_where_the_message_stands(here: Scene) -> None:
    """Also of a button that an edit has taken away since: it was there when it was pressed."""
    row = Message("Well?", (Buttons((Button("agree:1...", "I agree"),)),))
    ref = await here.playground.chat.send("dm-alex", row, "k1")
    await here.playground.chat.edit(ref, Message("Changed", (Text("Changed"),)))
    answer = await here.page().post("presses", {"ref": ref, "action": "agree:1..."})
    (event,) = here.desk.events

    assert (answer.status, event.conversation) == (200, "dm-alex")
    assert isinstance(event.happened, Pressed)
    assert event.happened.action == "agree:1..."


async def test_what_one_cannot_see_one_cannot_press(here: Scene) -> None:
    """Messages of others, and messages for others alone."""
    there = await here.playground.chat.send("dm-alex", Message("Yours"), "k1")
    hidden = await here.playground.chat.send("team", Message("For Alex", only_to="alex"), "k2")
    for ref in (there, hidden, "team:99", "rubbish"):
        assert (await here.page("sam").post("presses", {"ref": ref, "action": "agree:1..."})).status == 404

    assert here.desk.events == []


async def test_a_form_opens_in_the_window_that_asked_and_nowhere_else(here: Scene) -> None:
    """Somebody may have two open, and somebody else certainly has one."""
    page, chat = here.page(), here.playground.chat
    others = (("alex", "fedcba9876543210"), ("sam", page.tab))
    with chat.visitors.visit("alex", page.tab) as mine:
        visits = [chat.visitors.visit(*other) for other in others]
        listening = [visit.__enter__() for visit in visits]
        await page.says("/headshot")
        (event,) = here.desk.events
        assert isinstance(event.happened, Commanded)
        await chat.open_form(event.happened.trigger, FORM)

        assert [name for name, _ in mine.notes if name == "form"] == ["form"]
        assert [each for other in listening for each in other.notes if each[0] == "form"] == []
        for visit in visits:
            visit.__exit__(None, None, None)


async def test_a_form_that_was_filled_in_comes_back_with_its_conversation(here: Scene) -> None:
    """To be answered where it was asked for."""
    body = {"trigger": "t", "conversation": "team", "form": FORM.id, "values": {"count": "4"}}
    assert (await here.page().post("forms", body)).status == 200
    assert here.desk.events[0].conversation == "team"

    assert (await here.page().post("forms", body | {"conversation": "dm-sam"})).status == 404


async def test_photos_of_a_form_come_by_their_field(here: Scene) -> None:
    """Those that this person uploaded, and nobody else's."""
    mine, theirs = await here.page().uploads(jpeg()), await here.page("sam").uploads(jpeg(colour="red"))
    body = {"trigger": "t", "conversation": "dm-alex", "form": FORM.id, "values": {}}
    assert (await here.page().post("forms", body | {"files": {"selfies": [mine]}})).status == 200
    (event,) = here.desk.events
    assert isinstance(event.happened, Filled)
    assert [each.ref for each in event.happened.files["selfies"]] == [mine]

    assert (await here.page().post("forms", body | {"files": {"selfies": [theirs]}})).status == 422
    assert (await here.page().post("forms", body | {"files": {"selfies": [mine] * 21}})).status == 404


@pytest.mark.parametrize(("channel", "status"), [("team", 200), ("dm-alex", 200), ("dm-sam", 404), ("dm-sam:3", 404)])
async def test_a_form_names_only_places_that_its_sender_can_read(here: Scene, channel: str, status: int) -> None:
    """Nobody has a headshot posted into somebody else's conversation."""
    body = {"trigger": "t", "conversation": "dm-alex", "form": FORM.id, "values": {"channel": channel}}
    assert (await here.page().post("forms", body)).status == status
    assert len(here.desk.events) == (status == 200)


async def test_styles_are_shown_by_their_examples(here: Scene) -> None:
    """The same picture for everybody; nothing for a style that has none."""
    shown = await here.client.get("/examples/corporate")
    assert (shown.status, shown.content_type) == (200, "image/jpeg")
    assert await shown.read() == EXAMPLE
    assert (await here.client.get("/examples/acme")).status == 204


# ---- live


async def test_a_page_hears_at_once_what_happens(here: Scene) -> None:
    """Messages with the number of their change, and that the bot is writing until it has answered."""
    async with await here.page().get(f"live?tab={here.page().tab}") as line:
        heard = frames(line)
        assert (await anext(heard))[0] == "hello"
        await here.page().says("Hello")
        first, second = await anext(heard), await anext(heard)
        await here.playground.chat.send("dm-alex", Message("Good day"), "k1")
        third, fourth = await anext(heard), await anext(heard)

    assert {first[0], second[0]} == {"message", "writing"}
    assert third[0] == "message"
    assert (third[1]["summary"], third[2]) == ("Good day", 2)
    assert fourth[1] == {"channel": "dm-alex", "on": False}


async def test_a_page_that_lost_the_line_hears_what_it_missed(here: Scene) -> None:
    """It says how far it was; what others are told in private stays out."""
    chat = here.playground.chat
    ref = await chat.send("dm-alex", Message("One"), "k1")
    await chat.send("dm-alex", Message("Two"), "k2")
    await chat.edit(ref, Message("One, changed"))
    await chat.send("team", Message("For Sam", only_to="sam"), "k3")
    await chat.send("dm-sam", Message("Sam's"), "k4")
    await chat.send("team", Message("For all"), "k5")
    async with await here.page().get("live?since=0", headers={"Last-Event-ID": "1"}) as line:
        heard = frames(line)
        told = [await anext(heard) for _ in range(4)]

    assert [data["summary"] for name, data, _ in told if name == "message"] == ["Two", "One, changed", "For all"]


async def test_the_lines_of_pages_do_not_hold_up_a_stop(tmp_path: Path) -> None:
    """Ctrl-C ends the bot in a moment, whatever browsers have open."""
    async with scene(tmp_path / "a") as opened:
        playground = Playground(0, opened.desk, opened.pictures, tmp_path / "b")
        await playground.start()
        async with ClientSession() as session, session.get(f"{playground.url}as/alex/live") as line:
            assert (await anext(frames(line)))[0] == "hello"
            async with asyncio.timeout(4):
                await playground.stop()


async def test_a_port_that_is_taken_is_said_by_name(tmp_path: Path) -> None:
    """The operator learns which setting to change."""
    async with scene(tmp_path / "a") as opened:
        first = Playground(0, opened.desk, opened.pictures, tmp_path / "b")
        await first.start()
        second = Playground(int(first.url.split(":")[2].strip("/")), opened.desk, opened.pictures, tmp_path / "c")
        with pytest.raises(SettingsError, match="HEADROOM_PLAYGROUND_PORT"):
            await second.start()
        await first.stop()


async def test_a_restart_keeps_conversations_and_buttons(tmp_path: Path) -> None:
    """Whoever left the page open goes on where they were."""
    row = Message("Well?", (Buttons((Button("agree:1...", "I agree"),)),))
    async with scene(tmp_path) as before:
        ref = await before.playground.chat.send("dm-alex", row, "k1")
        photo = await before.page().uploads(jpeg())
        await before.page().says("Me", photos=(photo,))
    async with scene(tmp_path) as after:
        assert [message["summary"] for message in await after.page().reads()] == ["Well?", "Me"]
        assert (await after.page().get(f"pictures/{photo}")).status == 200
        assert (await after.page().post("presses", {"ref": ref, "action": "agree:1..."})).status == 200
        assert await after.playground.chat.send("dm-alex", row, "k1") == ref


async def test_the_page_knows_the_styles_for_its_hints(here: Scene) -> None:
    """As they are now."""
    state = await (await here.page("hanna").get("state")).json()

    assert state["styles"][0] == {"name": "corporate", "title": "Corporate"}
    assert [channel["name"] for channel in state["channels"]] == ["dm-hanna", "team"]
