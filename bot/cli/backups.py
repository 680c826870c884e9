"""`promptbook backup` and `promptbook restore`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import HomeOption, JsonOption, ShownProgress, errors, kept_home, sentences, settings_for

_MOST_NAMED = 3


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The new file, for example promptbook.tar.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace FILE if it exists.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Back up the database and all recordings to one file, while the bot runs or not.

    A take that is running is in it up to the last second. Datasets, clips, decks and `.env` are not: docs/backup.md.
    """
    kept = kept_home(settings_for(home))
    from bot.backup.making import make_backup
    from bot.home.privacy import private_files

    with sentences(), private_files(), ShownProgress() as show:
        made = make_backup(kept, file.absolute(), show, replace=replace)
    if made.missing:
        named = ", ".join(made.missing[:_MOST_NAMED])
        told = f"{len(made.missing)} tracks of the database have no file, and are not in the backup: {named}."
        errors.print(told, soft_wrap=True)
    if as_json:
        facts = {"recordings": made.recordings, "running_takes": made.running, "missing": list(made.missing)}
        typer.echo(json.dumps({"file": str(made.path), "bytes": made.size_bytes, **facts}))
        return
    running = f", {made.running} running take(s)" if made.running else ""
    typer.echo(f"{made.recordings} recordings{running}, {made.size_bytes / 1024**2:.1f} MiB: {made.path}")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file of a backup.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Move what the home folder holds to its `backups`, and take its place.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Restore a backup into the home folder, which must have no data or be named with --replace. Stop the bot first.

    The backup is checked as a whole before anything changes. Takes that were running are closed by the next start.
    """
    settings = settings_for(home)
    from bot.backup.restoring import restore_backup
    from bot.home.privacy import private_files

    with sentences(), private_files(), ShownProgress() as show:
        done = restore_backup(file.absolute(), settings.home, show, replace=replace)
    if as_json:
        facts = {"made_at": done.manifest.made_at, "recordings": done.recordings}
        replaced = str(done.replaced) if done.replaced else None
        typer.echo(json.dumps({"home": str(settings.home), **facts, "replaced": replaced}))
        return
    typer.echo(f"Restored the state of {done.manifest.made_at}, with {done.recordings} recordings: {settings.home}")
    if done.replaced:
        typer.echo(f"What was there before is in {done.replaced}. Delete it when you no longer need it.")
