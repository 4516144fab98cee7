"""Finding a style by what a person writes."""

import pytest

from engine.contract.errors import PersonError
from engine.contract.sentences import sentence
from engine.stages.style import find_style, packaged_styles


@pytest.mark.parametrize("style", packaged_styles(), ids=lambda style: style.name)
def test_name_alias_and_title_all_lead_to_the_style(style: object) -> None:
    """Whatever the person read somewhere works."""
    for word in (style.name, style.title, *style.aliases):  # type: ignore[attr-defined]
        for written in (word, word.upper(), word.replace("-", " "), word.replace("-", "_"), f"  {word} "):
            assert find_style(written) is style


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("LinkedIn White", "linkedin-white"),
        ("executive", "corporate"),
        ("B&W", "classic-bw"),
        ("ＬＥＧＡＬ", "legal"),
        ("doctor", "healthcare"),
    ],
)
def test_spelling_does_not_matter(written: str, name: str) -> None:
    """Capitals, spaces and wide letters of another keyboard are all the same."""
    assert find_style(written).name == name


@pytest.mark.parametrize(
    ("written", "closest"),
    [
        ("corprate", "corporate"),
        ("linkedin wite", "linkedin-white"),
        ("heathcare", "healthcare"),
        ("brik loft", "brick-loft"),
        ("", "corporate"),
        ("☃", "corporate"),
        ("x" * 100_000, "corporate"),
        ("{0.__class__}", "c"),
    ],
)
def test_an_unknown_style_is_answered_with_the_closest_ones(written: str, closest: str) -> None:
    """A typo costs one more message, not a look at the manual; what was typed is not echoed."""
    with pytest.raises(PersonError) as refused:
        find_style(written)
    said = sentence(refused.value.code, **refused.value.facts)
    assert said.startswith("There is no such style. Closest: ")
    assert refused.value.facts["closest"].startswith(closest)
    assert len(said) < 200


def test_no_two_styles_answer_to_one_word() -> None:
    """Names and aliases are all different, so the order of files never decides."""
    words = [word for style in packaged_styles() for word in (style.name, *style.aliases)]

    assert len(set(words)) == len(words)
