"""`promptbook backup` and `promptbook restore`."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import ExitCode, HomeOption, JsonOption, ShownProgress, errors, fail, kept_home, settings_for

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

    with _sentences(), private_files(), ShownProgress() as show:
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
    erased: Annotated[
        list[Path] | None,
        typer.Option(
            "--erased", metavar="LIST", help="A copy of erased.jsonl, if the home folder is new. Can be repeated."
        ),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Restore a backup into the home folder, which must have no data or be named with --replace. Stop the bot first.

    The backup is checked as a whole before anything changes. Consents that were withdrawn and people who were erased
    since it was made stay so, as far as the home folder knows. Takes that were running are closed by the next start.
    """
    settings = settings_for(home)
    from bot.backup.restoring import restore_backup
    from bot.home.privacy import private_files

    with _sentences(), private_files(), ShownProgress() as show:
        done = restore_backup(file.absolute(), settings.home, show, replace=replace, erased=erased or ())
    applied = {"erased_again": done.applied.erased, "withdrawals": done.applied.withdrawals}
    if not done.applied.is_whole:
        told = (
            "The database that was replaced cannot be read: ask everyone who withdrew consent since the backup again."
        )
        errors.print(told, soft_wrap=True)
    if as_json:
        facts = {"made_at": done.manifest.made_at, "recordings": done.recordings, **applied}
        replaced = str(done.replaced) if done.replaced else None
        typer.echo(json.dumps({"home": str(settings.home), **facts, "replaced": replaced}))
        return
    typer.echo(f"Restored the state of {done.manifest.made_at}, with {done.recordings} recordings: {settings.home}")
    if done.applied.erased or done.applied.withdrawals:
        typer.echo(
            f"Applied from the time after it: {done.applied.withdrawals} withdrawals of consent, "
            f"{done.applied.erased} people erased again."
        )
    if done.replaced:
        typer.echo(f"What was there before is in {done.replaced}. Delete it when you no longer need it.")


@contextmanager
def _sentences() -> Generator[None]:
    """If an error in the block has something that a person can do about it, print that and exit.

    Unlike the other commands' errors, none can come from Discord: its library, which loads slowly, is not needed.
    """
    from bot.backup.errors import BackupFailed
    from bot.home.errors import HomeHopeless, HomeUnusable
    from bot.store.errors import DatabaseUnusable

    try:
        yield
    except BackupFailed as error:
        fail(ExitCode.FAILED, str(error))
    except HomeHopeless as error:
        fail(ExitCode.SETTINGS, str(error))
    except (HomeUnusable, DatabaseUnusable) as error:
        fail(ExitCode.DATABASE, str(error))
    except OSError as error:
        fail(ExitCode.FAILED, f"A file cannot be read or written ({error}). Check the disk's space and permissions.")
