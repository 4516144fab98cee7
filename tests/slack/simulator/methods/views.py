"""views.*, and blocks.validate: forms and home tabs."""

from typing import Any

from tests.slack.simulator.asked import Asked, Handler
from tests.slack.simulator.blockkit.surfaces import check_message, check_view, is_too_large, with_ids
from tests.slack.simulator.payloads import view_json
from tests.slack.simulator.records import Json, View
from tests.slack.simulator.refusals import Invalid, Refusal
from tests.slack.simulator.world import APP_ID, World

STACK = 3


def open_view(asked: Asked) -> Json:
    """A form, for whoever set something off within the last three seconds."""
    body = checked(asked.world, asked.document("view"), "modal", asked.by.user_id)
    trigger = asked.world.take_trigger(asked.need("trigger_id"))
    return {"view": view_json(put_view(asked.world, body, "modal", trigger.user))}


def push(asked: Asked) -> Json:
    """A form above the form in which something was pressed."""
    body = checked(asked.world, asked.document("view"), "modal", asked.by.user_id)
    trigger = asked.world.take_trigger(asked.need("trigger_id"))
    below = asked.world.views.get(trigger.view_id)
    if below is None or not below.is_open:
        raise Refusal("not_found")
    return {"view": view_json(pushed(asked.world, body, below))}


def update(asked: Asked) -> Json:
    """Another version of an open form."""
    view = _named(asked)
    if asked.text("hash") not in ("", view.hash):
        raise Refusal("hash_conflict")
    body = checked(asked.world, asked.document("view"), view.kind, asked.by.user_id, besides=view.id)
    return {"view": view_json(changed(asked.world, view, body))}


def publish(asked: Asked) -> Json:
    """The home tab of one person."""
    if not asked.world.habits.home_enabled:
        raise Refusal("not_enabled")
    user = asked.world.users.get(asked.text("user_id"))
    if user is None or not asked.serves(user.team_id):
        raise Refusal("invalid_arguments", response_metadata={"messages": ["invalid `user_id`"]})
    stands = home_of(asked.world, user.id)
    if stands and asked.text("hash") not in ("", stands.hash):
        raise Refusal("hash_conflict")
    body = checked(asked.world, asked.document("view"), "home", asked.by.user_id, besides=stands.id if stands else "")
    view = changed(asked.world, stands, body) if stands else put_view(asked.world, body, "home", user.id)
    return {"view": view_json(view)}


def validate(asked: Asked) -> Json:
    """What Slack would say to these blocks, without posting them."""
    find = asked.world.file_for(asked.by.user_id)
    if (view := asked.document("view")) is not None:
        complaints = check_view(view, str(view.get("type")), find)
    else:
        complaints = check_message(asked.document("blocks"), find)
    if complaints:
        raise Invalid("invalid_blocks", complaints)
    return {}


def home_of(world: World, user: str) -> View | None:
    """What somebody's home tab shows; None before it was published."""
    return next((view for view in world.views.values() if view.kind == "home" and view.user == user), None)


def checked(world: World, body: Any, kind: str, poster: str, besides: str = "") -> Json:
    """A view that Slack takes, with ids. Raises Refusal."""
    if complaints := check_view(body, kind, world.file_for(poster)):
        raise Invalid("invalid_arguments", complaints)
    if is_too_large(body):
        raise Refusal("view_too_large")
    if external := body.get("external_id"):
        others = [v for v in world.views.values() if v.is_open and v.external_id == external and v.id != besides]
        if others:
            raise Refusal("duplicate_external_id")
    return {**body, "blocks": list(with_ids(body["blocks"], lambda: world.fresh("b")))}


def put_view(world: World, body: Json, kind: str, user: str, **more: Any) -> View:
    """Show it."""
    team = world.teams[world.users[user].team_id]
    view = View(
        id=world.fresh("V"),
        kind=kind,
        user=user,
        team_id=team.id,
        body=body,
        hash=world.fresh_ts(),
        bot_id=team.bot_id,
        app_id=APP_ID,
        external_id=body.get("external_id", ""),
        **more,
    )
    world.show(view)
    return view


def pushed(world: World, body: Json, below: View) -> View:
    """Above another."""
    depth, each = 1, below
    while each.previous_id:
        depth, each = depth + 1, world.views[each.previous_id]
    if depth >= STACK:
        raise Refusal("push_limit_reached")
    return put_view(world, body, "modal", below.user, previous_id=below.id, root_id=below.root_id or below.id)


def changed(world: World, view: View, body: Json) -> View:
    """Another version of it."""
    after = View(**{**vars(view), "body": body, "hash": world.fresh_ts(), "external_id": body.get("external_id", "")})
    world.show(after)
    return after


def _named(asked: Asked) -> View:
    view_id, external = asked.text("view_id"), asked.text("external_id")
    for view in asked.world.views.values():
        if view.is_open and (view.id == view_id or (external and view.external_id == external)):
            return view
    raise Refusal("not_found")


HANDLERS: dict[str, Handler] = {
    "views.open": open_view,
    "views.push": push,
    "views.update": update,
    "views.publish": publish,
    "blocks.validate": validate,
}
