"""The port `Renderer`: what every renderer must do. Runs on the computational one."""

import numpy as np
import pytest

from engine.contract.errors import Cancelled
from engine.contract.ports import Renderer, Step
from engine.contract.shots import Candidate, Shot
from engine.contract.styles import Backdrop, Grade, Light
from engine.faces.sface import SFaceEmbedder
from engine.renderers.studio.renderer import REJECTED, SIMILARITY, SIMILARITY_MONOCHROME, StudioRenderer
from tests.studio.sitter import OnceMatter, shot, sitting

BRICK = Backdrop("brick", "brick", light_side="key")
MONO = Grade("silver", contrast=0.34, monochrome=True)


@pytest.fixture
def renderer() -> Renderer:
    """A renderer that has loaded its weights."""
    made = StudioRenderer(OnceMatter(), SFaceEmbedder())
    made.load()
    return made


def _render(renderer: Renderer, *shots: Shot, height: int = 320) -> list[Candidate]:
    return list(renderer.render(sitting(), shots, height, lambda _: None))


def test_candidates_come_in_the_order_of_the_shots(renderer: Renderer) -> None:
    """Whoever counts candidates knows which shot each belongs to, though two are printed at a time."""
    shots = [shot(crop, seed=i) for i, crop in enumerate(("classic", "square", "tight", "two-three", "wide"))]

    assert [c.shot.id for c in _render(renderer, *shots)] == [s.id for s in shots]


def test_the_same_shot_gives_the_same_bytes(renderer: Renderer) -> None:
    """A recipe reproduces its headshot, also after the renderer was emptied and in other company."""
    first = _render(renderer, shot(backdrop=BRICK))[0]
    renderer.unload()

    again = _render(renderer, shot("square"), shot(backdrop=BRICK))[1]

    assert np.array_equal(first.rgb, again.rgb)


def test_a_proof_and_its_master_show_the_same_picture(renderer: Renderer) -> None:
    """What was chosen small is what is delivered large: same backdrop, light and place."""
    small, large = (_render(renderer, shot(backdrop=BRICK), height=h)[0].rgb for h in (240, 480))
    reduced = large.reshape(240, 2, -1, 2, 3).mean((1, 3))

    assert np.abs(reduced - small).mean() < 4


def test_height_is_never_more_than_the_photo_carries(renderer: Renderer) -> None:
    """A small photo gives a small honest headshot and says so."""
    candidate = _render(renderer, shot(), height=4000)[0]

    assert candidate.rgb.shape[0] <= candidate.honest_height_px < 1000
    assert candidate.notes == ("note_small_source",)


def test_each_finished_candidate_is_reported_and_cancelling_stops_at_once(renderer: Renderer) -> None:
    """Progress counts up to the total; whoever raises Cancelled in it gets nothing more."""
    steps: list[Step] = []

    def stop_at_two(step: Step) -> None:
        steps.append(step)
        if step.done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        list(renderer.render(sitting(), [shot(seed=i) for i in range(6)], 200, stop_at_two))

    assert [s.done for s in steps] == [0, 1, 2]
    assert {s.total for s in steps} == {6}


@pytest.mark.parametrize(("grade", "bar"), [(Grade(), SIMILARITY), (MONO, SIMILARITY_MONOCHROME)])
def test_the_picture_still_shows_the_sitter(renderer: Renderer, grade: Grade, bar: float) -> None:
    """Likeness to the own selfie is above the bar in colour and in black and white."""
    candidate = _render(renderer, shot(grade=grade), height=640)[0]

    assert candidate.source_similarity >= bar


def test_too_much_light_is_printed_again_gentler(renderer: Renderer) -> None:
    """Even the hardest light that a style file may ask for never gives a picture below the rejection bar."""
    hard = Light("hard", 85, 70, 4.0, 0.1, 0.0, 0.4, 3000, 1.0, 1.3)

    for candidate in _render(renderer, shot(light=hard, polish=1.0), height=640):
        assert candidate.source_similarity >= REJECTED
