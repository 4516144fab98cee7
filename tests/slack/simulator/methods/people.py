"""auth.*, users.*, team.*, bots.* and assistant.*: who is who."""

import io

from PIL import Image, UnidentifiedImageError

from tests.slack.simulator.asked import Asked, Handler
from tests.slack.simulator.payloads import user_json
from tests.slack.simulator.records import Json
from tests.slack.simulator.refusals import Refusal
from tests.slack.simulator.world import APP_ID

LONGEST_STATUSES = 10


def auth_test(asked: Asked) -> Json:
    """Who this token is."""
    team, user = asked.team, asked.world.users[asked.by.user_id]
    told: Json = {"url": f"https://{team.domain}.slack.com/", "team": team.name, "user": user.name.lower()}
    told |= {"team_id": team.id, "user_id": user.id, "is_enterprise_install": bool(asked.by.enterprise_id)}
    if asked.by.kind == "bot":
        told["bot_id"] = team.bot_id
    if team.enterprise_id:
        told["enterprise_id"] = team.enterprise_id
    if asked.by.enterprise_id:
        told |= {"team_id": asked.by.enterprise_id, "team": "Organisation"}
    return told


def auth_revoke(asked: Asked) -> Json:
    """This token is good for nothing any more."""
    if asked.flag("test"):
        return {"revoked": False}
    asked.by.revoked = True
    return {"revoked": True}


def users_info(asked: Asked) -> Json:
    """One person."""
    return {"user": user_json(asked.world, asked.user())}


def set_photo(asked: Asked) -> Json:
    """The profile photo of whoever asks: a user token, never the app's."""
    data = asked.args.get("image")
    if not isinstance(data, bytes):
        raise Refusal("invalid_form_data")
    if asked.world.habits.pictures_managed:
        raise Refusal("not_allowed")
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.format not in ("JPEG", "PNG", "GIF"):
                raise Refusal("bad_image")
            if max(picture.size) > 6000:
                raise Refusal("too_large")
    except UnidentifiedImageError:
        raise Refusal("bad_image") from None
    asked.world.users[asked.by.user_id].photo = data
    return {"profile": {"is_custom_image": True}}


def team_info(asked: Asked) -> Json:
    """The workspace."""
    team = asked.team
    told: Json = {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": {}}
    if team.enterprise_id:
        told |= {"enterprise_id": team.enterprise_id, "enterprise_name": "Organisation"}
    return {"team": told}


def bots_info(asked: Asked) -> Json:
    """The app."""
    if asked.text("bot") != asked.team.bot_id:
        raise Refusal("bot_not_found")
    bot = {
        "id": asked.team.bot_id,
        "deleted": False,
        "name": "Headroom",
        "app_id": APP_ID,
        "user_id": asked.team.bot_user,
    }
    return {"bot": bot}


def set_status(asked: Asked) -> Json:
    """The line that says what the app is at, below a thread."""
    channel = asked.member_of(asked.channel("channel_id"), "channel_not_found")
    thread_ts = asked.need("thread_ts", "invalid_thread_ts")
    if thread_ts not in channel.threads:
        raise Refusal("invalid_thread_ts")
    loading = asked.document("loading_messages") or []
    if len(loading) > LONGEST_STATUSES:
        raise Refusal("invalid_arguments")
    told = {"channel": channel.id, "thread_ts": thread_ts, "status": asked.text("status"), "loading_messages": loading}
    asked.world.statuses.append(told)
    return {}


HANDLERS: dict[str, Handler] = {
    "auth.test": auth_test,
    "auth.revoke": auth_revoke,
    "users.info": users_info,
    "users.setPhoto": set_photo,
    "team.info": team_info,
    "bots.info": bots_info,
    "assistant.threads.setStatus": set_status,
}
