"""What the product logs: codes and facts of the allow-list, so that nothing is dropped in silence and nothing slips in."""

import ast
import re
from collections.abc import Iterator

from bot.observe.redaction import KEYS
from tests.rules.source import modules

LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
ALSO = {"extra", "exc_info"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """(where, call) of every line that is logged; the module that writes logs passes on what others said."""
    for module in modules():
        if module.name == "bot.observe.logs":
            continue
        for node in ast.walk(module.tree):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr=level)) if level in LEVELS:
                    yield f"{module.name}:{node.lineno}", node


def keys(call: ast.Call) -> Iterator[str]:
    """Names of the facts of a line, as far as they stand in the call."""
    for keyword in call.keywords:
        if keyword.arg:
            yield keyword.arg
        if keyword.arg == "extra" and isinstance(keyword.value, ast.Dict):
            yield from (key.value for key in keyword.value.keys if isinstance(key, ast.Constant))


def test_every_line_is_a_code() -> None:
    """An operator searches for it, and no words of a person stand in it."""
    strange = [
        where
        for where, call in calls()
        if not (isinstance(call.args[0], ast.Constant) and re.fullmatch(r"[a-z][a-z_]*|%s", str(call.args[0].value)))
    ]

    assert strange == []
    assert len(list(calls())) >= 20, "the rule has gone blind"


def test_every_fact_of_a_line_is_on_the_allow_list() -> None:
    """Others would be dropped before they are written."""
    assert [f"{where}: {key}" for where, call in calls() for key in keys(call) if key not in KEYS | ALSO] == []
