"""Open pages. They are told that something changed and look it up themselves; what is not worth keeping is told in passing."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Visitor:
    """One page that listens."""

    user: str
    tab: str
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    notes: deque[tuple[str, dict[str, Any]]] = field(default_factory=lambda: deque(maxlen=50))
    """Name and data of what is told in passing, such as that the bot is writing."""


class Visitors:
    """All that listen now. Lives in one event loop."""

    def __init__(self) -> None:
        self._here: list[Visitor] = []
        self.closed = False

    @contextmanager
    def visit(self, user: str, tab: str) -> Iterator[Visitor]:
        """A page comes, and goes again."""
        visitor = Visitor(user, tab)
        self._here.append(visitor)
        try:
            yield visitor
        finally:
            self._here.remove(visitor)

    def ring(self) -> None:
        """Something changed in the history."""
        for visitor in self._here:
            visitor.wake.set()

    def tell(self, user: str, name: str, data: dict[str, Any], tab: str = "") -> bool:
        """In passing, to all pages of a user or to one. False: none of them listens."""
        told = [each for each in self._here if each.user == user and tab in ("", each.tab)]
        for visitor in told:
            visitor.notes.append((name, data))
            visitor.wake.set()
        return bool(told)

    def close(self) -> None:
        """Send everybody home."""
        self.closed = True
        self.ring()
