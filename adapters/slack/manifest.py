"""The app as Slack knows it: `manifest.yaml` beside this file. Scopes and events stand there and nowhere else."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def manifest() -> Mapping[str, Any]:
    """The whole of it."""
    document: Mapping[str, Any] = yaml.safe_load(files("adapters.slack").joinpath("manifest.yaml").read_text("utf-8"))
    return document


def bot_scopes() -> tuple[str, ...]:
    """What the app may do in a workspace."""
    return tuple(manifest()["oauth_config"]["scopes"]["bot"])


def user_scopes() -> tuple[str, ...]:
    """What it may do in the name of a person who allows it."""
    return tuple(manifest()["oauth_config"]["scopes"]["user"])
