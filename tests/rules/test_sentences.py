"""Every code that a person can meet has a sentence, every sentence is used, and its placeholders are filled."""

import ast
import re
from collections.abc import Iterator
from string import Formatter

from engine.contract import errors
from engine.contract.sentences import SENTENCES
from tests.rules.source import Module, modules

ERRORS = {n for n, c in vars(errors).items() if isinstance(c, type) and issubclass(c, errors.HeadroomError)}
BEARERS = ERRORS | {"Finding", "sentence"}
HOME = "engine.contract.sentences"


def literal(node: ast.expr) -> str | None:
    """The text of a string literal."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def bearers(module: Module) -> Iterator[tuple[str, str, ast.Call]]:
    """(name of the class or function, code, call) wherever a code stands as a literal first argument."""
    for name, call in module.calls():
        if name in BEARERS and call.args and (code := literal(call.args[0])) is not None:
            yield name, code, call


def told(module: Module) -> Iterator[str]:
    """Codes that travel as plain strings, told by their first word."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.expr) and re.fullmatch(r"(note|why|wish_unmet)_[a-z_]*[a-z]", literal(node) or ""):
            yield str(literal(node))


def placeholders(code: str) -> set[str]:
    """Names in braces."""
    return {field for _, field, _, _ in Formatter().parse(SENTENCES[code]) if field}


def patterns(module: Module) -> Iterator[str]:
    """Regular expressions of the strings that a module holds or builds: f"backdrop_{kind}" is "backdrop_.+"."""
    for node in ast.walk(module.tree):
        if (text := literal(node) if isinstance(node, ast.expr) else None) is not None:
            yield re.escape(text)
        elif isinstance(node, ast.JoinedStr) and (literal(node.values[0]) or "").isidentifier():
            yield "".join(re.escape(t) if (t := literal(part)) is not None else ".+" for part in node.values)


def test_every_code_has_a_sentence() -> None:
    """Nobody is ever answered with a bare code."""
    found = {(m.name, code) for m in modules() for _, code, _ in bearers(m)}
    found |= {(m.name, code) for m in modules() for code in told(m)}

    assert sorted(f"{name}: {code}" for name, code in found if code not in SENTENCES) == []
    assert len(found) >= 10, "the rule has gone blind"


def test_every_sentence_is_used() -> None:
    """Sentences of features that are gone are gone too."""
    used = re.compile("|".join({p for m in modules() if m.name != HOME for p in patterns(m)}))

    assert sorted(code for code in SENTENCES if not used.fullmatch(code)) == []


def test_placeholders_are_filled() -> None:
    """What stands in braces in a sentence is among the facts of the error or finding that carries its code."""
    gaps = []
    for module in modules():
        for name, code, call in bearers(module):
            given = {k.arg for k in call.keywords} | ({"value", "limit"} if name == "Finding" else set())
            if None not in given and code in SENTENCES and (missing := placeholders(code) - given):
                gaps.append(f"{module.name}: {code} lacks {', '.join(sorted(missing))}")

    assert gaps == []


def test_sentences_read_as_sentences() -> None:
    """Each starts with a capital letter, a figure or a file name and ends with a full stop; codes are snake_case."""
    assert [c for c in SENTENCES if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", c)] == []
    assert [c for c, text in SENTENCES.items() if not re.search(r"[.!?]$", text) or text[0].islower()] == []
