"""Profile photos: each person connects their own profile once, by Slack's page, and can then wear a headshot as their photo.

What Slack gives for that is good for the profile only. It is kept in the vault under the person's name, forgotten with them,
and dropped as soon as Slack says that it is good for nothing.
"""

import asyncio
import io
import logging
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urljoin

from aiohttp import ClientError
from PIL import Image
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from adapters.slack.client import Client
from adapters.slack.errors import code_of, to_error
from adapters.slack.installation_store import PLATFORM, PROFILE, STATE_BYTES, STATE_S, hashed
from adapters.slack.oauth import CLIENT_S, REDIRECT, Route, authorize_url
from adapters.slack.pages import page
from bot.ledger import Clock
from bot.people import Person
from bot.vault import Vault, of_person
from engine.contract.errors import PersonError, RateLimited, StorageError

SCOPE: Final = "users.profile:write"
PATH: Final = f"{REDIRECT}/profile"
"""Below the one that installs: Slack takes what lies below an address that it knows."""
LEAST_PX, MOST_PX = 512, 1024
"""Sides of a photo, https://docs.slack.dev/reference/methods/users.setPhoto"""
GONE: Final = frozenset({
    "account_inactive", "invalid_auth", "missing_scope", "not_allowed_token_type", "not_authed", "token_expired", "token_revoked",
})  # fmt: skip
"""What was allowed is allowed no longer."""
MANAGED: Final = frozenset({
    "access_denied", "enterprise_is_restricted", "no_permission", "not_allowed", "org_login_required", "restricted_action",
    "team_access_not_granted", "user_is_restricted",
})  # fmt: skip
"""Slack documents no error of its own for photos that an organisation manages; these say that somebody forbids it."""
UNCLEAR: Final = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
_STATE = re.compile(r"([TE][A-Z0-9]+)\.([UW][A-Z0-9]+)\.([\w-]{43})")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Credentials:
    """Of the app, and where browsers reach it."""

    client_id: str
    client_secret: str
    public_url: str


class SlackProfiles:
    """See `bot.profiles.ProfilePhotos`. Without credentials it is not offered."""

    def __init__(self, vault: Vault, clock: Clock, api_url: str, credentials: Credentials | None) -> None:
        self._vault = vault
        self._clock = clock
        self._api_url = api_url
        self._credentials = credentials

    def routes(self) -> Mapping[str, Route]:
        """By path; GET only, without a signature."""
        return {PATH: self.connect} if self._credentials else {}

    async def wear(self, person: Person, picture: bytes) -> None:
        """Errors of Slack become ours here."""
        if self._credentials is None:
            raise PersonError("profile_not_offered")
        if (token := await self._vault.get(of_person(person, PROFILE))) is None:
            raise PersonError("profile_not_connected", url=await self._link(person, self._credentials))
        photo = _File(await asyncio.to_thread(square, picture))
        # A retry of the SDK's would send the file from where the first try stopped reading.
        client = Client(token.decode(), base_url=self._api_url, timeout=CLIENT_S, retry_handlers=[])
        try:
            await client.users_setPhoto(image=photo)
        except (ClientError, TimeoutError) as error:
            raise to_error(error) from None
        except SlackApiError as error:
            if code_of(error) in GONE:
                await self._vault.take(of_person(person, PROFILE))
                url = await self._link(person, self._credentials)
                raise PersonError("profile_not_connected", url=url) from None
            raise _to_error(error) from None

    async def connect(self, request: AsyncBoltRequest) -> BoltResponse:
        """Where Slack sends the person back to."""
        try:
            return await self._connect(request)
        except StorageError as error:
            log.warning("slack_profile_failed", extra={"code": error.code})
            return _sorry("It could not be written down here.", 503)

    async def _connect(self, request: AsyncBoltRequest) -> BoltResponse:
        assert self._credentials is not None
        state, code, refused = (request.query.get(name, [""])[0] for name in ("state", "code", "error"))
        if refused:
            return _sorry("You did not allow it, so nothing was changed.", 200)
        found = _STATE.fullmatch(state)
        person = found and Person(PLATFORM, found[1], found[2])
        if not person or not code or await self._vault.get(_pending(person, state)) is None:
            return _sorry("This page was opened a second time, or more than ten minutes after the link was made.", 401)
        token = await self._exchange(code, person, self._credentials)
        if token is None:
            return _sorry("Slack did not confirm it for the person and the workspace that the link was made for.", 403)
        # Taken this late, so that nothing comes back of somebody who was forgotten while Slack answered.
        if await self._vault.take(_pending(person, state)) is None:
            return _sorry("This link was used already, or you had yourself forgotten since.", 401)
        await self._vault.put(of_person(person, PROFILE), token.encode())
        log.info("slack_profile_connected")
        return page(
            "Your profile is connected",
            "Go back to Slack and press the button again: now the headshot becomes your photo.",
            link=f"slack://open?team={person.workspace}" if person.workspace.startswith("T") else "slack://open",
            label="Open Slack",
        )

    async def _exchange(self, code: str, person: Person, credentials: Credentials) -> str | None:
        """The token, when it is this person's. Somebody else who opens the link gives us nothing that we keep."""
        client = Client(base_url=self._api_url, timeout=CLIENT_S)
        try:
            answer = await client.oauth_v2_access(
                client_id=credentials.client_id,
                client_secret=credentials.client_secret,
                code=code,
                redirect_uri=_redirect(credentials),
            )
        except (SlackApiError, ClientError, TimeoutError) as error:
            code = code_of(error) if isinstance(error, SlackApiError) else ""
            log.warning("slack_refused", extra={"kind": "oauth.v2.access", "code": code or "no_answer"})
            return None
        given, places = answer.get("authed_user") or {}, (answer.get("team") or {}, answer.get("enterprise") or {})
        right = given.get("id") == person.user and person.workspace in {place.get("id") for place in places}
        if not right or SCOPE not in str(given.get("scope", "")).split(","):
            log.warning("slack_profile_failed", extra={"code": "other_person"})
            return None
        return given.get("access_token")

    async def _link(self, person: Person, credentials: Credentials) -> str:
        """Slack's page, for this person: the state in it names them, and what comes back must be theirs."""
        state = f"{person.workspace}.{person.user}.{secrets.token_urlsafe(STATE_BYTES)}"
        await self._vault.put(_pending(person, state), b"profile", self._clock() + STATE_S)
        asked = {
            "client_id": credentials.client_id,
            "user_scope": SCOPE,
            "redirect_uri": _redirect(credentials),
            "state": state,
        }
        if person.workspace.startswith("T"):
            asked["team"] = person.workspace
        return f"{authorize_url(self._api_url)}?{urlencode(asked)}"


class _File(io.BytesIO):
    """Its name tells Slack what it is."""

    name = "headshot.jpg"


def square(picture: bytes) -> bytes:
    """The top of a headshot, where the face is, as a JPEG that Slack need not change; nothing but pixels and colour profile."""
    with Image.open(io.BytesIO(picture)) as opened:
        side = min(opened.size)
        left = (opened.width - side) // 2
        cut = opened.convert("RGB").crop((left, 0, left + side, side))
        side_px = min(max(side, LEAST_PX), MOST_PX)
        if side_px != side:
            cut = cut.resize((side_px, side_px), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        cut.save(out, "JPEG", quality=92, subsampling=0, icc_profile=opened.info.get("icc_profile"))
    return out.getvalue()


def _to_error(error: SlackApiError) -> Exception:
    """What is clear and stays so is told to the person; the rest is as with every other call."""
    code, ours = code_of(error), to_error(error)
    if isinstance(ours, RateLimited) or not code or code in UNCLEAR:
        return ours
    if code in MANAGED:
        return PersonError("profile_managed")
    log.warning("slack_refused", extra={"kind": "users.setPhoto", "code": code})
    return PersonError("profile_refused")


def _redirect(credentials: Credentials) -> str:
    return urljoin(credentials.public_url, PATH.removeprefix("/"))


def _pending(person: Person, state: str) -> str:
    return of_person(person, f"{PROFILE}-state/{hashed(state)}")


def _sorry(why: str, status: int) -> BoltResponse:
    return page(
        "Your profile was not connected", f"{why} Press the button in Slack again for a new link.", status=status
    )
