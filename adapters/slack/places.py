"""Addresses of conversations and messages in Slack, as the bot keeps them: `T1/@U1`, `T1/C1/1700000000.000100`.

A workspace (or, where an organisation installed the app as a whole, that organisation) and a channel; `@` stands for the
conversation with one person alone, whose channel Slack tells on request. Then the message above a thread, and a message in it.
The page of the app is `T1/@U1/home`. Nothing of it is secret, and nothing of it is made by a person.
"""

import re
from dataclasses import dataclass, replace

_ADDRESS = re.compile(r"([TE][A-Z0-9]+)/(@[UW][A-Z0-9]+|[CGD][A-Z0-9]+)(?:/(home|\d+\.\d+))?(?:/(\d+\.\d+))?")
HOME = "home"


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, a thread, a message or a page."""

    workspace: str
    """Of the token: a team T…, or an organisation E…"""
    channel: str
    """C…, G…, D…, or @U…: whatever the conversation with that person is."""
    top: str = ""
    """Time stamp of a message that stands in the channel, and of the thread below it; or HOME."""
    inner: str = ""
    """Time stamp of a message inside that thread."""

    def __str__(self) -> str:
        return "/".join(part for part in (self.workspace, self.channel, self.top, self.inner) if part)

    @property
    def is_home(self) -> bool:
        """The app's own page."""
        return self.top == HOME

    @property
    def user(self) -> str:
        """Whose direct conversation or page this is; "" = a channel."""
        return self.channel[1:] if self.channel.startswith("@") else ""

    @property
    def ts(self) -> str:
        """Of the message that this names; "" = it names a channel."""
        return self.inner or ("" if self.is_home else self.top)

    @property
    def thread_ts(self) -> str:
        """Of the thread that one writes in at this conversation; "" = in the channel itself."""
        return "" if self.is_home else self.top

    def message(self, ts: str) -> "Place":
        """Of a message that was posted into this conversation."""
        return replace(self, inner=ts) if self.top else replace(self, top=ts)


def direct(workspace: str, user: str) -> Place:
    """The conversation with one person alone."""
    return Place(workspace, f"@{user}")


def home(workspace: str, user: str) -> Place:
    """The page that one person sees."""
    return Place(workspace, f"@{user}", HOME)


def find_place(address: str) -> Place | None:
    """None for what is no address of ours."""
    if (match := _ADDRESS.fullmatch(address)) is None:
        return None
    return Place(match[1], match[2], match[3] or "", match[4] or "")
