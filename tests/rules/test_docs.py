"""The documentation cannot lie about commands, options, settings, models and files."""

import re
from functools import cache
from pathlib import Path

import pytest

from adapters.cli.__main__ import main
from bot.settings import Settings
from engine.planning.backdrops import COLOURS
from engine.planning.variations import VARIATIONS
from engine.weights import cards
from tests.rules.source import ROOT, modules

PAGES = (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))


@cache
def text(name: str) -> str:
    """A page by its path in the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def section(page: str, heading: str) -> str:
    """What stands under a heading of the second level."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text(page), re.MULTILINE | re.DOTALL)
    assert found, f"{page} has no heading “{heading}”"
    return found[1]


def targets() -> set[str]:
    """Targets of the Makefile that `make help` shows."""
    return set(re.findall(r"^([a-z]+):.*## ", text("Makefile"), re.MULTILINE))


def test_make_targets_in_the_docs_exist() -> None:
    """Whoever copies a command from a page finds that it works."""
    named = {t for page in PAGES for t in re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(), re.MULTILINE)}

    assert {"demo", "test"} <= named
    assert named - targets() == set()


def test_the_two_commands_of_the_readme_install_what_they_need() -> None:
    """On a fresh machine, each of the two is enough."""
    rules = dict(re.findall(r"^([a-z]+): ([^#\n]*)", text("Makefile"), re.MULTILINE))

    assert "$(INSTALLED)" in rules["demo"]
    assert "$(MODELS)" in rules["demo"]
    assert rules["test"].split() == ["setup"]
    assert "make test" in text(".ci/run")


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_and_option_is_documented(name: str) -> None:
    """Nothing can be done that a reader of docs/cli.md would not know of, and nothing stands there that cannot be done."""
    written = section("docs/cli.md", f"headroom {name}")
    known = {option for p in main.commands[name].params for option in p.opts if option.startswith("--")}

    assert sorted(option for option in known if f"`{option}" not in written) == []
    assert sorted(set(re.findall(r"`(--[a-z-]+)", written)) - known) == []


def test_every_kind_of_variation_is_documented() -> None:
    """Backgrounds by colour are too many to list; every other kind stands in the table."""
    written = section("docs/cli.md", "headroom vary")
    kinds = [kind for kind in VARIATIONS if kind.removesuffix("-background") not in COLOURS]

    assert [kind for kind in kinds if f"`{kind}`" not in written] == []


def test_commands_in_the_docs_exist() -> None:
    """A renamed command is renamed everywhere."""
    named = {c for page in PAGES for c in re.findall(r"(?:^|`|/)headroom ([a-z]+)", page.read_text(), re.MULTILINE)}

    assert named - set(main.commands) == set()


def test_every_weight_file_is_on_the_page_of_models() -> None:
    """Licence and commercial use of each card can be read before anything is fetched."""
    page = text("docs/models.md")
    rows = {m[1]: m[0] for m in re.finditer(r"^\| `([a-z0-9-]+)` \|.*$", page, re.MULTILINE)}

    assert set(rows) == set(cards())
    for card in cards().values():
        assert f"| {card.licence} | {'yes' if card.commercial else 'no'} |" in rows[card.name]
        assert card.source.split(",")[0] in rows[card.name]


def settings_read() -> set[str]:
    """Variables that the product reads: names that stand in modules called settings, and fields of the bot's settings."""
    named = {
        v for m in modules() if m.name.endswith("settings") for v in re.findall(r"\"(HEADROOM_[A-Z_]+[A-Z])\"", m.text)
    }
    return named | {f"HEADROOM_{field.upper()}" for field in Settings.model_fields}


def test_every_setting_is_documented() -> None:
    """Each variable that the product reads stands in docs/configuration.md and in .env.example, once, and no other does."""
    read = sorted(settings_read())

    assert read == sorted(re.findall(r"^\| `(HEADROOM_[A-Z0-9_]+)`", text("docs/configuration.md"), re.MULTILINE))
    assert read == sorted(re.findall(r"^#?\s*(HEADROOM_[A-Z0-9_]+)=", text(".env.example"), re.MULTILINE))
    assert len(read) >= 20, "the rule has gone blind"


def test_every_setting_is_documented_with_meaning_and_example() -> None:
    """An operator needs no other page to write a line."""
    rows = re.findall(r"^\| `HEADROOM_.*$", text("docs/configuration.md"), re.MULTILINE)

    assert [row for row in rows if [bool(cell.strip()) for cell in row.split("|")[1:-1]] != [True] * 4] == []


def test_the_example_of_settings_shows_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever copies .env.example unchanged gets what they would have got without it, and the page says the same defaults."""
    for name in settings_read():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    copied = Settings(_env_file=ROOT / ".env.example")

    assert copied == Settings()
    for name, value in re.findall(r"^(HEADROOM_[A-Z0-9_]+)=(.+)$", text(".env.example"), re.MULTILINE):
        assert f"| `{name}` | `{value}` |" in text("docs/configuration.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """A link to a file of this repository is never broken."""
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())

    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []
