"""How long things are kept: one record, from the settings, that the conversation, the worker and the sweep share."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Retention:
    """Each is as short as the operator likes; the defaults are the longest that docs/privacy.md promises."""

    selfies: timedelta = timedelta(hours=24)
    """After the last shoot, or after they came when there was none."""
    unpicked: timedelta = timedelta(days=7)
    """Headshots that nobody marked or downloaded."""
    picked: timedelta = timedelta(days=30)
    """Headshots that were: from then on."""
    exports: timedelta = timedelta(hours=24)
    records: timedelta = timedelta(days=90)
    """Rows about shoots that ended, without pictures."""

    def of_headshot(self, created_at: datetime, picked_at: datetime | None) -> datetime:
        """When a headshot goes."""
        return created_at + self.unpicked if picked_at is None else max(picked_at, created_at) + self.picked
