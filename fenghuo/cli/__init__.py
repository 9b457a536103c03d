"""The command line. One file a command; heavy imports stay inside the commands, so that ``--help`` is quick."""

from __future__ import annotations

import typer

from fenghuo.cli.replay import replay
from fenghuo.cli.worker import worker

app = typer.Typer(
    name="fenghuo",
    help="Watches live streams of complaints and mentions; raises one incident that climbs four tiers (蓝 黄 橙 红).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command()(worker)
app.command()(replay)


@app.callback()
def _root() -> None:
    """Keep sub-commands even while there is one."""


def main() -> None:
    """Entry point."""
    app()
