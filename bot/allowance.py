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

    def spend(self, person: Person) -> bool:
        """Take one edit of the person's workspace; False when there is none left just now."""
        now, workspace = self._clock(), (person.platform, person.workspace)
        left, since = self._left.get(workspace, (self._at_once, now))
        left = min(left + max(now - since, 0.0) * self._per_s, self._at_once)
        self._left[workspace] = (left - 1, now) if left >= 1 else (left, now)
        return left >= 1
