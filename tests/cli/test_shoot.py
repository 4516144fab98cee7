"""`headroom shoot`, `demo` and `vary` from a person's point of view."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.cli.__main__ import main
from adapters.cli.photos import sample_sitter
from engine.contract.errors import EngineError, PersonError
from engine.contract.selfies import Photo
from engine.contract.shots import ShootRequest, VariationRequest
from tests.cli.fake_studio import FakeStudio


@pytest.fixture
def selfie(tmp_path: Path) -> Path:
    """A real photograph in a file."""
    path = tmp_path / "me.png"
    path.write_bytes(sample_sitter()[0].data)
    return path


def headroom(studio: FakeStudio, *words: object) -> Result:
    """Run the command as a person would."""
    return CliRunner().invoke(main, [str(word) for word in words], obj=studio, catch_exceptions=False)


def asked(studio: FakeStudio) -> ShootRequest:
    """What the studio was asked for."""
    _, request = studio.history[-1]
    assert isinstance(request, ShootRequest)
    return request


def test_a_shoot_leaves_a_gallery_to_open(selfie: Path, tmp_path: Path) -> None:
    """Pictures, a recipe for each, the sheet, the page and the report lie in the folder, and the last line says where to look."""
    out = tmp_path / "out"

    done = headroom(FakeStudio(), "shoot", selfie, "--count", 2, "--out", out)

    assert done.exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "01-classic-graphite.jpg",
        "01-classic-graphite.json",
        "02-square-pale-grey.jpg",
        "02-square-pale-grey.json",
        "contact-sheet.jpg",
        "gallery.html",
        "gallery.json",
    ]
    assert done.stderr.splitlines()[-1] == f"Open {out / 'gallery.html'} to see them."
    assert done.stdout == ""


def test_json_is_one_document_and_nothing_else(selfie: Path, tmp_path: Path) -> None:
    """A program reads standard output without cutting anything away."""
    done = headroom(FakeStudio(), "shoot", selfie, "--count", 1, "--out", tmp_path / "out", "--json")

    document = json.loads(done.stdout)
    assert [h["rank"] for h in document["headshots"]] == [1]
    assert document["headshots"][0]["recipe"] == {"crop": "classic", "seed": 1}
    assert done.stderr == ""


def test_ctrl_c_keeps_what_is_finished_and_says_so(selfie: Path, tmp_path: Path) -> None:
    """Somebody who stops a long shoot loses nothing that was ready, and scripts see 130."""
    out = tmp_path / "out"

    done = headroom(FakeStudio(interrupt_after=2), "shoot", selfie, "--count", 5, "--out", out)

    assert done.exit_code == 130
    assert f"Stopped. 2 finished headshots are kept in {out}, with their recipes." in done.stderr
    assert len(list(out.glob("*.jpg"))) == 2
    assert list(out.glob(".*")) == []


def test_ctrl_c_before_the_first_headshot_leaves_nothing(selfie: Path, tmp_path: Path) -> None:
    """Nobody looks for headshots that are not there."""
    done = headroom(FakeStudio(interrupt_after=0), "shoot", selfie, "--out", tmp_path / "out")

    assert done.exit_code == 130
    assert "Stopped before the first headshot was finished" in done.stderr


def test_an_earlier_gallery_is_put_away_not_overwritten(selfie: Path, tmp_path: Path) -> None:
    """A second shoot into the same folder loses nothing, not even a file of the person's own."""
    out = tmp_path / "out"
    headroom(FakeStudio(), "shoot", selfie, "--count", 2, "--out", out)
    (out / "notes.txt").write_text("mine")

    headroom(FakeStudio(), "shoot", selfie, "--count", 1, "--out", out)

    assert (out / "earlier/1/02-square-pale-grey.jpg").exists()
    assert not (out / "02-square-pale-grey.jpg").exists()
    assert (out / "notes.txt").read_text() == "mine"


def test_a_failed_shoot_leaves_the_earlier_gallery_where_it_is(selfie: Path, tmp_path: Path) -> None:
    """Room is made when the first new headshot is ready, not before."""
    out = tmp_path / "out"
    headroom(FakeStudio(), "shoot", selfie, "--count", 1, "--out", out)
    before = sorted(out.iterdir())

    headroom(
        FakeStudio(failure=PersonError("no_usable_selfie", advice="1. No face was found.")),
        "shoot",
        selfie,
        "--out",
        out,
    )
    headroom(FakeStudio(interrupt_after=0), "shoot", selfie, "--out", out)

    assert sorted(out.iterdir()) == before


def test_options_reach_the_studio(selfie: Path, tmp_path: Path) -> None:
    """What a person asks for is what the studio is asked for."""
    studio = FakeStudio()

    headroom(
        studio, "shoot", selfie, "--out", tmp_path / "out", "--style", "legal", "--count", 12, "--top", 3, "--polish", 0,
        "--wish", "navy backdrop", "--height", 1024, "--seed", 7, "--crop", "square", "--crop", "tight", "--wardrobe", "navy",
        "--backdrop", "#1A2B3C",
    )  # fmt: skip

    request = asked(studio)
    assert (request.style, request.count, request.candidates) == ("legal", 3, 24)
    assert (request.wish, request.polish, request.height_px, request.seed) == ("navy backdrop", 0.0, 1024, 7)
    assert (request.crops, request.wardrobe) == (("square", "tight"), "navy")
    assert request.backdrop is not None
    assert request.backdrop.colours[0] == "#1a2b3c"


def test_a_picture_of_ones_own_becomes_the_backdrop(selfie: Path, tmp_path: Path) -> None:
    """The bytes go along; a word that is neither picture nor colour is a usage error with the choices."""
    studio = FakeStudio()

    headroom(studio, "shoot", selfie, "--count", 1, "--out", tmp_path / "out", "--backdrop", selfie)
    wrong = headroom(studio, "shoot", selfie, "--out", tmp_path / "out", "--backdrop", "mauve-ish")

    request = asked(studio)
    assert request.backdrop is not None
    assert (request.backdrop.kind, request.backdrop_picture) == ("picture", selfie.read_bytes())
    assert wrong.exit_code == 2
    assert "burgundy" in wrong.stderr


def test_a_picture_whose_look_is_wanted_goes_along(selfie: Path, tmp_path: Path) -> None:
    """Its bytes reach the studio beside the selfies and never as one of them; a file that is not there is a usage error."""
    studio = FakeStudio()
    look = tmp_path / "look.jpg"
    look.write_bytes(b"a picture")

    headroom(studio, "shoot", selfie, "--count", 1, "--out", tmp_path / "out", "--reference", look)
    wrong = headroom(studio, "shoot", selfie, "--out", tmp_path / "out", "--reference", tmp_path / "gone.jpg")

    request = asked(studio)
    assert request.reference == Photo("look.jpg", b"a picture")
    assert [photo.name for photo in request.photos] == ["me.png"]
    assert wrong.exit_code == 2


def test_a_folder_stands_for_the_pictures_in_it(selfie: Path, tmp_path: Path) -> None:
    """Other files in the folder are left alone; a folder without pictures is answered with advice."""
    (tmp_path / "a.txt").write_text("no picture")
    (tmp_path / "b.JPG").write_bytes(selfie.read_bytes())
    empty = tmp_path / "empty"
    empty.mkdir()
    studio = FakeStudio()

    headroom(studio, "shoot", tmp_path, "--count", 1, "--out", tmp_path / "out")
    refused = headroom(studio, "shoot", empty)

    assert [photo.name for photo in asked(studio).photos] == ["b.JPG", "me.png"]
    assert refused.exit_code == 1
    assert "The folder “empty” holds no photos." in refused.stderr


@pytest.mark.parametrize(
    ("failure", "code"),
    [(PersonError("folder_without_photos", folder="x"), 1), (EngineError("weights_damaged", name="sface"), 3)],
)
def test_exit_codes_say_who_can_fix_it(selfie: Path, tmp_path: Path, failure: PersonError, code: int) -> None:
    """1: the person can; 3: Headroom failed. With --json the reason is data, without it a sentence."""
    studio = FakeStudio(failure=failure)

    plain = headroom(studio, "shoot", selfie, "--out", tmp_path / "out")
    data = headroom(studio, "shoot", selfie, "--out", tmp_path / "out", "--json")

    assert (plain.exit_code, data.exit_code) == (code, code)
    assert json.loads(data.stdout)["error"]["code"] == failure.code
    assert json.loads(data.stdout)["error"]["message"] in plain.stderr.replace("\n", " ")


def test_a_folder_that_cannot_be_written_is_known_before_the_work(selfie: Path, tmp_path: Path) -> None:
    """Nobody waits a minute to be told that the disk is read-only."""
    (tmp_path / "file").write_text("")
    studio = FakeStudio()

    done = headroom(studio, "shoot", selfie, "--out", tmp_path / "file/below")

    assert done.exit_code == 3
    assert "Nothing can be written" in done.stderr
    assert studio.history == []


def test_the_demo_needs_no_photo(tmp_path: Path) -> None:
    """Somebody new sees headshots of the sample sitter without any photo at hand."""
    studio = FakeStudio()

    done = headroom(studio, "demo", "--count", 1, "--out", tmp_path / "out")

    assert done.exit_code == 0
    assert [photo.name for photo in asked(studio).photos] == ["astronaut.png"]


def test_a_variation_starts_from_a_recipe(selfie: Path, tmp_path: Path) -> None:
    """The recipe beside a headshot is all that it takes, and a file that is none is answered kindly."""
    headroom(FakeStudio(), "shoot", selfie, "--count", 1, "--out", tmp_path / "out")
    studio = FakeStudio()
    recipe = tmp_path / "out/01-classic-graphite.json"

    done = headroom(studio, "vary", recipe, selfie, "--kind", "new-light", "--count", 2, "--out", tmp_path / "more")
    wrong = headroom(studio, "vary", selfie, "--out", tmp_path / "none")

    _, request = studio.history[0]
    assert done.exit_code == 0
    assert isinstance(request, VariationRequest)
    assert (request.recipe, request.kind, request.count) == ({"crop": "classic", "seed": 1}, "new-light", 2)
    assert wrong.exit_code == 1
    assert "“me.png” is not a recipe." in wrong.stderr
