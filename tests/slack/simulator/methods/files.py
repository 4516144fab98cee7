"""files.*: the upload in three steps, and what becomes of it."""

import time

from tests.slack.simulator.asked import Asked, Handler
from tests.slack.simulator.board import new_file, sniff
from tests.slack.simulator.methods.chat import thread_of, writable
from tests.slack.simulator.payloads import file_json
from tests.slack.simulator.records import Channel, File, Json
from tests.slack.simulator.refusals import Refusal


def get_upload_url(asked: Asked) -> Json:
    """Step one: a place to put the bytes."""
    name = asked.need("filename")
    try:
        length = int(asked.need("length"))
    except ValueError:
        raise Refusal("invalid_arguments") from None
    if length <= 0:
        raise Refusal("invalid_arguments", response_metadata={"messages": ["[ERROR] length must be above 0"]})
    file = new_file(asked.world, asked.by.user_id, name, b"", completed=False, expected=length)
    file.alt_txt, file.upload_key = asked.text("alt_txt"), asked.world.fresh("K")
    if file.alt_txt:
        asked.world.complaints.append("alt_txt on an upload keeps it from being shared")
    asked.world.files[file.id] = file
    return {"upload_url": f"{asked.world.url}upload/{file.upload_key}", "file_id": file.id}


def complete_upload(asked: Asked) -> Json:
    """Step three: the file is there, and shared where that was asked for. Its type is known later."""
    told = asked.document("files")
    if not isinstance(told, list) or not told:
        raise Refusal("invalid_arguments")
    files = [_uploaded(asked, each) for each in told]
    channel = _target(asked)
    thread_ts = thread_of(asked, channel) if channel else ""
    for file, each in zip(files, told, strict=True):
        file.completed, file.title = True, each.get("title") or file.name
        file.mimetype, file.filetype = sniff(file.data)
        file.ready_at = time.time() + asked.world.habits.ready_after_s
    shared = [file for file in files if not file.alt_txt]
    if channel and shared and not _forgets(asked):
        asked.board.post(
            channel,
            asked.by.user_id,
            asked.text("initial_comment"),
            thread_ts=thread_ts,
            files=tuple(shared),
            by_bot=True,
            bot_id=asked.team.bot_id,
        )
    return {"files": [{**file_json(asked.world, file), "title": file.title} for file in files]}


def info(asked: Asked) -> Json:
    """One file, as far as it is known by now."""
    file = asked.file()
    return {"file": file_json(asked.world, file, full=True), "comments": []}


def delete(asked: Asked) -> Json:
    """A file of whoever asks."""
    file = asked.file()
    if file.user != asked.by.user_id:
        raise Refusal("cant_delete_file")
    asked.board.delete_file(file)
    return {}


def _uploaded(asked: Asked, told: object) -> File:
    file = asked.world.files.get(str(told.get("id"))) if isinstance(told, dict) else None
    if file is None or file.user != asked.by.user_id or not file.data or file.completed:
        raise Refusal("file_not_found")
    return file


def _target(asked: Asked) -> Channel | None:
    several = [each for each in asked.text("channels").split(",") if each]
    named = asked.text("channel_id") or (several[0] if several else "")
    if len(several) > 1 and asked.text("thread_ts"):
        raise Refusal("invalid_arguments")
    if not named:
        return None
    if named[0] not in "CDG":
        raise Refusal("invalid_channel")
    asked.args["channel_id"] = named
    return writable(asked, asked.channel("channel_id"))


def _forgets(asked: Asked) -> bool:
    if asked.world.habits.forget_shares > 0:
        asked.world.habits.forget_shares -= 1
        return True
    return False


HANDLERS: dict[str, Handler] = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.info": info,
    "files.delete": delete,
}
