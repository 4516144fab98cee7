"""oauth.v2.access and apps.connections.open: how an app gets in."""

import base64
from dataclasses import dataclass

from tests.slack.simulator.asked import Asked, Handler
from tests.slack.simulator.records import Json, Token
from tests.slack.simulator.refusals import Refusal
from tests.slack.simulator.world import APP_ID, World

CLIENT_ID, CLIENT_SECRET = "1111.2222", "simulated-client-secret"


@dataclass
class Grant:
    """What somebody agreed to on Slack's page; worth tokens once."""

    user: str
    scopes: set[str]
    user_scopes: set[str]
    redirect_uri: str
    used: bool = False


def access(asked: Asked) -> Json:
    """Tokens for a grant."""
    world = asked.world
    client_id, secret = asked.text("client_id"), asked.text("client_secret")
    if asked.secret:
        client_id, _, secret = base64.b64decode(asked.secret).decode().partition(":")
    if client_id != CLIENT_ID:
        raise Refusal("invalid_client_id")
    if secret != CLIENT_SECRET:
        raise Refusal("bad_client_secret")
    grant: Grant | None = world.grants.get(asked.text("code"))
    if grant is None:
        raise Refusal("invalid_code")
    if grant.used:
        raise Refusal("code_already_used")
    if asked.text("redirect_uri") != grant.redirect_uri and grant.redirect_uri:
        raise Refusal("bad_redirect_uri")
    grant.used = True
    return _granted(world, grant)


def _granted(world: World, grant: Grant) -> Json:
    user = world.users[grant.user]
    team = world.teams[user.team_id]
    authed: Json = {"id": user.id}
    if grant.user_scopes:
        token = new_token(world, "user", team.id, user.id, grant.user_scopes)
        authed |= {"scope": ",".join(sorted(token.scopes)), "access_token": token.value, "token_type": "user"}
    told: Json = {"app_id": APP_ID, "authed_user": authed, "team": {"id": team.id, "name": team.name}}
    told |= {"enterprise": {"id": team.enterprise_id} if team.enterprise_id else None, "is_enterprise_install": False}
    if grant.scopes:
        token = new_token(world, "bot", team.id, team.bot_user, grant.scopes)
        told |= {"scope": ",".join(sorted(token.scopes)), "token_type": "bot", "access_token": token.value}
        told["bot_user_id"] = team.bot_user
    return told


def new_token(world: World, kind: str, team_id: str, user_id: str, scopes: set[str], enterprise_id: str = "") -> Token:
    """One that works."""
    value = f"{ {'bot': 'xoxb', 'user': 'xoxp', 'app': 'xapp'}[kind] }-{team_id}-{world.fresh('S')}"
    token = Token(value, kind, team_id, user_id, set(scopes), enterprise_id)
    world.tokens[value] = token
    return token


def open_connection(asked: Asked) -> Json:
    """Where a socket can be opened, once."""
    return {"url": f"{asked.world.url.replace('http', 'ws', 1)}link/{asked.world.new_ticket()}"}


HANDLERS: dict[str, Handler] = {"oauth.v2.access": access, "apps.connections.open": open_connection}
