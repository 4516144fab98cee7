"""Requests for a shoot in people's own words."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.catalogue import StudioCatalogue
from engine.contract.errors import PersonError
from engine.contract.sentences import sentence
from engine.stages.style import packaged_styles
from tests.prompt.wishes import UNSAFE
from tests.styles.test_styles_page import PAGE as STYLES_PAGE

CATALOGUE = StudioCatalogue()


def asked(words: str) -> tuple[str, int | None, str] | None:
    """Style, count and wish."""
    found = CATALOGUE.asked(words)
    return found and (found.style.name, found.count, found.wish)


@pytest.mark.parametrize(
    ("words", "style", "count", "wish"),
    [
        ("legal", "legal", None, ""),
        ("Legal!", "legal", None, ""),
        ("legal 8 white background", "legal", 8, "white background"),
        ("8 corporate", "corporate", 8, ""),
        ("corporate 8", "corporate", 8, ""),
        ("corporate x8", "corporate", 8, ""),
        ("corporate 8x", "corporate", 8, ""),
        ("corporate eight", "corporate", 8, ""),
        ("eight corporate headshots, please", "corporate", 8, ""),
        ("linkedin white", "linkedin-white", None, ""),
        ("LinkedIn-White x 12", "linkedin-white", 12, ""),
        ("linkedinwhite 4", "linkedin-white", 4, ""),
        ("linkedin_white", "linkedin-white", None, ""),
        ("black and white", "classic-bw", None, ""),
        ("b&w 6", "classic-bw", 6, ""),
        ("black & white", "classic-bw", None, ""),
        ("please make me 8 corporate headshots", "corporate", 8, ""),
        ("headshots in linkedin white style, 8 of them", "linkedin-white", 8, ""),
        ("real estate 8 with blurred background", "real-estate", 8, "blurred background"),
        ("doctor four softer light please", "healthcare", 4, "softer light"),
        ("a dozen natural", "natural", 12, ""),
        ("legal, please, 8", "legal", 8, ""),
        ("legal 8 headshots, warmer", "legal", 8, "warmer"),
        ("corporate white background 8", "corporate", 8, "white background"),
        ("Executive Dark 6 black and white", "executive-dark", 6, "black and white"),
        ("give me corporate with soft light", "corporate", None, "soft light"),
        ("legal in black and white", "legal", None, "in black and white"),
        ("legal unicorns", "legal", None, "unicorns"),
        ("corporate #1a2b3c background", "corporate", None, "#1a2b3c background"),
        ("navy, white background", "navy", None, "white background"),
        ("executive dark background", "executive-dark", None, ""),
        ("office background", "modern-office", None, ""),
        ("white background", "linkedin-white", None, ""),
        ("softer light, navy", "navy", None, "softer light"),
        ("warmer legal", "legal", None, "warmer"),
    ],
)
def test_style_count_and_wish_are_found(words: str, style: str, count: int | None, wish: str) -> None:
    """In whatever order and with whatever politeness they come."""
    assert asked(words) == (style, count, wish)


@pytest.mark.parametrize(
    ("words", "count", "wish"),
    [
        ("8", 8, ""),
        ("eight headshots please", 8, ""),
        ("please", None, ""),
        ("white background, softer light", None, "white background, softer light"),
        ("8 white background, softer light", 8, "white background, softer light"),
        ("own background, warmer", None, "own background, warmer"),
        ("navy jacket", None, "navy jacket"),
        ("white shirt", None, "white shirt"),
        ("dark background", None, "dark background"),
        ("navy background", None, "navy background"),
        ("background: white", None, "background: white"),
        ("natural light", None, "natural light"),
        ("city lights", None, "city lights"),
        ("purple unicorn background with warm light", None, "purple unicorn background with warm light"),
        ("lighter hair and unicorns", None, "lighter hair and unicorns"),
    ],
)
def test_a_wish_without_a_style_gets_the_first_choice(words: str, count: int | None, wish: str) -> None:
    """Nobody has to know the name of a style; a colour of a jacket is not mistaken for one."""
    assert asked(words) == ("corporate", count, wish)


@pytest.mark.parametrize("style", packaged_styles(), ids=lambda style: style.name)
def test_every_label_is_understood_alone_and_with_a_count_and_a_wish(style: object) -> None:
    """What stands on the page of styles can be typed as it stands there."""
    for word in (style.name, style.title, *style.aliases):  # type: ignore[attr-defined]
        for written in (word, word.upper(), word.replace("-", " ")):
            name = style.name  # type: ignore[attr-defined]
            assert asked(written) == (name, None, ""), written
            assert asked(f"{written} 8") == (name, 8, ""), written
            if not word.endswith("-background"):  # "white background, warmer" is a wish
                assert asked(f"{written}, 6, warmer") == (name, 6, "warmer"), written
    assert style.name in STYLES_PAGE  # type: ignore[attr-defined]


@pytest.mark.parametrize("words", ["", "   ", "\u200b\u2066", "\n\t"])
def test_no_words_are_no_request(words: str) -> None:
    """The conversation then asks what the person would like."""
    assert asked(words) is None


@pytest.mark.parametrize(
    "words", ["corporate 0", "corporate 25", "-3 legal", "legal 100000000000", "99 headshots", "legal fifty", "1000"]
)
def test_a_count_that_cannot_be_made_is_answered_with_what_can(words: str) -> None:
    """The person learns both ends of the range."""
    with pytest.raises(PersonError) as refused:
        asked(words)

    assert refused.value.code == "count_out_of_range"
    assert "1 to 24" in sentence(refused.value.code, **refused.value.facts)


@pytest.mark.parametrize(
    ("words", "closest"),
    [
        ("corprate", "corporate"),
        ("corprate 8", "corporate"),
        ("corprate, white background", "corporate"),
        ("linkdin white 8", "linkedin-white"),
        ("modren office", "modern-office"),
        ("heathcare 4 warmer", "healthcare"),
    ],
)
def test_a_slip_of_the_finger_is_answered_with_the_style_that_was_meant(words: str, closest: str) -> None:
    """Nobody gets twelve pictures of the wrong style for a missing letter."""
    with pytest.raises(PersonError) as refused:
        asked(words)

    assert refused.value.code == "style_unknown"
    assert refused.value.facts["closest"].split(", ")[0] == closest


@pytest.mark.parametrize(
    ("code", "words"),
    [(code, f"{style} {wish}") for code, wishes in UNSAFE.items() for wish in wishes[:4] for style in ("legal 8", "")],
)
def test_a_refused_wish_is_refused_with_and_without_a_style(code: str, words: str) -> None:
    """The reason is told at once instead of after a shoot."""
    with pytest.raises(PersonError) as refused:
        asked(words)

    assert refused.value.code == code


@pytest.mark.parametrize(("words", "code"), [("navy uniform", "wish_uniform"), ("white power", "wish_hate")])
def test_a_style_is_no_hiding_place_for_the_half_of_a_bad_word(words: str, code: str) -> None:
    """Both words are read together before one of them is taken for a style."""
    with pytest.raises(PersonError, match=code):
        asked(words)


def test_a_flood_of_words_is_answered_at_once() -> None:
    """With the limit of a wish."""
    for words in ("legal " + "warm " * 40, "warm " * 1_000_000):
        with pytest.raises(PersonError, match="wish_too_long"):
            asked(words)


WORDS = ("legal", "8", "x", "eight", "navy", "white", "background", ",", "black", "and", "#", "nude")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200) | st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_any_words_are_understood_or_answered(words: str) -> None:
    """No sequence of signs breaks the reader, and every answer has a sentence."""
    try:
        found = CATALOGUE.asked(words)
    except PersonError as error:
        said, count = sentence(error.code, **error.facts), None
    else:
        said, count = "understood", found and found.count

    assert said
    assert count is None or 1 <= count <= 24


def test_a_company_style_is_found_and_shown(tmp_path: Path) -> None:
    """Right after the first choices, and by the name that the company gave it, even one that would be refused as a wish."""
    text = (Path(__file__).parents[2] / "engine/styles/corporate.toml").read_text()
    for old, new in (("corporate", "army-surplus"), ("Corporate", "Army surplus")):
        text = text.replace(f'= "{old}"', f'= "{new}"')
    text = re.sub(r"aliases = .*", 'aliases = ["acme-2026"]', text)
    (tmp_path / "army.toml").write_text(text)
    catalogue = StudioCatalogue(tmp_path)

    assert [style.name for style in catalogue.styles()][:4] == [
        "corporate",
        "natural",
        "linkedin-white",
        "army-surplus",
    ]
    assert len(catalogue.styles()) == len(packaged_styles()) + 1
    assert catalogue.style("Army Surplus").name == "army-surplus"
    for words, count in (("army surplus 8 warmer", 8), ("acme 2026 8, warmer", 8), ("Acme-2026 warmer", None)):
        found = catalogue.asked(words)
        assert found
        assert (found.style.name, found.count, found.wish) == ("army-surplus", count, "warmer")
