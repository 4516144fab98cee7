"""Cuts a step of the ledger off between any two of its statements, or after its commit, with the answer lost."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from adapters.records.ledger import Ledger
from engine.contract.errors import PersonError, StorageError

ANSWER_LOST = 9
"""Cut off after the commit."""


class Cut(OSError):
    """The power is gone."""


@dataclass
class Power:
    """What every statement needs; begin and commit count as statements on SQLite."""

    left: int | None = None
    """Statements until the cut."""

    def watch(self, ledger: Ledger) -> None:
        """Count the statements of this ledger."""
        event.listen(ledger.database.engine.sync_engine, "before_cursor_execute", self._tick)

    def _tick(self, *_: Any) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Cut

    async def survives(self, action: Awaitable[Any], cut_after: int | None) -> Any:
        """The answer, or None when the step was cut off before or after its commit."""
        self.left = cut_after if cut_after is None or cut_after < ANSWER_LOST else None
        try:
            answer = await action
        except (StorageError, PersonError):
            return None
        finally:
            self.left = None
        return None if cut_after == ANSWER_LOST else answer
