"""Words below a gallery: which variation they ask for, if any."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.catalogue import StudioCatalogue
from engine.contract.errors import PersonError
from engine.contract.requests import Change
from engine.contract.sentences import sentence
from engine.contract.shots import ShootRequest
from engine.planning.variations import VARIATIONS, vary
from engine.stages.prompt import plan
from engine.stages.style import find_style
from tests.prompt.sitters import STUDIO, selfie
from tests.prompt.wishes import UNSAFE

CATALOGUE = StudioCatalogue()

ASKED: dict[str, tuple[str, ...]] = {
    "warmer": (
        "warmer", "WARMER!!!", "a bit warmer please", "thanks, warmer please", "warmer again", "like 2 but warmer", "warm", "golden hour", "too cold",
        "less blue", "warmer 🙏", "wärmer", "warmer and tighter", "could you try it warmer?",
    ),
    "cooler": ("cooler", "could you make it cooler", "less warm", "too yellow", "cooler tones", "cool light", "cold"),
    "softer": ("softer light", "less contrast", "not so dramatic", "the light is too harsh", "soft light on my face", "window light"),
    "dramatic": ("more dramatic", "low key", "Rembrandt", "too flat", "moody"),
    "brighter": ("brighter", "too dark", "not so dark", "less dark", "high key"),
    "darker": ("darker", "too bright", "way too bright", "less bright", "a darker mood"),
    "black-and-white": ("black and white", "B & W please", "b&w", "bw", "greyscale", "turn it to black and white", "black & white"),
    "colour": ("in colour", "can I have it in color", "full colour please", "not black and white", "back to colour"),
    "white-background": ("white background", "on white", "on a plain white background please", "make the background white and the light softer"),
    "navy-background": ("behind me: navy", "navy behind me", "change the background to navy", "navy", "navy please", "make it navy", "love it with a navy background"),
    "light-grey-background": ("light grey background please", "on light grey", "the background is too dark"),
    "charcoal-background": ("dark background", "could you please make the background a little darker?"),
    "#1a2b3c background": ("#1A2B3C background", "background #1a2b3c", "#1a2b3c"),
    "office-background": ("office background", "in a modern office", "at the office please"),
    "outdoors-background": ("outdoors", "in the park", "a green bokeh background"),
    "city-background": ("blurred city", "city lights", "skyline at night"),
    "brick-background": ("brick wall",),
    "library-background": ("in front of bookshelves", "library"),
    "original-background": ("my own background", "original background", "keep my own background"),
    "blurred": ("blurred background", "more bokeh"),
    "sharper": ("less blurry", "a sharper background"),
    "new-light": ("new light", "different lighting", "another light", "better light", "relight", "change the lighting"),
    "new-backdrop": ("new background", "different backdrop", "another background please", "change the background", "can you try a different wall"),
    "new-crop": ("new crop", "crop it differently", "another frame", "4:5"),
    "tighter": ("crop tighter", "closer", "zoom in", "too far away", "tighter and warmer"),
    "wider": ("zoom out", "wider", "too close", "more shoulders", "more space above"),
    "square": ("square", "a square crop for my profile", "profile crop"),
    "banner": ("banner",),
    "navy-clothes": ("navy jacket", "a navy suit please"),
    "charcoal-clothes": ("jacket in charcoal",),
    "more-like-this": (
        "more like this", "similar", "again", "more of these", "more", "another one", "one more", "more like 2", "like the second one", "similar to 3",
        "show me more", "do it again", "love it, more of these", "two more like this", "4 more", "same again", "give me another batch", "try again please",
        "a few more of those", "more variations",
    ),
}  # fmt: skip
"""Kind → what people write for it."""

TWO = ("warmer and tighter", "tighter and warmer", "make the background white and the light softer")
"""Those of them that ask for two things."""

SMALL_TALK = (
    "", "  ", "thanks", "thank you so much!", "hello", "hi there", "status", "help", "cancel", "download", "yes", "no", "ok", "7", "show 3", "delete this",
    "forget my photos", "cool", "cool, thanks", "that's cool", "very cool!", "I love the warm one", "great light!", "nice office", "nice smile!",
    "see you at the office", "lunch in the city today?", "what does warmer mean?", "how long does it take", "why is it so dark",
    "everyone likes the navy background", "the one with the navy background is great", "unicorns", "💛", "legal 8", "styles", "sharper",
)  # fmt: skip
"""What people write without asking for a variation."""

IMPOSSIBLE = {
    "smile more": "wish_unmet_expression",
    "no glasses": "wish_unmet_glasses",
    "longer hair please": "wish_unmet_hair",
    "add our logo": "wish_unmet_logo",
    "red dress": "wish_unmet_clothes_colour",
    "dark suit": "wish_unmet_clothes",
    "whiter teeth": "wish_unmet_face",
    "arms crossed": "wish_unmet_pose",
}
REFUSED = [(code, wish) for code, wishes in UNSAFE.items() for wish in wishes[:6]]


def test_the_tables_are_large_enough_to_mean_something() -> None:
    """A list that shrinks would prove nothing."""
    assert sum(map(len, ASKED.values())) >= 120
    assert len(SMALL_TALK) >= 30
    assert len(REFUSED) >= 30


@pytest.mark.parametrize(("kind", "words"), [(kind, words) for kind, many in ASKED.items() for words in many])
def test_words_are_understood(kind: str, words: str) -> None:
    """Nobody needs to know the name of a variation."""
    change = CATALOGUE.variation(words)
    assert change is not None
    assert change.kind == kind


TOGETHER = {
    "warmer and tighter": Change("warmer", ("tighter",)),
    "warmer, tighter and on white": Change("warmer", ("tighter", "white-background")),
    "on a plain white background, a bit warmer": Change("white-background", ("warmer",)),
    "white background and a tighter crop please": Change("white-background", ("tighter",)),
    "warmer but smile more": Change("warmer", (), ("wish_unmet_expression",)),
    "more like 2 but without glasses": Change("more-like-this", (), ("wish_unmet_glasses",)),
    "warmer, and thanks": Change("warmer"),
    "warmer and warmer": Change("warmer"),
}
"""Several wishes in one breath → what is made, and what is left."""


@pytest.mark.parametrize("words", TOGETHER)
def test_of_several_wishes_those_that_are_left_are_named(words: str) -> None:
    """A variation changes one thing; whoever asked for two hears what became of the other."""
    assert CATALOGUE.variation(words) == TOGETHER[words]


@pytest.mark.parametrize("words", [words for many in ASKED.values() for words in many])
def test_one_wish_leaves_nothing(words: str) -> None:
    """Nobody is told of something that they did not ask for."""
    change = CATALOGUE.variation(words)
    assert change is not None
    assert bool(change.left or change.unmet) == (words in TWO)


@pytest.mark.parametrize("words", SMALL_TALK)
def test_small_talk_starts_no_shoot(words: str) -> None:
    """Thanks are thanks."""
    assert CATALOGUE.variation(words) is None


@pytest.mark.parametrize("words", IMPOSSIBLE)
def test_what_no_variation_can_change_is_answered_with_the_reason(words: str) -> None:
    """The person hears what to do instead, and does not wait for the same picture."""
    with pytest.raises(PersonError, match=IMPOSSIBLE[words]):
        CATALOGUE.variation(words)


@pytest.mark.parametrize(("code", "words"), REFUSED)
def test_what_no_headshot_may_show_is_refused(code: str, words: str) -> None:
    """In a thread as in a request."""
    for written in (words, f"{words}, warmer"):
        with pytest.raises(PersonError) as refused:
            CATALOGUE.variation(written)
        assert refused.value.code == code


def test_every_kind_that_is_understood_can_be_made() -> None:
    """The renderer knows what the reader promises."""
    shot = plan(find_style("natural"), (selfie(),), ShootRequest(photos=()), STUDIO)[0]
    bw = vary(shot, "black-and-white")[0]

    for kind in ASKED:
        assert vary(bw if kind == "colour" else shot, kind, 1) or kind == "original-background"
    assert set(CATALOGUE.variations()) == set(VARIATIONS)


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=120)
    | st.lists(st.sampled_from(sorted(sum(ASKED.values(), SMALL_TALK))), max_size=4).map(", ".join)
)
def test_any_words_are_understood_or_answered(words: str) -> None:
    """No sequence of signs breaks the reader, and every answer has a sentence."""
    try:
        change = CATALOGUE.variation(words)
        answers = (change.kind, *change.left, *map(sentence, change.unmet)) if change else ()
    except PersonError as error:
        answers = (sentence(error.code, **error.facts),)

    assert all(answers)
