"""`headroom check`, `styles` and `models`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from adapters.cli.__main__ import main
from adapters.cli.photos import sample_sitter
from engine.contract.selfies import Coverage, Intake
from engine.weights import cards
from tests.cli.fake_studio import FakeStudio, an_intake

NOTHING = Coverage({}, {}, {}, None)


@pytest.fixture
def selfie(tmp_path: Path) -> Path:
    """A real photograph in a file."""
    path = tmp_path / "me.png"
    path.write_bytes(sample_sitter()[0].data)
    return path


def test_check_answers_every_photo(selfie: Path) -> None:
    """Each photo gets a verdict and a sentence; then the one photo that would help most."""
    done = CliRunner().invoke(main, ["check", str(selfie)], obj=FakeStudio(), terminal_width=200)

    assert done.exit_code == 0
    for verdict in an_intake().verdicts:
        assert verdict.name in done.stdout
        assert verdict.outcome.value in done.stdout
    assert "Turn your head a little to your left" in done.stdout


def test_check_as_json_has_every_finding(selfie: Path) -> None:
    """A program sees the codes and the measures behind the advice."""
    done = CliRunner().invoke(main, ["check", str(selfie), "--json"], obj=FakeStudio())

    document = json.loads(done.stdout)
    assert [v["outcome"] for v in document["selfies"]] == ["accepted", "usable", "refused"]
    assert document["selfies"][1]["findings"] == [{"code": "too_dark", "refuses": False, "value": 40.0, "limit": 50.0}]
    assert document["selfies"][0]["measures"] == {"sharpness": 0.9123}
    assert document["coverage"]["angles"]["front"] == 2


def test_check_fails_when_no_photo_can_be_used(selfie: Path) -> None:
    """A script can tell that the person has to act."""
    verdict = an_intake().verdicts[2]
    studio = FakeStudio(intake=Intake((verdict,), (), NOTHING))

    assert CliRunner().invoke(main, ["check", str(selfie)], obj=studio).exit_code == 1


def test_styles_are_listed_and_shown() -> None:
    """The list names each style; a title or an alias finds one as well."""
    listed = CliRunner().invoke(main, ["styles", "--json"])
    shown = CliRunner().invoke(main, ["styles", "corporate-executive"])

    names = [style["name"] for style in json.loads(listed.stdout)]
    assert {"corporate", "creative", "healthcare", "legal"} <= set(names)
    assert shown.exit_code == 0
    assert "Backdrop" in shown.stdout


def test_models_tell_licence_and_commercial_use() -> None:
    """Somebody who wants to sell headshots sees at once what the licences allow."""
    done = CliRunner().invoke(main, ["models", "--json"])

    listed = {card["name"]: card for card in json.loads(done.stdout)}
    assert set(listed) == set(cards())
    assert all(card["licence"] and isinstance(card["commercial"], bool) for card in listed.values())
    assert isinstance(listed["sface"]["present"], bool)


def test_help_does_not_wait_for_the_engine() -> None:
    """`headroom --help` names every command."""
    done = CliRunner().invoke(main, ["--help"])

    assert [name for name in ("shoot", "check", "styles", "models", "vary", "demo") if name not in done.stdout] == []
