"""Slack's payloads as events of the bot: what the simulated client cannot do, and what people type."""

from typing import Any

import pytest

from adapters.slack.inbound import to_event
from adapters.slack.modals import to_view
from adapters.slack.reading import typed
from bot.events import Attachment, Commanded, Event, Filled, Pointed, Pressed, Said, Withdrawn, from_json, to_json
from bot.messages import Blank, Form
from bot.people import Person

Json = dict[str, Any]
FILE = {"id": "F1", "mimetype": "image/jpeg", "size": 5, "mode": "hosted", "url_private": "https://files.slack.com/x"}
STONE = {"id": "F1", "mode": "tombstone"}


def event(**happened: Any) -> Json:
    """An event of Anna's in our direct conversation."""
    told = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "ts": "2.000001", **happened}
    return {"type": "event_callback", "event_id": "Ev1", "team_id": "T1", "event": told}


def change(before: Json, after: Json | None = None, subtype: str = "message_changed") -> Json:
    """A message that was changed or deleted."""
    message = {"type": "message", "user": "U1", "ts": "1.000001"}
    told: Json = {"subtype": subtype, "previous_message": {**message, **before}}
    if after is not None:
        told["message"] = {**message, **after}
    body = event(**told)
    del body["event"]["user"]
    return body


def press(**element: Any) -> Json:
    """A press in our direct conversation."""
    return {
        "type": "block_actions",
        "user": {"id": "U1", "team_id": "T1"},
        "trigger_id": "1.2.abc",
        "container": {"type": "message", "message_ts": "3.000001", "channel_id": "D1"},
        "message": {"ts": "3.000001"},
        "actions": [{"block_id": "b", **element}],
    }


def read(body: Json, workspace: str = "T1") -> Event | None:
    """The event, which survives being written down."""
    found = to_event(body, workspace)
    assert found is None or from_json(to_json(found)) == found
    return found


def happened(body: Json) -> Any:
    """What it is."""
    found = read(body)
    return found and found.happened


@pytest.mark.parametrize(
    "body",
    [
        event(text="", files=[]),
        event(text="x", bot_id="B1"),
        event(text="x", subtype="bot_message"),
        event(text="x", subtype="message_replied"),
        event(text="x", subtype="channel_name"),
        event(text="x", subtype="me_message"),
        event(text="x", subtype="assistant_app_thread"),
        event(text="x", channel_type="channel", channel="C1"),
        event(text="x", channel_type="mpim", channel="G1"),
        event(type="app_home_opened", tab="messages"),
        event(type="reaction_added"),
        event(type="file_deleted", file_id="F1"),
        change({"text": "before"}, {"text": "after"}),
        change({"files": [FILE]}, {"files": [FILE], "text": "other words"}),
        change({"files": [FILE], "bot_id": "B1"}, subtype="message_deleted"),
        change({"subtype": "tombstone", "user": "USLACKBOT"}, subtype="message_deleted"),
        press(type="button", action_id="link"),
        {"type": "view_closed", "user": {"id": "U1"}},
        {"type": "message_action", "user": {"id": "U1"}, "trigger_id": "1", "callback_id": "another"},
        {"type": "shortcut", "user": {"id": "U1"}, "trigger_id": "1", "callback_id": "another"},
        {"command": "/other", "user_id": "U1"},
        {},
    ],
)
def test_what_does_not_concern_us_is_no_event(body: Json) -> None:
    """What bots say, what is said elsewhere, edits, links that were followed, things of other apps and of next year."""
    assert read(body) is None


def test_a_message_in_a_thread_happens_there() -> None:
    """The message above a thread names it too, but stands in the conversation."""
    below = read(event(text="warmer", thread_ts="1.000001"))
    above = read(event(text="warmer", thread_ts="2.000001"))

    assert below is not None
    assert above is not None
    assert (below.conversation, above.conversation) == ("T1/@U1/1.000001", "T1/@U1")


def test_a_reply_that_is_sent_to_the_conversation_too_is_heard() -> None:
    """There is a box for that below each thread, and nobody is left without an answer who ticks it."""
    assert happened(event(text="warmer", thread_ts="1.000001", subtype="thread_broadcast")) == Said("warmer")


def test_a_command_that_is_typed_as_words_reaches_the_conversation() -> None:
    """Slack knows no slash commands in threads, so people type them."""
    assert happened(event(text="/headshot corporate", thread_ts="1.000001")) == Said("/headshot corporate")


def test_files_are_named_and_not_carried() -> None:
    """Also those of which Slack tells no more than that they are there; addresses with tokens stay out."""
    stub = {"id": "F2", "file_access": "check_file_info", "mode": "file_access"}
    found = read(event(subtype="file_share", text="", files=[FILE, stub]))

    assert found is not None
    assert found.happened == Said("", (Attachment("F1", "image/jpeg", 5), Attachment("F2")))
    assert "files.slack.com" not in str(to_json(found))


@pytest.mark.parametrize(
    "body",
    [
        change({"files": [FILE]}, subtype="message_deleted"),
        change({"files": [FILE]}, {"subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted."}),
        change({"files": [FILE], "text": "x"}, {"files": [STONE], "text": "x"}),
        change({"files": [STONE]}, {"files": [STONE]}),
        change({"files": [FILE]}, {"files": []}),
    ],
)
def test_files_that_are_gone_are_withdrawn(body: Json) -> None:
    """However Slack tells of it; whose they were stands in the message as it was before."""
    found = read(body)

    assert found is not None
    assert found.happened == Withdrawn(("F1",))
    assert found.person == Person("slack", "T1", "U1")


def test_only_the_file_that_is_gone_is_withdrawn() -> None:
    """Of several in one message."""
    other = {**FILE, "id": "F2"}

    assert happened(change({"files": [FILE, other]}, {"files": [STONE, other]})) == Withdrawn(("F1",))


@pytest.mark.parametrize(
    "element",
    [
        {"type": "button", "action_id": "help-2", "value": "help:1..."},
        {"type": "overflow", "action_id": "menu", "selected_option": {"value": "help:1...", "text": {}}},
    ],
)
def test_buttons_and_menus_say_the_same(element: Json) -> None:
    """A menu is a shelf of buttons."""
    pressed = happened(press(**element))

    assert isinstance(pressed, Pressed)
    assert pressed.action == "help:1..."
    assert pressed.trigger == "T1|1.2.abc|T1/@U1"
    assert (pressed.message, pressed.page) == ("T1/@U1/3.000001", "")


def test_a_press_on_the_page_happens_in_the_direct_conversation() -> None:
    """The page is no place to answer in; which page it was is told."""
    body = press(type="button", action_id="help", value="help:1...")
    body |= {"container": {"type": "view", "view_id": "V1"}, "view": {"id": "V1", "type": "home"}}
    del body["message"]
    found = read(body)

    assert found is not None
    assert found.conversation == "T1/@U1"
    assert found.happened == Pressed("help:1...", "T1|1.2.abc|T1/@U1", "", "T1/@U1/home")


def test_a_choice_in_an_open_form_is_not_yet_an_event() -> None:
    """Only sending it off counts."""
    body = press(type="static_select", action_id="style", selected_option={"value": "corporate"})
    body |= {"container": {"type": "view", "view_id": "V1"}, "view": {"id": "V1", "type": "modal"}}

    assert read(body) is None


def test_a_form_comes_back_to_where_it_was_asked_for() -> None:
    """Slack does not tell; the form itself says so. Its id changes with each version of it."""
    form = Form(
        "ask:1...", "New shoot", "Make", (Blank("wish", "Wish", "text"), Blank("photos", "Photos", "photos", most=3))
    )
    state = {"wish": {"wish": {"type": "plain_text_input", "value": "warm"}}}
    state["photos"] = {"photos": {"type": "file_input", "files": [FILE]}}  # type: ignore[dict-item]
    view = {**to_view(form, "T1/@U1/1.000001", {}), "id": "V1", "hash": "h1", "state": {"values": state}}
    found = read({"type": "view_submission", "user": {"id": "U1"}, "trigger_id": "9", "view": view})

    assert found is not None
    assert (found.id, found.conversation, found.private) == ("V1:h1", "T1/@U1/1.000001", True)
    assert found.happened == Filled(
        "ask:1...", {"wish": "warm"}, files={"photos": (Attachment("F1", "image/jpeg", 5),)}
    )


@pytest.mark.parametrize(
    ("message", "workspace", "reached"),
    [
        ({"user": "U2", "team": "T1"}, "T1", "T1/@U2"),
        ({"user": "U2"}, "T1", "T1/@U2"),
        ({"user": "U2", "team": "T1", "user_team": "T9"}, "T1", ""),
        ({"user": "U2", "team": "T2"}, "E1", "E1/@U2"),
        ({"user": "U0BOT", "bot_id": "B1", "team": "T1"}, "T1", ""),
        ({"bot_id": "B1"}, "T1", ""),
    ],
)
def test_only_who_can_be_written_to_is_asked_for_consent(message: Json, workspace: str, reached: str) -> None:
    """Neither a bot nor somebody of another company can say yes to us; what they posted is still nobody else's to use."""
    body = {
        "type": "message_action",
        "callback_id": "headshot_from_message",
        "user": {"id": "U1"},
        "trigger_id": "1.2.3",
    }
    pointed = read({**body, "message": {**message, "files": [FILE]}}, workspace)

    assert pointed is not None
    assert isinstance(pointed.happened, Pointed)
    assert pointed.happened.author_direct == reached


def test_in_an_organisation_the_organisation_is_the_workspace() -> None:
    """Where it installed the app as a whole: somebody is the same person in all its workspaces."""
    found = read({"command": "/headshot", "text": "", "user_id": "W1", "trigger_id": "1.2.3", "team_id": "T1"}, "E1")

    assert found is not None
    assert found.person == Person("slack", "E1", "W1")
    assert found.happened == Commanded("", (), "E1|1.2.3|E1/@W1")


@pytest.mark.parametrize(
    ("sent", "read_as"),
    [
        ("warmer &amp; softer", "warmer & softer"),
        ("3 &lt; 4 &gt; 2", "3 < 4 > 2"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("like <https://example.com/a?b=1&amp;c=2|this one>", "like this one"),
        ("<https://example.com/a?b=1&amp;c=2>", "https://example.com/a?b=1&c=2"),
        ("<mailto:a@example.com|a@example.com>", "a@example.com"),
        ("for <@U123|anna> in <#C1|team>", "for @anna in #team"),
        ("hey <@U123>", "hey"),
        ("<!here> <!subteam^S1|@design> <!date^1^{date}|today>", "@here @subteam @date"),
        ("white\u00a0background ", "white background"),
        ("a < b", "a < b"),
        ("<>", "<>"),
        ("", ""),
    ],
)
def test_words_are_read_as_they_were_typed(sent: str, read_as: str) -> None:
    """Slack escapes three characters and wraps what is a link, a person or a channel."""
    assert typed(sent) == read_as
