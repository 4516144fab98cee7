"""What must hold after every storm, whatever happened in it. Each finding names a shoot when it is about one."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Row

from bot.delivery import READY
from bot.shoots import ShootState
from engine.contract.sentences import sentence
from tests.chaos.evidence import Evidence

_APOLOGY = re.compile(sentence("went_wrong", reference=r"[0-9a-f]{8}"))


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must not be."""

    text: str
    shoot_id: str = ""


Rule: TypeAlias = Callable[[Evidence], Iterator[Finding]]


def nothing_is_lost(seen: Evidence) -> Iterator[Finding]:
    """What was acknowledged was handled, what was ordered was made or explained, and each exactly once."""
    if (seen.counts.open, seen.counts.lost) != (0, 0):
        yield Finding(f"the books: {seen.counts}")
    heard = {row.dedupe_key for row in seen.heard}
    yield from (Finding(f"{event} was acknowledged and lost") for event in seen.post.acknowledged.keys() - heard)
    yield from (Finding(f"{row.dedupe_key} was not handled: {row.code}") for row in seen.heard if row.due_at)
    unsaid = [row for rows in seen.said.values() for row in rows if row.due_at is not None or row.posted is None]
    yield from (Finding(f"{row.kind} did not go out: {row.code}", row.shoot_id or "") for row in unsaid)
    ordered = {(s.person.key, key, kind) for s in seen.sitters for key, kind in s.orders.items()}
    owed = {order for order in ordered if order[1].partition(":")[0] in seen.post.acknowledged}
    accepted = Counter((row.person, row.dedupe_key, row.kind) for row in seen.shoots.values())
    excused = apologies(seen)
    for order in owed - accepted.keys():
        excused[order[0]] -= 1
        if excused[order[0]] < 0:
            yield Finding(f"ordered and never accepted: {order}")
    yield from (Finding(f"accepted and never ordered: {order}") for order in accepted - Counter(ordered))
    for row in seen.shoots.values():
        if ShootState(row.state).is_open:
            yield Finding("still open", row.id)


def everything_is_told_once(seen: Evidence) -> Iterator[Finding]:
    """One placeholder per shoot, which ends as its ending says; one line below each gallery; nothing else."""
    known = {key for rows in seen.said.values() for row in rows for key in (row.key, row.key + READY)}
    for posted in seen.chat.messages.values():
        if posted.versions[0].key not in known:
            yield Finding(f"posted by nobody: “{posted.now.summary}”", posted.shoot_id)
    for row in seen.shoots.values():
        found = seen.placeholders(row.id)
        if len(found) != 1:
            yield Finding(f"{len(found)} placeholders", row.id)
            continue
        (placeholder,) = found
        now = placeholder.now
        if now.is_open or not _shows(row, now.summary, now.has_pictures):
            yield Finding(f"ended as {row.state}, and shows “{now.summary}”", row.id)
        if placeholder.ref != row.placeholder:
            yield Finding(f"the placeholder is not {row.placeholder}", row.id)
        thread, keys = seen.chat.below(placeholder), {said.key + READY for said in seen.said[row.id]}
        below = [m for m in seen.chat.within(thread) if m.conversation == thread and m.versions[0].key in keys]
        expected = row.state == ShootState.FINISHED and row.kind != "screening"
        if len(below) != expected:
            yield Finding(f"{len(below)} notifications", row.id)


def dead_letters_are_told(seen: Evidence) -> Iterator[Finding]:
    """Whoever gets no gallery reads why, in the sentence of the ending."""
    for row in seen.shoots.values():
        if row.state == ShootState.EXPLAINED:
            why = sentence(row.ending["code"], **row.ending["facts"])
            if not any(why in posted.now.summary for posted in seen.placeholders(row.id)):
                yield Finding(f"nobody was told “{why}”", row.id)


def bystanders_are_spared(seen: Evidence) -> Iterator[Finding]:
    """Only photos that bring engines down end in an explanation; and these do."""
    for row in seen.shoots.values():
        poison = seen.told_by(row).poison
        deadly = bool(poison) and (row.kind != "screening" or "at-sight" in poison)
        if row.state == ShootState.EXPLAINED and not deadly:
            yield Finding(f"a bystander was let down: {row.ending}", row.id)
        if row.state == ShootState.FINISHED and deadly:
            yield Finding("a shoot that cannot be made was made", row.id)


def galleries_are_complete(seen: Evidence) -> Iterator[Finding]:
    """As many headshots as were asked for, each once, and each picture is there."""
    for row in seen.shoots.values():
        if row.state == ShootState.FINISHED and row.kind != "screening":
            ranks = [made.facts["rank"] for made in seen.checkpoints[row.id]]
            if ranks != list(range(1, row.payload["count"] + 1)):
                yield Finding(f"headshots {ranks}", row.id)
    yield from (Finding("a picture is gone", shoot_id) for shoot_id in seen.missing)


def zombies_write_nothing(seen: Evidence) -> Iterator[Finding]:
    """Whoever lost a shoot to somebody else writes nothing more about it; nobody writes after its end."""
    holder: dict[str, int] = {}
    over: set[str] = set()
    for entry in seen.journal:
        shoot_id = entry.facts.get("shoot", "")
        if entry.what == "claim":
            holder[shoot_id] = entry.pid
        if entry.what not in {"claim", "checkpoint", "give-back", "finish"} or not shoot_id:
            continue
        if shoot_id in over:
            yield Finding(f"{entry} after the end", shoot_id)
        if entry.pid != holder.get(shoot_id):
            yield Finding(f"{entry}, though {holder.get(shoot_id)} has it", shoot_id)
        if entry.what == "finish":
            over.add(shoot_id)


def little_is_made_twice(seen: Evidence) -> Iterator[Finding]:
    """At most one candidate per death; what an engine made before was kept."""
    killed = {e.facts["victim"] for e in seen.journal if e.what == "killed"}
    slept = _slept_over(seen)
    for (engine, worker), lost in lost_candidates(seen).items():
        again = [one for one in lost if (engine, one.partition("#")[0]) not in slept]
        if len(again) > len({engine, worker} & killed):
            yield Finding(f"{again} of engine {engine} of worker {worker} were made again")


def _slept_over(seen: Evidence) -> set[tuple[int, str]]:
    """Engine and what it was making when its worker fell asleep: somebody else goes on with that, on purpose."""
    making: dict[int, tuple[int, str]] = {}
    found = set()
    for entry in seen.journal:
        if entry.what == "start":
            making[entry.facts["worker"]] = (entry.pid, entry.facts["making"])
        elif entry.what == "frozen" and entry.facts["victim"] in making:
            found.add(making[entry.facts["victim"]])
    return found


def apologies(seen: Evidence) -> Counter[str]:
    """How often somebody was told that something went wrong, with a number to ask about: all tries of an event were used up."""
    return Counter(
        sitter.person.key
        for sitter in seen.sitters
        for posted in seen.chat.within(sitter.direct)
        if _APOLOGY.search(posted.now.summary)
    )


RULES: tuple[Rule, ...] = (
    nothing_is_lost,
    everything_is_told_once,
    dead_letters_are_told,
    bystanders_are_spared,
    galleries_are_complete,
    zombies_write_nothing,
    little_is_made_twice,
)


def lost_candidates(seen: Evidence) -> dict[tuple[int, int], list[str]]:
    """(engine, worker) → what they made that somebody had to make again."""
    makers: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    twins = seen.twins
    for entry in seen.journal:
        if entry.what == "made" and entry.facts["making"] not in twins:
            makers[entry.facts["making"], entry.facts["rank"]].append((entry.pid, entry.facts["worker"]))
    lost = defaultdict(list)
    for (making, rank), each in makers.items():
        for maker in each[:-1]:
            lost[maker].append(f"{making}#{rank}")
    return lost


@dataclass(frozen=True, slots=True)
class Resumed:
    """A shoot whose worker had died, and somebody else went on with it."""

    shoot_id: str
    after_s: float
    """Seconds since the death."""
    able_s: float
    """Those of them in which there was a worker at all that neither was dead or started nor slept."""


def resumed(seen: Evidence) -> list[Resumed]:
    """Whatever workers left behind when they died. Suspects are left out: they wait on purpose."""
    suspects = {row.id for row in seen.shoots.values() if seen.told_by(row).poison}
    holder: dict[str, int] = {}
    orphaned: dict[str, tuple[float, float]] = {}
    found: list[Resumed] = []
    able: set[int] = set()
    asleep: set[int] = set()
    able_s, last_at = 0.0, seen.began
    for entry in seen.journal:
        able_s, last_at = able_s + (entry.at - last_at) * bool(able - asleep), entry.at
        shoot_id: str = entry.facts.get("shoot", "")
        victim: int = entry.facts.get("victim", 0)
        match entry.what:
            case "claim":
                if (since := orphaned.pop(shoot_id, None)) is not None:
                    found.append(Resumed(shoot_id, entry.at - since[0], able_s - since[1]))
                holder[shoot_id] = entry.pid
            case "finish" | "give-back":
                holder.pop(shoot_id, None)
            case "up" if entry.who != "bot":
                able.add(entry.pid)
            case "frozen":
                asleep.add(victim)
            case "thawed":
                asleep.discard(victim)
            case "killed" | "ended":
                able.discard(victim)
                left = {shoot_id for shoot_id, pid in holder.items() if pid == victim} - suspects
                orphaned |= dict.fromkeys(left - orphaned.keys(), (entry.at, able_s))
    return found


def _shows(row: Row[Any], summary: str, pictures: bool) -> bool:
    match ShootState(row.state):
        case ShootState.FINISHED:
            return pictures or (row.kind == "screening" and "used" in summary)
        case ShootState.CANCELLED:
            return summary.endswith("cancelled.")
        case _:
            return not pictures
