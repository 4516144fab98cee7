"""Prompts: photographic words, in order, of what was measured and asked for."""

import re
from dataclasses import replace

import pytest

from engine.contract.shots import Prompt, ShootRequest
from engine.planning.backdrops import COLOURS, nearest_colour
from engine.planning.edits import black_and_white
from engine.stages.prompt import plan
from engine.stages.style import find_style, packaged_styles
from tests.prompt.sitters import DIFFUSION, appearance, selfie

NEVER = re.compile(
    r"\b(?:man|men|woman|women|male|female|boy|girl|lady|gentleman|guy|he|she|his|her|young|younger|old|older|elderly|middle-aged|aged?|years?"
    r"|white person|black person|asian|african|european|caucasian|latino|latina|hispanic|arab|indian|ethnic\w*|skin tone|pale skin|dark skin"
    r"|happy|sad|angry|fearful|surprised|disgusted|beautiful|handsome|pretty|attractive|sexy|slim|fat)\b"
)


def prompt(style: str = "corporate", wish: str = "", **seen: object) -> Prompt:
    """Prompt of the first shot for a generative renderer."""
    looks = appearance(**seen)  # type: ignore[arg-type]
    return plan(find_style(style), (selfie(looks=looks),), ShootRequest(photos=(), wish=wish), DIFFUSION)[0].prompt


def test_the_parts_read_as_a_photographer_would_say_it() -> None:
    """Subject first, then what was seen; backdrop and light first, then lens and print."""
    made = prompt("executive-dark", glasses=0.9, facial_hair=0.8, clothing="grey")

    assert made.subject == (
        "executive portrait, head and shoulders of one person, wearing glasses, facial hair, brown hair, grey plain clothes, "
        "dark tailored suit, commanding presence, calm, self-assured expression, looking at the camera"
    )
    assert made.photography.startswith("charcoal studio backdrop, dramatic rembrandt lighting, rich shadow detail")
    assert "100mm lens, f/4" in made.photography
    assert made.negative.startswith("deformed, extra fingers")


def test_glasses_are_named_when_worn_and_forbidden_when_not() -> None:
    """Nobody gets glasses that they do not wear, or loses their own."""
    worn, bare = prompt(glasses=1.0), prompt(glasses=0.0)

    assert "glasses" in worn.subject
    assert "glasses" not in worn.negative
    assert "glasses" not in bare.subject
    assert "glasses" in bare.negative


def test_glasses_follow_the_wish_where_the_renderer_can() -> None:
    """“Without glasses” is said in the prompt and the measured ones are not."""
    made = prompt(wish="without glasses", glasses=1.0)

    assert "wearing glasses" not in made.subject
    assert "without glasses" in made.subject
    assert "glasses" in made.negative


def test_wished_clothes_replace_measured_ones_and_those_of_the_style() -> None:
    """A prompt never asks for two outfits at once."""
    made = prompt(wish="a charcoal suit")

    assert "wearing a charcoal suit" in made.subject
    assert "navy" not in made.subject
    assert "attire" not in made.subject


@pytest.mark.parametrize("style", [style.name for style in packaged_styles()])
def test_no_prompt_describes_age_gender_ethnicity_emotion_or_beauty(style: str) -> None:
    """Faces are borrowed: a person is never sorted into a kind of person."""
    made = prompt(style, glasses=1.0, facial_hair=1.0)

    assert not NEVER.search(f"{made.subject} {made.photography} {made.negative}")


def test_a_measured_name_is_never_more_than_a_word() -> None:
    """Even a colour name that came out of a measure cannot carry signs into a prompt."""
    made = prompt(clothing="Navy), (gold:2.0)\n<b>", hair="{brown}")

    assert "brown hair" in made.subject
    assert not re.search(r"[(){}<>\n:]", made.subject)


def test_a_black_and_white_picture_is_said_to_be_one_first() -> None:
    """The print decides more than the backdrop; colour words would fight it."""
    made = prompt("classic-bw")

    assert made.photography.startswith("black and white photograph, studio backdrop")
    assert "colour photograph" in made.negative
    assert "black and white" in prompt("corporate").negative


def test_the_planned_backdrop_and_light_are_the_ones_in_the_words() -> None:
    """A wish that changes the plan changes the words with it."""
    assert prompt(wish="navy background").photography.startswith("navy studio backdrop")
    assert prompt("linkedin-white", wish="black background").photography.startswith("black studio backdrop")
    assert prompt(wish="in a library").photography.startswith("library bookshelves out of focus")
    assert "warm tones" in prompt(wish="warmer").photography


def test_every_studio_colour_is_called_by_its_name() -> None:
    """The word that a person used is the word of the prompt."""
    assert [name for name, (centre, _) in COLOURS.items() if nearest_colour(centre) != name] == []


def test_a_monochrome_print_has_no_colour_left_in_its_numbers() -> None:
    """A warm cast on a silver print would look like a mistake."""
    for style in packaged_styles():
        for grade in map(black_and_white, style.grades):
            assert grade.monochrome
            if replace(grade, monochrome=False) not in style.grades:
                assert (grade.warmth, grade.shadow_tint, grade.highlight_tint) == (0.0, (0.0, 0.0), (0.0, 0.0))
