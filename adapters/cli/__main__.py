"""The command `headroom`."""

import click

from adapters.cli.answers import AnsweringGroup
from adapters.cli.check import check
from adapters.cli.demo import demo
from adapters.cli.doctor import doctor
from adapters.cli.models import models
from adapters.cli.shoot import shoot
from adapters.cli.styles import styles
from adapters.cli.up import up
from adapters.cli.vary import vary


@click.group(cls=AnsweringGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="headroom", message="Headroom %(version)s")
def main() -> None:
    """Headroom, a headshot studio on your own machine."""


for command in (shoot, check, styles, models, vary, demo, up, doctor):
    main.add_command(command)

if __name__ == "__main__":
    main(prog_name="headroom")
