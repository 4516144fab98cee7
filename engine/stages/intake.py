"""Stage 1, intake: photos of a stranger's phone in, a verdict for each, the sitter's selfies and what is still missing out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.contract.errors import PersonError
from engine.contract.faces import Face
from engine.contract.pixels import Rgb8
from engine.contract.ports import FaceAnalyzer, FaceEmbedder, OnStep, Step
from engine.contract.selfies import Finding, Intake, Outcome, Photo, Selfie, Verdict
from engine.contract.sentences import sentence
from engine.intake.coverage import angle, coverage
from engine.intake.decode import decode
from engine.intake.duplicates import Moment, moment, photo_id
from engine.intake.findings import findings, quality
from engine.intake.measures import measured
from engine.intake.sitter import Seen, clear_faces, sitter_faces

_STAGE: Final = "intake"
_SURE: Final = 0.92
"""Upright faces reach 0.92-0.96, faces on their side or upside down 0.90 at most."""
_SURER: Final = 0.04


@dataclass(frozen=True, slots=True, eq=False)
class _Opened:
    """A photo that could be opened: its faces, and what opening it told already."""

    seen: Seen
    lay_on_its_side: bool


def intake(photos: Sequence[Photo], analyzer: FaceAnalyzer, embedder: FaceEmbedder, on_step: OnStep) -> Intake:
    """A verdict for every photo in the order given; never raises for a bad photo.

    Two steps a photo: opening it and finding faces, then measuring the sitter's face.
    """
    steps = 2 * len(photos)
    on_step(Step(_STAGE, 0, steps))
    opened: list[_Opened | Finding | PersonError] = []
    for answer in _open_all(photos, analyzer):
        opened.append(answer)
        on_step(Step(_STAGE, len(opened), steps))
    faces = iter(sitter_faces([o.seen for o in opened if isinstance(o, _Opened)], embedder))
    verdicts: list[Verdict] = []
    selfies: list[Selfie] = []
    moments: list[Moment] = []
    for photo, answer in zip(photos, opened, strict=True):
        if isinstance(answer, PersonError):
            verdicts.append(_refused(photo, Finding(answer.code, refuses=True), **answer.facts))
        elif isinstance(answer, Finding):
            verdicts.append(_refused(photo, answer))
        else:
            verdict, selfie = _judged(photo, answer, next(faces), moments)
            verdicts.append(verdict)
            selfies += [selfie] if selfie else []
        on_step(Step(_STAGE, len(photos) + len(verdicts), steps))
    return Intake(tuple(verdicts), tuple(selfies), coverage(selfies))


def _open_all(photos: Sequence[Photo], analyzer: FaceAnalyzer) -> Iterator[_Opened | Finding | PersonError]:
    """Pixels and faces of each photo, or the reason why there are none. The same bytes are opened once."""
    ids = [photo_id(photo.data) for photo in photos]
    first_of = [ids.index(identifier) == i for i, identifier in enumerate(ids)]
    answers = decode([photo for photo, is_first in zip(photos, first_of, strict=True) if is_first])
    for is_first in first_of:
        if not is_first:
            yield Finding("same_photo", refuses=True)
            continue
        rgb = next(answers)
        yield rgb if isinstance(rgb, PersonError) else _with_faces(rgb, analyzer)


def _with_faces(rgb: Rgb8, analyzer: FaceAnalyzer) -> _Opened | Finding:
    """Clear faces. Where they are doubtful the photo is tried on its other sides too, for phones that forgot how they were held.

    Detectors see faces upside down as well, but are less certain of them, and the mesh put on such a face is wrong.
    """
    best = Seen(rgb, clear_faces(analyzer.faces(rgb)))
    lay_on_its_side = False
    if _certainty(best) < _SURE:
        for quarter_turns in (1, 3, 2):
            turned = np.ascontiguousarray(np.rot90(rgb, quarter_turns))
            seen = Seen(turned, clear_faces(analyzer.faces(turned)))
            if _certainty(seen) > _certainty(best) + _SURER:
                best, lay_on_its_side = seen, True
    return _Opened(best, lay_on_its_side) if best.faces else Finding("no_face", refuses=True)


def _certainty(seen: Seen) -> float:
    """Of the detector and the mesh together, about the largest face."""
    return seen.faces[0].score * seen.faces[0].mesh_score if seen.faces else 0.0


def _judged(photo: Photo, opened: _Opened, face: Face | None, moments: list[Moment]) -> tuple[Verdict, Selfie | None]:
    """Measure the sitter's face; `moments` of earlier selfies grow by this one when it is taken."""
    if face is None:
        return _refused(photo, Finding("whose_face", refuses=True, value=float(len(opened.seen.faces)))), None
    rgb = opened.seen.rgb
    found = measured(rgb, face)
    this_moment = moment(found.patch, face)
    told = list(findings(found.measures))
    if any(this_moment.same_as(other) for other in moments):
        told.append(Finding("same_moment", refuses=False))
    if len(opened.seen.faces) > 1:
        told.append(Finding("several_people", refuses=False, value=float(len(opened.seen.faces))))
    if opened.lay_on_its_side:
        told.append(Finding("lay_on_its_side", refuses=False))
    outcome = Outcome.ACCEPTED if not told else Outcome.USABLE
    if any(finding.refuses for finding in told):
        outcome = Outcome.REFUSED
    advice = sentence(told[0].code if told else f"accepted_{angle(found.measures)}")
    verdict = Verdict(photo.name, photo_id(photo.data), outcome, tuple(told), advice, found.measures)
    if outcome is Outcome.REFUSED:
        return verdict, None
    moments.append(this_moment)
    selfie = Selfie(
        id=verdict.selfie_id,
        name=photo.name,
        rgb=rgb,
        face=face,
        appearance=found.appearance,
        measures=found.measures,
        quality=quality(found.measures),
        outcome=outcome,
        findings=verdict.findings,
    )
    return verdict, selfie


def _refused(photo: Photo, finding: Finding, **facts: object) -> Verdict:
    advice = sentence(finding.code, **facts)
    return Verdict(photo.name, photo_id(photo.data), Outcome.REFUSED, (finding,), advice)
