"""Dockerfile and docker-compose.yml as tests read them."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import yaml

from tests.rules.source import ROOT

DOCKERFILE = ROOT / "Dockerfile"
TARGETS = ("bot", "engine-cpu", "engine-gpu")
SECRETS = {"POSTGRES_PASSWORD": "postgres1", "VALKEY_PASSWORD": "valkey2", "PICTURES_SECRET": "pictures3"}
"""What the compose file asks the operator for, next to HEADROOM_OPERATOR."""


@cache
def instructions(target: str) -> tuple[tuple[str, str], ...]:
    """(instruction, rest) of one stage, with continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    stages = re.split(r"^(?=FROM )", text, flags=re.MULTILINE)
    (stage,) = [stage for stage in stages if re.match(rf"FROM \S+ AS {target}\n", stage)]
    return tuple((word, rest.strip()) for word, rest in re.findall(r"^([A-Z]+) (.*)$", stage, re.MULTILINE))


def only(target: str, instruction: str) -> str:
    """The rest of an instruction that stands in a stage once."""
    (rest,) = [rest for word, rest in instructions(target) if word == instruction]
    return rest


def command(target: str) -> list[str]:
    """What a container runs."""
    parts: list[str] = json.loads(only(target, "CMD"))
    return parts


def variables(target: str) -> dict[str, str]:
    """Environment of an image."""
    return dict(re.findall(r"(\S+)=(\S+)", only(target, "ENV")))


def interpolated(text: str, given: Mapping[str, str]) -> str:
    """As Compose does it: ${NAME}, ${NAME:-default}, ${NAME:?what is missing}. KeyError for one that is asked for in vain."""

    def fill(match: re.Match[str]) -> str:
        name, how, word = match[1], match[2] or "", match[3] or ""
        if given.get(name):
            return given[name]
        if how == ":?":
            raise KeyError(name, word)
        return word

    return re.sub(r"\$\{([A-Z_0-9]+)(?:(:-|:\?)([^}]*))?\}", fill, text)


@cache
def compose_text() -> str:
    """The file."""
    return (ROOT / "docker-compose.yml").read_text()


def compose(given: Mapping[str, str]) -> dict[str, Any]:
    """The file with variables filled in."""
    document: dict[str, Any] = _filled(yaml.safe_load(compose_text()), given)
    return document


def _filled(node: Any, given: Mapping[str, str]) -> Any:
    match node:
        case str():
            return interpolated(node, given)
        case list():
            return [_filled(each, given) for each in node]
        case dict():
            return {key: _filled(each, given) for key, each in node.items()}
        case _:
            return node


def services() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each service by name, as an operator who set what is asked for would start it."""
    yield from compose(SECRETS | {"HEADROOM_OPERATOR": "Example"})["services"].items()
