"""Messages on their way into Slack, each posted once, and those that stand there.

Slack knows no keys. So each message carries its own where people do not see it, in its metadata; and whenever an earlier call may
have posted it, the conversation is read before it is posted again. An app may not read channels in which it only writes: there, a
message of which nobody knows is posted again, because twice is better than never.
"""

import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.calls import Calls, Json
from adapters.slack.channels import Channels
from adapters.slack.errors import is_refusal
from adapters.slack.limits import HISTORY_PAGE
from adapters.slack.outbound import Posted
from adapters.slack.places import Place
from engine.contract.errors import HeadroomError, Undeliverable

EVENT = "headroom_message"
"""Type of the metadata."""
LOOK_BACK_S = 25 * 3600.0
"""How old what we look for can be: a message is tried for a day."""
_KEYS = 10_000
_BEGUN = ""


class Posting:
    """One for all messages of this process."""

    def __init__(self, calls: Calls, channels: Channels, now: Callable[[], float] = time.time) -> None:
        self._calls = calls
        self._channels = channels
        self._now = now
        self._keys: OrderedDict[str, str] = OrderedDict()
        """Key → reference; _BEGUN: nobody knows."""

    async def post(self, place: Place, posted: Posted, key: str, owner: str = "") -> str:
        """The reference of a new message. `owner`: `Person.key` of whom its pictures show, where the place does not say."""
        channel = await self._channels.id_of(place)
        payload = {"key": key, "owner": owner} if owner else {"key": key}
        begun = key in self._keys
        self._remember(key, _BEGUN)
        try:
            answer = await self._calls(
                place.workspace,
                "chat.postMessage",
                lambda client: client.chat_postMessage(
                    channel=channel,
                    thread_ts=place.thread_ts or None,
                    text=posted.text,
                    blocks=posted.blocks,
                    metadata={"event_type": EVENT, "event_payload": payload},
                    unfurl_links=False,
                    unfurl_media=False,
                ),
                channel,
            )
        except (HeadroomError, ValueError) as error:
            if is_refusal(error) and not begun:
                del self._keys[key]  # for certain nothing stands there
            raise
        return self._remember(key, str(place.message(str(answer["ts"]))))

    async def whisper(self, place: Place, posted: Posted, user: str, key: str = "") -> str:
        """A message that only one person sees. It cannot be changed, deleted or found again; it goes by itself. So when nobody
        knows whether it was posted it is posted again.
        """
        channel = await self._channels.id_of(place)
        answer = await self._calls(
            place.workspace,
            "chat.postEphemeral",
            lambda client: client.chat_postEphemeral(
                channel=channel,
                user=user,
                thread_ts=place.thread_ts or None,
                text=posted.text,
                blocks=posted.blocks,
            ),
            channel,
        )
        ref = str(place.message(str(answer["message_ts"])))
        return self._remember(key, ref) if key else ref

    def known(self, key: str) -> str:
        """The reference of what this process posted with a key, also when somebody deleted it since; "" = nothing, or unclear."""
        return self._keys.get(key, _BEGUN)

    async def find(self, place: Place, key: str, *, again: bool) -> str:
        """The same, and looks into the conversation where it is unclear. `again`: another process may have posted it."""
        if (known := self.known(key)) or (not again and key not in self._keys):
            return known
        async for message in self._recent(place):
            if payload_of(message).get("key") == key:
                return self._remember(key, str(place.message(str(message["ts"]))))
        return ""

    async def update(self, place: Place, posted: Posted) -> None:
        """Put something in the place of a message. Undeliverable "message_gone"."""
        channel = await self._channels.id_of(place)
        await self._calls(
            place.workspace,
            "chat.update",
            lambda client: client.chat_update(channel=channel, ts=place.ts, text=posted.text, blocks=posted.blocks),
        )

    async def remove(self, place: Place) -> bool:
        """False when nothing stands there."""
        channel = await self._channels.id_of(place)
        return await self.remove_at(place.workspace, channel, place.ts)

    async def remove_at(self, workspace: str, channel: str, ts: str) -> bool:
        """The same, of a message whose channel is known."""
        try:
            await self._calls(workspace, "chat.delete", lambda client: client.chat_delete(channel=channel, ts=ts))
        except Undeliverable as error:
            if error.code == "message_gone":
                return False
            raise
        return True

    async def read(self, place: Place) -> Json | None:
        """A message as it stands; None when it is gone, or may not be read."""
        async for message in self._pages(place, oldest=place.ts, latest=place.ts):
            if message.get("ts") == place.ts and message.get("subtype") != "tombstone":
                return message
        return None

    def _remember(self, key: str, ref: str) -> str:
        self._keys[key] = ref
        self._keys.move_to_end(key)
        while len(self._keys) > _KEYS:
            self._keys.popitem(last=False)
        return ref

    def _recent(self, place: Place) -> AsyncIterator[Json]:
        return self._pages(place, oldest=f"{self._now() - LOOK_BACK_S:.6f}")

    async def _pages(self, place: Place, oldest: str, latest: str = "") -> AsyncIterator[Json]:
        """Messages of a channel or thread; nothing where the app may not read."""
        thread = place.inner and place.top if latest else place.thread_ts
        channel = await self._channels.id_of(place)
        span: Json = {"oldest": oldest, "inclusive": True, "include_all_metadata": True, "limit": HISTORY_PAGE}
        span |= {"latest": latest} if latest else {}
        cursor = ""

        def ask(client: AsyncWebClient) -> Awaitable[AsyncSlackResponse]:
            page = {**span, "cursor": cursor} if cursor else span
            if thread:
                return client.conversations_replies(channel=channel, ts=thread, **page)
            return client.conversations_history(channel=channel, **page)

        while True:
            method = "conversations.replies" if thread else "conversations.history"
            try:
                answer = await self._calls(place.workspace, method, ask)
            except Undeliverable as error:
                if error.code in ("permission_missing", "message_gone"):
                    return
                raise
            for message in answer.get("messages") or ():
                yield message
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return


def payload_of(message: Json) -> Json:
    """What a message of ours says where people do not see it; empty for others."""
    metadata = message.get("metadata") or {}
    return metadata.get("event_payload") or {} if metadata.get("event_type") == EVENT else {}
