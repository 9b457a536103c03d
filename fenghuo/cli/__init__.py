"""The command line. One file a command; heavy imports stay inside the commands, so that ``--help`` is quick."""

from __future__ import annotations

import typer

from fenghuo.cli.ack import ack
from fenghuo.cli.check import check
from fenghuo.cli.console import console
from fenghuo.cli.correct import correct
from fenghuo.cli.dashboards import dashboards
from fenghuo.cli.dead import dead
from fenghuo.cli.detect import detect
from fenghuo.cli.doctor import doctor
from fenghuo.cli.feedback import feedback
from fenghuo.cli.import_history import import_history
from fenghuo.cli.intake import intake
from fenghuo.cli.ledger import ledger
from fenghuo.cli.mask import mask
from fenghuo.cli.page import page
from fenghuo.cli.persons import persons
from fenghuo.cli.plan import plan
from fenghuo.cli.read import read
from fenghuo.cli.rebuild import rebuild
from fenghuo.cli.replay import replay
from fenghuo.cli.rules import rules
from fenghuo.cli.silence import silence
from fenghuo.cli.similar import similar
from fenghuo.cli.simulate import simulate_command
from fenghuo.cli.simulate_kafka import open_kafka
from fenghuo.cli.train import train
from fenghuo.cli.tune import tune
from fenghuo.cli.up import up
from fenghuo.cli.watch import watch
from fenghuo.cli.watchdog import watchdog
from fenghuo.cli.why import why
from fenghuo.cli.worker import worker

app = typer.Typer(
    name="fenghuo",
    help="Watches live streams of complaints and mentions; raises one incident that climbs four tiers (蓝 黄 橙 红).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command()(up)
app.command()(worker)
app.command()(intake)
app.command()(console)
app.command()(replay)
app.command()(detect)
app.command()(tune)
app.command()(read)
app.command()(mask)
app.command()(similar)
app.command("import-history")(import_history)
app.command("simulate")(simulate_command(open_kafka))
app.command()(ack)
app.command()(silence)
app.command()(why)
app.command()(watch)
app.command()(feedback)
app.command()(correct)
app.command()(check)
app.command()(doctor)
app.command()(rebuild)
app.command()(watchdog)
app.add_typer(dead, name="dead")
app.add_typer(rules, name="rules")
app.add_typer(page, name="page")
app.add_typer(train, name="train")
app.add_typer(dashboards, name="dashboards")
app.add_typer(ledger, name="ledger")
app.add_typer(plan, name="plan")
app.add_typer(persons, name="people")


@app.callback()
def _root() -> None:
    """Keep sub-commands even while there is one."""


def main() -> None:
    """Entry point."""
    app()
