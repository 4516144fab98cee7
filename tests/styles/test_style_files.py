"""Style files: what a company writes, and what it is told about mistakes."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contract.errors import PersonError
from engine.contract.sentences import sentence
from engine.stages.style import find_style, packaged_styles, styles
from engine.styling.style_files import read_style, read_style_file

ACME = """
name = "acme"
title = "Acme"
summary = "Deep blue paper and clean light."
aliases = ["acme-inc"]
crops = ["classic", "square"]

[prompt]
subject = ["corporate headshot"]
photography = ["sharp focus"]

[[lights]]
name = "loop"

[[lights]]
name = "rembrandt"
ratio = 2.4
rims = [{ azimuth_deg = 150, elevation_deg = 25, strength = 0.6 }]

[[backdrops]]
name = "acme-blue"
kind = "gradient"
colours = ["#0a3d62", "#051c2e"]

[[grades]]
name = "clean"
"""


def answer(text: str | bytes) -> str:
    """What the person reads about a wrong file."""
    with pytest.raises(PersonError) as refused:
        read_style(text if isinstance(text, bytes) else text.encode(), "acme.toml")
    return sentence(refused.value.code, **refused.value.facts)


def mistakes(text: str) -> list[str]:
    """The lines between the first and the last sentence."""
    first, *lines, last = answer(text).splitlines()
    assert first == "The style file acme.toml needs a few changes:"
    assert last == "docs/styles.md lists every key."
    return [line.removeprefix("  ") for line in lines]


def changed(old: str, new: str) -> str:
    """The file with one change."""
    assert ACME.count(old) == 1, old
    return ACME.replace(old, new)


def test_a_short_file_is_a_whole_style() -> None:
    """A company writes what matters to it; the rest has good defaults."""
    style = read_style(ACME.encode(), "acme.toml")

    assert (style.name, style.lens_mm, style.wardrobe) == ("acme", 85, ("own",))
    assert style.lights[0].ratio == 1.9
    assert style.lights[1].rims[0].temperature_k == 5500


def test_a_byte_order_mark_does_no_harm() -> None:
    """Editors on Windows write one."""
    assert read_style(b"\xef\xbb\xbf" + ACME.encode(), "acme.toml").name == "acme"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("ratio = 2.4", "ratio = 9", 'lights #2 "rembrandt".ratio is 9; allowed: 1 to 4.'),
        ("ratio = 2.4", "ratio = nan", 'lights #2 "rembrandt".ratio is nan; allowed: 1 to 4.'),
        ("ratio = 2.4", 'ratio = "2.4"', 'lights #2 "rembrandt".ratio is the text "2.4"; allowed: 1 to 4.'),
        ("ratio = 2.4", "ratoi = 2.4", 'lights #2 "rembrandt".ratoi is not a key of a style file; did you mean ratio?'),
        (
            ", strength = 0.6 }",
            " }",
            'lights #2 "rembrandt".rims #1.strength is missing; allowed: 0 to 1.',
        ),
        (
            '"gradient"',
            '"sky"',
            'backdrops #1 "acme-blue".kind is "sky"; allowed: one of gradient, canvas, office, bokeh, brick, shelves, haze, original, picture.',
        ),
        ("#051c2e", "navy", 'backdrops #1 "acme-blue".colours #2 is "navy"; allowed: a colour as #rrggbb.'),
        (', "#051c2e"', "", 'backdrops #1 "acme-blue".colours has 1 entries; gradient needs 2.'),
        (', "#051c2e"', ', "#051c2e", "#000000"', 'backdrops #1 "acme-blue".colours has 3 entries; gradient takes at most 2.'),
        ('"gradient"', '"picture"', 'backdrops #1 "acme-blue".kind is picture; a picture comes with a shoot, not with a style file.'),
        (
            'kind = "gradient"\ncolours = ["#0a3d62", "#051c2e"]',
            'kind = "office"',
            'backdrops #1 "acme-blue".scene is ""; office needs one of day, warm.',
        ),
        (
            'kind = "gradient"\ncolours = ["#0a3d62", "#051c2e"]',
            'kind = "shelves"\nscene = "day"',
            'backdrops #1 "acme-blue".scene is "day"; shelves takes none.',
        ),
        (
            'kind = "gradient"',
            'kind = "bokeh"\nscene = "city"',
            'backdrops #1 "acme-blue".colours has 2 entries; bokeh needs two grounds and at least one lamp, or none for the scene\'s own.',
        ),
        ('name = "rembrandt"', 'name = "loop"', 'lights holds "loop" twice; every entry needs a name of its own.'),
        ('["acme-inc"]', '["acme"]', 'aliases holds "acme" twice; every entry needs a name of its own.'),
        ('name = "acme"', 'name = "Acme Inc"', 'name is "Acme Inc"; allowed: lower-case words joined by hyphens, at most 40 characters.'),
        ('title = "Acme"', 'title = "A"', 'title is "A"; allowed: text of 2 to 40 characters.'),
        (
            '["classic", "square"]',
            '["round"]',
            "crops #1 is \"round\"; allowed: one of classic, tight, wide, square, square-tight, three-four, two-three, banner.",
        ),
        (
            '["classic", "square"]',
            "[]",
            "crops has 0 entries; allowed: list of 1 to 8, each one of classic, tight, wide, square, square-tight, three-four, two-three, banner.",
        ),
        ("[prompt]", "wardrobe = []\n[prompt]", 'wardrobe is empty; write ["own"] to leave the clothes as they are.'),
        ("[prompt]", 'wardrob = "own"\n[prompt]', "wardrob is not a key of a style file; did you mean wardrobe?"),
        ('photography = ["sharp focus"]', "", "prompt.photography is missing; allowed: list of 1 to 10, each text."),
        ('[[grades]]\nname = "clean"', "", "grades is missing; allowed: list of 1 to 6, each a table."),
        ('[[grades]]\nname = "clean"', '[[grades]]\nmonochrome = "yes"', 'grades #1.monochrome is the text "yes"; allowed: true or false.'),
        ('[[grades]]\nname = "clean"', "[[grades]]\nshadow_tint = [1]", "grades #1.shadow_tint #2 is missing; allowed: -6 to 6."),
    ],
)  # fmt: skip
def test_one_mistake_is_one_line(old: str, new: str, line: str) -> None:
    """File, place, what is wrong and what is allowed, in words that need no programmer."""
    assert mistakes(changed(old, new)) == [line]


def test_several_mistakes_are_told_at_once() -> None:
    """Nobody corrects a file ten times to find ten mistakes."""
    text = (
        ACME.replace("ratio = 2.4", "ratio = 9").replace("#051c2e", "navy").replace('title = "Acme"', 'titel = "Acme"')
    )

    assert mistakes(text) == [
        "title is missing; allowed: text of 2 to 40 characters.",
        'lights #2 "rembrandt".ratio is 9; allowed: 1 to 4.',
        'backdrops #1 "acme-blue".colours #2 is "navy"; allowed: a colour as #rrggbb.',
        "titel is not a key of a style file; did you mean title?",
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"x = = 3", "invalid value (at line 1, column 5)"),
        (b"\xff\xfe\x00", "it is not UTF-8 text"),
        (b"a=" + b"[" * 5000, "it is nested too deeply"),
        (b"#" * 70_000, "it is larger than 64 KiB"),
    ],
)
def test_what_is_no_toml_is_said_to_be_none(data: bytes, reason: str) -> None:
    """A picture, a bomb or a typo: the answer names the reason."""
    assert answer(data) == f"The style file acme.toml cannot be read: {reason}."


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["name", "lights", "crops", "prompt", "backdrops", "x"]),
        st.recursive(st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3), max_leaves=4),
    )
)
def test_any_table_is_answered(table: dict[str, object]) -> None:
    """Whatever somebody writes, the answer is a sentence."""

    def toml(value: object) -> str:
        return (
            f"[{', '.join(map(toml, value))}]"
            if isinstance(value, list)
            else str(value)
            if isinstance(value, int)
            else '"text"'
        )

    with pytest.raises(PersonError, match="style_file"):
        read_style("\n".join(f"{key} = {toml(value)}" for key, value in table.items()).encode(), "acme.toml")


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    """The name alone is told, not where the folders of this machine are."""
    for path, reason in ((tmp_path / "gone.toml", "No such file or directory"), (tmp_path, "Is a directory")):
        with pytest.raises(PersonError) as refused:
            read_style_file(path)
        said = sentence(refused.value.code, **refused.value.facts)
        assert said == f"The style file {path.name} cannot be opened: {reason}. Check the path."
    with pytest.raises(PersonError, match="style_file_missing"):
        styles(tmp_path / "gone.toml")


def test_a_folder_of_own_styles_joins_the_packaged_ones(tmp_path: Path) -> None:
    """A company's looks stand beside ours; other files in the folder do no harm."""
    (tmp_path / "acme.toml").write_text(ACME)
    (tmp_path / "zeta.toml").write_text(ACME.replace("acme", "zeta").replace("Acme", "Zeta"))
    (tmp_path / "README.md").write_text("ours")

    assert [style.name for style in styles(tmp_path)][-2:] == ["acme", "zeta"]
    assert len(styles(tmp_path)) == len(packaged_styles()) + 2
    assert find_style("Acme Inc", tmp_path).title == "Acme"
    assert find_style("corporate", tmp_path) == find_style("corporate")
    assert styles(tmp_path / "acme.toml")[-1].name == "acme"


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    """An art director sees the change without a restart."""
    path = tmp_path / "acme.toml"
    path.write_text(ACME)
    before = find_style("acme", tmp_path)
    assert find_style("acme", tmp_path) is before

    path.write_text(changed("ratio = 2.4", "ratio = 2.6"))
    os.utime(path, ns=(1, 1))

    assert find_style("acme", tmp_path).lights[1].ratio == 2.6


@pytest.mark.parametrize(("name", "alias"), [("corporate", "acme-inc"), ("acme", "executive")])
def test_a_name_that_is_taken_is_refused(tmp_path: Path, name: str, alias: str) -> None:
    """Two styles never answer to one name, so nobody gets another look than they asked for."""
    (tmp_path / "acme.toml").write_text(ACME.replace('name = "acme"', f'name = "{name}"').replace("acme-inc", alias))

    with pytest.raises(PersonError) as refused:
        styles(tmp_path)
    taken = name if name == "corporate" else alias
    assert sentence(refused.value.code, **refused.value.facts) == (
        f"The style name “{taken}” in acme.toml is already used by corporate.toml of Headroom. Choose another name or alias."
    )


def test_two_own_files_with_one_name_are_refused(tmp_path: Path) -> None:
    """A copied file is noticed at once."""
    for file in ("acme.toml", "copy.toml"):
        (tmp_path / file).write_text(ACME)

    with pytest.raises(PersonError) as refused:
        find_style("corporate", tmp_path)
    assert refused.value.facts == {"name": "acme", "file": "copy.toml", "other": "acme.toml"}
