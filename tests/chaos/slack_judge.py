"""What must hold in Slack besides all that must hold anywhere: judged in the process of the simulator, which nobody kills."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from bot.shoots import ShootState
from tests.chaos.evidence import Evidence
from tests.chaos.judge import Finding
from tests.slack.simulator.records import File


@dataclass(frozen=True)
class SlackEvidence:
    """When all is quiet, and then when everybody was forgotten."""

    seen: Evidence
    files: dict[str, File]
    """All that the bot put up and that stand in Slack, by id."""
    noted: frozenset[str]
    """Those that the bot has written down."""
    left: tuple[str, ...]
    """What stood in Slack of people when they were forgotten."""

    @property
    def shown(self) -> frozenset[str]:
        """Files that stand in messages."""
        return frozenset(file for posted in self.seen.chat.messages.values() for file in posted.now.pictures)


def nothing_stands_twice(found: SlackEvidence) -> Iterator[Finding]:
    """Every message has a key of its own, and what the books say was posted stands there."""
    keys = Counter(posted.versions[0].key for posted in found.seen.chat.messages.values())
    yield from (
        Finding(f"{count} messages with the key “{key}”") for key, count in keys.items() if not key or count > 1
    )
    for rows in found.seen.said.values():
        for row in rows:
            if row.posted is not None and row.posted not in found.seen.chat.messages:
                yield Finding(f"{row.kind} {row.posted} stands nowhere", row.shoot_id or "")
            if row.kind == "reply" and not row.edits and not keys[row.key]:
                yield Finding(f"reply {row.key} stands nowhere", row.shoot_id or "")


def galleries_show_their_headshots(found: SlackEvidence) -> Iterator[Finding]:
    """Each headshot once, in one gallery, as a picture that Slack has looked at."""
    homes: dict[str, set[str]] = defaultdict(set)
    for row in found.seen.shoots.values():
        for placeholder in found.seen.placeholders(row.id):
            if len(placeholder.now.pictures) != len(set(placeholder.now.pictures)):
                yield Finding(f"shows {placeholder.now.pictures}", row.id)
            for file in placeholder.now.pictures:
                homes[file].add(found.seen.making(row))
    yield from (Finding(f"picture {file} stands in {several}") for file, several in homes.items() if len(several) > 1)
    for row in found.seen.shoots.values():
        if row.state != ShootState.FINISHED or row.kind == "screening":
            continue
        for placeholder in found.seen.placeholders(row.id):
            shown = [found.files[file] for file in placeholder.now.pictures if file in found.files]
            if len({file.data for file in shown if file.is_ready and file.is_picture}) != row.payload["count"]:
                yield Finding(f"shows {placeholder.now.pictures}", row.id)


def no_file_is_lost(found: SlackEvidence) -> Iterator[Finding]:
    """A picture that stands in no message is written down at least, so that it goes with whom it shows."""
    yield from (Finding(f"nobody knows of file {file}") for file in found.files.keys() - found.shown - found.noted)
    yield from (Finding(f"still there of people who were forgotten: {what}") for what in found.left)


def nobody_complains(found: SlackEvidence) -> Iterator[Finding]:
    """Nothing was sent that Slack takes and nobody should send, and no token went astray."""
    world = found.seen.chat.world
    yield from (Finding(what) for what in (*world.complaints, *(f"a token went to {each}" for each in world.leaks)))


SLACK_RULES = (nothing_stands_twice, galleries_show_their_headshots, no_file_is_lost, nobody_complains)
