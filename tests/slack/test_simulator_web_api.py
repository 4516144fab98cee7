"""The simulator's Web API, asked by Slack's own SDK: tokens, scopes, channels, messages, and everything that can go wrong."""

import io
from collections.abc import Awaitable

import pytest
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.simulator.records import BOT_SCOPES, Json
from tests.slack.simulator.slack import Slack

pytestmark = pytest.mark.asyncio
BUTTON = {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}}]}
META = {"event_type": "headroom_message", "event_payload": {"key": "k1"}}


async def refused(call: Awaitable[object]) -> Json:
    """What Slack says no with."""
    with pytest.raises(SlackApiError) as raised:
        await call
    told: Json = raised.value.response.data
    return told


async def test_a_token_knows_who_it_is_and_what_it_may(slack: Slack) -> None:
    """`doctor` reads the scopes from a header of every answer."""
    answer = await slack.client().auth_test()

    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == ("T1", slack.bot_user, "BT1")
    assert set(answer.headers["x-oauth-scopes"].split(",")) == BOT_SCOPES


async def test_tokens_that_are_no_good(slack: Slack) -> None:
    """None, unknown, revoked, of the wrong kind, and without a scope."""
    assert (await refused(AsyncWebClient(base_url=slack.api_url).auth_test()))["error"] == "not_authed"
    assert (await refused(slack.client("xoxb-wrong").auth_test()))["error"] == "invalid_auth"
    other = slack.install(scopes=BOT_SCOPES - {"files:read"})
    missing = await refused(slack.client(other.value).files_info(file="F1"))
    assert (missing["error"], missing["needed"]) == ("missing_scope", "files:read")
    assert "chat:write" in missing["provided"]
    assert (await refused(slack.client().users_setPhoto(image=io.BytesIO(b"x"))))["error"] == "not_allowed_token_type"
    await slack.client(other.value).auth_revoke()
    assert (await refused(slack.client(other.value).auth_test()))["error"] == "account_inactive"


async def test_a_direct_conversation_is_opened_by_user(slack: Slack) -> None:
    """The same one each time; not with people who left, and not with those of other companies."""
    client = slack.client()
    opened = [(await client.conversations_open(users="U1"))["channel"]["id"] for _ in range(2)]

    assert opened == [slack.person("U1").im.id] * 2
    assert (await client.chat_postMessage(channel="U1", text="Hi"))["channel"] == opened[0]
    assert (await refused(client.conversations_open(users="U4")))["error"] == "user_disabled"
    assert (await refused(client.conversations_open(users="U9")))["error"] == "user_not_visible"
    assert (await refused(client.conversations_open(users="U77")))["error"] == "user_not_found"


@pytest.mark.parametrize(
    ("channel", "error"),
    [("C4", "not_in_channel"), ("C5", "is_archived"), ("C9", "channel_not_found"), ("U4", "user_disabled")],
)
async def test_channels_that_cannot_be_written_in(slack: Slack, channel: str, error: str) -> None:
    """Each for its own reason."""
    assert (await refused(slack.client().chat_postMessage(channel=channel, text="Hi")))["error"] == error


async def test_a_private_channel_without_the_app_does_not_exist(slack: Slack) -> None:
    """Not even its name leaks."""
    slack.world.channels["C2"].members.discard(slack.bot_user)

    assert (await refused(slack.client().chat_postMessage(channel="C2", text="Hi")))["error"] == "channel_not_found"
    assert (await refused(slack.client().conversations_info(channel="C2")))["error"] == "channel_not_found"


async def test_updates_replace_blocks_as_slack_does(slack: Slack) -> None:
    """Text alone takes blocks away; metadata stays unless it is replaced."""
    client, anna = slack.client(), slack.person("U1")
    posted = await client.chat_postMessage(channel="C1", text="One", blocks=[BUTTON], metadata=META)
    await client.chat_update(channel="C1", ts=posted["ts"], text="Two")

    (seen,) = anna.reads("C1")
    assert (seen.text, seen.blocks, seen.metadata, seen.version) == ("Two", (), META, 2)
    assert [version.text for version in slack.history] == ["One", "Two"]
    long = client.chat_update(channel="C1", ts=posted["ts"], text="x" * 4001)
    assert (await refused(long))["error"] == "msg_too_long"


async def test_messages_of_others_and_messages_that_are_gone(slack: Slack) -> None:
    """An app changes and deletes its own only, and only while they are there."""
    client, anna = slack.client(), slack.person("U1")
    hers = await anna.says("C1", "Mine")
    own = await client.chat_postMessage(channel="C1", text="Ours")

    assert (await refused(client.chat_update(channel="C1", ts=hers.ts, text="x")))["error"] == "cant_update_message"
    assert (await refused(client.chat_delete(channel="C1", ts=hers.ts)))["error"] == "cant_delete_message"
    await client.chat_delete(channel="C1", ts=own["ts"])
    assert (await refused(client.chat_delete(channel="C1", ts=own["ts"])))["error"] == "message_not_found"
    assert (await refused(client.chat_update(channel="C1", ts=own["ts"], text="x")))["error"] == "message_not_found"


async def test_history_and_replies_with_metadata(slack: Slack) -> None:
    """What an app posts can be found again by what it wrote into it, in the channel and below a message."""
    client = slack.client()
    im = slack.person("U1").im.id
    top = await client.chat_postMessage(channel=im, text="Top", metadata=META)
    await client.chat_postMessage(channel=im, text="Below", thread_ts=top["ts"], metadata=META)
    await client.chat_postMessage(channel=im, text="Later")

    told = await client.conversations_history(channel=im, include_all_metadata=True)
    assert [message["text"] for message in told["messages"]] == ["Later", "Top"]
    assert told["messages"][1]["metadata"] == META
    assert told["messages"][1]["reply_count"] == 1
    below = await client.conversations_replies(channel=im, ts=top["ts"], include_all_metadata=True)
    assert [message["text"] for message in below["messages"]] == ["Top", "Below"]
    assert "metadata" not in (await client.conversations_history(channel=im))["messages"][1]
    first = await client.conversations_history(channel=im, limit=1)
    rest = await client.conversations_history(channel=im, cursor=first["response_metadata"]["next_cursor"])
    assert (first["has_more"], [m["text"] for m in rest["messages"]]) == (True, ["Top"])
    channel = client.conversations_history(channel="C1")
    assert (await refused(channel))["needed"] == "channels:history"


async def test_a_thread_below_a_deleted_message(slack: Slack) -> None:
    """Goes on below a tombstone; below what never was there is nothing."""
    client = slack.client()
    top = await client.chat_postMessage(channel="C1", text="Top")
    await client.chat_delete(channel="C1", ts=top["ts"])
    await client.chat_postMessage(channel="C1", text="Below", thread_ts=top["ts"])

    assert [m.text for m in slack.person("U1").reads("C1", top["ts"])] == ["Below"]
    never = client.chat_postMessage(channel="C1", text="Below", thread_ts="1.000001")
    assert (await refused(never))["error"] == "thread_not_found"


async def test_ephemerals_are_for_one_person(slack: Slack) -> None:
    """Nobody else sees them, and nothing can be done with them."""
    client = slack.client()
    told = await client.chat_postEphemeral(channel="C1", user="U1", text="Only you")

    assert [m.text for m in slack.person("U1").reads("C1")] == ["Only you"]
    assert slack.person("U2").reads("C1") == []
    update = client.chat_update(channel="C1", ts=told["message_ts"], text="x")
    assert (await refused(update))["error"] == "message_not_found"
    outside = client.chat_postEphemeral(channel="C1", user="U9", text="x")
    assert (await refused(outside))["error"] == "user_not_in_channel"


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": "nonsense"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [{"type": "image"}]}, "invalid_blocks"),
        ({"text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_schema"),
        ({"text": "x", "metadata": {"key": "a"}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "a", "event_payload": {"k": "x" * 16_000}}}, "metadata_too_large"),
    ],
)
async def test_messages_that_slack_does_not_take(slack: Slack, sent: Json, error: str) -> None:
    """And nothing is posted."""
    assert (await refused(slack.client().api_call("chat.postMessage", json={"channel": "C1", **sent})))[
        "error"
    ] == error
    assert slack.history == []


async def test_bad_blocks_are_told_one_by_one(slack: Slack) -> None:
    """With a pointer to each."""
    told = await refused(slack.client().chat_postMessage(channel="C1", text="x", blocks=[{"type": "image"}]))

    assert told["response_metadata"]["messages"][0] == f"[ERROR] {told['errors'][0]}"
    assert all("[json-pointer:/blocks/0]" in each for each in told["errors"])


async def test_what_slack_takes_and_nobody_should_send(slack: Slack) -> None:
    """Blocks without text are silent to screen readers; `<!channel>` rings for everybody."""
    client = slack.client()
    await client.api_call("chat.postMessage", json={"channel": "C1", "blocks": [BUTTON]})
    await client.chat_postMessage(channel="C1", text="<!channel> Hello")

    assert slack.world.complaints == ["blocks without text", "<!channel calls everybody"]


async def test_limits_say_how_long_to_wait(slack: Slack) -> None:
    """429 with Retry-After, by order or by pace; other methods go on."""
    client = slack.client()
    slack.habits.limit("chat.postMessage", retry_after_s=7)
    with pytest.raises(SlackApiError) as raised:
        await client.chat_postMessage(channel="C1", text="x")
    assert (raised.value.response.status_code, raised.value.response.headers["Retry-After"]) == (429, "7")
    assert raised.value.response["error"] == "ratelimited"
    assert slack.history == []

    slack.habits.pace["chat.postMessage"] = (1, 5.0)
    await client.chat_postMessage(channel="C1", text="One")
    assert (await refused(client.chat_postMessage(channel="C1", text="Two")))["error"] == "ratelimited"
    await client.chat_postMessage(channel="C2", text="Elsewhere")
    await client.auth_test()


async def test_answers_that_get_lost(slack: Slack) -> None:
    """The line breaks after the effect, or before it; a server in trouble answers in HTML."""
    client = slack.client()
    client.retry_handlers = []
    slack.habits.lose_answer("chat.postMessage")
    with pytest.raises(ClientError):
        await client.chat_postMessage(channel="C1", text="Posted")
    slack.habits.drop("chat.postMessage")
    with pytest.raises(ClientError):
        await client.chat_postMessage(channel="C1", text="Never")
    slack.habits.break_down("chat.postMessage", 503)
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="C1", text="Never")
    slack.habits.refuse("chat.postMessage", "internal_error")
    assert (await refused(client.chat_postMessage(channel="C1", text="Never")))["error"] == "internal_error"

    assert [message.text for message in slack.history] == ["Posted"]


async def test_who_is_who(slack: Slack) -> None:
    """Guests, people who left, people of other companies, the team, the app."""
    client = slack.client()
    assert (await client.users_info(user="U3"))["user"]["is_restricted"] is True
    assert (await client.users_info(user="U4"))["user"]["deleted"] is True
    assert (await client.users_info(user="U9"))["user"]["team_id"] == "T9"
    assert (await refused(client.users_info(user="U77")))["error"] == "user_not_found"
    assert (await client.bots_info(bot="BT1"))["bot"]["user_id"] == slack.bot_user
    assert (await client.conversations_info(channel="C3"))["channel"]["is_ext_shared"] is True
    assert (await client.conversations_members(channel="C1"))["members"] == sorted(["U1", "U2", "U3", slack.bot_user])
    listed = await client.conversations_list(types="public_channel,private_channel", exclude_archived=True)
    assert [channel["id"] for channel in listed["channels"]] == ["C1", "C2", "C3", "C4"]


async def test_an_install_for_a_whole_organisation_serves_its_teams(slack: Slack) -> None:
    """With one token, and no other team's."""
    slack.add_team("T2", "North", enterprise_id="E1")
    slack.add_team("T3", "South", enterprise_id="E1", bot_user="UBT2")
    slack.add_user("U21", "Nora", "T2")
    slack.add_user("U31", "Sam", "T3")
    client = slack.client(slack.install("T2", enterprise_id="E1").value)

    assert (await client.auth_test())["is_enterprise_install"] is True
    for user in ("U21", "U31"):
        await client.chat_postMessage(channel=user, text="Hi")
        assert [m.text for m in slack.person(user).reads(slack.person(user).im.id)] == ["Hi"]
    assert (await refused(client.users_info(user="U1")))["error"] == "user_not_found"


async def test_the_status_line_needs_a_thread(slack: Slack) -> None:
    """It stands below a message."""
    client, im = slack.client(), slack.person("U1").im.id
    top = await client.chat_postMessage(channel=im, text="Top")
    await client.assistant_threads_setStatus(channel_id=im, thread_ts=top["ts"], status="is developing…")

    assert slack.world.statuses[0]["status"] == "is developing…"
    wrong = client.assistant_threads_setStatus(channel_id=im, thread_ts="1.000001", status="x")
    assert (await refused(wrong))["error"] == "invalid_thread_ts"
