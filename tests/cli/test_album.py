"""The files of a gallery: what stands in them, and what must never."""

import json
import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from adapters.cli.album.folder import Album
from engine.contract.shots import FileFormat, Gallery, Headshot
from engine.contract.styles import Backdrop
from engine.provenance import source_type
from tests.cli.fake_studio import STYLE, an_intake, headshot

HOSTILE = '"><script>alert(1)</script>&$css'


def gallery(*headshots: Headshot) -> Gallery:
    """A gallery of these headshots."""
    return Gallery(STYLE, an_intake([HOSTILE, "b.jpg", "c.jpg"]), headshots, 24, {HOSTILE: 1}, {"render": 3.21})


def make(folder: Path, *headshots: Headshot, file_format: FileFormat = "jpeg") -> Path:
    """A finished album."""
    album = Album(folder, file_format, lambda shown, _: {"seed": shown.shot.seed, "wish": HOSTILE})
    for shown in headshots:
        album.add(shown)
    album.close(gallery(*headshots))
    return folder


class Page(HTMLParser):
    """Remembers tags and attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


@pytest.mark.parametrize(("file_format", "suffix"), [("jpeg", "jpg"), ("png", "png"), ("webp", "webp")])
def test_a_headshot_says_how_it_was_made_and_nothing_else(tmp_path: Path, file_format: FileFormat, suffix: str) -> None:
    """Each format carries the sRGB profile and the provenance, and no EXIF or comment that could tell on a person."""
    make(tmp_path, headshot(1), file_format=file_format)

    with Image.open(tmp_path / f"01-classic-graphite.{suffix}") as image:
        profile = ImageCms.ImageCmsProfile(BytesIO(image.info["icc_profile"]))
        xmp = image.info["xmp"]
        extra = set(image.info) - {"icc_profile", "xmp", "jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert "sRGB" in ImageCms.getProfileDescription(profile)
        assert (image.size, dict(image.getexif())) == ((256, 320), {})
    text = xmp.decode() if isinstance(xmp, bytes) else xmp
    assert "http://cv.iptc.org/newscodes/digitalsourcetype/composite" in text
    assert 'CreatorTool="Headroom' in text
    assert extra <= {"XML:com.adobe.xmp", "loop", "background", "timestamp", "duration", "progressive", "progression"}


def test_only_the_own_background_counts_as_an_enhanced_photo() -> None:
    """A drawn backdrop makes a composite; none of the studio's pictures claims or hides generated parts."""
    drawn = headshot(1).shot
    own = type(drawn)(**{f: getattr(drawn, f) for f in drawn.__slots__} | {"backdrop": Backdrop("own", "original")})

    assert source_type(drawn).endswith("/composite")
    assert source_type(own).endswith("/algorithmicallyEnhanced")


def test_the_same_headshot_gives_the_same_bytes(tmp_path: Path) -> None:
    """A recipe reproduces a file to the byte, so no date may slip in, not even into the colour profile."""
    one, two = make(tmp_path / "1", headshot(1)), make(tmp_path / "2", headshot(1))

    for name in ("01-classic-graphite.jpg", "01-classic-graphite.json", "contact-sheet.jpg", "gallery.html"):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


def test_the_page_loads_nothing_and_runs_nothing(tmp_path: Path) -> None:
    """It works from a disk without a network, and names that people give to files cannot break out."""
    text = (make(tmp_path, headshot(1), headshot(5, why=HOSTILE)) / "gallery.html").read_text()
    page = Page(text)

    assert not re.search(r"https?://|@import|url\(", text)
    assert [tag for tag, _ in page.seen if tag in {"script", "iframe", "object", "form"}] == []
    assert {a["src"][:16] for tag, a in page.seen if tag == "img" and a["src"]} == {"data:image/jpeg;"}
    assert "default-src 'none'" in text
    assert text.count("&lt;script&gt;alert(1)") >= 4


def test_what_holds_for_every_headshot_is_said_once(tmp_path: Path) -> None:
    """A note that all headshots carry stands at the top instead of below each picture."""
    everywhere, once = "Small photo, small headshots.", "Only here."
    shots = (headshot(1, notes=(everywhere,)), headshot(2, notes=(everywhere, once)))

    text = (make(tmp_path, *shots) / "gallery.html").read_text()

    assert text.count(everywhere) == 1
    assert text.index(everywhere) < text.index('id="headshot-1"') < text.index(once)


def test_every_picture_of_the_page_has_words(tmp_path: Path) -> None:
    """Somebody who cannot see the pictures, or has no mouse, gets the same page."""
    page = Page((make(tmp_path, headshot(1), headshot(2)) / "gallery.html").read_text())

    pictures = [attrs for tag, attrs in page.seen if tag == "img"]
    links = {attrs["href"] for tag, attrs in page.seen if tag == "a" and "href" in attrs}
    assert len(pictures) == 4
    assert [attrs for attrs in pictures if not attrs["alt"]] == []
    assert {"01-classic-graphite.jpg", "01-classic-graphite.json", "contact-sheet.jpg", "gallery.json"} <= links
    assert all(href == "#headshots" or (tmp_path / str(href)).exists() for href in links)


def test_the_report_names_no_place_of_this_machine(tmp_path: Path) -> None:
    """gallery.json can be sent to a colleague as it is."""
    folder = make(tmp_path, headshot(1))

    report = json.loads((folder / "gallery.json").read_text())
    assert str(tmp_path) not in (folder / "gallery.json").read_text()
    assert report["headshots"][0]["recipe"] == json.loads((folder / "01-classic-graphite.json").read_text())
    assert report["seconds"] == {"render": 3.21}
    assert {"schema", "headroom", "style", "rendered", "rejected", "selfies", "coverage"} <= set(report)


@pytest.mark.parametrize("count", [1, 2, 5, 7, 13])
def test_the_contact_sheet_fits_any_number(tmp_path: Path, count: int) -> None:
    """Rows fill the page, whatever mix of crops a gallery holds, and the margins stay white paper."""
    make(tmp_path, *(headshot(rank, 120) for rank in range(1, count + 1)))

    with Image.open(tmp_path / "contact-sheet.jpg") as sheet:
        pixels = np.asarray(sheet).astype(int)
    assert pixels.shape[1] == 2400
    assert np.abs(pixels[:, -100:] - pixels[5, 5]).max() < 12
    assert np.abs(pixels[-60:] - pixels[5, 5]).max() < 12


def test_a_name_from_a_recipe_cannot_leave_the_folder(tmp_path: Path) -> None:
    """Recipes come from people; file names are built from plain letters only."""
    shot = headshot(1).shot
    hostile = Backdrop("../../evil", "gradient")
    shown = headshot(1, shot=type(shot)(**{f: getattr(shot, f) for f in shot.__slots__} | {"backdrop": hostile}))

    make(tmp_path / "in", shown)

    assert (tmp_path / "in/01-classic-evil.jpg").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
