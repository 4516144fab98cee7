"""conversations.*: channels and what stands in them."""

from typing import TypeVar

from tests.slack.simulator.asked import Asked, Handler, open_im
from tests.slack.simulator.payloads import channel_json, tombstone_json, with_thread
from tests.slack.simulator.records import Channel, Json, Message
from tests.slack.simulator.refusals import Refusal

T = TypeVar("T")
PREFIX = {"public": "channels", "private": "groups", "im": "im"}


def open_conversation(asked: Asked) -> Json:
    """With one person."""
    users = [user for user in asked.text("users").split(",") if user]
    if not users:
        if asked.text("channel"):
            return {"channel": {"id": asked.channel().id}}
        raise Refusal("users_list_not_supplied")
    if len(users) > 1:
        raise Refusal("not_enough_users")
    asked.args["user"] = users[0]
    channel = open_im(asked, asked.user())
    if asked.flag("return_im"):
        return {"channel": channel_json(asked.world, channel, asked.by.user_id)}
    return {"channel": {"id": channel.id}}


def info(asked: Asked) -> Json:
    """One channel."""
    channel = asked.channel()
    asked.needs_scope(f"{PREFIX[channel.kind]}:read")
    return {"channel": channel_json(asked.world, channel, asked.by.user_id)}


def history(asked: Asked) -> Json:
    """What stands in a channel, newest first; replies are not in it."""
    channel = _readable(asked)
    stands = [m for m in channel.messages.values() if (not m.thread_ts or m.broadcast) and _there(asked, channel, m)]
    return _page(asked, channel, sorted(stands, key=lambda m: m.ts, reverse=True), 100)


def replies(asked: Asked) -> Json:
    """A message and what stands below it, oldest first."""
    channel = _readable(asked)
    top = channel.messages.get(asked.need("ts"))
    if top is None or not _there(asked, channel, top):
        raise Refusal("thread_not_found")
    ts = top.thread_ts or top.ts
    above = channel.messages[ts]
    return _page(asked, channel, [above, *asked.world.replies(channel, ts)], 1000)


def members(asked: Asked) -> Json:
    """Ids of everybody in a channel."""
    channel = asked.channel()
    asked.needs_scope(f"{PREFIX[channel.kind]}:read")
    found, cursor = _cut(asked, sorted(channel.members), 100)
    return {"members": found, "response_metadata": {"next_cursor": cursor}}


def list_channels(asked: Asked) -> Json:
    """Those that the app can see."""
    types = asked.text("types", "public_channel").split(",")
    kinds = {{"public_channel": "public", "private_channel": "private", "im": "im"}.get(kind, "") for kind in types}
    for kind in kinds & PREFIX.keys():
        asked.needs_scope(f"{PREFIX[kind]}:read")
    team_id = asked.text("team_id") or asked.by.team_id
    seen = [
        channel
        for channel in asked.world.channels.values()
        if channel.kind in kinds
        and channel.team_id == team_id
        and (channel.kind == "public" or asked.by.user_id in channel.members)
        and not (channel.archived and asked.flag("exclude_archived"))
    ]
    found, cursor = _cut(asked, sorted(seen, key=lambda c: c.id), 100)
    told = [channel_json(asked.world, channel, asked.by.user_id) for channel in found]
    return {"channels": told, "response_metadata": {"next_cursor": cursor}}


def _readable(asked: Asked) -> Channel:
    channel = asked.channel()
    asked.needs_scope(f"{PREFIX[channel.kind]}:history")
    return asked.member_of(channel)


def _there(asked: Asked, channel: Channel, message: Message) -> bool:
    return not message.gone or bool(asked.world.replies(channel, message.ts))


def _page(asked: Asked, channel: Channel, messages: list[Message], default: int) -> Json:
    latest, oldest = asked.text("latest") or "9" * 12, asked.text("oldest") or "0"
    inclusive = asked.flag("inclusive")
    first = messages[:1] if messages and messages[0].ts == asked.text("ts") else []
    within = [
        m
        for m in messages
        if float(oldest) < float(m.ts) < float(latest) or (inclusive and m.ts in (oldest, latest)) or m in first
    ]
    found, cursor = _cut(asked, within, default)
    metadata = asked.flag("include_all_metadata")
    told = [tombstone_json(asked.world, m) if m.gone else with_thread(asked.world, m, metadata=metadata) for m in found]
    more = bool(cursor)
    return {"messages": told, "has_more": more, "response_metadata": {"next_cursor": cursor}}


def _cut(asked: Asked, items: list[T], default: int) -> tuple[list[T], str]:
    limit = int(asked.text("limit") or default)
    if not 0 < limit <= 1000:
        raise Refusal("invalid_limit")
    cursor = asked.text("cursor")
    if cursor and not cursor.startswith("bmV4dDo"):
        raise Refusal("invalid_cursor")
    start = int(cursor.removeprefix("bmV4dDo")) if cursor else 0
    end = start + limit
    return items[start:end], f"bmV4dDo{end}" if end < len(items) else ""


HANDLERS: dict[str, Handler] = {
    "conversations.open": open_conversation,
    "conversations.info": info,
    "conversations.history": history,
    "conversations.replies": replies,
    "conversations.members": members,
    "conversations.list": list_channels,
}
