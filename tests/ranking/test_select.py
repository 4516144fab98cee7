"""Stage 7: from candidates to a gallery, with real faces and the real embedder."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from engine.contract.errors import Cancelled
from engine.contract.ports import Sitting, Step
from engine.contract.shots import Candidate
from engine.contract.styles import Backdrop
from engine.faces.analyzer import MeshFaceAnalyzer
from engine.faces.sface import SFaceEmbedder
from engine.stages.identity import identify
from engine.stages.select import select
from tests.identity.sitters import drawn_stranger, selfie
from tests.ranking.prints import candidate, headshot, lit, moved, recompressed, soft


@cache
def sitting() -> Sitting:
    """The sitter with one selfie."""
    own = selfie("only")
    return Sitting((own,), identify([own], [SFaceEmbedder()]))


def chosen(candidates: list[Candidate], count: int = 12, **options: bool) -> tuple:
    """Select with the real parts."""
    return select(candidates, sitting(), MeshFaceAnalyzer(), [SFaceEmbedder()], count, lambda step: None, **options)


def _varied() -> list[Candidate]:
    """Five different clean pictures."""
    crops = ("classic", "square", "tight", "three-four", "wide")
    return [candidate(headshot(crop), i, crop=crop) for i, crop in enumerate(crops)]


def test_a_gallery_is_ranked_and_explained() -> None:
    """Ranks count from one, every picture has scores, a likeness that passes the bar and its own sentence."""
    gallery, held = chosen(_varied())

    assert [headshot.rank for headshot in gallery] == [1, 2, 3, 4, 5]
    assert all(one.likeness.calibrated > 0.85 and 0 < one.scores.total <= 1 for one in gallery)
    assert all(one.why.endswith(".") for one in gallery)
    assert held == {}


def test_copies_of_one_picture_are_shown_once() -> None:
    """Nobody wants to look for the difference between two pictures."""
    copies = [
        candidate(recompressed(headshot(), 90), 10 + i, light=replace(candidate(headshot()).shot.light, name=f"l{i}"))
        for i in range(3)
    ]

    gallery, held = chosen([*_varied(), *copies])

    assert len(gallery) == 5
    assert held == {"near_identical": 3}


def test_the_spoiled_copy_gives_way_to_the_clean_one() -> None:
    """Of two pictures of one plan the better one is shown."""
    clean, blurred = candidate(headshot(), 1), candidate(soft(headshot(), 0.012), 2)

    gallery, _ = chosen([blurred, clean])

    assert [one.shot.id for one in gallery] == [clean.shot.id]


def test_a_stranger_a_landscape_and_a_photo_edge_are_held_back() -> None:
    """Each for its own reason, whatever its beauty."""
    stranger = candidate(drawn_stranger(), 20)
    landscape = candidate(np.full_like(headshot(), 120), 21)
    cut = candidate(headshot("tight"), 22, {"missing": 0.05}, crop="tight")

    gallery, held = chosen([candidate(headshot(), 1), stranger, landscape, cut])

    assert len(gallery) == 1
    assert held == {"looks_like_somebody_else": 1, "no_face_in_headshot": 1, "photo_edge_shows": 1}


def test_a_useless_picture_is_not_shown_to_fill_the_gallery() -> None:
    """Fewer good pictures are better than the number that was asked for."""
    wreck = lit(moved(soft(headshot(), 0.02), right=0.2, tilt_deg=20), 0.25)

    gallery, held = chosen([candidate(headshot(), 1), candidate(wreck, 2, backdrop=Backdrop("white", "gradient"))])

    assert len(gallery) == 1
    assert sum(held.values()) == 1


def test_no_more_than_asked_for_and_the_rest_is_counted() -> None:
    """Twelve means twelve; the others were good and are named so."""
    gallery, held = chosen(_varied(), count=3)

    assert len(gallery) == 3
    assert held == {"enough_chosen": 2}


def test_the_order_of_the_candidates_does_not_matter() -> None:
    """A retried shoot that renders in another order gives the same gallery."""
    forwards, _ = chosen(_varied())
    backwards, _ = chosen(_varied()[::-1])

    assert [one.shot.id for one in forwards] == [one.shot.id for one in backwards]


def test_every_candidate_is_a_step_that_may_cancel() -> None:
    """A person who presses stop does not wait for the end of the stage."""
    steps: list[Step] = []

    def on_step(step: Step) -> None:
        steps.append(step)
        if step.done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        select(_varied(), sitting(), MeshFaceAnalyzer(), [SFaceEmbedder()], 5, on_step)

    assert steps == [Step("select", 1, 5), Step("select", 2, 5)]


def test_no_candidates_give_an_empty_gallery() -> None:
    """The pipeline answers the person; nothing fails here."""
    assert chosen([]) == ((), {})
