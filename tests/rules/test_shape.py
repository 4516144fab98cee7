"""Size and names of modules."""

import ast
import tomllib
from fnmatch import fnmatch

from tests.rules.source import PACKAGES, ROOT, modules

SAY_NOTHING = {"base", "common", "core", "helpers", "manager", "misc", "utils"}
LONGEST = 400


def test_names_say_what_a_module_holds() -> None:
    """A reader finds a thing by its noun; a drawer for everything has no noun."""
    assert [m.name for m in modules() if SAY_NOTHING & set(m.name.split("."))] == []


def test_long_modules_say_why() -> None:
    """A module above 400 lines explains its length in its docstring, with the words “Long because”."""
    long = [m for m in modules() if m.text.count("\n") > LONGEST]

    assert [m.name for m in long if "Long because" not in (ast.get_docstring(m.tree) or "")] == []


def test_modules_with_code_say_what_they_are_for() -> None:
    """The first line of a file tells a newcomer whether to read on."""
    assert [m.name for m in modules() if m.tree.body and not ast.get_docstring(m.tree)] == []


def test_all_data_ships_with_the_package() -> None:
    """A plain `pip install .` works from any folder: each file beside the code matches a pattern of package data."""
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]
    data = [
        path.relative_to(ROOT)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".py" and path.name != "py.typed" and "__pycache__" not in path.parts
    ]
    shipped = [f"{package.replace('.', '/')}/{pattern}" for package, found in patterns.items() for pattern in found]

    assert [str(path) for path in data if not any(fnmatch(str(path), pattern) for pattern in shipped)] == []
    assert len(data) >= 10, "the rule has gone blind"
