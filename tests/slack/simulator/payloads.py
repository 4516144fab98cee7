"""What Slack tells an app: messages, files, views and people as JSON. Shapes: docs.slack.dev/reference."""

from typing import Any

from tests.slack.simulator.records import Channel, File, Json, Message, User, View
from tests.slack.simulator.world import APP_ID, World


def message_json(world: World, message: Message, *, metadata: bool = False) -> Json:
    """As in events, history and presses."""
    told: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    told["team"] = world.users[message.user].team_id
    if message.by_bot:
        told |= {"bot_id": message.bot_id, "app_id": APP_ID}
    if message.blocks:
        told["blocks"] = escaped(list(message.blocks))
    if message.files:
        told["files"] = [file_json(world, world.files[file_id]) for file_id in message.files]
    if message.thread_ts:
        told |= {"thread_ts": message.thread_ts, "parent_user_id": _parent_user(world, message)}
    if message.edited_ts:
        told["edited"] = {"user": message.user, "ts": message.edited_ts}
    if message.metadata and metadata:
        told["metadata"] = message.metadata
    return told


def _parent_user(world: World, message: Message) -> str:
    above = world.channels[message.channel].messages.get(message.thread_ts)
    return above.user if above else ""


def with_thread(world: World, message: Message, *, metadata: bool = False) -> Json:
    """As in history: a message above a thread says so."""
    told = message_json(world, message, metadata=metadata)
    if below := world.replies(world.channels[message.channel], message.ts):
        users = sorted({reply.user for reply in below})
        told |= {"thread_ts": message.ts, "reply_count": len(below), "latest_reply": below[-1].ts, "reply_users": users}
    return told


def tombstone_json(world: World, message: Message) -> Json:
    """Of a deleted message below which something stands."""
    told = {
        "type": "message",
        "subtype": "tombstone",
        "hidden": True,
        "text": "This message was deleted.",
        "ts": message.ts,
    }
    return {**told, "user": "USLACKBOT", "thread_ts": message.ts, "reply_count": 1}


def file_json(world: World, file: File, *, full: bool = False) -> Json:
    """As in events, or as `files.info` tells it."""
    if file.deleted:
        return {"id": file.id, "mode": "tombstone"}
    if file.stub and not full:
        return {"id": file.id, "mode": "file_access", "file_access": "check_file_info", "created": 0, "timestamp": 0}
    url = f"{world.url}files-pri/{file.team_id}-{file.id}"
    ready = file.is_ready
    told: Json = {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype if ready else "",
        "filetype": file.filetype if ready else "",
        "pretty_type": file.filetype.upper() if ready else "",
        "user": file.user,
        "user_team": file.team_id,
        "size": len(file.data),
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "file_access": "visible",
        "url_private": f"{url}/{file.name}",
        "url_private_download": f"{url}/download/{file.name}",
        "permalink": f"https://simulated.slack.com/files/{file.user}/{file.id}/{file.name}",
        "has_rich_preview": False,
    }
    if full:
        told["shares"] = _shares(world, file) if ready else {}
        told["channels"] = [c for c, _, _ in file.shares if world.channels[c].kind == "public"]
        told["groups"] = [c for c, _, _ in file.shares if world.channels[c].kind == "private"]
        told["ims"] = [c for c, _, _ in file.shares if world.channels[c].kind == "im"]
    return told


def _shares(world: World, file: File) -> Json:
    shares: Json = {}
    for channel_id, ts, thread_ts in file.shares:
        channel = world.channels[channel_id]
        share = {"ts": ts, "channel_name": channel.name, "team_id": channel.team_id, "share_user_id": file.user}
        if thread_ts:
            share["thread_ts"] = thread_ts
        shares.setdefault("public" if channel.kind == "public" else "private", {}).setdefault(channel_id, []).append(
            share
        )
    return shares


def user_json(world: World, user: User) -> Json:
    """As `users.info` tells it."""
    profile = {"real_name": user.name, "display_name": user.name.lower(), "email": f"{user.name.lower()}@example.com"}
    return {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name.lower(),
        "deleted": user.deleted,
        "real_name": user.name,
        "tz": user.tz,
        "tz_offset": 3600,
        "profile": {**profile, "team": user.team_id, "is_custom_image": bool(user.photo)},
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_restricted": user.is_guest,
        "is_ultra_restricted": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
    }


def channel_json(world: World, channel: Channel, user: str) -> Json:
    """As `conversations.info` tells it."""
    told: Json = {
        "id": channel.id,
        "created": 1700000000,
        "is_archived": channel.archived,
        "context_team_id": channel.team_id,
    }
    told |= {"is_ext_shared": channel.is_ext_shared, "is_shared": channel.is_ext_shared, "is_org_shared": False}
    told["is_pending_ext_shared"] = channel.is_pending_ext_shared
    if channel.kind == "im":
        other = next(iter(channel.members - {user}), "")
        return {
            **told,
            "is_im": True,
            "is_channel": False,
            "user": other,
            "is_user_deleted": world.users[other].deleted,
        }
    private = channel.kind == "private"
    return {
        **told,
        "name": channel.name,
        "is_im": False,
        "is_channel": not private,
        "is_group": private,
        "is_private": private,
        "is_member": user in channel.members,
        "num_members": len(channel.members),
    }


def view_json(view: View) -> Json:
    """As Slack keeps and tells it."""
    base = {
        "title": None,
        "close": None,
        "submit": None,
        "private_metadata": "",
        "callback_id": "",
        "clear_on_close": False,
    }
    return {
        **base,
        "notify_on_close": False,
        **escaped(view.body),
        "id": view.id,
        "team_id": view.team_id,
        "type": view.kind,
        "state": {"values": view.body.get("state", {}).get("values", {})},
        "hash": view.hash,
        "root_view_id": view.root_id or view.id,
        "previous_view_id": view.previous_id or None,
        "app_id": view.app_id,
        "external_id": view.external_id,
        "app_installed_team_id": view.team_id,
        "bot_id": view.bot_id,
    }


def escape(text: str) -> str:
    """As Slack tells what people typed."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escaped(told: Any) -> Any:
    """The same of all plain texts of blocks and views; mrkdwn was escaped by whoever made it."""
    match told:
        case {"type": "plain_text", "text": str(text)}:
            return {**told, "text": escape(text)}
        case dict():
            return {name: escaped(value) for name, value in told.items()}
        case list():
            return [escaped(value) for value in told]
        case _:
            return told


def who_json(world: World, user: User) -> Json:
    """The person of a press, form or shortcut."""
    return {"id": user.id, "username": user.name.lower(), "name": user.name.lower(), "team_id": user.team_id}
