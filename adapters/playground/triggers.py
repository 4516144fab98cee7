"""Triggers: the right to show a form to whoever just pressed a button or typed a command, in the very window they did it in."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from adapters.playground.limits import TRIGGER_S


@dataclass(frozen=True, slots=True)
class Trigger:
    """Who set it off and where."""

    user: str
    tab: str
    conversation: str
    at: float


class Triggers:
    """Kept in memory: after a restart all of them are too late."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._known: dict[str, Trigger] = {}

    def issue(self, user: str, tab: str, conversation: str) -> str:
        """A fresh one."""
        now = self._now()
        self._known = {name: trigger for name, trigger in self._known.items() if trigger.at > now - TRIGGER_S}
        name = secrets.token_hex(8)
        self._known[name] = Trigger(user, tab, conversation, now)
        return name

    def find(self, name: str) -> Trigger | None:
        """None when it is unknown or too old."""
        trigger = self._known.get(name)
        return trigger if trigger is not None and trigger.at > self._now() - TRIGGER_S else None
