"""A small bolt app on the simulated Slack: it answers, keeps what it heard, and is reached by both ways."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from tests.slack.simulator.records import Json
from tests.slack.simulator.slack import Slack

FORM: Json = {
    "type": "modal",
    "callback_id": "order",
    "private_metadata": "T1/@U1",
    "title": {"type": "plain_text", "text": "New headshots"},
    "submit": {"type": "plain_text", "text": "Make them"},
    "blocks": [
        {
            "type": "input",
            "block_id": "style",
            "label": {"type": "plain_text", "text": "Style"},
            "element": {
                "type": "static_select",
                "action_id": "style",
                "options": [
                    {"text": {"type": "plain_text", "text": "Corporate"}, "value": "corporate"},
                    {"text": {"type": "plain_text", "text": "Legal"}, "value": "legal"},
                ],
                "initial_option": {"text": {"type": "plain_text", "text": "Corporate"}, "value": "corporate"},
            },
        },
        {
            "type": "input",
            "block_id": "count",
            "label": {"type": "plain_text", "text": "How many"},
            "element": {
                "type": "number_input",
                "action_id": "count",
                "is_decimal_allowed": False,
                "min_value": "1",
                "max_value": "12",
            },
        },
        {
            "type": "input",
            "block_id": "photos",
            "optional": True,
            "label": {"type": "plain_text", "text": "Photos"},
            "element": {"type": "file_input", "action_id": "photos", "filetypes": ["jpg", "png"], "max_files": 2},
        },
    ],
}


class SmallApp:
    """Answers, and keeps what it heard."""

    def __init__(self, slack: Slack) -> None:
        self.heard: list[Json] = []
        self.retries: list[str] = []
        self.slow = asyncio.Event()
        self.fails = 0
        self.form_answer: Json = {}
        self.bolt = AsyncApp(client=slack.client(), signing_secret=slack.signing_secret)
        self.bolt.middleware(self._first)
        self.bolt.event("message")(self._message)
        self.bolt.event({"type": "message", "subtype": "message_changed"})(self._quiet)
        self.bolt.event({"type": "message", "subtype": "message_deleted"})(self._quiet)
        for event in ("app_home_opened", "file_deleted", "tokens_revoked", "app_uninstalled", "user_change"):
            self.bolt.event(event)(self._quiet)
        self.bolt.command("/headshot")(self._command)
        self.bolt.action("go")(self._press)
        self.bolt.action("more")(self._press)
        self.bolt.view("order")(self._form)
        self.bolt.shortcut("headshot_from_message")(self._press)

    async def _first(self, body: Json, request: object, next: object) -> None:  # noqa: A002 - bolt's name
        """Where Headroom writes events down: raising here means no acknowledgement."""
        if self.fails:
            self.fails -= 1
            raise RuntimeError("the disk is full")
        self.heard.append(body)
        self.retries.append((request.headers.get("x-slack-retry-num") or ["0"])[0])  # type: ignore[attr-defined]
        await next()  # type: ignore[operator]

    async def _message(self, event: Json, client: object) -> None:
        text = f"{len(event.get('files', []))} files, “{event['text']}”"
        buttons = {"type": "button", "action_id": "go", "value": "go:1", "text": {"type": "plain_text", "text": "Go"}}
        option = {"text": {"type": "plain_text", "text": "Crop"}, "value": "crop:1"}
        row = {"type": "actions", "elements": [buttons, {"type": "overflow", "action_id": "more", "options": [option]}]}
        await client.chat_postMessage(  # type: ignore[attr-defined]
            channel=event["channel"], thread_ts=event.get("thread_ts"), text=text, blocks=[row]
        )

    async def _quiet(self, body: Json) -> None:
        pass

    async def _command(self, ack: object, body: Json, client: object) -> None:
        if body["text"] == "slow":
            await self.slow.wait()
        await ack(text="I go on elsewhere" if body["text"] else "")  # type: ignore[operator]
        if not body["text"]:
            await client.views_open(trigger_id=body["trigger_id"], view=FORM)  # type: ignore[attr-defined]

    async def _press(self, ack: object) -> None:
        await ack()  # type: ignore[operator]

    async def _form(self, ack: object) -> None:
        await ack(**self.form_answer)  # type: ignore[operator]

    def happened(self, kind: str) -> list[Json]:
        """What it heard of one type."""
        return [body for body in self.heard if body.get("type") == kind or body.get("event", {}).get("type") == kind]


@asynccontextmanager
async def socket_mode(slack: Slack, app: SmallApp) -> AsyncIterator[None]:
    """Bolt's own handler, on a real socket."""
    handler = AsyncSocketModeHandler(app.bolt, slack.app_token, web_client=slack.client(), ping_interval=0.2)
    await handler.connect_async()
    try:
        yield
    finally:
        await handler.close_async()


@asynccontextmanager
async def signed_requests(slack: Slack, app: SmallApp) -> AsyncIterator[None]:
    """Bolt's own server application, on a port of this machine."""
    runner = web.AppRunner(app.bolt.web_app("/slack/events"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.use_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    try:
        yield
    finally:
        await runner.cleanup()
