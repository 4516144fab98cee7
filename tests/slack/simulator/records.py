"""What Slack keeps: teams, people, tokens, channels, messages, files and views. Ids and names are Slack's own."""

import time
from dataclasses import dataclass, field, replace
from typing import Any

Json = dict[str, Any]
BOT_SCOPES = frozenset(
    {
        *("commands", "chat:write", "im:history", "im:read", "im:write", "files:read", "files:write", "users:read"),
        *("channels:read", "groups:read", "users:read.email"),
    }
)
"""Of a usual install of Headroom."""


@dataclass
class Team:
    id: str
    name: str
    domain: str
    enterprise_id: str = ""
    """The organisation that it belongs to; "" = none."""
    bot_user: str = ""
    bot_id: str = ""


@dataclass
class User:
    id: str
    name: str
    team_id: str
    is_bot: bool = False
    is_guest: bool = False
    deleted: bool = False
    is_admin: bool = False
    tz: str = "Europe/Berlin"
    photo: bytes = b""
    """The last that was set."""


@dataclass
class Token:
    value: str
    kind: str
    """bot, user or app."""
    team_id: str
    user_id: str
    scopes: set[str]
    enterprise_id: str = ""
    """Of an install for a whole organisation: then it serves all of its teams."""
    revoked: bool = False


@dataclass
class Channel:
    id: str
    name: str
    team_id: str
    kind: str = "public"
    """public, private or im."""
    members: set[str] = field(default_factory=set)
    archived: bool = False
    is_ext_shared: bool = False
    is_pending_ext_shared: bool = False
    """Another company was invited, and has not answered."""
    messages: "dict[str, Message]" = field(default_factory=dict)
    """By ts; what was deleted stays as long as something stands below it, as a tombstone."""
    ephemerals: "dict[str, Message]" = field(default_factory=dict)
    threads: set[str] = field(default_factory=set)
    """Every ts that ever stood here, so that a reply to what was deleted is told from a reply to nothing."""


@dataclass(frozen=True)
class Message:
    """One version of a message."""

    channel: str
    ts: str
    user: str
    """The bot's user for messages of the app."""
    text: str = ""
    blocks: tuple[Json, ...] = ()
    files: tuple[str, ...] = ()
    thread_ts: str = ""
    """Of the message above, for replies; "" = it stands in the channel."""
    only_to: str = ""
    """Whoever alone sees it: an ephemeral message."""
    metadata: Json | None = None
    edited_ts: str = ""
    broadcast: bool = False
    by_bot: bool = False
    bot_id: str = ""
    gone: bool = False
    version: int = 1
    at: float = field(default_factory=time.time)

    def next(self, **changes: Any) -> "Message":
        """Another version."""
        return replace(self, version=self.version + 1, at=time.time(), **changes)


@dataclass
class File:
    id: str
    name: str
    title: str
    user: str
    team_id: str
    data: bytes
    mimetype: str
    """What it turns out to be; see `ready_at` for when Slack says so."""
    filetype: str
    created: int
    ready_at: float = 0.0
    completed: bool = True
    """False between the upload and its completion."""
    expected: int = 0
    """Bytes that were announced."""
    shares: list[tuple[str, str, str]] = field(default_factory=list)
    """Channel, ts of the message, and of its thread."""
    granted: set[str] = field(default_factory=set)
    """Users who may see it though it is shared nowhere: the app, for a file of a form."""
    deleted: bool = False
    stub: bool = False
    """Events show no more of it than its id (Slack Connect)."""
    alt_txt: str = ""
    upload_key: str = ""

    @property
    def is_ready(self) -> bool:
        """Slack has looked at it and names its type."""
        return time.time() >= self.ready_at

    @property
    def is_picture(self) -> bool:
        """It can stand in a block."""
        return self.filetype in ("png", "jpg", "gif")


@dataclass
class View:
    id: str
    kind: str
    """modal or home."""
    user: str
    team_id: str
    body: Json
    hash: str
    bot_id: str
    app_id: str
    external_id: str = ""
    previous_id: str = ""
    root_id: str = ""
    is_open: bool = True


@dataclass(frozen=True)
class Trigger:
    """What a form can be opened with, once and for three seconds."""

    id: str
    user: str
    team_id: str
    made_at: float
    view_id: str = ""
    """Of the form in which it was set off."""


@dataclass(frozen=True)
class Call:
    """One request to the Web API, and its answer."""

    method: str
    args: Json
    token: str
    answer: Json
    at: float
    status: int = 200
