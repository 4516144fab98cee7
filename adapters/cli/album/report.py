"""`gallery.json`: all that is known of a gallery, for programs. Holds no path of this machine and no picture."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from engine.contract.selfies import Coverage, Intake, Verdict
from engine.contract.sentences import SENTENCES
from engine.contract.shots import Gallery, Headshot

SCHEMA = 1
"""Raised when a key changes its meaning or goes away."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A headshot that lies in the folder."""

    headshot: Headshot
    picture: str
    """File name."""
    recipe_name: str
    """File name."""
    recipe: Mapping[str, Any]
    width_px: int
    height_px: int
    preview: bytes
    """Small JPEG for the page."""


def note_text(code: str) -> str:
    """The sentence of a code; notes that are already sentences stay as they are."""
    return SENTENCES.get(code, code)


def unmet_wishes(gallery: Gallery) -> list[str]:
    """What a person wished for and these headshots cannot be, a sentence each."""
    codes = dict.fromkeys(code for headshot in gallery.headshots for code in headshot.shot.prompt.unmet)
    return [note_text(code) for code in codes]


def to_report(gallery: Gallery, entries: Sequence[Entry], version: str) -> dict[str, Any]:
    """The document."""
    return {
        "schema": SCHEMA,
        "headroom": version,
        "style": {"name": gallery.style.name, "title": gallery.style.title},
        "rendered": gallery.rendered,
        "rejected": {code: count for code, count in gallery.rejected.items() if count},
        "wishes_unmet": unmet_wishes(gallery),
        "seconds": {stage: round(s, 3) for stage, s in gallery.seconds.items()},
        "headshots": [_headshot(entry) for entry in entries],
        **to_intake(gallery.intake),
    }


def to_intake(intake: Intake) -> dict[str, Any]:
    """Verdicts and coverage, as `check --json` prints them too."""
    return {
        "selfies": [_verdict(verdict) for verdict in intake.verdicts],
        "coverage": _coverage(intake.coverage),
    }


def _headshot(entry: Entry) -> dict[str, Any]:
    headshot = entry.headshot
    return {
        "rank": headshot.rank,
        "picture": entry.picture,
        "width_px": entry.width_px,
        "height_px": entry.height_px,
        "why": headshot.why,
        "score": round(headshot.scores.total, 4),
        "scores": {part: round(score, 4) for part, score in headshot.scores.parts.items()},
        "likeness": {name: round(value, 4) for name, value in asdict(headshot.likeness).items()},
        "notes": [note_text(note) for note in headshot.notes],
        "recipe": dict(entry.recipe),
        "recipe_file": entry.recipe_name,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "name": verdict.name,
        "id": verdict.selfie_id,
        "outcome": verdict.outcome.value,
        "advice": verdict.advice,
        "findings": [asdict(finding) for finding in verdict.findings],
        "measures": {name: round(value, 4) for name, value in verdict.measures.items()},
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    wanted = coverage.next_photo
    return {
        "angles": dict(coverage.angles),
        "light": dict(coverage.light),
        "expression": dict(coverage.expression),
        "next_photo": None if wanted is None else {"code": wanted, "advice": note_text(wanted)},
    }
