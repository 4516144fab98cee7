"""Recipes: a shot as JSON and back."""

import json
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contract.errors import PersonError
from engine.contract.sentences import sentence
from engine.contract.shots import ShootRequest, Shot
from engine.planning.recipes import SCHEMA, read_recipe, to_recipe
from engine.planning.variations import vary
from engine.stages.prompt import plan
from engine.stages.style import find_style, packaged_styles
from tests.prompt.sitters import STUDIO, selfie


@cache
def shots(style: str = "corporate") -> tuple[Shot, ...]:
    """A small plan."""
    return plan(find_style(style), (selfie(),), ShootRequest(photos=(), wish="navy suit, smile"), STUDIO)


def through_json(shot: Shot) -> Shot:
    """What comes back from the file beside a headshot."""
    return read_recipe(json.loads(json.dumps(to_recipe(shot, "0.1.0", 2048, "jpeg"))))


@pytest.mark.parametrize("style", [style.name for style in packaged_styles()])
def test_a_shot_comes_back_exactly(style: str) -> None:
    """The same recipe makes the same picture again, to the byte."""
    for shot in shots(style):
        assert through_json(shot) == shot


@settings(max_examples=80, deadline=None)
@given(st.floats(0, 1), st.integers(0, 2**32 - 1), st.text(max_size=20), st.floats(1, 4))
def test_any_number_survives(polish: float, seed: int, parent: str, ratio: float) -> None:
    """No digit of a light or a dial is rounded away."""
    shot = replace(shots()[0], polish=polish, seed=seed, parent=parent, light=replace(shots()[0].light, ratio=ratio))
    back = through_json(shot)

    assert replace(back, id=shot.id) == shot


def test_a_variation_comes_back_with_its_parent() -> None:
    """The family of a headshot can be followed."""
    varied = vary(shots()[0], "more-like-this")[0]

    assert through_json(varied) == varied
    assert varied.parent == shots()[0].id


def test_a_recipe_edited_by_hand_gets_an_id_of_its_own() -> None:
    """Two different pictures never claim to be the same one."""
    recipe = to_recipe(shots()[0], "0.1.0", 2048, "jpeg")
    recipe["shot"]["polish"] = 0.9

    assert read_recipe(recipe).id != shots()[0].id


def test_a_recipe_says_who_made_it_and_how_it_was_finished() -> None:
    """Years later one can tell which version to install."""
    recipe = to_recipe(shots()[0], "0.1.0", 1600, "png")

    assert list(recipe) == ["schema", "headroom", "output", "shot"]
    assert (recipe["schema"], recipe["headroom"]) == (SCHEMA, "0.1.0")
    assert recipe["output"] == {"height_px": 1600, "file_format": "png"}


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (
            {"schema": 99},
            "This recipe was made by a later Headroom (recipe format 99, known up to 1). Update Headroom and try again.",
        ),
        ({"schema": "1"}, "This recipe cannot be used: schema: it is missing or no whole number."),
        ({"schema": None}, "This recipe cannot be used: schema: it is missing or no whole number."),
        ({"shot": 3}, "This recipe cannot be used: shot: input should be a dictionary or an instance of Shot."),
        ({"crop": "round"}, "This recipe cannot be used: shot.crop: input should be 'classic', 'tight',"),
        (
            {"light": {"name": "x", "ratio": 9}},
            "This recipe cannot be used: shot.light.ratio: input should be less than or equal to 4.",
        ),
        ({"seed": "many"}, "This recipe cannot be used: shot.seed: input should be a valid integer"),
    ],
)
def test_a_broken_recipe_is_answered_with_the_key_that_is_wrong(change: dict[str, object], answer: str) -> None:
    """Who edited a recipe finds the mistake without reading code."""
    recipe = to_recipe(shots()[0], "0.1.0", 2048, "jpeg")
    for key, value in change.items():
        (recipe if key in {"schema", "shot"} else recipe["shot"])[key] = value

    with pytest.raises(PersonError) as refused:
        read_recipe(recipe)
    assert sentence(refused.value.code, **refused.value.facts).startswith(answer)


def test_an_empty_recipe_is_no_recipe() -> None:
    """Any other JSON file is answered, not crashed on."""
    for other in ({}, {"schema": 1}):
        with pytest.raises(PersonError, match="recipe_broken"):
            read_recipe(other)
