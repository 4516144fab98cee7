"""What the command line says and the exit code it leaves with."""

import json
from collections.abc import Mapping
from typing import Any

import click
from rich.console import Console

from engine.contract.errors import HeadroomError, PersonError, SettingsError
from engine.contract.sentences import sentence

DONE, PERSON, USAGE, FAILURE, STOPPED = 0, 1, 2, 3, 130
_AS_JSON = "headroom.json"


def _remember(context: click.Context, _: click.Parameter, as_json: bool) -> bool:
    context.find_root().meta[_AS_JSON] = as_json
    return as_json


as_json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    callback=_remember,
    help="Print one JSON document on standard output and nothing else.",
)


class AnsweringGroup(click.Group):
    """A group whose commands answer an error of Headroom with its sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except HeadroomError as error:
            text = sentence(error.code, **error.facts)
            if ctx.find_root().meta.get(_AS_JSON):
                print_json({"error": {"code": error.code, "message": text}})
            else:
                people().print(text, style="red", markup=False)
            ctx.exit(exit_code(error))


def exit_code(error: HeadroomError) -> int:
    """1 when the person can fix it, 2 for a wrong setting, 3 when Headroom failed."""
    match error:
        case PersonError():
            return PERSON
        case SettingsError():
            return USAGE
        case _:
            return FAILURE


def people() -> Console:
    """Where words and progress go: standard error, so that standard output stays clean."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def page() -> Console:
    """Where tables go that were asked for."""
    return Console(highlight=False)


def print_json(document: Mapping[str, Any] | list[Any]) -> None:
    """One document on standard output."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))
