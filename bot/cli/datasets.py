"""`promptbook dataset verify`: checks a copy of a dataset, for its recipients."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import ExitCode, JsonOption
from bot.cli.revoking import list_at


def verify_dataset(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the dataset.")],
    list_file: Annotated[
        Path | None,
        typer.Option(
            "--revoked", metavar="FILE", help="The revocation list. Default: that of PROMPTBOOK_HOME, if any."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check a copy of a dataset: hashes, columns, references, splits, whether all sound decodes, and what is revoked.

    It needs neither a database nor a network. The exit code is 1 if something is wrong.
    """
    from bot.dataset.verifying.verify import verify

    found = verify(folder, list_at(list_file))
    if as_json:
        typer.echo(json.dumps({"right": found.done, "wrong": found.wrong}))
    else:
        for mark, sentences in (("ok  ", found.done), ("FAIL", found.wrong)):
            for sentence in sentences:
                typer.echo(f"{mark}  {sentence}")
    if found.wrong:
        raise typer.Exit(ExitCode.FAILED)
