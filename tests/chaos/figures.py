"""What a storm measured, in a few lines."""

from collections import Counter

from tests.chaos.evidence import Evidence
from tests.chaos.judge import lost_candidates, resumed


def figures(seen: Evidence) -> str:
    """For whoever wants to know how bad it was."""
    states = Counter(f"{row.kind} {row.state}" for row in seen.shoots.values())
    deaths = Counter(
        (entry.who if entry.facts["place"] != "anywhere" else entry.facts["name"])
        for entry in seen.journal
        if entry.what == "killed"
    )
    places = {entry.facts["place"] for entry in seen.journal if entry.what == "killed"} - {"anywhere"}
    other = Counter(entry.what for entry in seen.journal if entry.what in {"frozen", "flushed", "up"})
    made = sum(entry.what == "made" for entry in seen.journal)
    again = sum(map(len, lost_candidates(seen).values()))
    went_on = resumed(seen)
    after, able = sorted(each.after_s for each in went_on), sorted(each.able_s for each in went_on)
    relapses = sum(
        earlier.is_open < later.is_open
        for posted in seen.chat.messages.values()
        for earlier, later in zip(posted.versions, posted.versions[1:], strict=False)
    )
    lines = {
        "seconds": f"{seen.journal[-1].at - seen.began:.1f}",
        "shoots": dict(sorted(states.items())),
        "events": f"{len(seen.post.acknowledged)} acknowledged, {seen.post.refused} deliveries refused",
        "deaths": f"{sum(deaths.values())}: {dict(deaths)}",
        "at places": f"{len(places)}: {' '.join(sorted(places))}",
        "also": dict(other),
        "chat": f"{len(seen.chat.messages)} messages, {seen.chat.told}",
        "candidates": f"{made} made, {again} of them again",
        "progress after an ending": relapses,
        "resumed": f"{len(after)} times, lease {seen.lease_s:g} s",
        "after s": f"p50 {at_share(after, 0.5):.1f}, p95 {at_share(after, 0.95):.1f}, max {at_share(after, 1.0):.1f}",
        "of which with a worker up": f"p50 {at_share(able, 0.5):.1f}, p95 {at_share(able, 0.95):.1f}",
    }
    return "\n".join(f"{name:>25}  {told}" for name, told in lines.items())


def at_share(ordered: list[float], share: float) -> float:
    """The value below which this share of an ascending list lies; 0 for none."""
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0
