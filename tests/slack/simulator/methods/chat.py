"""chat.*: posting, changing and deleting messages."""

import json

from tests.slack.simulator.asked import Asked, Handler
from tests.slack.simulator.blockkit.surfaces import check_message, with_ids
from tests.slack.simulator.payloads import message_json
from tests.slack.simulator.records import Channel, Json, Message
from tests.slack.simulator.refusals import Invalid, Refusal

POSTED_TEXT, UPDATED_TEXT = 40_000, 4_000
METADATA_BYTES = 16_000


def post_message(asked: Asked) -> Json:
    """A message of the app."""
    channel = writable(asked, asked.channel(opens=True))
    text, blocks, metadata = _content(asked, POSTED_TEXT)
    posted = asked.board.post(
        channel,
        asked.by.user_id,
        text,
        blocks=blocks,
        metadata=metadata,
        thread_ts=thread_of(asked, channel),
        broadcast=asked.flag("reply_broadcast"),
        by_bot=asked.by.kind == "bot",
        bot_id=asked.team.bot_id,
    )
    for name in ("unfurl_links", "unfurl_media"):
        if "http" in text and asked.flag(name, default=True):
            asked.world.complaints.append(f"{name} is not switched off")
    return {"channel": channel.id, "ts": posted.ts, "message": message_json(asked.world, posted, metadata=True)}


def post_ephemeral(asked: Asked) -> Json:
    """For one person, until they reload: it is in no history and cannot be changed."""
    channel = writable(asked, asked.channel())
    user = asked.user()
    if user.id not in channel.members:
        raise Refusal("user_not_in_channel")
    text, blocks, _ = _content(asked, POSTED_TEXT)
    posted = asked.board.post(
        channel,
        asked.by.user_id,
        text,
        blocks=blocks,
        thread_ts=asked.text("thread_ts"),
        only_to=user.id,
        by_bot=True,
        bot_id=asked.team.bot_id,
    )
    return {"message_ts": posted.ts}


def update(asked: Asked) -> Json:
    """Another version of a message of the app. Text without blocks takes the blocks away; metadata stays."""
    channel = asked.channel()
    found = _own(asked, channel, "cant_update_message")
    if channel.archived:
        raise Refusal("is_inactive")
    text, blocks, metadata = _content(asked, UPDATED_TEXT)
    kept_blocks = found.blocks if not text and asked.args.get("blocks") is None else blocks
    changed = asked.board.edit(
        found,
        text=text or (found.text if not blocks else ""),
        blocks=kept_blocks,
        metadata=found.metadata if metadata is None else metadata or None,
        edited_ts="" if blocks else asked.world.fresh_ts(),
    )
    told = message_json(asked.world, changed, metadata=True)
    return {"channel": channel.id, "ts": changed.ts, "text": changed.text, "message": told}


def delete(asked: Asked) -> Json:
    """A message of the app."""
    channel = asked.channel()
    found = _own(asked, channel, "cant_delete_message")
    asked.board.delete(found)
    return {"channel": channel.id, "ts": found.ts}


def get_permalink(asked: Asked) -> Json:
    """A link for people."""
    channel = asked.channel()
    found = asked.message(channel, "message_ts")
    link = f"https://{asked.team.domain}.slack.com/archives/{channel.id}/p{found.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def writable(asked: Asked, channel: Channel) -> Channel:
    """The app may post here."""
    world = asked.world
    asked.member_of(channel)
    if channel.archived or any(world.users[user].deleted for user in channel.members if channel.kind == "im"):
        raise Refusal("is_archived")
    if channel.kind == "im" and not world.habits.messages_enabled:
        raise Refusal("messages_tab_disabled")
    return channel


def thread_of(asked: Asked, channel: Channel) -> str:
    """Where a reply stands. What was deleted can still be replied to; below what never was, nothing stands."""
    thread_ts = asked.text("thread_ts")
    if thread_ts and thread_ts not in channel.threads:
        raise Refusal("thread_not_found")
    if thread_ts in channel.ephemerals:
        raise Refusal("cannot_reply_to_message")
    return thread_ts


def _own(asked: Asked, channel: Channel, error: str) -> Message:
    found = asked.message(channel)
    if found.user != asked.by.user_id:
        raise Refusal(error)
    return found


def _content(asked: Asked, longest: int) -> tuple[str, tuple[Json, ...], Json | None]:
    world, text, raw = asked.world, asked.text("text"), asked.document("blocks")
    if len(text) > longest:
        raise Refusal("msg_too_long")
    if world.habits.heaviest and len(json.dumps(raw or [], ensure_ascii=False)) > world.habits.heaviest:
        raise Refusal("msg_blocks_too_long")
    if complaints := check_message(raw or [], world.file_for(asked.by.user_id)):
        raise Invalid("invalid_blocks", complaints)
    if not text and not raw and not asked.document("attachments"):
        raise Refusal("no_text")
    if raw and not text:
        world.complaints.append("blocks without text")
    told = text + json.dumps(raw or [])
    world.complaints.extend(f"{word} calls everybody" for word in ("<!channel", "<!here", "<!everyone") if word in told)
    return text, with_ids(raw or [], lambda: world.fresh("b")), _metadata(asked)


def _metadata(asked: Asked) -> Json | None:
    metadata = asked.document("metadata")
    if metadata in (None, {}):
        return metadata  # type: ignore[no-any-return]
    if not isinstance(metadata, dict) or not {"event_type", "event_payload"} >= metadata.keys():
        raise Refusal("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise Refusal("invalid_metadata_schema")
    if len(json.dumps(metadata)) > METADATA_BYTES:
        raise Refusal("metadata_too_large")
    return metadata


HANDLERS: dict[str, Handler] = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
}
