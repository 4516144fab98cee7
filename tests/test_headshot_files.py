"""Headshots as files: one encoder for the command line and for the engine process."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from adapters.cli.album.folder import Album
from engine.child.events import Finished
from engine.child.frames import Frame
from engine.child.main import Bench, Desk
from engine.child.messages import to_event
from engine.contract.shots import FileFormat
from engine.headshot_files import SUFFIXES, srgb_profile, to_file
from tests.cli.fake_studio import headshot

HEADSHOT = headshot(1)
RECIPE: dict[str, object] = {}


def from_the_child(file_format: FileFormat) -> bytes:
    """The file that the engine process hands to its parent."""
    sent: list[Frame] = []
    bench = Bench(Desk(io.BytesIO()), 1, file_format, lambda *_: RECIPE, sent.append)
    bench.on_headshot(HEADSHOT)
    event = to_event(sent[-1])
    assert isinstance(event, Finished)
    return event.picture


def from_the_command_line(file_format: FileFormat, folder: Path) -> bytes:
    """The file that `headroom shoot` writes."""
    Album(folder, file_format, lambda *_: RECIPE).add(HEADSHOT)
    (path,) = folder.glob(f"*.{SUFFIXES[file_format]}")
    return path.read_bytes()


@pytest.mark.parametrize("file_format", SUFFIXES)
def test_the_bot_and_the_command_line_make_the_same_file(file_format: FileFormat, tmp_path: Path) -> None:
    """A headshot from a chat is the one that its recipe makes again at home, to the byte."""
    assert from_the_child(file_format) == from_the_command_line(file_format, tmp_path)


@pytest.mark.parametrize("file_format", SUFFIXES)
def test_a_headshot_from_the_bot_says_how_it_was_made_and_nothing_else(file_format: FileFormat) -> None:
    """Provenance and profile, in every format; no place, no camera, no name."""
    data = from_the_child(file_format)
    with Image.open(io.BytesIO(data)) as image:
        profile, exif, pixels = image.info["icc_profile"], dict(image.getexif()), np.asarray(image)

    assert b"Iptc4xmpExt:DigitalSourceType" in data
    assert b"http://cv.iptc.org/newscodes/digitalsourcetype/composite" in data
    assert b'CreatorTool="Headroom ' in data
    assert profile == srgb_profile()
    assert exif == {}
    assert pixels.shape == HEADSHOT.rgb.shape
    assert file_format != "png" or np.array_equal(pixels, HEADSHOT.rgb)


def test_the_same_pixels_are_the_same_bytes() -> None:
    """No date slips in; only the provenance tells two pictures of the same pixels apart."""
    assert to_file(HEADSHOT.rgb, HEADSHOT.shot, "jpeg") == to_file(HEADSHOT.rgb.copy(), HEADSHOT.shot, "jpeg")
