"""`promptbook export-log`."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.console import LARGEST_ID, ExitCode, HomeOption, JsonOption, fail, outcome_of, settings_for
from bot.domain.ids import SessionId

if TYPE_CHECKING:
    from bot.config import Settings


def export_log(
    session: Annotated[
        int | None, typer.Option(min=1, max=LARGEST_ID, help="Number of the session. Default: all sessions.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write to: new, empty or an earlier log.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the log of an evening, for coordinators: parts, events, ratings, notes, sound checks; no sound.

    Each table is CSV and JSON, with pseudonyms only.
    """
    settings = settings_for(home)
    if not settings.home.database.exists():
        fail(
            ExitCode.DATABASE,
            f"There is no database at {settings.home.database}: there has been no session yet. "
            "To export from another home folder, name it with --home.",
        )
    session_id = None if session is None else SessionId(session)
    result = outcome_of(_export_log(settings, session_id, out.absolute() if out else None))
    if as_json:
        typer.echo(json.dumps({"log": str(result.path), "rows": result.rows, "open_sessions": result.open_sessions}))
        return
    from bot.ui.texts.export import log_counts_text

    typer.echo(f"{log_counts_text(result)}: {result.path}")


async def _export_log(settings: Settings, session: SessionId | None, out: Path | None) -> Any:
    from bot.home.privacy import private_files
    from bot.services.exports import plan_log
    from bot.services.facts.library import Library
    from bot.store.database import open_database

    with private_files():
        database = await open_database(settings.home)
    try:
        library = Library(settings.data)
        work = await plan_log(database, settings.home, library, guild_id=None, session_id=session, out=out)
        # The umask of the person who asked for the log decides who may read it at another place.
        with private_files() if out is None or settings.home.holds(out) else nullcontext():
            return work()
    finally:
        await database.close()
