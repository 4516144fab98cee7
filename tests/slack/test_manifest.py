"""The manifest: Slack takes it as it is, and it asks for what the code needs and for nothing else."""

import re
from pathlib import Path

import pytest

from adapters.slack import manifest as home
from adapters.slack.inbound import COMMAND, FROM_MESSAGE, NEW
from adapters.slack.manifest import bot_scopes, manifest, user_scopes
from adapters.slack.profile import SCOPE
from tests.slack.manifest_shape import Manifest
from tests.slack.running import running
from tests.slack.simulator.api import HANDLERS
from tests.slack.simulator.slack import Slack

SHAPE = Manifest.model_validate(dict(manifest()))
NEEDED = {
    "commands": "slash_commands shortcuts",
    "chat:write": "chat.postMessage chat.postEphemeral chat.update chat.delete assistant.threads.setStatus",
    "im:history": "message.im conversations.history conversations.replies",
    "im:write": "conversations.open",
    "files:read": "files.info",
    "files:write": "files.getUploadURLExternal files.completeUploadExternal files.delete",
    "users:read": "users.info",
    "channels:read": "conversations.info",
    "groups:read": "conversations.info",
}
"""What each scope is for: methods that we call and events that we get. https://docs.slack.dev/reference/scopes"""
FREE = {"auth.test", "apps.connections.open", "views.open", "views.update", "views.publish"}
"""Methods that need no scope."""


def called() -> set[str]:
    """Methods of the Web API that the adapter names, as `family_method` of the SDK's client or as `family.method`."""
    text = "\n".join(path.read_text() for path in Path(str(home.__file__)).parent.glob("*.py"))
    known = {method.replace(".", "_"): method for method in HANDLERS}
    return {known[name] for name in re.findall(r"client\.(\w+)\(", text) if name in known}


def test_slack_takes_it() -> None:
    """Names and lengths; the name of a shortcut is shorter than one would think."""
    assert SHAPE.display_information.name == SHAPE.features.bot_user.display_name == "Headroom"


def test_people_can_write_to_the_app() -> None:
    """Slack's own template forbids it, which is the first question of everybody who pastes that."""
    home_tab = SHAPE.features.app_home

    assert (home_tab.home_tab_enabled, home_tab.messages_tab_enabled) == (True, True)
    assert not home_tab.messages_tab_read_only_enabled


def test_command_and_shortcuts_are_those_that_we_hear() -> None:
    """Another name would be acknowledged, and nothing would happen."""
    assert [each.command for each in SHAPE.features.slash_commands] == [COMMAND]
    assert {each.callback_id: each.type for each in SHAPE.features.shortcuts} == {
        FROM_MESSAGE: "message",
        NEW: "global",
    }


def test_tokens_do_not_end_by_themselves() -> None:
    """The adapter renews none; and Socket Mode is what install-by-paste means."""
    assert not SHAPE.settings.token_rotation_enabled
    assert SHAPE.settings.socket_mode_enabled


def test_scopes_are_what_the_calls_need_and_no_more() -> None:
    """Each is a question that an administrator asks."""
    for_calls = {method for methods in NEEDED.values() for method in methods.split()}

    assert set(bot_scopes()) == set(NEEDED)
    assert called() - for_calls - FREE - {"users.setPhoto", "oauth.v2.access"} == set()
    assert {"chat.postMessage", "files.info", "users.info"} <= called(), "the rule has gone blind"
    assert set(SHAPE.settings.event_subscriptions.bot_events) == {
        "message.im",
        "app_home_opened",
        "tokens_revoked",
        "app_uninstalled",
    }


def test_an_install_can_do_without_looking_at_channels() -> None:
    """Nothing can be shared then; everything else works."""
    assert SHAPE.oauth_config.scopes.bot_optional == ["channels:read", "groups:read"]


def test_nobody_has_to_give_up_their_profile() -> None:
    """Setting a photo is allowed by each person for themselves; whoever installs the app can say no, too."""
    scopes = SHAPE.oauth_config.scopes

    assert user_scopes() == (SCOPE,)
    assert scopes.user_optional == scopes.user


@pytest.mark.asyncio
async def test_all_works_with_these_scopes_and_events(slack: Slack, tmp_path: Path) -> None:
    """The simulated Slack refuses calls without their scope and sends only events that were asked for."""
    slack.world.tokens[slack.bot_token].scopes = set(bot_scopes())
    slack.events.subscribed = set(SHAPE.settings.event_subscriptions.bot_events)
    anna = slack.person("U1")
    async with running(slack, tmp_path) as here:
        sent = await anna.dm("", [("me.jpg", b"\xff\xd8\xff\xe0" + bytes(99))])
        await anna.opens_home()
        await here.desk.has(2)
        await anna.deletes(sent)
        events = await here.desk.has(3)

    assert [event.happened.kind for event in events] == ["said", "opened", "withdrawn"]
    assert not events[0].guest
