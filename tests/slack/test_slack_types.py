"""What we send, as TypeScript literals of Slack's own types: an unknown field or a missing one is a type error there."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from adapters.slack.modals import to_view
from tests.slack.cards import forms, messages
from tests.slack.simulator.records import Json
from tests.slack.test_snapshots import EXAMPLES, SNAPSHOTS, drawn_message

PACKAGES = ("@slack/types@3.2.0", "typescript@5.9.3")
HEAD = """import type { HomeView, KnownBlock, ModalView } from "@slack/types";
type Message = { text: string; blocks: KnownBlock[] };
type View = (Omit<HomeView, "blocks"> | Omit<ModalView, "blocks">) & { blocks: KnownBlock[] };
// @ts-expect-error: a picture without a text for those who cannot see it
export const noAlt: Message = { text: "", blocks: [{ type: "image", slack_file: { id: "F1" } }] };
// @ts-expect-error: a field that Slack does not know
export const unknown: Message = { text: "", blocks: [{ type: "divider", colour: "red" }] };
"""
"""Two wrong ones prove that the compiler looks."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def workshop(request: pytest.FixtureRequest) -> Path:
    """A folder with the compiler and the types, kept between runs in pytest's cache."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed: https://nodejs.org brings it")
    folder = Path(request.config.cache.mkdir("slack-types"))  # type: ignore[union-attr]
    note = folder / "installed.json"
    if not note.exists() or json.loads(note.read_text()) != list(PACKAGES):
        (folder / "package.json").write_text('{"private": true}')
        install = [npm, "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES]
        subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=500)
        note.write_text(json.dumps(list(PACKAGES)))
    return folder


def literals() -> dict[str, Json]:
    """All snapshots, and what no snapshot is kept of."""
    kept = {path.stem: json.loads(path.read_text()) for path in SNAPSHOTS.glob("*.json")}
    said = {f"message-{name}": drawn_message(message) for name, message in messages().items()}
    bare = {f"bare-{name}": to_view(form, "T1/@U1", {}) for name, form in forms().items()}
    return kept | said | bare | {f"full-{name}": to_view(form, "T1/@U1", EXAMPLES) for name, form in forms().items()}


def test_slacks_own_types_accept_all_that_we_send(workshop: Path) -> None:
    """Messages, the page and forms; what the compiler complains of is what Slack may refuse tomorrow."""
    source = HEAD
    for name, content in literals().items():
        kind = "View" if "type" in content else "Message"
        source += f"export const {name.replace('-', '_')}: {kind} = {json.dumps(content)};\n"
    (workshop / "said.ts").write_text(source)
    compiler = [
        str(workshop / "node_modules/.bin/tsc"),
        "--noEmit",
        "--strict",
        "--target",
        "es2022",
        "--moduleResolution",
        "bundler",
        "--module",
        "esnext",
        "said.ts",
    ]
    done = subprocess.run(compiler, cwd=workshop, capture_output=True, text=True, timeout=300)

    assert (done.returncode, done.stdout) == (0, "")
    assert source.count("export const") > 20
