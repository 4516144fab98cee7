"""What happens in Slack is handed in before Slack is answered: whatever was answered is safe, and the rest comes again.

A middleware of bolt, because bolt acknowledges an event before its listener runs. An error that leaves here is no answer: a
message is delivered again by Slack, and a press or a form shows that it did not work. Nothing is left out because it is a
retry, which may be the first delivery that reached us; the inbox knows what it has by its id.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse

from adapters.slack.audience import Audience
from adapters.slack.calls import Calls
from adapters.slack.channels import Channels
from adapters.slack.filling import channels_in
from adapters.slack.inbound import to_event
from adapters.slack.installation_store import workspace_of
from adapters.slack.members import Members
from adapters.slack.modals import FORM, with_examples
from adapters.slack.places import direct
from bot.events import Event
from engine.contract.errors import HeadroomError, PlatformError
from engine.contract.sentences import sentence

Receive = Callable[[Event], Awaitable[bool]]
Hear = Callable[[Mapping[str, Any], AsyncBoltContext], Awaitable[None]]
IN_PRIVATE = "I go on in our direct messages, where only you can see it."
OF_TOKENS = frozenset({"tokens_revoked", "app_uninstalled"})
"""Events about the install."""
_DIRECT = "directmessage"
_DRAIN_S = 2.0
_LOOK_S = 1.0
"""For finding out whether a command was typed in our own direct conversation."""
log = logging.getLogger(__name__)


class Receiving:
    """Hands everything to `receive`, which keeps it before it returns."""

    def __init__(self, receive: Receive, hear: Hear, members: Members, channels: Channels, calls: Calls) -> None:
        """`hear`: for what happens to the install itself."""
        self._receive = receive
        self._hear = hear
        self._members = members
        self._channels = channels
        self._calls = calls
        self._audience = Audience(calls)
        self._under_way: set[asyncio.Task[Any]] = set()

    async def middleware(self, body: dict[str, Any], context: AsyncBoltContext, ack: AsyncAck) -> BoltResponse:
        """Bolt calls it for everything that is verified and comes from a workspace that we serve."""
        workspace = workspace_of(context.enterprise_id, context.team_id, context.is_enterprise_install)
        try:
            if body.get("event", {}).get("type") in OF_TOKENS:
                await self._hear(body, context)
            elif refused := await self._refused(body, workspace):
                return await ack(response_action="errors", errors=refused)
            else:
                await self._hand_over(body, workspace)
        except HeadroomError as error:
            log.warning("slack_event_not_kept", extra={"code": error.code})
            if "command" in body:  # which Slack never sends again
                return await ack(sentence(error.code, **error.facts))
            return BoltResponse(status=503)
        self._follow_choice(body, workspace)
        return await ack(await self._words(body, workspace))

    async def close(self) -> None:
        """Let what was begun end."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=_DRAIN_S)

    async def _hand_over(self, body: Mapping[str, Any], workspace: str) -> None:
        if (event := to_event(body, workspace)) is not None:
            guest = await self._members.is_guest(workspace, event.person.user)
            await self._receive(replace(event, guest=guest))

    async def _refused(self, body: Mapping[str, Any], workspace: str) -> dict[str, str]:
        """What is wrong with a form, by field, for whoever has it before them."""
        if body.get("type") != "view_submission":
            return {}
        chosen = channels_in(body["view"])
        codes = {name: await self._audience.refusal(replace(at, workspace=workspace)) for name, at in chosen.items()}
        return {name: sentence(code) for name, code in codes.items() if code}

    async def _words(self, body: Mapping[str, Any], workspace: str) -> str:
        """What only the person who typed a command sees, where the answer comes elsewhere."""
        if "command" not in body:
            return ""
        if body["channel_name"] == _DIRECT:
            with suppress(PlatformError, TimeoutError):
                async with asyncio.timeout(_LOOK_S):
                    ours = await self._channels.id_of(direct(workspace, body["user_id"]))
                if ours == body["channel_id"]:
                    return ""
        return IN_PRIVATE

    def _follow_choice(self, body: Mapping[str, Any], workspace: str) -> None:
        """Somebody chose something in a form: the example below follows. Slack is answered first."""
        view = body.get("view") or {}
        if body.get("type") == "block_actions" and view.get("callback_id") == FORM:
            self._begin(self._show_choice(dict(view), workspace))

    async def _show_choice(self, view: dict[str, Any], workspace: str) -> None:
        if (shown := with_examples(view)) is None:
            return
        try:
            await self._calls(
                workspace,
                "views.update",
                lambda client: client.views_update(view_id=view["id"], hash=view["hash"], view=shown),
            )
        except (PlatformError, ValueError):  # the form changed meanwhile, or was closed; it works without
            log.info("slack_form_moved_on")

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
