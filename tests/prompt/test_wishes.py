"""Wishes: read into slots, refused, or honestly left out."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contract.errors import PersonError
from engine.contract.sentences import sentence
from engine.contract.shots import ShootRequest
from engine.stages.prompt import plan
from engine.stages.style import find_style
from engine.wishes import WISH_LIMIT, Wish, read_wish
from tests.prompt.sitters import DIFFUSION, selfie
from tests.prompt.wishes import INJECTIONS, ORDINARY, UNSAFE

REFUSED = [(code, wish) for code, wishes in UNSAFE.items() for wish in wishes]


@cache
def words_of(wish: str) -> set[str]:
    """Every word of the prompts that a generative renderer would get."""
    shots = plan(find_style("corporate"), (selfie(),), ShootRequest(photos=(), wish=wish, candidates=8), DIFFUSION)
    text = " ".join(f"{s.prompt.subject} {s.prompt.photography} {s.prompt.negative}" for s in shots)
    return set(text.replace(",", " ").lower().split())


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    """A list that shrinks would prove nothing."""
    assert len(REFUSED) >= 100
    assert len(set(ORDINARY)) >= 60


@pytest.mark.parametrize(("code", "wish"), REFUSED)
def test_an_unsafe_wish_is_refused_with_a_kind_reason(code: str, wish: str) -> None:
    """Nobody gets such a picture, and the answer says why and what to do instead without repeating the words."""
    with pytest.raises(PersonError) as refused:
        read_wish(wish)

    assert refused.value.code == code
    assert refused.value.facts == {}
    assert sentence(code).count(".") >= 1


@pytest.mark.parametrize("wish", ORDINARY)
def test_an_ordinary_wish_is_welcome(wish: str) -> None:
    """Studio talk that only sounds suspicious is no reason to lecture anybody."""
    read_wish(wish)


@pytest.mark.parametrize("wish", ORDINARY[:53])
def test_an_ordinary_wish_is_understood(wish: str) -> None:
    """What can be asked for in plain words is found."""
    assert "wish_not_understood" not in read_wish(wish).unmet


@pytest.mark.parametrize("wish", INJECTIONS)
def test_words_to_a_machine_never_reach_a_prompt(wish: str) -> None:
    """A prompt holds our words only: whatever is typed adds none that an understood wish could not add."""
    ours = words_of("white background") | words_of("navy background") | words_of("smile") | words_of("warmer")

    assert words_of(wish) <= ours


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No sequence of signs breaks the reader."""
    try:
        wish = read_wish(text)
        codes = (*wish.unmet, *wish.needs_new_pixels)
    except PersonError as error:
        codes, facts = (error.code,), error.facts
    else:
        facts = {}

    assert all(sentence(code, **facts) for code in codes)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(["nude", "gun", "white background", "warmer", "police", "\u200b", "  ", "#123456", "smile"]),
        max_size=8,
    )
)
def test_an_unsafe_word_is_found_among_any_others(words: list[str]) -> None:
    """Hiding it in a pile of harmless ones does not help."""
    text = " ".join(words)
    if not {"nude", "gun", "police"} & set(words):
        read_wish(text)
    else:
        with pytest.raises(PersonError):
            read_wish(text)


def test_invisible_signs_do_not_count() -> None:
    """Zero-width and bidirectional signs are gone before anything is read or measured."""
    assert read_wish("\u202ewhite\u200b\u2060 background\u202c\x07") == Wish(colours=("white",))
    assert read_wish("\u200b \u2066 \t\n") == Wish()


def test_a_long_wish_is_answered_with_the_limit() -> None:
    """The person learns how long a wish may be; a megabyte costs no time."""
    assert read_wish("a" * WISH_LIMIT).unmet == ("wish_not_understood",)
    for text in ("a" * (WISH_LIMIT + 1), "warm " * 1_000_000, "\ufdfa" * 30):
        with pytest.raises(PersonError) as refused:
            read_wish(text)
        assert sentence(refused.value.code, **refused.value.facts).startswith(
            f"A wish can have {WISH_LIMIT} characters."
        )


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("", Wish()),
        ("plain white background", Wish(colours=("white",))),
        ("white or light grey backdrop", Wish(colours=("white", "light-grey"))),
        ("background #1A73E8", Wish(colours=("#1a73e8",))),
        ("warmer and more dramatic", Wish(edits=("dramatic", "warmer"))),
        ("brick wall, tighter", Wish(place="brick", crops=("tight", "square-tight"))),
        ("my own background, blurred", Wish(edits=("blurred",), place="original")),
        ("clothes in navy", Wish(wardrobe="navy", phrases=("wearing navy clothes",))),
        (
            "a charcoal blazer",
            Wish(wardrobe="charcoal", phrases=("wearing a charcoal blazer",), needs_new_pixels=("wish_tone_only",)),
        ),
        ("red dress", Wish(phrases=("wearing a red dress",), needs_new_pixels=("wish_unmet_clothes_colour",))),
        ("warmer, with a unicorn", Wish(edits=("warmer",), unmet=("wish_partly_understood",))),
        ("unicorns", Wish(unmet=("wish_not_understood",))),
        ("our logo", Wish(unmet=("wish_unmet_logo",))),
        ("less warm", Wish(edits=("cooler",))),
        ("a bit too cold", Wish(edits=("warmer",))),
        ("not so dark", Wish(edits=("brighter",))),
        ("less bright", Wish(edits=("darker",))),
        ("too harsh light", Wish(edits=("softer",))),
        ("too flat", Wish(edits=("dramatic",))),
        ("too tight", Wish(crops=("wide", "two-three", "three-four"))),
        ("too far away", Wish(crops=("tight", "square-tight"))),
        ("no blur", Wish(edits=("sharper",))),
        ("not black and white", Wish(edits=("colour",))),
        ("the background is too dark", Wish(colours=("light-grey",))),
        ("on white", Wish(colours=("white",))),
        ("on light grey", Wish(colours=("light-grey",))),
        ("behind me: navy", Wish(colours=("navy",))),
        (
            "a white shirt on me",
            Wish(wardrobe="white", phrases=("wearing a white shirt",), needs_new_pixels=("wish_tone_only",)),
        ),
        ("soft light on my face", Wish(edits=("softer",), unmet=("wish_partly_understood",))),
    ],
)
def test_words_fill_their_slots(text: str, wish: Wish) -> None:
    """What was meant is what is done, and the rest is said to be unused."""
    assert read_wish(text) == wish
