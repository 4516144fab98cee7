"""Variations: edits of one shot."""

from dataclasses import replace
from functools import cache

import pytest
from pydantic import TypeAdapter

from engine.contract.crops import CROPS
from engine.contract.errors import PersonError
from engine.contract.shots import ShootRequest, Shot
from engine.planning.recipes import read_recipe, to_recipe
from engine.planning.variations import VARIATIONS, vary
from engine.stages.prompt import plan
from engine.stages.style import find_style, packaged_styles
from tests.prompt.sitters import STUDIO, selfie

COLOUR_ONLY = {"warmer", "cooler", "black-and-white"}
SHOT_PARTS = ("crop", "light", "backdrop", "grade", "wardrobe")


@cache
def first(style: str = "corporate") -> Shot:
    """The first shot of a shoot."""
    return plan(find_style(style), (selfie(),), ShootRequest(photos=()), STUDIO)[0]


def furthest(shot: Shot, kind: str) -> Shot:
    """The shot after the same variation again and again, until nothing is left to change."""
    for _ in range(40):
        try:
            shot = vary(shot, kind, 2)[-1]
        except PersonError:
            return shot
    raise AssertionError(f"{kind} never ends")


def changed(before: Shot, after: Shot) -> set[str]:
    """Which parts of the look differ."""
    return {part for part in SHOT_PARTS if getattr(before, part) != getattr(after, part)}


@pytest.mark.parametrize("kind", VARIATIONS)
def test_every_kind_works_on_every_style(kind: str) -> None:
    """Each button gives new, different, valid pictures of the same selfie on every style that it can change."""
    for shot in (first(style.name) for style in packaged_styles()):
        if kind in (COLOUR_ONLY if shot.grade.monochrome else {"colour"}) | {f"{shot.wardrobe}-clothes"}:
            continue
        if kind in {"blurred", "sharper"} and shot.backdrop.kind in {"gradient", "canvas"}:
            continue
        made = vary(shot, kind)
        assert 1 <= len(made) <= 4
        assert len({new.id for new in made} | {shot.id}) == len(made) + 1
        for new in made:
            assert (new.parent, new.selfie_id, new.style, new.polish) == (
                shot.id,
                shot.selfie_id,
                shot.style,
                shot.polish,
            )
            assert changed(shot, new)
            assert read_recipe(to_recipe(new, "0", 1024, "png")) == new  # within all ranges of the contract


@pytest.mark.parametrize(
    ("style", "kind"),
    [("corporate", "colour"), ("corporate", "blurred"), ("classic-bw", "black-and-white"), ("classic-bw", "warmer")],
)
def test_a_variation_with_nothing_left_to_change_says_so(style: str, kind: str) -> None:
    """Nobody waits for four copies of the picture that they have."""
    with pytest.raises(PersonError, match="variation_at_limit"):
        vary(first(style), kind)


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("more-like-this", {"light", "grade", "backdrop"}),
        ("new-light", {"light"}),
        ("new-backdrop", {"backdrop"}),
        ("new-crop", {"crop"}),
        ("warmer", {"grade"}),
        ("cooler", {"grade"}),
        ("softer", {"light", "grade"}),
        ("dramatic", {"light", "grade"}),
        ("brighter", {"grade"}),
        ("darker", {"grade"}),
        ("white background", {"backdrop"}),
        ("Navy Background", {"backdrop"}),
        ("#0a3d62 background", {"backdrop"}),
        ("office-background", {"backdrop"}),
        ("tighter", {"crop"}),
        ("Wider", {"crop"}),
        ("square", {"crop"}),
        ("banner", {"crop"}),
        ("black clothes", {"wardrobe"}),
    ],
)
def test_a_variation_changes_what_it_names_and_nothing_else(kind: str, parts: set[str]) -> None:
    """Who asks for another light keeps the crop that they liked."""
    assert {part for new in vary(first(), kind) for part in changed(first(), new)} == parts


def test_a_variation_goes_the_way_it_says() -> None:
    """Warmer is warmer, and the second step is clearer than the first."""
    shot = first()
    for kind, measure in {
        "warmer": lambda s: s.grade.warmth,
        "cooler": lambda s: -s.grade.warmth,
        "softer": lambda s: -s.light.ratio,
        "dramatic": lambda s: s.light.ratio,
        "brighter": lambda s: s.grade.exposure_ev,
        "darker": lambda s: -s.grade.exposure_ev,
    }.items():
        slight, clear = vary(shot, kind)
        assert measure(shot) < measure(slight) < measure(clear), kind


def test_the_same_edit_again_and_again_stops_at_what_skin_carries() -> None:
    """Nobody can press “warmer” until a face turns orange, or “dramatic” until it looks spot-lit."""
    for kind in ("warmer", "cooler", "softer", "dramatic", "brighter", "darker"):
        shot = furthest(first(), kind)
        assert abs(shot.grade.warmth) <= 7.5
        assert 1.2 <= shot.light.ratio <= 2.9
        assert -0.5 <= shot.grade.exposure_ev <= 0.5


def test_more_like_this_stays_near_and_gives_as_many_as_asked() -> None:
    """Neighbours look like brothers of the first picture, not like another style."""
    shot, made = first(), vary(first(), "more-like-this", count=24)

    assert len({new.id for new in made}) == len({new.seed for new in made}) == 24
    for new in made:
        assert abs(new.light.key_azimuth_deg - shot.light.key_azimuth_deg) <= 26
        assert abs(new.light.ratio - shot.light.ratio) <= 0.6
        assert abs(new.grade.exposure_ev - shot.grade.exposure_ev) <= 0.2
        assert new.crop == shot.crop


def test_new_crops_are_all_crops_that_there_are() -> None:
    """Each frame is one click away, the style's own first."""
    crops = [new.crop for new in vary(first(), "new-crop", count=24)]

    assert set(crops) == set(CROPS) - {"classic"}
    assert crops[:4] == list(find_style("corporate").crops[1:])


def test_tighter_and_wider_step_from_frame_to_frame_and_end() -> None:
    """The next frame of the same shape comes first; somebody who goes on arrives at the closest one and hears that there is no more."""
    assert [new.crop for new in vary(first(), "tighter")] == ["tight", "square", "square-tight"]
    assert [new.crop for new in vary(first(), "wider")] == ["wide", "three-four", "two-three"]
    assert furthest(first(), "tighter").crop == "square-tight"
    assert CROPS[furthest(first(), "wider").crop].head == min(crop.head for crop in CROPS.values())


def test_words_of_the_prompt_follow_the_variation() -> None:
    """A generative renderer is not asked for the old backdrop."""
    new = vary(first(), "navy-background")[0]

    assert "navy studio backdrop" in new.prompt.photography
    assert new.prompt.subject == first().prompt.subject


def test_an_own_style_can_be_varied_when_it_is_handed_over() -> None:
    """A company's look is varied with the company's lights."""
    own = replace(find_style("corporate"), name="acme", lights=find_style("actor").lights)
    shot = plan(own, (selfie(),), ShootRequest(photos=()), STUDIO)[0]

    assert vary(shot, "new-light", style=own)[0].light == own.lights[1]
    with pytest.raises(PersonError, match="style_unknown"):
        vary(shot, "new-light")


@pytest.mark.parametrize("kind", ["", "sideways", "plaid background", "#12 background", "background"])
def test_an_unknown_kind_is_answered_with_the_known_ones(kind: str) -> None:
    """Whoever mistypes finds the right word in the answer."""
    with pytest.raises(PersonError) as refused:
        vary(first(), kind)
    assert refused.value.code == "variation_unknown"
    assert "new-light" in refused.value.facts["kinds"]


def test_the_same_variation_is_the_same_pictures_and_another_seed_is_not() -> None:
    """A click that arrives twice makes nothing new."""
    assert vary(first(), "more-like-this") == vary(first(), "more-like-this")
    assert not {s.seed for s in vary(first(), "new-light")} & {s.seed for s in vary(first(), "new-light", seed=1)}


def test_every_edited_look_is_within_the_ranges_of_a_style_file() -> None:
    """What a variation makes could be written into a style."""
    adapter = TypeAdapter(Shot)
    for style in packaged_styles():
        for kind in ("dramatic", "softer", "brighter", "darker"):
            adapter.validate_python(adapter.dump_python(furthest(first(style.name), kind), mode="json"))
