"""The images: small, without root, and complete."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.deployment.images import DOCKERFILE, TARGETS, command, instructions, only, variables
from tests.rules.source import PACKAGES, ROOT


def test_the_dockerfile_is_clean() -> None:
    """hadolint knows the mistakes that are usually made."""
    program = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    assert program, "hadolint comes with the development group"
    done = subprocess.run([program, "--no-color", str(DOCKERFILE)], capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("target", TARGETS)
def test_an_image_runs_as_a_fixed_user_and_tells_how_it_is(target: str) -> None:
    """Nobody is root; files in volumes keep their owner over updates; whoever restarts it can ask."""
    assert only(target, "USER") == "10001:10001"
    assert re.search(r"/livez", only(target, "HEALTHCHECK"))
    assert command(target)[1:] == ["-P", "-m", "bot" if target == "bot" else "engine.worker"]
    assert [word for word, _ in instructions(target)].index("USER") < len(instructions(target)) - 1


@pytest.mark.parametrize("target", TARGETS)
def test_an_image_asks_where_its_program_answers(target: str) -> None:
    """The check talks to the port of the settings: the bot's, and the one after it for a worker."""
    port = 8766 if target == "bot" else 8767
    parts = json.loads(only(target, "HEALTHCHECK").partition(" CMD ")[2])

    assert parts[0] == command(target)[0]
    assert f"http://127.0.0.1:{port}/livez" in parts[2]
    compile(parts[2], "healthcheck", "exec")


@pytest.mark.parametrize("target", TARGETS)
def test_an_image_writes_where_it_may(target: str) -> None:
    """The root file system may be read-only: everything that is written goes to /data, /keys and /tmp."""
    written = {"HOME": "/tmp", "HEADROOM_DATA_DIR": "/data", "HEADROOM_INSTALL_KEY_FILE": "/keys/install.key"}
    if target != "bot":
        written["NUMBA_CACHE_DIR"] = "/tmp/numba"

    assert written.items() <= variables(target).items()


def test_models_are_in_the_engines_images_alone() -> None:
    """`headroom models pull` checks each file by its SHA-256; the bot needs none."""
    assert "/opt/headroom/bin/headroom" in only("models", "RUN")
    for target in TARGETS:
        assert ("--from=models /models /models" in dict_of_copies(target)) is (target != "bot")


def dict_of_copies(target: str) -> set[str]:
    """What is copied into a stage."""
    return {rest for word, rest in instructions(target) if word == "COPY"}


def test_what_is_copied_is_sent_and_nothing_else() -> None:
    """.dockerignore keeps secrets, data and tests out of every image."""
    sent = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    copied = {name.strip("/") for copy in dict_of_copies("source") for name in copy.split()[:-1]}

    assert sent == copied == {"pyproject.toml", "constraints.txt", "README.md", "LICENSE", *PACKAGES}
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"


def requirements_of_the_bot(tmp_path: Path) -> list[str]:
    """What the Dockerfile's own line picks."""
    line = re.search(r'python3 -c "([^"]*)" > /tmp/bot\.txt', only("bot-installed", "RUN"))
    assert line
    done = subprocess.run(
        [sys.executable, "-c", line[1].replace("\\\\n", "\\n")], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def closure(requirements: list[str]) -> set[str]:
    """Names of all distributions that come with them."""
    found: set[str] = set()
    waiting = [Requirement(each) for each in requirements]
    while waiting:
        wanted = waiting.pop()
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        extras = wanted.extras or {""}
        if name in found and not wanted.extras:
            continue
        found.add(name)
        for line in distribution(name).requires or []:
            more = Requirement(line)
            if not more.marker or any(more.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(more)
    return found


def test_the_small_image_of_the_bot_has_all_that_the_bot_imports(tmp_path: Path) -> None:
    """Nobody finds out in production that a package is missing; and none of the engine's is there."""
    picked = requirements_of_the_bot(tmp_path)
    has = closure(picked)
    assert {"numpy", "opencv-python-headless", "scipy", "numba", "scikit-image"} & has == set()
    lacks = sorted(
        module
        for module, names in packages_distributions().items()
        if not {re.sub(r"[-_.]+", "-", name).lower() for name in names} & (has | {"headroom"})
    )
    block = f"import sys; sys.modules.update(dict.fromkeys({[m for m in lacks if m not in sys.stdlib_module_names]!r}))"
    done = subprocess.run(
        [sys.executable, "-c", f"{block}; import bot.__main__"], cwd=ROOT, capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (0, "")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(project["optional-dependencies"]["bot"]) < set(picked)
