"""docs/styles.md tells the truth about styles."""

import re
from pathlib import Path

import pytest

from engine.contract.crops import CROPS
from engine.planning.backdrops import COLOURS, PLACES
from engine.planning.recipes import SCHEMA
from engine.planning.variations import VARIATIONS
from engine.prompting.tokens import TOKEN_LIMIT
from engine.stages.style import packaged_styles
from engine.styling.style_fields import RECORDS, StyleField, style_fields
from engine.styling.style_files import LARGEST_FILE_BYTES, read_style
from engine.wishes import WISH_LIMIT

PAGE = (Path(__file__).parents[2] / "docs" / "styles.md").read_text(encoding="utf-8")
HEADINGS = {"style": "The style", "rims": "`rims` of a light", "prompt": "`[prompt]`"}


def section(heading: str) -> str:
    """What stands under a heading of the second or third level."""
    found = re.search(rf"^(##+) {re.escape(heading)}\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, heading
    return found[2]


def test_every_style_is_in_the_table_with_its_words() -> None:
    """A reader chooses from what there really is."""
    rows = re.findall(
        r"^\| `([a-z-]+)` \| (.+?) \| (.*) \|$", section("The styles that come with Headroom"), re.MULTILINE
    )

    assert rows == [(s.name, s.summary, ", ".join(f"`{a}`" for a in s.aliases)) for s in packaged_styles()]
    natural = [style.name for style in packaged_styles() if style.side_light]
    assert all(f"`{name}`" in section("The styles that come with Headroom").split("\n\n")[-2] for name in natural)


@pytest.mark.parametrize("field", style_fields(), ids=lambda field: f"{field.table}.{field.name}")
def test_every_key_is_documented_with_its_range_and_default(field: StyleField) -> None:
    """Whoever writes a style needs no source code."""
    rows = section(HEADINGS.get(field.table, f"`[[{field.table}]]`"))
    default = f"`{field.default}`" if field.default else "required"

    row = re.search(rf"^\| `{field.name}` \| {re.escape(field.allowed)} \| (.+?) \| \S.*\|$", rows, re.MULTILINE)
    assert row, f"{field.name}: {field.allowed}"
    assert row[1] == ("two rims" if field.name == "rims" else default)


def test_no_key_is_documented_that_does_not_exist() -> None:
    """A key that was renamed leaves the page too."""
    for table in RECORDS:
        rows = re.findall(r"^\| `(\w+)` \|", section(HEADINGS.get(table, f"`[[{table}]]`")), re.MULTILINE)
        assert rows == [field.name for field in style_fields() if field.table == table]


def test_the_example_can_be_copied() -> None:
    """The style on the page is read without a mistake."""
    example = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)

    assert example
    assert read_style(example[1].encode(), "acme.toml").name == "acme"


def test_crops_and_variations_are_all_listed() -> None:
    """Each frame with its numbers, each kind with what it changes."""
    crops = re.findall(r"^\| `([a-z-]+)` \| (\S+) \| (\S+) \| (\S+) \|$", section("Crops"), re.MULTILINE)
    assert crops == [(c.name, f"{c.aspect:.3g}", f"{c.head:.3g}", f"{c.eye_line:.3g}") for c in CROPS.values()]

    rows = dict(re.findall(r"^\| `([\w-]+)` \| (.+) \|$", section("Variations"), re.MULTILINE))
    assert re.findall(r"`([\w-]+)`", rows.pop("COLOUR-background")) == list(COLOURS)
    assert rows == {kind: what for kind, what in VARIATIONS.items() if kind.removesuffix("-background") not in COLOURS}


def test_limits_on_the_page_are_those_of_the_code() -> None:
    """Numbers change in one place and are missed nowhere."""
    assert f"up to {WISH_LIMIT} characters" in section("Wishes")
    assert all(place in section("Wishes") or place == "original" for place in PLACES)
    assert f"at most {LARGEST_FILE_BYTES // 1024} KiB" in section("Write your own")
    assert f"now {SCHEMA})" in section("Recipes")
    assert TOKEN_LIMIT == 75
