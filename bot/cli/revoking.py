"""`promptbook revoked`: tells a holder of a dataset what must be deleted, or deletes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ExitCode, JsonOption, fail
from bot.config import SettingInvalid, load_settings

if TYPE_CHECKING:
    from bot.dataset.verifying.revoked import Revoked

ListOption = Annotated[
    Path | None,
    typer.Option("--list", metavar="FILE", help="The revocation list. Default: revoked.json in PROMPTBOOK_HOME."),
]


def revoked(
    folder: Annotated[Path, typer.Argument(metavar="DATASET", help="Folder of the dataset.")],
    list_file: ListOption = None,
    apply: Annotated[bool, typer.Option("--apply", help="Delete it: files, rows and what refers to them.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say which sounds of a copy of a dataset are revoked; with --apply, delete them.

    The person who gave you the dataset gives you the list, `revoked.json`. What is left loads as before. The exit code
    is 1 if something is revoked and was not deleted.
    """
    from bot.dataset.revoking.removing import remove_revoked
    from bot.dataset.verifying.copies import Copy
    from bot.dataset.verifying.finding_revoked import find_revoked

    wanted = list_at(list_file)
    if wanted is None:
        fail(ExitCode.FAILED, "There is no revocation list in the home folder. Name one: --list revoked.json.")
    try:
        copy = Copy(folder)
        found = find_revoked(copy, wanted)
        if apply and found.sounds:
            remove_revoked(copy, found)
    except (OSError, ValueError) as error:
        fail(ExitCode.FAILED, f"{error} Nothing more was changed; it can be repeated.")
    if as_json:
        names = {"clips": sorted(found.clips), "files": sorted(found.files), "speakers": sorted(found.speakers)}
        typer.echo(json.dumps({**names, "deleted": bool(apply and found.sounds)}))
    else:
        _tell(sorted(found.files) + sorted(found.clips), deleted=apply)
    if found.sounds and not apply:
        raise typer.Exit(ExitCode.FAILED)


def _tell(names: list[str], *, deleted: bool) -> None:
    for name in names:
        typer.echo(name)
    if not names:
        typer.echo("Nothing in this dataset is revoked.")
    elif deleted:
        typer.echo(f"Deleted: {len(names)} sounds, with the rows about them.")
    else:
        typer.echo(f"Revoked: {len(names)} sounds. Delete them with --apply.")


def list_at(path: Path | None) -> Revoked | None:
    """Return a revocation list, or without a path that of the home folder, None if it has none. Exits if it is none."""
    from bot.dataset.verifying.revoked import read_revoked

    try:
        place = path or load_settings().home.revoked
        return None if path is None and not place.exists() else read_revoked(place)
    except SettingInvalid:
        # Someone who was given a dataset need not have settings.
        return None
    except (OSError, ValueError) as error:
        fail(ExitCode.FAILED, f"The revocation list cannot be read: {error}")
