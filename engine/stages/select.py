"""Stage 7, Select: candidates become a ranked gallery. Likeness decides first, then the eye of a picture editor."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.contract.crops import CROPS
from engine.contract.faces import Face
from engine.contract.identities import Likeness
from engine.contract.ports import FaceAnalyzer, FaceEmbedder, OnStep, Sitting, Step
from engine.contract.shots import Candidate, Headshot, Scores
from engine.identity.likeness import embeddings, likeness
from engine.ranking.diversity import Thumb, diverse_order, look_distance, near_identical, similarity, thumb
from engine.ranking.gate import POOR, Held, reaches_bar, refusal
from engine.ranking.measures import measure
from engine.ranking.merits import reasons
from engine.ranking.skin import usual_skin
from engine.ranking.totals import total

_TASTE = 0.15
"""How much of the merit is the style's order of preference."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """A candidate that may be shown."""

    candidate: Candidate
    face: Face
    likeness: Likeness
    scores: Scores
    thumb: Thumb

    @property
    def merit(self) -> float:
        """Total score, and a little of what the photographer would try first."""
        return self.scores.total * (1 - _TASTE + _TASTE * self.candidate.shot.preference)


def select(
    candidates: Sequence[Candidate],
    sitting: Sitting,
    analyzer: FaceAnalyzer,
    embedders: Sequence[FaceEmbedder],
    count: int,
    on_step: OnStep,
    *,
    keeps_pixels: bool = True,
) -> tuple[tuple[Headshot, ...], Mapping[str, int]]:
    """Up to `count` headshots, best first, and how many candidates were held back for which reason (a code with a sentence).

    Pictures below the professional bar of likeness are shown only when those above it do not fill the gallery, after them and
    with a note. Near-identical pictures are never shown. `keeps_pixels`: candidates are made of the selfie's own pixels.
    """
    held: Counter[str] = Counter()
    seen: list[tuple[Candidate, Face, Likeness]] = []
    for done, candidate in enumerate(candidates, 1):
        face = next(iter(analyzer.faces(candidate.rgb)), None)
        alike = None if face is None else _likeness(candidate, face, sitting, embedders)
        reason = refusal(candidate, face, alike, keeps_pixels=keeps_pixels)
        if reason is None and face is not None and alike is not None:
            seen.append((candidate, face, alike))
        elif reason is not None:
            held[reason.value] += 1
        on_step(Step("select", done, len(candidates)))
    judged = _judged(seen)
    held[Held.POOR.value] += sum(one.scores.total < POOR for one in judged)
    chosen = _chosen([one for one in judged if one.scores.total >= POOR], count, held)
    return _ranked(chosen), {code: number for code, number in held.items() if number}


def _likeness(candidate: Candidate, face: Face, sitting: Sitting, embedders: Sequence[FaceEmbedder]) -> Likeness:
    cards = [embedder.card for embedder in embedders]
    vectors = embeddings(candidate.rgb, face, embedders)
    return likeness(sitting.identity, vectors, cards, candidate.shot.selfie_id)


def _judged(seen: Sequence[tuple[Candidate, Face, Likeness]]) -> list[Judged]:
    usual = usual_skin([(c.rgb, face, c.shot.grade.monochrome) for c, face, _ in seen])
    judged = []
    for candidate, face, alike in seen:
        shot = candidate.shot
        measured = measure(
            candidate.rgb,
            face,
            crop=CROPS[shot.crop],
            monochrome=shot.grade.monochrome,
            framing=candidate.framing,
            usual=usual,
        )
        parts = {"likeness": alike.calibrated, **measured}
        judged.append(Judged(candidate, face, alike, Scores(total(parts), parts), thumb(candidate.rgb)))
    return sorted(judged, key=lambda one: (-one.merit, one.candidate.shot.id))


def _chosen(judged: Sequence[Judged], count: int, held: Counter[str]) -> list[Judged]:
    """The gallery in order of rank; `judged` comes best first."""
    different: list[Judged] = []
    for one in judged:
        if any(_same(one, other) for other in different):
            held[Held.NEAR_IDENTICAL.value] += 1
        else:
            different.append(one)
    alike = [one for one in different if reaches_bar(one.likeness)]
    unlike = [one for one in different if not reaches_bar(one.likeness)]
    chosen = _spread(alike, count) + _spread(unlike, count - min(count, len(alike)))
    held[Held.ENOUGH.value] += max(0, len(alike) - count)
    held[Held.BELOW_BAR.value] += len(unlike) - max(0, len(chosen) - min(count, len(alike)))
    return chosen


def _same(one: Judged, other: Judged) -> bool:
    return near_identical(one.candidate.shot, other.candidate.shot, look_distance(one.thumb, other.thumb))


def _spread(judged: Sequence[Judged], count: int) -> list[Judged]:
    if not judged or count <= 0:
        return []
    alike = similarity([one.candidate.shot for one in judged], [one.thumb for one in judged])
    return [judged[index] for index in diverse_order([one.merit for one in judged], alike, count)]


def _ranked(chosen: Sequence[Judged]) -> tuple[Headshot, ...]:
    why = reasons([one.scores.parts for one in chosen], [one.candidate.shot for one in chosen])
    return tuple(
        Headshot(
            rank=rank,
            shot=one.candidate.shot,
            rgb=one.candidate.rgb,
            scores=one.scores,
            likeness=one.likeness,
            why=sentence,
            notes=one.candidate.notes if reaches_bar(one.likeness) else (*one.candidate.notes, "note_likeness_modest"),
        )
        for rank, (one, sentence) in enumerate(zip(chosen, why, strict=True), 1)
    )
