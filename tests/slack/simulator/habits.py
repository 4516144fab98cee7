"""Rude habits of Slack, each switched off until a test wants it."""

import asyncio
from dataclasses import dataclass, field


@dataclass
class Fault:
    """What happens to the next calls of one method."""

    kind: str
    """refuse, limit, break, lose, drop"""
    error: str = ""
    status: int = 500
    retry_after_s: int = 1
    media_type: str = "text/html"
    left: int = 1


@dataclass
class Habits:
    """Of one simulator. Durations are seconds."""

    ready_after_s: float = 0.0
    """Until `files.info` names the type of a new file."""
    html_downloads: bool = False
    """Every download answers 200 with a login page, as after a change of scopes without a new install."""
    redirect_downloads: bool = False
    """Downloads send to another host. `Slack.leaks` tells who brings a token there."""
    stub_files: bool = False
    """Events tell no more of files than their id."""
    forget_shares: int = 0
    """So many completions answer ok and share nothing."""
    trigger_s: float = 3.0
    ack_s: float = 3.0
    """How long a command, a press or a form may stay unanswered."""
    event_ack_s: float = 3.0
    retries_s: tuple[float, ...] = (0.05, 0.5, 2.0)
    """Pauses before an event that was not acknowledged is delivered again; really none, a minute and five."""
    deliver_twice: bool = False
    """Every event comes a second time, as a retry of one whose acknowledgement was lost."""
    home_enabled: bool = True
    messages_enabled: bool = True
    socket_limit: int = 10
    latency_s: dict[str, float] = field(default_factory=dict)
    """Per method; "*" = all."""
    pace: dict[str, tuple[int, float]] = field(default_factory=dict)
    """Per method: how many calls within how many seconds; above it 429."""
    heaviest: int = 0
    """Characters of the blocks of a message above which it is refused; 0 = as many as fit into 50 blocks."""
    pictures_managed: bool = False
    """The organisation manages profile photos: setting one is refused."""
    _faults: dict[str, list[Fault]] = field(default_factory=dict)

    def refuse(self, method: str, error: str, times: int = 1) -> None:
        """Answer `ok: false`, with no effect."""
        self._add(method, Fault("refuse", error=error, left=times))

    def limit(self, method: str, retry_after_s: int = 1, times: int = 1) -> None:
        """429 with Retry-After, with no effect."""
        self._add(method, Fault("limit", retry_after_s=retry_after_s, left=times))

    def break_down(self, method: str, status: int = 503, times: int = 1, media_type: str = "text/html") -> None:
        """An answer that is no JSON, with no effect. Also for `upload` and `download`. With status 200 it is some proxy's."""
        self._add(method, Fault("break", status=status, media_type=media_type, left=times))

    def lose_answer(self, method: str, times: int = 1) -> None:
        """The call has its effect, and the line breaks before the answer."""
        self._add(method, Fault("lose", left=times))

    def drop(self, method: str, times: int = 1) -> None:
        """The line breaks before anything happens."""
        self._add(method, Fault("drop", left=times))

    def fault(self, method: str) -> Fault | None:
        """What happens to this call."""
        for name in (method, "*"):
            for fault in self._faults.get(name, []):
                if fault.left > 0:
                    fault.left -= 1
                    return fault
        return None

    async def wait(self, method: str) -> None:
        """As long as this call takes."""
        if pause := self.latency_s.get(method, self.latency_s.get("*", 0.0)):
            await asyncio.sleep(pause)

    def _add(self, method: str, fault: Fault) -> None:
        self._faults.setdefault(method, []).append(fault)
