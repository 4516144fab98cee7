"""How many edits progress may spend in a workspace, so that galleries, which are edits too, always find room."""

from bot.ledger import Clock
from bot.people import Person

PER_MINUTE = 30.0
"""Slack allows about fifty edits a minute and workspace (chat.update, tier 3); Discord and the playground more."""
AT_ONCE = 15.0
"""Unspent ones are kept, up to so many."""


class Allowance:
    """A bucket for each workspace that fills as time passes."""

    def __init__(self, clock: Clock, per_minute: float = PER_MINUTE, at_once: float = AT_ONCE) -> None:
        self._clock = clock
        self._per_s = per_minute / 60
        self._at_once = at_once
        self._left: dict[tuple[str, str], tuple[float, float]] = {}
        """What was left, and when."""

    def left(self, person: Person) -> float:
        """Edits that the person's workspace may have right now."""
        left, since = self._left.get((person.platform, person.workspace), (self._at_once, 0.0))
        return min(left + max(self._clock() - since, 0.0) * self._per_s, self._at_once)

    def spend(self, person: Person) -> bool:
        """Take one; False when there is none."""
        left = self.left(person)
        self._left[person.platform, person.workspace] = (left - (left >= 1), self._clock())
        return left >= 1
