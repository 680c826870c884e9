"""The command line: run, rehearse, export, transcripts, turns, splits, pay, backup, restore, person and others."""

from __future__ import annotations

from importlib import metadata
from typing import Annotated

import typer

from bot.cli.backups import backup, restore
from bot.cli.datasets import verify_dataset
from bot.cli.decks import check_decks
from bot.cli.exporting import export
from bot.cli.languages import languages
from bot.cli.listening import listening
from bot.cli.logs import export_log
from bot.cli.pay import pay
from bot.cli.person import person
from bot.cli.rehearsing import rehearse
from bot.cli.retention import retention
from bot.cli.revoking import revoked
from bot.cli.running import doctor, run
from bot.cli.splits import splits
from bot.cli.transcripts import transcripts
from bot.cli.turns import find_turns

app = typer.Typer(
    no_args_is_help=True, add_completion=False, rich_markup_mode="markdown", pretty_exceptions_enable=False
)
decks = typer.Typer(no_args_is_help=True, help="Decks of scene prompts.")
app.add_typer(decks, name="decks")
dataset = typer.Typer(no_args_is_help=True, help="Copies of datasets.")
app.add_typer(dataset, name="dataset")
app.add_typer(person, name="person")
app.add_typer(languages, name="languages")
app.add_typer(transcripts, name="transcripts")


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"promptbook {metadata.version('promptbook')}")
        raise typer.Exit


@app.callback()
def promptbook(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Runs improv sessions in Discord: deals scenes, records each performer, collects ratings, exports datasets.

    Try it without a token: `promptbook rehearse`. Exit codes: 0 success, 1 failure,
    2 usage error, 3 settings error, 4 login refused, 5 home folder or database error.
    """


for command in (run, rehearse, export, export_log, splits, pay, backup, restore, retention, revoked, listening, doctor):
    app.command()(command)
app.command("turns")(find_turns)
decks.command("check")(check_decks)
dataset.command("verify")(verify_dataset)


def main() -> None:
    """Entry point of the `promptbook` command."""
    app()


if __name__ == "__main__":
    main()
