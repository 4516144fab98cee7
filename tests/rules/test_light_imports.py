"""The light default set is enough to start anything."""

import subprocess
import sys

import pytest

from tests.rules.source import ROOT

HEAVY = ("torch", "diffusers", "transformers", "onnxruntime", "insightface")


@pytest.mark.parametrize("name", ["bot", "adapters", "adapters.cli.__main__", "engine.pipeline"])
def test_imports_without_model_frameworks(name: str) -> None:
    """A laptop without torch can import every entrance, because heavy packages are loaded where a model needs them."""
    block = f"import sys; sys.modules.update(dict.fromkeys({HEAVY!r}))"
    done = subprocess.run([sys.executable, "-c", f"{block}; import {name}"], cwd=ROOT, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
