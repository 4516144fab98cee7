"""Messages on a simulated Slack: where they stand, who sees them, and that each is posted once whatever happens to the call."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.slack.liveness import DOING
from adapters.slack.modals import Kept
from adapters.slack.posting import EVENT
from bot.messages import Bar, Blank, Button, Buttons, Form, Message, Option, Text
from engine.contract.errors import PlatformError, RateLimited, Undeliverable
from engine.contract.sentences import sentence
from tests.slack.places import ANNA, BEN, DIRECT, Town, jpeg, picture, town

pytestmark = pytest.mark.asyncio
FORM = Form("make:1...", "Yours", "Go", (Blank("wish", "Your wish", "text", longest=80),))


@pytest_asyncio.fixture
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    """A town with nobody spoken to."""
    async with town(tmp_path) as opened:
        yield opened


def words(text: str, only_to: str = "") -> Message:
    """A short message."""
    return Message(text, (Text(text),), only_to)


def seen(here: Town, conversation: str = DIRECT) -> list[str]:
    """What Anna reads."""
    return [message.text for message in here.reads(ANNA, conversation)]


# ---- where it stands


async def test_the_direct_conversation_is_opened_once(here: Town) -> None:
    """Its address in the ledger is the person; Slack is asked for the channel when it is first written to."""
    ref = await here.chat.send(DIRECT, words("Hello"), "k1")
    await here.chat.send(DIRECT, words("Again"), "k2")

    assert ref.startswith("T1/@U1/")
    assert len(here.calls("conversations.open")) == 1
    assert seen(here) == ["Hello", "Again"]
    assert here.reads(BEN, "T1/@U2") == []


async def test_a_message_in_a_thread_keeps_the_thread_in_its_reference(here: Town) -> None:
    """So that a press on it is answered where it was pressed."""
    top = await here.chat.send(DIRECT, words("Queued"), "k1")
    inner = await here.chat.send(top, words("Ready"), "k2")

    assert inner.startswith(f"{top}/")
    await here.chat.edit(inner, words("Seen"))
    assert seen(here, top) == ["Seen"]
    assert await here.chat.delete(inner) is True
    assert seen(here, top) == []


async def test_every_message_carries_text_blocks_and_its_key_and_unfurls_nothing(here: Town) -> None:
    """Notifications and screen readers read the text; the key is how a message is found again."""
    await here.chat.send(DIRECT, words("See https://example.com & <more>"), "k1")
    args = here.calls("chat.postMessage")[0].args

    assert args["text"] == "See https://example.com &amp; &lt;more&gt;"
    assert args["blocks"]
    assert args["metadata"] == {"event_type": EVENT, "event_payload": {"key": "k1"}}
    assert (args["unfurl_links"], args["unfurl_media"]) == (False, False)


async def test_the_page_of_the_app_shows_the_latest_message_sent_there(here: Town) -> None:
    """It is no conversation: sending and editing publish it, deleting leaves an empty page."""
    ref = await here.chat.send("T1/@U1/home", words("Your sitting"), "k1")
    assert ref == "T1/@U1/home"
    await here.chat.edit(ref, words("Your galleries"))
    home = here.slack.person("U1").home
    assert home is not None
    assert "Your galleries" in str(home.body["blocks"])

    assert await here.chat.delete(ref) is True
    home = here.slack.person("U1").home
    assert home is not None
    assert "Your galleries" not in str(home.body["blocks"])
    assert seen(here) == []


# ---- once


@pytest.mark.parametrize("where", [DIRECT, "thread", "T1/C2"])
async def test_a_message_whose_answer_got_lost_is_found_and_not_posted_again(here: Town, where: str) -> None:
    """The relay hears that it is unclear, and its next try gets the reference of what stands there."""
    bot = here.slack.world.tokens[here.slack.bot_token]
    bot.scopes |= {"groups:history"}
    place = await here.chat.send(DIRECT, words("Above"), "k0") if where == "thread" else where
    here.slack.habits.lose_answer("chat.postMessage")
    with pytest.raises(PlatformError, match="platform_unclear"):
        await here.chat.send(place, words("Once"), "k1")
    ref = await here.chat.send(place, words("Once"), "k1")

    assert seen(here, place).count("Once") == 1
    await here.chat.edit(ref, words("Found"))
    assert seen(here, place).count("Found") == 1


async def test_another_process_finds_what_the_one_before_posted(here: Town) -> None:
    """Killed between posting and writing down; also when the message was edited since, and much stands below it."""
    first = await here.chat.send(DIRECT, words("Once"), "k1")
    await here.chat.edit(first, words("Once, edited"))
    for at in range(210):
        here.slack.board.post(here.slack.world.bot_im("U1"), "U1", f"chatter {at}")
    await here.restart()

    assert await here.chat.send(DIRECT, words("Once"), "k1", again=True) == first
    assert len(here.calls("conversations.history")) == 2
    assert [text for text in seen(here) if "Once" in text] == ["Once, edited"]


async def test_a_call_that_never_arrived_is_made_again(here: Town) -> None:
    """Nothing stands there, so the next try posts."""
    here.slack.habits.drop("chat.postMessage")
    with pytest.raises(PlatformError, match="platform_unclear"):
        await here.chat.send(DIRECT, words("Once"), "k1")
    await here.chat.send(DIRECT, words("Once"), "k1", again=True)

    assert seen(here) == ["Once"]


async def test_a_message_that_its_reader_deleted_does_not_come_back(here: Town) -> None:
    """Neither by its key nor by an edit."""
    ref = await here.chat.send(DIRECT, words("Once"), "k1")
    im = here.slack.world.bot_im("U1")
    here.slack.board.delete(im.messages[ref.rpartition("/")[2]])

    assert await here.chat.send(DIRECT, words("Once"), "k1", again=True) == ref
    with pytest.raises(Undeliverable, match="message_gone"):
        await here.chat.edit(ref, words("Again"))
    assert await here.chat.delete(ref) is False
    assert seen(here) == []


async def test_where_the_app_may_not_read_an_unclear_message_is_posted_again(here: Town) -> None:
    """A channel in which it may only write: twice is better than never."""
    here.slack.habits.lose_answer("chat.postMessage")
    with pytest.raises(PlatformError, match="platform_unclear"):
        await here.chat.send("T1/C1", words("Shared"), "k1")
    await here.chat.send("T1/C1", words("Shared"), "k1", again=True)

    assert seen(here, "T1/C1") == ["Shared", "Shared"]


async def test_nothing_is_tried_again_by_the_client_itself(here: Town) -> None:
    """The SDK would post a second time when the line breaks after the first."""
    here.slack.habits.lose_answer("chat.postMessage", times=2)
    with pytest.raises(PlatformError):
        await here.chat.send(DIRECT, words("Once"), "k1")

    assert len(here.calls("chat.postMessage")) == 1


async def test_a_call_that_was_cut_off_is_looked_for(here: Town) -> None:
    """The relay gives a message 25 seconds; what Slack does with it then, nobody hears."""
    here.slack.habits.latency_s["chat.postMessage"] = 0.2
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await here.chat.send(DIRECT, words("Once"), "k1")
    here.slack.habits.latency_s.clear()
    await asyncio.sleep(0.3)
    await here.chat.send(DIRECT, words("Once"), "k1", again=True)

    assert seen(here) == ["Once"]


# ---- for one person


async def test_what_is_only_for_the_one_of_a_direct_conversation_is_an_ordinary_message(here: Town) -> None:
    """It stays and can be edited."""
    ref = await here.chat.send(DIRECT, words("Only you", "U1"), "k1")
    await here.chat.edit(ref, words("Still", "U1"))

    assert here.calls("chat.postEphemeral") == []
    assert seen(here) == ["Still"]


async def test_what_only_one_sees_in_a_channel_cannot_be_deleted(here: Town) -> None:
    """Slack keeps it nowhere. An edit shows a fresh one in the same thread."""
    top = await here.chat.send("T1/C1", words("Above"), "k0")
    ref = await here.chat.send(top, words("Only you", "U1"), "k1")
    await here.chat.edit(ref, words("Still only you", "U1"))

    assert seen(here, top) == ["Only you", "Still only you"]
    assert here.reads(BEN, top) == []
    assert await here.chat.delete(ref) is False


async def test_somebody_who_is_not_in_the_channel_cannot_be_whispered_to(here: Town) -> None:
    """The relay gives up."""
    with pytest.raises(Undeliverable, match="conversation_closed"):
        await here.chat.send("T1/C3", words("Only you", "U2"), "k1")


# ---- places that are closed


@pytest.mark.parametrize(
    ("conversation", "code"),
    [
        ("T1/C5", "conversation_closed"),
        ("T1/C4", "conversation_closed"),
        ("T1/C404", "conversation_closed"),
        ("T1/@U4", "conversation_closed"),
        ("T1/@U404", "conversation_closed"),
        ("T1/@U1/1700000000.000100", "message_gone"),
        ("T2/@U1", "install_revoked"),
        ("team", "conversation_closed"),
    ],
    ids=[
        "archived",
        "not a member",
        "no such channel",
        "left",
        "nobody",
        "thread of nothing",
        "elsewhere",
        "no address",
    ],
)
async def test_where_nobody_may_write_nothing_is_tried_again(here: Town, conversation: str, code: str) -> None:
    """The relay hears it at once, and with which code."""
    with pytest.raises(Undeliverable, match=code):
        await here.chat.send(conversation, words("Hello"), "k1")


async def test_a_revoked_token_is_no_reason_to_try_again(here: Town) -> None:
    """Somebody threw the app out."""
    ref = await here.chat.send(DIRECT, words("Hello"), "k1")
    here.slack.uninstall()

    for call in (
        here.chat.send(DIRECT, words("More"), "k2"),
        here.chat.edit(ref, words("More")),
        here.chat.delete(ref),
    ):
        with pytest.raises(Undeliverable, match="install_revoked"):
            await call


async def test_somebody_who_left_meanwhile_cannot_be_written_to(here: Town) -> None:
    """Their channel is known already, and closed."""
    await here.chat.send(DIRECT, words("Hello"), "k1")
    here.slack.deactivate("U1")

    with pytest.raises(Undeliverable, match="conversation_closed"):
        await here.chat.send(DIRECT, words("More"), "k2")


async def test_an_archived_channel_cannot_be_edited_in(here: Town) -> None:
    """What stands there stays."""
    ref = await here.chat.send("T1/C1", words("Shared"), "k1")
    here.slack.world.channels["C1"].archived = True

    with pytest.raises(Undeliverable, match="conversation_closed"):
        await here.chat.edit(ref, words("Changed"))


# ---- where others read along


@pytest.mark.parametrize("how", ["is_ext_shared", "is_pending_ext_shared"])
async def test_no_face_goes_where_another_company_reads(here: Town, how: str) -> None:
    """Nor where it was invited to; words do. In a channel of one's own everything is shown, and no longer once it is opened."""
    partners, artifact = here.slack.world.channels["C3"], await here.keeps(ANNA)
    shared = Message("Shared", (picture(artifact),))
    partners.is_ext_shared = False
    ref = await here.chat.send("T1/C3", shared, "k1")
    setattr(partners, how, True)
    for call in (here.chat.send("T1/C3", shared, "k2"), here.chat.edit(ref, shared)):
        with pytest.raises(Undeliverable, match="channel_shared_outside"):
            await call
    await here.chat.send("T1/C3", words("Only words"), "k3")

    assert [message.text for message in here.reads(ANNA, "T1/C3")] == ["Shared", "Only words"]
    assert await here.chat.delete(ref)


async def test_no_face_goes_where_nobody_knows_who_reads(here: Town) -> None:
    """The install may not look; or Slack does not answer, and is asked again."""
    shared = Message("Shared", (picture(await here.keeps(ANNA)),))
    here.slack.habits.break_down("conversations.info")
    with pytest.raises(PlatformError, match="platform_unclear"):
        await here.chat.send("T1/C1", shared, "k1")
    here.slack.world.tokens[here.slack.bot_token].scopes -= {"channels:read", "groups:read"}
    with pytest.raises(Undeliverable, match="channel_audience_unknown"):
        await here.chat.send("T1/C1", shared, "k1", again=True)
    await here.chat.send(DIRECT, shared, "k2")

    assert here.reads(ANNA, "T1/C1") == []


# ---- busy


async def test_after_a_429_the_method_rests_in_that_workspace_and_nothing_else_does(here: Town) -> None:
    """Slack is not asked before its time; the relay hears how long."""
    ref = await here.chat.send(DIRECT, words("Hello"), "k1")
    here.slack.habits.limit("chat.postMessage", retry_after_s=7)
    with pytest.raises(RateLimited) as told:
        await here.chat.send(DIRECT, words("More"), "k2")
    assert told.value.retry_after_s == 7
    made = len(here.slack.world.calls)
    with pytest.raises(RateLimited) as told:
        await here.chat.send(DIRECT, words("More"), "k2", again=True)

    assert 6 < told.value.retry_after_s <= 7
    assert len(here.slack.world.calls) == made
    await here.chat.edit(ref, words("An edit"))
    assert seen(here) == ["An edit"]


async def test_progress_stays_away_while_a_gallery_has_to_wait(here: Town) -> None:
    """Galleries first: what is edited as a shoot goes on is not worth a call then."""
    ref = await here.chat.send(DIRECT, words("Queued"), "k1")
    here.slack.habits.limit("files.getUploadURLExternal", retry_after_s=7)
    gallery = Message("Yours", (picture(await here.keeps(ANNA)),))
    with pytest.raises(RateLimited):
        await here.chat.edit(ref, gallery)
    with pytest.raises(RateLimited):
        await here.chat.edit(ref, Message("Half", (Bar(0.5, "Half"),)))
    await here.chat.edit(ref, words("Cancelled"))

    assert seen(here) == ["Cancelled"]


@pytest.mark.parametrize("status", [500, 503, 504])
async def test_a_server_in_trouble_is_unclear(here: Town, status: int) -> None:
    """An answer that is no JSON."""
    here.slack.habits.break_down("chat.update", status)
    ref = await here.chat.send(DIRECT, words("Hello"), "k1")

    with pytest.raises(PlatformError, match="platform_unclear"):
        await here.chat.edit(ref, words("More"))


@pytest.mark.parametrize("media_type", ["text/plain", "text/html", "application/json", "application/gzip"])
async def test_an_answer_of_somebody_else_is_unclear(here: Town, media_type: str) -> None:
    """Some proxy says 200 with a page of its own: nobody knows what became of the call, and we made no mistake."""
    ref = await here.chat.send(DIRECT, words("Hello"), "k1")
    here.slack.habits.break_down("chat.postMessage", 200, media_type=media_type)
    here.slack.habits.break_down("chat.update", 200, media_type=media_type)

    for call in (here.chat.edit(ref, words("More")), here.chat.send(DIRECT, words("Again"), "k2")):
        with pytest.raises(PlatformError) as told:
            await call
        assert (type(told.value), told.value.code) == (PlatformError, "platform_unclear")
    await here.chat.send(DIRECT, words("Again"), "k2", again=True)
    assert seen(here) == ["Hello", "Again"]


async def test_a_messages_tab_that_is_off_is_named(here: Town) -> None:
    """Nobody can be written to until somebody switches it on, so it stands in the log by its own name."""
    here.slack.habits.messages_enabled = False
    with pytest.raises(Undeliverable, match="messages_tab_disabled"):
        await here.chat.send(DIRECT, words("Hello"), "k1")
    assert "Messages Tab" in sentence("messages_tab_disabled")


async def test_a_block_that_slack_does_not_take_is_a_mistake_of_ours(here: Town) -> None:
    """The relay gives up soon and tells a number."""
    here.slack.habits.refuse("chat.postMessage", "invalid_blocks")
    with pytest.raises(ValueError, match="invalid_blocks"):
        await here.chat.send(DIRECT, words("Hello"), "k1")
    await here.chat.send(DIRECT, words("Hello"), "k1")

    assert here.calls("conversations.history") == []


# ---- a sign of life


async def test_while_photos_are_developed_a_line_says_so_and_goes_when_they_are(here: Town) -> None:
    """Set once a while, not with every edit."""
    ref = await here.chat.send(DIRECT, words("Queued"), "k1")
    for share in (0.1, 0.2, 0.3):
        await here.chat.edit(ref, Message("Working", (Bar(share, "Working"),)))
    assert [told["status"] for told in here.slack.world.statuses] == [DOING]
    await here.chat.edit(ref, words("Here you are"))

    assert [told["status"] for told in here.slack.world.statuses] == [DOING, ""]


@pytest.mark.parametrize(("error", "asked"), [("unknown_method", 1), ("missing_scope", 1), ("internal_error", 2)])
async def test_progress_is_shown_where_slack_knows_no_such_line(here: Town, error: str, asked: int) -> None:
    """It is a courtesy. Who refuses it for good is not asked again."""
    here.slack.habits.refuse("assistant.threads.setStatus", error, times=2)
    for key in ("k1", "k2"):
        ref = await here.chat.send(DIRECT, words("Queued"), key)
        await here.chat.edit(ref, Message("Working", (Bar(0.5, "Working"),)))

    assert seen(here) == ["Working", "Working"]
    assert len(here.calls("assistant.threads.setStatus")) == asked


# ---- forms


async def test_a_form_says_where_it_was_asked_for(here: Town) -> None:
    """What is filled in is answered there."""
    trigger = here.slack.world.new_trigger("U1")
    await here.chat.open_form(f"T1|{trigger}|T1/@U1/1700000000.000100", FORM)
    view = here.slack.view("U1")
    assert view is not None
    kept = Kept.model_validate_json(view.body["private_metadata"])

    assert (kept.form, kept.conversation) == (FORM.id, "T1/@U1/1700000000.000100")


async def test_a_trigger_is_good_once_and_for_three_seconds(here: Town) -> None:
    """After that the person is asked to type the command again."""
    used, late = here.slack.world.new_trigger("U1"), here.slack.world.new_trigger("U1")
    await here.chat.open_form(f"T1|{used}|{DIRECT}", FORM)
    here.slack.habits.trigger_s = 0

    for trigger in (f"T1|{used}|{DIRECT}", f"T1|{late}|{DIRECT}", f"T1||{DIRECT}", "T1|x|nowhere"):
        with pytest.raises(Undeliverable, match="form_too_late"):
            await here.chat.open_form(trigger, FORM)


async def test_examples_of_styles_go_up_behind_the_first_form_and_stand_in_the_next(here: Town) -> None:
    """A form opens at once; twenty pictures do not. After a start they need not go up again."""
    here.examples["corporate"] = jpeg()
    options = (Option("corporate", "Corporate", picture="corporate"), Option("plain", "Plain", picture="plain"))
    form = replace(FORM, fields=(Blank("style", "Style", "choice", "corporate", options=options),))
    for at in (1, 2, 3):
        await here.chat.open_form(f"T1|{here.slack.world.new_trigger('U1')}|{DIRECT}", form)
        view = here.slack.view("U1")
        assert view is not None
        assert ("image" in [block["type"] for block in view.body["blocks"]]) == (at == 2), at
        await here.chat.examples.prepare("T1", ["corporate", "plain"])
        if at == 2:
            await here.restart()

    assert len(here.stored()) == 1


async def test_an_example_that_was_deleted_keeps_no_form_from_opening(here: Town) -> None:
    """It opens without, and the next one with a fresh copy."""
    here.examples["corporate"] = jpeg()
    options = (Option("corporate", "Corporate", picture="corporate"),)
    form = replace(FORM, fields=(Blank("style", "Style", "choice", "corporate", options=options),))
    await here.chat.examples.prepare("T1", ["corporate"])
    here.slack.board.delete_file(here.slack.world.files[here.stored()[0]])
    for pictures in (0, 0, 1):
        await here.chat.open_form(f"T1|{here.slack.world.new_trigger('U1')}|{DIRECT}", form)
        view = here.slack.view("U1")
        assert view is not None
        assert [block["type"] for block in view.body["blocks"]].count("image") == pictures
        if not pictures:
            await asyncio.sleep(0.1)
            await here.chat.examples.prepare("T1", ["corporate"] if here.stored() else [])


async def test_buttons_come_out_as_they_went_in(here: Town) -> None:
    """What is pressed is what the bot made."""
    button = Button("more-like-this:1.0123456789abcdef0123456789abcdef.2.", "More like this")
    await here.chat.send(DIRECT, Message("Choose", (Buttons((button,)),)), "k1")
    blocks = here.reads(ANNA)[0].blocks

    assert [each["value"] for block in blocks for each in block.get("elements", [])] == [button.action]
