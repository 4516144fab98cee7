"""Example pictures of the packaged styles: people choose by eye."""

from io import BytesIO

import pytest
from PIL import Image

from bench.style_examples import LARGEST_BYTES, SIDE_PX
from engine.catalogue import StudioCatalogue
from engine.stages.style import packaged_styles

CATALOGUE = StudioCatalogue()


@pytest.mark.parametrize("name", [style.name for style in packaged_styles()])
def test_every_packaged_style_has_an_example(name: str) -> None:
    """A square JPEG that is small enough to show twenty of them; a new style comes with its picture."""
    data = CATALOGUE.example(name)
    assert data is not None
    assert len(data) <= LARGEST_BYTES
    with Image.open(BytesIO(data)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (SIDE_PX, SIDE_PX))
        assert not picture.getexif()


@pytest.mark.parametrize("name", ["", "acme", "../corporate", "Corporate"])
def test_other_names_have_none(name: str) -> None:
    """A company's own style is shown by its title; and no name is a path."""
    assert CATALOGUE.example(name) is None


def test_every_example_is_of_a_style() -> None:
    """What is renamed or taken away leaves no picture behind."""
    from importlib.resources import files

    found = {entry.name.removesuffix(".jpg") for entry in files("engine").joinpath("styles", "examples").iterdir()}
    assert found == {style.name for style in packaged_styles()}
