"""Slack end to end: people do something in the simulated Slack, and it stands with the desk before Slack is answered."""

import asyncio
import html
import logging
import os
import re
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientSession, DummyCookieJar

from adapters.slack.modals import to_view
from bot.events import Commanded, Filled, Opened, Pointed, Pressed, Said, Withdrawn
from bot.messages import Blank, Button, Buttons, Form, Message, Option, Text
from bot.people import Person as Somebody
from engine.contract.errors import SettingsError
from tests.ports.vault.fake_vault import FakeVault
from tests.slack.running import Desk, adapter_for, refs, running, until
from tests.slack.simulator.person import Person
from tests.slack.simulator.slack import Slack

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),  # slack_sdk uses it
]
ALL_MODES = pytest.mark.parametrize("mode", ["socket", "http"])
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(200))
DIRECT = "T1/@U1"
ACTION = "help:1..."
CARD = Message("Hello", (Text("Hello"), Buttons((Button(ACTION, "Help"),))))
FORM = Form(
    "ask:1...", "New shoot", "Make", (Blank("wish", "Wish", "text"), Blank("photos", "Photos", "photos", most=3))
)


@pytest.fixture
def anna(slack: Slack) -> Person:
    """A full member."""
    return slack.person("U1")


@ALL_MODES
async def test_a_message_with_photos_arrives_as_one_event(
    slack: Slack, anna: Person, tmp_path: Path, mode: str
) -> None:
    """In the order of the album, in the direct conversation, whichever way Slack reaches us."""
    async with running(slack, tmp_path, slack_mode=mode) as here:
        sent = await anna.dm(
            "two of <me> & one more", [("1.jpg", JPEG), ("2.heic", b"\0\0\0\x18ftypheic"), ("3.jpg", JPEG)]
        )
        (event,) = await here.desk.has(1)

    assert isinstance(event.happened, Said)
    assert refs(event.happened.attachments) == list(sent.files)
    assert [a.media_type for a in event.happened.attachments] == ["image/jpeg", "image/heic", "image/jpeg"]
    assert event.happened.attachments[0].size_bytes == len(JPEG)
    assert (event.conversation, event.direct, event.private, event.guest) == (DIRECT, DIRECT, True, False)
    assert (event.person.platform, event.person.workspace, event.person.user) == ("slack", "T1", "U1")


@ALL_MODES
async def test_everything_that_people_do_arrives(slack: Slack, anna: Person, tmp_path: Path, mode: str) -> None:
    """A command, a press, a form with a photo, the home tab, both shortcuts."""
    async with running(slack, tmp_path, slack_mode=mode) as here:
        assert not (await anna.slash("/headshot", "corporate 8", channel="C1")).error
        commanded = (await here.desk.has(1))[0].happened
        assert isinstance(commanded, Commanded)
        await here.adapter.chat.open_form(commanded.trigger, FORM)
        view = await anna.waits_for_modal("New shoot")
        filled = await anna.submit(view, {"wish": "warm light"}, {"photos": [("me.jpg", JPEG)]})
        assert not filled.error
        assert anna.modal is None
        await here.adapter.chat.send(DIRECT, CARD, "card")
        pressed = await anna.press(await anna.waits_for("Hello"), ACTION)
        assert not pressed.error
        await anna.opens_home()
        await here.desk.has(4)
        assert not (await anna.shortcut("headshot_new")).error
        happened = (await here.desk.has(5)) and here.desk.happened

    assert commanded.text == "corporate 8"
    assert isinstance(happened[1], Filled)
    assert (happened[1].form, happened[1].values["wish"]) == ("ask:1...", "warm light")
    assert len(happened[1].files["photos"]) == 1
    assert isinstance(happened[2], Pressed)
    assert happened[2].action == ACTION
    assert happened[2].message.startswith(f"{DIRECT}/")
    assert isinstance(happened[3], Opened)
    assert here.desk.events[3].conversation == f"{DIRECT}/home"
    assert isinstance(happened[4], Commanded)
    assert {event.conversation for event in here.desk.events} == {DIRECT, f"{DIRECT}/home"}
    assert len({event.id for event in here.desk.events}) == 5


async def test_a_press_in_a_thread_happens_there(slack: Slack, anna: Person, tmp_path: Path) -> None:
    """The answer comes below the gallery, and words in the thread are about it."""
    async with running(slack, tmp_path) as here:
        above = await here.adapter.chat.send(DIRECT, Message("Above", (Text("Above"),)), "above")
        below = await here.adapter.chat.send(above, CARD, "below")
        await anna.press(await anna.waits_for("Hello"), ACTION)
        await anna.dm("warmer", thread_ts=above.rpartition("/")[2])
        pressed, said = await here.desk.has(2)

    assert (pressed.conversation, pressed.happened.message) == (above, below)  # type: ignore[union-attr]
    assert (said.conversation, said.happened) == (above, Said("warmer"))


async def test_a_press_on_a_message_above_a_thread_happens_in_the_conversation(
    slack: Slack, anna: Person, tmp_path: Path
) -> None:
    """Slack tells its own time stamp as that of its thread."""
    async with running(slack, tmp_path) as here:
        above = await here.adapter.chat.send(DIRECT, CARD, "above")
        await here.adapter.chat.send(above, Message("Below", (Text("Below"),)), "below")
        await anna.press(await anna.waits_for("Hello"), ACTION)
        (pressed,) = await here.desk.has(1)

    assert (pressed.conversation, pressed.happened.message) == (DIRECT, above)  # type: ignore[union-attr]


async def test_a_press_in_a_channel_is_not_private(slack: Slack, tmp_path: Path) -> None:
    """A shared headshot: whoever presses is somebody else, and everybody reads along."""
    async with running(slack, tmp_path) as here:
        shared = await here.adapter.chat.send("T1/C1", CARD, "shared")
        ben = slack.person("U2")
        await ben.press(await ben.waits_for("Hello", "C1"), ACTION)
        (pressed,) = await here.desk.has(1)

    assert (pressed.person.user, pressed.private) == ("U2", False)
    assert (pressed.conversation, pressed.direct) == ("T1/C1", "T1/@U2")
    assert pressed.happened.message == shared  # type: ignore[union-attr]


async def test_a_command_in_a_channel_is_answered_to_its_writer_alone(
    slack: Slack, anna: Person, tmp_path: Path
) -> None:
    """Nobody else sees that somebody wants a headshot; in our own conversation there is nothing to say about that."""
    async with running(slack, tmp_path) as here:
        elsewhere = [await anna.slash("/headshot", "corporate", channel=channel) for channel in ("C1", "C2", "C4")]
        with_ben = slack.world.im("U1", "U2", team_id="T1")
        elsewhere.append(await anna.slash("/headshot", channel=with_ben.id))
        at_home = await anna.slash("/headshot", "corporate")
        events = await here.desk.has(5)

    for reply in elsewhere:
        assert reply.message is not None
        assert "direct messages" in reply.message.text
        assert reply.message.only_to == "U1"
    assert at_home.message is None
    assert {event.conversation for event in events} == {DIRECT}
    assert all(event.private for event in events)
    assert slack.person("U2").reads("C1") == slack.person("U2").reads(with_ben.id) == []


async def test_whoever_deletes_a_photo_has_it_withdrawn(slack: Slack, anna: Person, tmp_path: Path) -> None:
    """With its message, out of a message with others, or below which somebody wrote; an edit of words is nothing."""
    async with running(slack, tmp_path) as here:
        first = await anna.dm("", [("1.jpg", JPEG)])
        second = await anna.dm("both", [("2.jpg", JPEG), ("3.jpg", JPEG)])
        third = await anna.dm("text", [("4.jpg", JPEG)])
        await anna.edits(third, "other text")
        await anna.deletes(first)
        await anna.deletes_file(second.files[1])
        await anna.deletes(third)
        events = await here.desk.has(6)
        await here.slack.events.settled()

    gone = [event.happened for event in events if isinstance(event.happened, Withdrawn)]
    assert gone == [Withdrawn((first.files[0],)), Withdrawn((second.files[1],)), Withdrawn((third.files[0],))]
    assert len(events) == 6


async def test_photos_of_others_are_pointed_at(slack: Slack, anna: Person, tmp_path: Path) -> None:
    """One's own are as if sent; somebody else's are a question to that person; a message without any opens the form."""
    async with running(slack, tmp_path) as here:
        own = await anna.says("C1", "me", [("me.jpg", JPEG), ("cv.pdf", b"%PDF-1.7")])
        bens = await slack.person("U2").says("C1", "", [("ben.jpg", JPEG)])
        xenias = await slack.person("U9").says("C3", "", [("xenia.jpg", JPEG)])
        words = await anna.says("C1", "no photo")
        for message in (own, bens, xenias, words):
            assert not (await anna.shortcut("headshot_from_message", message)).error
        events = await here.desk.has(4)

    said, ben, xenia, nothing = (event.happened for event in events)
    assert isinstance(said, Said)
    assert refs(said.attachments)[:1] == [own.files[0]]
    assert isinstance(ben, Pointed)
    assert (ben.author.user, ben.author_direct) == ("U2", "T1/@U2")
    assert isinstance(xenia, Pointed)
    assert (xenia.author.user, xenia.author_direct) == ("U9", "")
    assert isinstance(nothing, Commanded)
    assert nothing.trigger.endswith(f"|{DIRECT}")
    assert {event.conversation for event in events} == {DIRECT}


async def test_what_we_say_and_change_ourselves_is_nobodys_event(slack: Slack, tmp_path: Path) -> None:
    """Progress is an edit every few seconds; none of it may come back as something that a person did."""
    async with running(slack, tmp_path) as here:
        ref = await here.adapter.chat.send(DIRECT, CARD, "card")
        await here.adapter.chat.edit(ref, Message("Changed", (Text("Changed"),)))
        await here.adapter.chat.delete(ref)
        await slack.events.settled()

    assert here.desk.asked == 0
    assert slack.events.lost == []


@ALL_MODES
async def test_what_could_not_be_kept_is_not_acknowledged_and_comes_again(
    slack: Slack, anna: Person, tmp_path: Path, mode: str
) -> None:
    """The database was away for a moment: the retry is the first delivery that is kept, and it is kept once."""
    async with running(slack, tmp_path, desk=Desk(failing=2), slack_mode=mode) as here:
        slack.habits.event_ack_s = 0.3
        await anna.dm("hello")
        await slack.events.settled()

    assert here.desk.happened == [Said("hello")]
    assert here.desk.asked == 3
    assert slack.events.lost == []


async def test_a_command_that_could_not_be_kept_says_so(slack: Slack, anna: Person, tmp_path: Path) -> None:
    """Slack never repeats it; a press and a form show the client's own sign that it did not work."""
    async with running(slack, tmp_path) as here:
        slack.habits.ack_s = 0.5
        await here.adapter.chat.send(DIRECT, CARD, "card")
        here.desk.failing = 2
        told = await anna.slash("/headshot", "corporate")
        pressed = await anna.press(await anna.waits_for("Hello"), ACTION)

    assert told.message is not None
    assert "Try again" in told.message.text
    assert pressed.error == "operation_timeout"
    assert here.desk.events == []


@ALL_MODES
async def test_what_comes_twice_is_kept_once(slack: Slack, anna: Person, tmp_path: Path, mode: str) -> None:
    """An acknowledgement was lost: the retry is acknowledged, too, or it would come for hours."""
    async with running(slack, tmp_path, slack_mode=mode) as here:
        slack.habits.deliver_twice = True
        await anna.dm("hello")
        await slack.events.settled()
        again = await slack.events.redeliver(slack.events.sent[-1])

    assert again.ok
    assert here.desk.happened == [Said("hello")]
    assert here.desk.asked == 3


@ALL_MODES
async def test_slack_is_answered_in_time_while_the_desk_is_slow(
    slack: Slack, anna: Person, tmp_path: Path, mode: str
) -> None:
    """A second for writing it down, thirty people at once, and everybody is answered well within three seconds."""
    for number in range(30):
        slack.add_user(f"U1{number:02d}", f"P{number}")
    async with running(slack, tmp_path, desk=Desk(taking_s=1.0), slack_mode=mode) as here:
        people = [slack.person(f"U1{number:02d}") for number in range(30)]
        replies = await asyncio.gather(*(each.slash("/headshot", "corporate", channel=each.im.id) for each in people))

    assert [reply.error for reply in replies] == [""] * 30
    assert max(reply.ack.took_s for reply in replies) < 2.5
    assert len(here.desk.events) == 30


async def test_nothing_is_lost_when_slack_renews_the_socket(slack: Slack, anna: Person, tmp_path: Path) -> None:
    """Slack asks for another socket every few hours, and sometimes just hangs up."""
    async with running(slack, tmp_path) as here:
        slack.habits.retries_s = (0.2,) * 40
        for number in range(9):
            await anna.dm(f"message {number}")
            if number % 3 == 1:
                await slack.sockets.disconnect("refresh_requested" if number == 4 else "warning")
            elif number % 3 == 2:
                await slack.sockets.cut()
        await asyncio.wait_for(slack.events.settled(), 60)

    assert sorted(each.text for each in here.desk.happened) == [f"message {n}" for n in range(9)]  # type: ignore[union-attr]
    assert slack.events.lost == []
    assert slack.sockets.hellos > 1


async def test_the_bot_starts_while_slack_is_away_and_goes_on_when_it_is_back(
    slack: Slack, anna: Person, tmp_path: Path
) -> None:
    """A cut line of the office is no reason that the playground does not start either."""
    slack.habits.break_down("auth.test", times=2)
    slack.habits.drop("apps.connections.open", times=2)
    async with running(slack, tmp_path) as here:
        await anna.dm("hello")
        await slack.events.settled()

    assert here.desk.happened == [Said("hello")]


@pytest.mark.parametrize(
    ("given", "variable"),
    [
        ({"slack_bot_token": "xoxb-wrong-canary"}, "HEADROOM_SLACK_BOT_TOKEN"),
        ({"slack_app_token": "xapp-wrong-canary"}, "HEADROOM_SLACK_APP_TOKEN"),
    ],
)
async def test_a_token_that_slack_refuses_ends_the_start(
    slack: Slack, tmp_path: Path, given: dict[str, str], variable: str
) -> None:
    """Exit code 2, and a sentence that names the variable and not the token."""
    adapter = await adapter_for(slack, Desk(), tmp_path, **given)
    with pytest.raises(SettingsError) as caught:
        await adapter.start()
    await adapter.stop()

    assert (caught.value.code, caught.value.facts) == ("slack_token_refused", {"name": variable})


async def test_another_workspace_is_not_served_with_the_token_of_this_one(slack: Slack, tmp_path: Path) -> None:
    """Sockets of an app bring what happens in all workspaces that added it."""
    async with running(slack, tmp_path) as here:
        slack.add_team("T2", "Elsewhere")
        slack.add_user("U20", "Otto", "T2")
        otto = slack.person("U20")
        await otto.dm("hello")
        told = await otto.slash("/headshot")
        await slack.events.settled()

    assert here.desk.asked == 0
    assert told.error == ""
    assert slack.events.lost == []


async def test_variables_of_other_slack_apps_change_nothing(
    slack: Slack, anna: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bolt takes SLACK_… from the environment where it is given nothing; another app of the same operator may have set them."""
    for name in (
        "BOT_TOKEN",
        "APP_TOKEN",
        "SIGNING_SECRET",
        "CLIENT_ID",
        "CLIENT_SECRET",
        "VERIFICATION_TOKEN",
        "SCOPES",
    ):
        monkeypatch.setenv(f"SLACK_{name}", "somebody-elses")
    monkeypatch.chdir(tmp_path)
    async with running(slack, tmp_path / "pictures") as here:
        await anna.dm("hello")
        await slack.events.settled()
        used = {call.token for call in slack.world.calls if call.token}

    assert here.desk.happened == [Said("hello")]
    assert used <= {slack.bot_token, slack.app_token}
    assert "somebody-elses" not in str(os.listdir(tmp_path))


async def test_nobodys_words_are_in_the_log(
    slack: Slack, anna: Person, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Also where things go wrong: what an operator reads are codes."""
    caplog.set_level(logging.INFO)
    async with running(slack, tmp_path, desk=Desk(failing=1)):
        await anna.dm("canary in a coal mine", [("canary.jpg", JPEG)])
        await slack.events.settled()

    assert "slack_event_not_kept" in caplog.text
    assert "canary" not in "\n".join(record.getMessage() for record in caplog.records)


async def test_the_bot_stops_at_once(slack: Slack, anna: Person, tmp_path: Path) -> None:
    """With a socket open and a photo on its way; nothing of it is left running."""
    async with running(slack, tmp_path, desk=Desk(taking_s=0.3)) as here:
        before = asyncio.get_running_loop().time()
        await anna.dm("hello")
        await here.adapter.stop()
        took_s = asyncio.get_running_loop().time() - before
        await until(lambda: slack.sockets.count == 0)

    assert took_s < 2


async def test_an_example_follows_the_choice_in_a_form(slack: Slack, anna: Person, tmp_path: Path) -> None:
    """The bot hears of it only when the form is sent off."""
    options = (Option("navy", "Navy", picture="navy"), Option("white", "White", picture="white"))
    form = Form("ask:1...", "New shoot", "Make", (Blank("style", "Style", "choice", "navy", options=options),))
    async with running(slack, tmp_path) as here:
        client = slack.client()
        shown = {}
        for style in ("navy", "white"):
            up = await client.files_getUploadURLExternal(filename=f"{style}.jpg", length=len(JPEG))
            async with ClientSession() as session, session.post(up["upload_url"], data=JPEG):
                shown[style] = up["file_id"]
            await client.files_completeUploadExternal(files=[{"id": up["file_id"]}])
        view = to_view(form, DIRECT, shown)
        await client.views_open(trigger_id=slack.world.new_trigger("U1"), view=view)
        opened = await anna.waits_for_modal("New shoot")
        reply = await anna.select(opened, "style", "white")
        await until(lambda: shown["white"] in str(anna.modal and anna.modal.body["blocks"]))

    assert reply is not None
    assert not reply.error
    assert here.desk.asked == 0


async def test_any_workspace_can_add_the_app_and_remove_it(slack: Slack, tmp_path: Path) -> None:
    """Each is spoken to with its own token; one that removed the app is told so, and its token is gone."""
    slack.add_team("T2", "Second Company")
    slack.add_user("U20", "Otto", "T2")
    otto, vault = slack.person("U20"), FakeVault(time.time)
    given = {"slack_bot_token": "", "slack_client_id": slack.client_id, "slack_client_secret": slack.client_secret}
    given["slack_public_url"] = "https://headroom.example.com/"
    async with running(slack, tmp_path, **given, vault=vault) as here:
        await install(here.adapter.url, otto)
        await otto.dm("hello")
        (said,) = await here.desk.has(1)
        assert said.person == Somebody("slack", "T2", "U20")
        await here.adapter.chat.send(said.conversation, CARD, "card")
        await otto.waits_for("Hello")
        slack.uninstall("T2")
        await slack.events.settled()
        assert not (await otto.slash("/headshot")).error
        told = await otto.waits_for("not installed")

    assert not [name for name in vault.kept if name.endswith("/bot")]
    assert told.only_to == "U20"
    assert len(here.desk.events) == 1


async def test_a_whole_organisation_is_one_workspace(slack: Slack, tmp_path: Path) -> None:
    """The token is the organisation's; people of all its workspaces are served, and each is one person."""
    slack.add_team("T5", "Org North", enterprise_id="E1")
    slack.add_user("U50", "Nora", "T5")
    token = slack.install("T5", enterprise_id="E1").value
    nora = slack.person("U50")
    async with running(slack, tmp_path, slack_bot_token=token) as here:
        await nora.dm("hello")
        said = (await here.desk.has(1))[0]
        await nora.slash("/headshot", "corporate")
        await here.adapter.chat.send(said.conversation, CARD, "card")
        await nora.press(await nora.waits_for("Hello"), ACTION)
        events = await here.desk.has(3)

    assert {event.person for event in events} == {Somebody("slack", "E1", "U50")}
    assert {event.conversation for event in events} == {"E1/@U50"}


async def install(url: str, person: Person) -> None:
    """By the pages, in a browser of the person's."""
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        async with session.get(f"{url}/slack/install") as page:
            cookies = {name: morsel.value for name, morsel in page.cookies.items()}
            link = html.unescape(re.findall(r'class="button" href="([^"]*)"', await page.text())[0])
        back = urlsplit(person.approves(link))
        async with session.get(f"{url}{back.path}?{back.query}", cookies=cookies) as page:
            assert page.status == 200, await page.text()


class Rounds:
    """In the place of the real ones, which begin later."""

    def __init__(self) -> None:
        self.history: list[str] = []

    async def run(self) -> None:
        """See `Sweeping`."""
        self.history.append("begun")
        try:
            await asyncio.Event().wait()
        finally:
            self.history.append("ended")


async def test_files_without_a_picture_are_looked_for_as_long_as_the_bot_runs(slack: Slack, tmp_path: Path) -> None:
    """Nobody has to ask for it, and it ends with everything else."""
    adapter = await adapter_for(slack, Desk(), tmp_path)
    rounds = Rounds()
    adapter.chat.sweeping = rounds  # type: ignore[assignment]
    await adapter.start()
    await until(lambda: rounds.history)
    await adapter.stop()

    assert rounds.history == ["begun", "ended"]


@ALL_MODES
async def test_a_channel_of_several_companies_is_refused_in_the_form(
    slack: Slack, anna: Person, tmp_path: Path, mode: str
) -> None:
    """Slack leaves it out of the list, and what comes back is not believed; the form stays, and another channel goes through."""
    share = Form("share:1...", "Share a headshot", "Share it", (Blank("channel", "Channel", "channel"),))
    async with running(slack, tmp_path, slack_mode=mode) as here:
        for scopes, word in ((set(), "another company"), ({"channels:read", "groups:read"}, "channels:read")):
            slack.world.tokens[slack.bot_token].scopes -= scopes
            await here.adapter.chat.open_form(f"T1|{slack.world.new_trigger('U1')}|{DIRECT}", share)
            view = await anna.waits_for_modal("Share a headshot")
            assert word in ((await anna.submit(view, {"channel": "C3"})).errors or {})["channel"]
            assert here.desk.events == []
            slack.world.tokens[slack.bot_token].scopes |= {"channels:read", "groups:read"}
        slack.habits.latency_s["conversations.info"] = 1.5
        assert not (await anna.submit(view, {"channel": "C3"})).errors
        (event,) = await here.desk.has(1)

    assert isinstance(event.happened, Filled)
    assert event.happened.values == {"channel": "T1/C3"}
