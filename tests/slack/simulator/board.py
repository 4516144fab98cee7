"""Posting, changing and deleting messages, with the events that tell of it."""

import time
from typing import Any

from tests.slack.simulator.payloads import message_json, tombstone_json
from tests.slack.simulator.records import Channel, File, Json, Message
from tests.slack.simulator.world import World

TYPES = {"public": "channel", "private": "group", "im": "im"}


class Board:
    """Of one world. Who may do it is asked before."""

    def __init__(self, world: World) -> None:
        self._world = world

    def post(self, channel: Channel, user: str, text: str, **more: Any) -> Message:
        """A message, in the channel or below another. A reply to a reply stands in the same thread."""
        world = self._world
        thread_ts = more.pop("thread_ts", "")
        above = channel.messages.get(thread_ts)
        if above and above.thread_ts:
            thread_ts = above.thread_ts
        files: tuple[File, ...] = more.pop("files", ())
        named = tuple(file.id for file in files)
        message = Message(channel.id, world.fresh_ts(), user, text, files=named, thread_ts=thread_ts, **more)
        for file in files:
            file.shares.append((channel.id, message.ts, thread_ts))
        world.put(message)
        if not message.only_to:
            subtype = {"subtype": "file_share"} if files else {}
            self._emit(channel, message, {**message_json(world, message, metadata=True), **subtype})
        return message

    def edit(self, message: Message, **changes: Any) -> Message:
        """Another version in its place."""
        world = self._world
        changed = world.put(message.next(**changes))
        if not message.only_to:
            told = {"message": message_json(world, changed), "previous_message": message_json(world, message)}
            self._emit_change("message_changed", changed, told)
        return changed

    def delete(self, message: Message) -> None:
        """Gone; what stands below it stays."""
        world = self._world
        before, below = message_json(world, message), world.replies(world.channels[message.channel], message.ts)
        world.put(message.next(gone=True, blocks=(), text="", files=(), metadata=None))
        for file_id in message.files:
            file = world.files[file_id]
            file.shares = [share for share in file.shares if share[:2] != (message.channel, message.ts)]
        if message.only_to:
            return
        if below:
            told = {"message": tombstone_json(world, message), "previous_message": before}
            self._emit_change("message_changed", message, told)
        else:
            self._emit_change("message_deleted", message, {"deleted_ts": message.ts, "previous_message": before})

    def delete_file(self, file: File) -> None:
        """Bytes and all. A message that was nothing but this file goes with it."""
        world = self._world
        shares, file.deleted, file.data = list(file.shares), True, b""
        for channel_id, ts, _ in shares:
            message = world.find_message(channel_id, ts)
            if message is None:
                continue
            others = [each for each in message.files if not world.files[each].deleted]
            if others or message.text or message.blocks:
                self.edit(message)
            else:
                self.delete(message)
        world.emit(file.team_id, {"type": "file_deleted", "file_id": file.id, "event_ts": world.fresh_ts()})

    def _emit_change(self, subtype: str, message: Message, told: Json) -> None:
        channel = self._world.channels[message.channel]
        event = {"type": "message", "subtype": subtype, "hidden": True, "ts": self._world.fresh_ts(), **told}
        self._emit(channel, message, event)

    def _emit(self, channel: Channel, message: Message, event: Json) -> None:
        """Only what the app reads: it is a member."""
        if self._world.bot_of(channel):
            told = {**event, "channel": channel.id, "channel_type": TYPES[channel.kind]}
            stamp = event["ts"] if "subtype" in event and event["subtype"] != "file_share" else message.ts
            self._world.emit(channel.team_id, {**told, "event_ts": stamp})


def new_file(world: World, user: str, name: str, data: bytes, **more: Any) -> File:
    """A file that somebody puts up."""
    mimetype, filetype = sniff(data)
    return File(
        id=world.fresh("F"),
        name=name,
        title=name,
        user=user,
        team_id=world.users[user].team_id,
        data=data,
        mimetype=mimetype,
        filetype=filetype,
        created=int(time.time()),
        ready_at=time.time() + world.habits.ready_after_s,
        stub=world.habits.stub_files,
        **more,
    )


def sniff(data: bytes) -> tuple[str, str]:
    """What Slack finds that it is."""
    for start, mimetype, filetype in (
        (b"\xff\xd8\xff", "image/jpeg", "jpg"),
        (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
        (b"GIF8", "image/gif", "gif"),
        (b"PK\x03\x04", "application/zip", "zip"),
    ):
        if data.startswith(start):
            return mimetype, filetype
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp", "webp"
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1"):
        return "image/heic", "heic"
    return "application/octet-stream", "binary"
