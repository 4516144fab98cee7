"""Words: fixed phrases and the headshot that is meant, read without the catalogue."""

import pytest

from bot.conversation.words import Heard, hear, plain, style_words, without_rank
from bot.verbs import Verb
from engine.catalogue import StudioCatalogue

STYLES = StudioCatalogue().styles()


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("help", Heard(Verb.HELP)),
        ("/headshot help", Heard(Verb.HELP)),
        ("Styles", Heard(Verb.STYLES)),
        ("show me the styles please", Heard(Verb.STYLES)),
        ("Status?", Heard(Verb.STATUS)),
        ("selfies", Heard(Verb.SELFIES)),
        ("my photos", Heard(Verb.SELFIES)),
        ("stop", Heard(Verb.CANCEL)),
        ("Never mind.", Heard(Verb.CANCEL)),
        ("forget me", Heard(Verb.FORGET)),
        ("delete my photos", Heard(Verb.FORGET)),
        ("delete 3", Heard(Verb.DELETE, 3)),
        ("remove photo 3", Heard(Verb.REMOVE_SELFIE, 3)),
        ("export my data", Heard(Verb.EXPORT)),
        ("show 1A2B3C4D", Heard(Verb.SHOW, 0, "1a2b3c4d")),
        ("show all", Heard(Verb.SHOW_ALL)),
        ("show all 8", Heard(Verb.SHOW_ALL)),
        ("the rest", Heard(Verb.SHOW_ALL)),
        ("more", Heard(Verb.MORE)),
        ("more of these please", Heard(Verb.MORE)),
        ("give me 4 more", Heard(Verb.MORE)),
        ("more like 2", Heard(Verb.MORE_LIKE_THIS, 2)),
        ("more like headshot 2", Heard(Verb.MORE_LIKE_THIS, 2)),
        ("more like #12", Heard(Verb.MORE_LIKE_THIS, 12)),
        ("more like this", Heard(Verb.MORE_LIKE_THIS)),
        ("another light for number 3", Heard(Verb.NEW_LIGHT, 3)),
        ("new background", Heard(Verb.NEW_BACKDROP)),
        ("different crop for 2", Heard(Verb.NEW_CROP, 2)),
        ("another style", Heard(Verb.STYLE)),
        ("download", Heard(Verb.DOWNLOAD)),
        ("download no. 2", Heard(Verb.DOWNLOAD, 2)),
        ("upscale 4", Heard(Verb.DOWNLOAD, 4)),
        ("favorite 2", Heard(Verb.FAVOURITE, 2)),
        ("keep 1", Heard(Verb.FAVOURITE, 1)),
        ("share 2", Heard(Verb.SHARE, 2)),
        ("I agree", Heard(Verb.AGREE)),
    ],
)
def test_phrases_are_heard(text: str, heard: Heard) -> None:
    """However they are spelled or wrapped in politeness."""
    assert hear(plain(text)) == heard


@pytest.mark.parametrize(
    "text",
    ["warmer", "legal instead", "hello", "forget the background", "delete the background", "show more teeth", "2", ""],
)
def test_other_words_are_left_to_others(text: str) -> None:
    """Nothing is deleted, forgotten or shown on a mere likeness."""
    assert hear(plain(text)) is None


@pytest.mark.parametrize(
    ("text", "rank", "rest"),
    [
        ("2 warmer", 2, "warmer"),
        ("warmer for 2", 2, "warmer"),
        ("make number 2 warmer", 2, "make warmer"),
        ("3: black and white", 3, "black and white"),
        ("white background for headshot 12", 12, "white background"),
        ("warmer", 0, "warmer"),
        ("#112233 background", 0, "#112233 background"),
    ],
)
def test_the_headshot_that_is_meant_is_told_apart(text: str, rank: int, rest: str) -> None:
    """Colours are no ranks."""
    assert without_rank(plain(text)) == (rank, rest)


@pytest.mark.parametrize(
    ("text", "request_words"),
    [
        ("legal instead", ("legal", True)),
        ("try the legal style", ("legal", False)),
        ("LinkedIn White", ("linkedin white", False)),
        ("corporate 8 white background", ("corporate 8 white background", True)),
        ("navy", ("navy", False)),
        ("navy background", None),
        ("warmer", None),
        ("hello", None),
    ],
)
def test_the_name_of_a_style_is_a_request(text: str, request_words: tuple[str, bool] | None) -> None:
    """With filler around it, or with what goes on after a number."""
    assert style_words(plain(text), STYLES) == request_words


def test_no_phrase_is_the_name_of_a_style() -> None:
    """Otherwise that style could not be asked for."""
    labels = {label for style in STYLES for label in (style.name, style.title, *style.aliases)}
    assert [label for label in labels if hear(plain(label.replace("-", " "))) is not None] == []
