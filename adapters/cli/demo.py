"""`headroom demo`: a shoot of the sample sitter."""

from typing import Any

import click

from adapters.cli.delivery import delivery_options
from adapters.cli.photos import sample_sitter
from adapters.cli.shoot import run, shoot_options


@click.command()
@shoot_options
@delivery_options
@click.pass_context
def demo(context: click.Context, /, **options: Any) -> None:
    """Shoot the sample sitter, NASA's public-domain portrait of the astronaut Eileen Collins."""
    run(context, sample_sitter(), **options)
