"""People before the simulator, with a small bolt app behind it: in Socket Mode and by signed requests."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from slack_sdk.errors import SlackApiError

from tests.slack.simulator.forms import Impossible
from tests.slack.simulator.person import Person
from tests.slack.simulator.records import Json, Message
from tests.slack.simulator.slack import Slack
from tests.slack.small_app import FORM, SmallApp, signed_requests, socket_mode

pytestmark = pytest.mark.asyncio
JPEG = b"\xff\xd8\xff\xe0 a face"


@pytest_asyncio.fixture(params=[socket_mode, signed_requests])
async def app(request: pytest.FixtureRequest, slack: Slack) -> AsyncIterator[SmallApp]:
    """The app, by both ways to be reached."""
    small = SmallApp(slack)
    async with request.param(slack, small):
        yield small


@pytest.fixture
def anna(slack: Slack) -> Person:
    """A member."""
    return slack.person("U1")


def plain(text: str) -> Json:
    """A plain text."""
    return {"type": "plain_text", "text": text}


async def asked(anna: Person) -> Message:
    """A message with a button."""
    await anna.dm("Hello")
    return await anna.waits_for("“Hello”")


async def test_many_photos_in_one_message_are_one_event(app: SmallApp, slack: Slack, anna: Person) -> None:
    """In the order of the album; and the app hears of nothing in channels where it did not ask to."""
    await anna.dm("Hi", files=[("a.jpg", JPEG), ("b.jpg", JPEG)])
    await anna.waits_for("2 files")
    await anna.says("C1", "Not for the app")
    await slack.events.settled()

    first = app.heard[0]["event"]
    assert (first["subtype"], first["channel_type"], first["user"]) == ("file_share", "im", "U1")
    assert [file["name"] for file in first["files"]] == ["a.jpg", "b.jpg"]
    assert not [body for body in app.heard if body["event"].get("text") == "Not for the app"]


async def test_edits_and_deletions_arrive(app: SmallApp, slack: Slack, anna: Person) -> None:
    """Words that change, messages and files that go."""
    sent = await anna.dm("One", files=[("a.jpg", JPEG)])
    await anna.edits(sent, "Two")
    await anna.deletes_file(sent.files[0])
    await anna.deletes(sent)
    await slack.events.settled()

    kinds = [body["event"].get("subtype", body["event"]["type"]) for body in app.heard if "event" in body]
    assert [kind for kind in kinds if kind in ("message_changed", "message_deleted", "file_deleted")] == [
        *("message_changed", "message_changed", "file_deleted", "message_deleted")
    ]


async def test_what_people_type_is_told_escaped(app: SmallApp, slack: Slack, anna: Person) -> None:
    """The three characters that begin a mention or a link."""
    await anna.dm("black & <white>")
    await slack.events.settled()
    await anna.slash("/headshot", "a & b")

    assert app.heard[0]["event"]["text"] == "black &amp; &lt;white&gt;"
    assert next(body["text"] for body in app.heard if "command" in body) == "a &amp; b"


async def test_a_message_above_a_thread_becomes_a_stone(app: SmallApp, slack: Slack, anna: Person) -> None:
    """Slack tells of a change, not of a deletion, and the thread goes on."""
    top = await anna.dm("Top")
    await anna.dm("Below", thread_ts=top.ts)
    await slack.events.settled()
    await anna.deletes(top)
    await slack.events.settled()

    told = app.heard[-1]["event"]
    assert (told["subtype"], told["message"]["subtype"]) == ("message_changed", "tombstone")
    assert told["previous_message"]["text"] == "Top"
    assert "Below" in [message.text for message in anna.reads(anna.im.id, top.ts)]


async def test_a_command_is_answered_for_one_person(app: SmallApp, slack: Slack, anna: Person) -> None:
    """By its acknowledgement, also where the app is no member; nobody else sees it."""
    reply = await anna.slash("/headshot", "corporate", "C4")

    assert reply.message is not None
    assert [m.text for m in anna.reads("C4")] == ["I go on elsewhere"]
    assert slack.person("U2").reads("C4") == []
    assert reply.ack.took_s < 3


async def test_a_form_from_command_to_submission(app: SmallApp, slack: Slack, anna: Person) -> None:
    """Values, files and where it came from arrive; the app may read the files."""
    await anna.slash("/headshot")
    form = await anna.waits_for_modal("New headshots")
    reply = await anna.submit(form, {"style": "legal", "count": 4}, {"photos": [("me.jpg", JPEG)]})

    assert (reply.error, anna.modal) == ("", None)
    view = app.happened("view_submission")[0]["view"]
    values = view["state"]["values"]
    assert values["style"]["style"]["selected_option"]["value"] == "legal"
    assert values["count"]["count"]["value"] == "4"
    (photo,) = values["photos"]["photos"]["files"]
    assert (await slack.client().files_info(file=photo["id"]))["file"]["size"] == len(JPEG)
    assert view["private_metadata"] == "T1/@U1"


async def test_what_the_client_does_not_let_through(app: SmallApp, slack: Slack, anna: Person) -> None:
    """Missing fields, numbers out of range, unknown options, wrong or too many files: the app never hears of it."""
    await anna.slash("/headshot")
    form = await anna.waits_for_modal()
    many = [("me.jpg", JPEG)] * 3
    for values, files in (
        ({}, {}),
        ({"count": 13}, {}),
        ({"count": "2.5"}, {}),
        ({"count": 1, "style": "hogwarts"}, {}),
        ({"count": 1, "colour": "red"}, {}),
        ({"count": 1}, {"photos": [("me.exe", JPEG)]}),
        ({"count": 1}, {"photos": [("me.jpg", b"x" * 10_000_001)]}),
        ({"count": 1}, {"photos": many}),
    ):
        with pytest.raises(Impossible):
            await anna.submit(form, values, files)
    assert app.happened("view_submission") == []
    assert anna.modal is not None


async def test_a_form_can_answer_with_errors_another_form_or_one_above(
    app: SmallApp, slack: Slack, anna: Person
) -> None:
    """As its acknowledgement says."""
    await anna.slash("/headshot")
    form = await anna.waits_for_modal()
    app.form_answer = {"response_action": "errors", "errors": {"count": "Too many"}}
    assert (await anna.submit(form, {"count": 4})).errors == {"count": "Too many"}
    assert anna.modal == form
    app.form_answer = {"response_action": "push", "view": {**FORM, "title": {"type": "plain_text", "text": "Above"}}}
    await anna.submit(form, {"count": 4})
    above = await anna.waits_for_modal("Above")
    app.form_answer = {"response_action": "update", "view": {**FORM, "title": {"type": "plain_text", "text": "Other"}}}
    await anna.submit(above, {"count": 4})
    other = await anna.waits_for_modal("Other")
    app.form_answer = {"response_action": "clear"}
    await anna.submit(other, {"count": 4})
    assert anna.modal is None


async def test_a_button_and_a_menu(app: SmallApp, slack: Slack, anna: Person) -> None:
    """Are pressed by whoever sees them, while they are there."""
    message = await asked(anna)
    await anna.press(message, "go:1")
    await anna.press(message, "crop:1")
    with pytest.raises(Impossible, match="no button"):
        await anna.press(message, "go:2")
    with pytest.raises(Impossible, match="no such message"):
        await slack.person("U2").press(message, "go:1")
    await slack.client().chat_delete(channel=message.channel, ts=message.ts)
    with pytest.raises(Impossible, match="no such message"):
        await anna.press(message, "go:1")

    pressed, chosen = app.happened("block_actions")
    assert (pressed["actions"][0]["value"], pressed["container"]["message_ts"]) == ("go:1", message.ts)
    assert chosen["actions"][0]["selected_option"]["value"] == "crop:1"
    assert pressed["message"]["blocks"] == list(message.blocks)


async def test_a_shortcut_carries_the_message(app: SmallApp, anna: Person) -> None:
    """With its files, whoever posted it."""
    posted = await anna.says("C1", "Me", files=[("me.jpg", JPEG)])
    await anna.shortcut("headshot_from_message", posted)

    (told,) = app.happened("message_action")
    assert (told["message"]["user"], told["message"]["files"][0]["id"]) == ("U1", posted.files[0])


async def test_three_seconds_are_all_there_is(app: SmallApp, slack: Slack, anna: Person) -> None:
    """After that the client says that the app did not answer; and a form cannot be opened any more."""
    slack.habits.ack_s = 0.2
    assert (await anna.slash("/headshot", "slow")).error == "operation_timeout"
    app.slow.set()

    slack.habits.trigger_s = 0.0
    client = slack.client()
    for trigger, error in (
        (slack.world.new_trigger("U1"), "expired_trigger_id"),
        ("of-last-week", "invalid_trigger_id"),
    ):
        with pytest.raises(SlackApiError, match=error):
            await client.views_open(trigger_id=trigger, view=FORM)
    slack.habits.trigger_s = 3.0
    trigger = slack.world.new_trigger("U1")
    await client.views_open(trigger_id=trigger, view=FORM)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await client.views_open(trigger_id=trigger, view=FORM)


async def test_an_event_without_acknowledgement_comes_again(app: SmallApp, slack: Slack, anna: Person) -> None:
    """With the same id and the number of the retry; and twice where Slack feels like it."""
    app.fails = 1
    slack.habits.event_ack_s = 0.3
    await anna.dm("Hello")
    await anna.waits_for("“Hello”")
    assert app.retries[0] == "1"
    await slack.events.settled()

    app.heard.clear()
    slack.habits.deliver_twice = True
    await anna.opens_home()
    await slack.events.settled()
    ids = [body["event_id"] for body in app.happened("app_home_opened")]
    assert len(ids) == 2
    assert len(set(ids)) == 1


async def test_events_that_nobody_takes_are_given_up(slack: Slack, anna: Person) -> None:
    """Where no app is connected, after all retries."""
    slack.habits.retries_s = (0.01, 0.01)
    await anna.dm("Hello")
    await slack.events.settled()

    assert [body["event"]["text"] for body in slack.events.lost] == ["Hello"]
    assert (await anna.slash("/headshot")).error == "dispatch_failed"


async def test_an_app_comes_back_on_another_socket(slack: Slack, anna: Person) -> None:
    """Slack hangs up whenever it likes; what it says meanwhile is delivered later."""
    slack.habits.retries_s = (0.2,) * 20
    app = SmallApp(slack)
    async with socket_mode(slack, app):
        await asyncio.wait_for(slack.sockets.connected.wait(), 5)
        await slack.sockets.disconnect("refresh_requested")
        await anna.dm("Hello")
        await anna.waits_for("“Hello”")
        assert slack.sockets.hellos >= 2


async def test_requests_that_are_not_slacks(slack: Slack, anna: Person) -> None:
    """Forged, stale and changed ones are refused by bolt; a repeated one is not: that is for ids to find."""
    app = SmallApp(slack)
    async with signed_requests(slack, app):
        line = slack.requests
        assert line is not None
        assert await line.verify()
        await anna.slash("/headshot", "corporate")
        genuine = line.sent[-1]
        body, kind = genuine.body, genuine.headers["Content-Type"]
        for forged in (
            line.sign(body, kind, secret="of-somebody-else"),
            line.sign(body, kind, at=time.time() - 301),
            line.sign(body, kind, at=time.time() + 301),
        ):
            assert (await line.post(forged))[0] == 401
        assert (await line.post(genuine))[0] == 200
        assert [body["command"] for body in app.heard] == ["/headshot"] * 2


async def test_what_others_said_between_themselves_is_not_for_the_app(slack: Slack, anna: Person) -> None:
    """Their direct conversation is not ours, and a command there still works."""
    app = SmallApp(slack)
    between = slack.world.im("U1", "U2")
    async with socket_mode(slack, app):
        await anna.says(between.id, "Lunch?")
        await anna.slash("/headshot", "corporate", between.id)
        await slack.events.settled()

    assert [body.get("command") for body in app.heard] == ["/headshot"]
    assert app.heard[0]["channel_name"] == "directmessage"


async def test_people_of_other_companies_press_and_do_not_command(app: SmallApp, slack: Slack) -> None:
    """In a shared channel they see what the app posts; commands and shortcuts are for those whose workspace has it."""
    xenia = slack.person("U9")
    row = {"type": "actions", "elements": [{"type": "button", "action_id": "go", "value": "go:1", "text": plain("Go")}]}
    await slack.client().chat_postMessage(channel="C3", text="Hello", blocks=[row])
    (message,) = xenia.reads("C3")
    await xenia.press(message, "go:1")

    (told,) = app.happened("block_actions")
    assert (told["user"]["team_id"], told["team"]["id"]) == ("T9", "T1")
    for act in (xenia.slash("/headshot", "", "C3"), xenia.shortcut("headshot_from_message", message)):
        with pytest.raises(Impossible):
            await act


async def test_events_may_tell_no_more_of_files_than_their_id(app: SmallApp, slack: Slack, anna: Person) -> None:
    """As in shared channels: the rest has to be asked for."""
    slack.habits.stub_files = True
    sent = await anna.dm(files=[("me.jpg", JPEG)])
    await slack.events.settled()

    (file,) = app.heard[0]["event"]["files"]
    assert (file["id"], file["file_access"], "mimetype" in file) == (sent.files[0], "check_file_info", False)
    assert (await slack.client().files_info(file=file["id"]))["file"]["mimetype"] == "image/jpeg"


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # inside the SDK
async def test_an_install_is_agreed_to_once(slack: Slack, anna: Person) -> None:
    """A code is worth tokens once, for the right secret and address."""
    url = f"{slack.authorize_url}?client_id={slack.client_id}&scope=chat:write&user_scope=users.profile:write"
    back = anna.approves(f"{url}&redirect_uri=http://here/back&state=s1")
    code = back.partition("code=")[2].partition("&")[0]
    client = slack.client("none")
    asked_for = {"client_id": slack.client_id, "code": code, "redirect_uri": "http://here/back"}

    with pytest.raises(SlackApiError, match="bad_client_secret"):
        await client.oauth_v2_access(client_secret="wrong", **asked_for)
    told = await client.oauth_v2_access(client_secret=slack.client_secret, **asked_for)
    assert back.startswith("http://here/back?code=")
    assert back.endswith("&state=s1")
    assert (told["token_type"], told["authed_user"]["scope"]) == ("bot", "users.profile:write")
    assert (await slack.client(told["access_token"]).auth_test())["team_id"] == "T1"
    with pytest.raises(SlackApiError, match="code_already_used"):
        await client.oauth_v2_access(client_secret=slack.client_secret, **asked_for)
    assert "error=access_denied" in anna.declines(f"{url}&state=s1")


async def test_an_uninstall_is_told_and_ends_all_tokens(app: SmallApp, slack: Slack, anna: Person) -> None:
    """As it happens in a workspace that changes its mind."""
    slack.uninstall()
    await slack.events.settled()

    with pytest.raises(SlackApiError, match="account_inactive"):
        await slack.client().auth_test()


async def test_homes_are_published_with_a_hash(slack: Slack, anna: Person) -> None:
    """Whoever publishes what is out of date hears so."""
    client = slack.client()
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = await client.views_publish(user_id="U1", view=home)
    await client.views_publish(user_id="U1", view=home, hash=first["view"]["hash"])

    assert anna.home is not None
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_publish(user_id="U1", view=home, hash=first["view"]["hash"])
    slack.habits.home_enabled = False
    with pytest.raises(SlackApiError, match="not_enabled"):
        await client.views_publish(user_id="U1", view=home)
