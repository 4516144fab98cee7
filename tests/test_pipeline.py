"""The whole engine on a real photograph: NASA's public-domain portrait in scikit-image."""

import io
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PIL import Image
from skimage import data

from engine.contract.crops import CROPS
from engine.contract.errors import Cancelled, PersonError
from engine.contract.ports import Step
from engine.contract.selfies import Photo
from engine.contract.shots import Gallery, Headshot, ShootRequest, VariationRequest
from engine.pipeline import open_studio
from engine.stages.finish import unfinished

STAGES = ["intake", "identity", "style", "prompt", "render", "select", "finish"]


def _png(rgb: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, "PNG")
    return out.getvalue()


@cache
def _portrait() -> Photo:
    return Photo("portrait.png", _png(data.astronaut()))


def _request(**changes: object) -> ShootRequest:
    return replace(ShootRequest((_portrait(),), count=4, candidates=20), **changes)  # type: ignore[arg-type]


@cache
def _shoot() -> tuple[Gallery, tuple[Headshot, ...], tuple[Step, ...]]:
    steps: list[Step] = []
    finished: list[Headshot] = []
    gallery = open_studio().shoot(_request(), steps.append, finished.append)
    return gallery, tuple(finished), tuple(steps)


def test_selfies_become_a_ranked_gallery() -> None:
    """A person gets the headshots that were asked for, best first, each like them, with scores and a reason."""
    gallery, finished, _ = _shoot()

    assert [h.rank for h in finished] == [1, 2, 3, 4]
    assert [h.shot.id for h in gallery.headshots] == [h.shot.id for h in finished]
    assert gallery.rendered == 20
    for headshot in finished:
        assert headshot.likeness.source_similarity >= 0.93
        assert headshot.likeness.calibrated >= 0.85
        assert 0 < headshot.scores.total <= 1
        assert headshot.why.endswith(".")


def test_headshots_have_the_shape_of_their_crop_and_the_largest_honest_size() -> None:
    """A small photo is enlarged two and a half times at most, whatever was asked for."""
    _, finished, _ = _shoot()

    for headshot in finished:
        height, width = headshot.rgb.shape[:2]
        assert width / height == pytest.approx(CROPS[headshot.shot.crop].aspect, rel=0.01)
        assert 500 < height < 1024
        assert headshot.notes


def test_nothing_is_shown_twice() -> None:
    """No two headshots of a gallery share selfie, crop, light and backdrop."""
    gallery, _, _ = _shoot()
    looks = {(h.shot.selfie_id, h.shot.crop, h.shot.light, h.shot.backdrop) for h in gallery.headshots}

    assert len(looks) == len(gallery.headshots)


def test_every_stage_reports_that_it_began_and_ended() -> None:
    """Progress shows all seven stages by their names, rendering and finishing picture by picture."""
    gallery, _, steps = _shoot()

    assert list(dict.fromkeys(step.stage for step in steps)) == [
        "intake", "identity", "style", "prompt", "render", "select", "finish"
    ]  # fmt: skip
    assert sorted(gallery.seconds) == sorted(STAGES)
    assert [s.done for s in steps if s.stage == "render" and s.total == 20] == list(range(21))


@pytest.mark.slow
def test_the_same_request_gives_the_same_bytes() -> None:
    """Same selfies, seed and version: the recipe of a headshot makes it again, to the byte, from a fresh engine."""
    _, finished, _ = _shoot()
    studio = open_studio()
    recipe = studio.recipe(finished[1], "png")
    again: list[Headshot] = []

    studio.vary(VariationRequest(recipe, "same", (_portrait(),), count=1), lambda _: None, again.append)

    assert np.array_equal(again[0].rgb, finished[1].rgb)


@pytest.mark.slow
def test_a_variation_changes_what_it_names_and_keeps_the_rest() -> None:
    """ "New backdrop" keeps crop and light, brings other backdrops and knows its parent."""
    _, finished, _ = _shoot()
    studio = open_studio()
    made: list[Headshot] = []
    request = VariationRequest(
        studio.recipe(finished[0], "png"), "new-backdrop", (_portrait(),), count=2, height_px=512
    )

    studio.vary(request, lambda _: None, made.append)

    assert len(made) == 2
    for headshot in made:
        assert headshot.shot.parent == finished[0].shot.id
        assert headshot.shot.crop == finished[0].shot.crop
        assert headshot.shot.light == finished[0].shot.light
        assert headshot.shot.backdrop != finished[0].shot.backdrop


def test_a_variation_needs_the_photo_it_was_made_from() -> None:
    """Somebody else's photo, or another one of the same person, is not silently used instead."""
    _, finished, _ = _shoot()
    studio = open_studio()
    other = Photo("other.png", _png(data.astronaut()[:, ::-1]))

    with pytest.raises(PersonError, match="recipe_selfie_missing"):
        studio.vary(VariationRequest(studio.recipe(finished[0], "png"), "same", (other,)), print, print)


def test_photos_that_cannot_be_used_are_answered_one_by_one() -> None:
    """A picture without a face and a file that is no picture: the answer says what to do about each."""
    photos = (Photo("coffee.png", _png(data.coffee())), Photo("notes.txt", b"hello"))

    with pytest.raises(PersonError, match="no_usable_selfie") as refused:
        open_studio().shoot(_request(photos=photos), lambda _: None, lambda _: None)

    assert refused.value.facts["advice"].startswith("1. No face was found")
    assert "2. This file is not a picture" in refused.value.facts["advice"]


@pytest.mark.parametrize(
    ("changes", "code"), [({"style": "corporat"}, "style_unknown"), ({"wish": "make me look like Brad Pitt"}, "wish")]
)
def test_wrong_words_are_answered_before_or_instead_of_rendering(changes: dict[str, str], code: str) -> None:
    """An unknown style and a refused wish never cost a person a minute."""
    rendered: list[Step] = []

    with pytest.raises(PersonError, match=code):
        open_studio().shoot(_request(**changes), lambda s: rendered.append(s) if s.stage == "render" else None, print)

    assert not rendered


@pytest.mark.slow
def test_a_cancelled_shoot_keeps_what_is_finished() -> None:
    """Whoever stops a shoot gets the headshots that were ready and nothing after."""
    finished: list[Headshot] = []

    def stop(step: Step) -> None:
        if step.stage == "finish" and step.done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        open_studio().shoot(_request(count=3, height_px=400), stop, finished.append)

    assert len(finished) <= 1


@pytest.mark.slow
def test_a_company_picture_hangs_behind_the_sitter() -> None:
    """A backdrop picture is decoded as safely as a selfie and fills the frame behind the person."""
    from engine.contract.styles import Backdrop

    green = np.zeros((300, 400, 3), np.uint8)
    green[..., 1] = 160
    finished: list[Headshot] = []
    request = _request(count=1, height_px=400, backdrop=Backdrop("lobby", "picture"), backdrop_picture=_png(green))

    open_studio().shoot(request, lambda _: None, finished.append)

    corner = finished[0].rgb[:20, :20].reshape(-1, 3).mean(0)
    assert corner[1] > 2 * max(corner[0], corner[2])


def test_a_damaged_company_picture_is_refused() -> None:
    """It gets the same answer as a damaged selfie."""
    from engine.contract.styles import Backdrop

    request = _request(backdrop=Backdrop("lobby", "picture"), backdrop_picture=_png(data.coffee())[:5000])

    with pytest.raises(PersonError, match="photo_damaged"):
        open_studio().shoot(request, lambda _: None, lambda _: None)


@pytest.mark.slow
def test_a_shoot_follows_the_picture_whose_look_is_wanted() -> None:
    """Its backdrop and print are in every recipe, so a variation keeps them when the picture is long gone."""
    from tests.references.pictures import picture

    finished: list[Headshot] = []
    studio = open_studio()
    look = Photo("look.png", _png(picture("navy")))

    studio.shoot(_request(count=2, height_px=400, reference=look), lambda _: None, finished.append)
    warmer: list[Headshot] = []
    again = VariationRequest(studio.recipe(finished[0], "png"), "warmer", (_portrait(),), count=1, height_px=400)
    studio.vary(again, lambda _: None, warmer.append)

    for headshot in (*finished, *warmer):
        assert headshot.shot.backdrop.name.startswith("reference")
        assert headshot.shot.style == "corporate"
        red, _, blue = headshot.rgb[:20, :20].reshape(-1, 3).mean(0)
        assert blue > red + 20
    assert warmer[0].shot.grade.warmth > finished[0].shot.grade.warmth


def test_a_picture_that_says_nothing_is_answered_before_rendering() -> None:
    """Whoever wanted its look hears at once what to do, and nothing is rendered without it."""
    steps: list[Step] = []
    flat = Photo("flat.png", _png(np.full((300, 300, 3), 90, np.uint8)))

    with pytest.raises(PersonError, match="reference_blank"):
        open_studio().shoot(_request(reference=flat), steps.append, print)

    assert steps == []


@pytest.mark.slow
def test_a_resumed_shoot_finishes_only_what_is_missing() -> None:
    """After a restart nothing is finished twice; the rest has the ranks and the bytes that it would have had."""
    gallery, finished, _ = _shoot()
    made: list[Headshot] = []

    resumed = open_studio().shoot(
        _request(), lambda _: None, made.append, kept={h.rank: h.shot.id for h in finished if h.rank in (1, 3)}
    )

    assert [h.rank for h in made] == [2, 4]
    assert all(np.array_equal(h.rgb, finished[h.rank - 1].rgb) for h in made)
    assert [h.shot.id for h in resumed.headshots] == [h.shot.id for h in gallery.headshots]


@pytest.mark.slow
def test_a_choice_that_differs_after_a_restart_repeats_neither_picture_nor_rank() -> None:
    """Another machine may rank a little differently: what is kept stays, the others take the places that are left."""
    a, b, c = _shoot()[1][:3]

    rest = unfinished((b, a, c), {1: a.shot.id, 3: "of-a-shot-that-is-not-chosen-here"})

    assert [(h.rank, h.shot.id) for h in rest] == [(2, b.shot.id)]
