"""`promptbook transcripts`: what was said in turns, as text, from a file that a troupe or a lab made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.cli.console import (
    LARGEST_ID,
    ExitCode,
    HomeOption,
    JsonOption,
    errors,
    fail,
    kept_home,
    sentences,
    settings_for,
)
from bot.domain.ids import SessionId

if TYPE_CHECKING:
    from bot.domain.transcripts import Transcribed, TranscriptFile
    from bot.home.places import Home
    from bot.store.transcripts import Kept

transcripts = typer.Typer(no_args_is_help=True, help="Transcripts of turns, from a file.")

Source = Annotated[
    str | None,
    typer.Option(help="Who or what wrote them down, where a row does not say so. Exported: do not name a person."),
]
OneSession = Annotated[int | None, typer.Option("--session", min=1, max=LARGEST_ID, help="Number of the session.")]

_SHOWN: Final = 20


@transcripts.command("import")
def import_transcripts(
    file: Annotated[Path, typer.Argument(help="CSV, or a JSON object per line: clip_id, text, source.")],
    source: Source = None,
    skip_unknown: Annotated[
        bool, typer.Option("--skip-unknown", help="Leave out rows about turns that are not here, for example erased.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add transcripts of turns from a file, or replace them. If a row cannot be used, nothing is stored.

    A row names its turn by clip_id, or by session, scene, take, speaker_id and turn. What was said goes into exports
    only if its speaker consents to that (publish_transcript).
    """
    kept = _home(home)
    found = _read(file, source)
    with sentences():
        done = _keep(kept, file, found.rows, skip_unknown=skip_unknown)
    if as_json:
        counts = {
            "transcripts": done.kept,
            "replaced": done.replaced,
            "unknown": len(done.unknown),
            "empty": found.empty,
        }
        typer.echo(json.dumps(counts))
        return
    typer.echo(f"{done.kept} turns have a transcript from this file; {done.replaced} of them had another one before.")
    if found.empty:
        typer.echo(f"{found.empty} rows without text were left out.")
    if done.unknown:
        typer.echo(f"{len(done.unknown)} rows about turns that are not here were left out.")


@transcripts.command("list")
def list_transcripts(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show how many turns of each session have a transcript, and from which sources."""
    from bot.store.stillness import still
    from bot.store.transcripts import transcripts_by_session

    with sentences(), still(_home(home).database) as store:
        rows = transcripts_by_session(store)
    if as_json:
        typer.echo(json.dumps({"sessions": [asdict(row) for row in rows]}))
        return
    for row in rows:
        typer.echo(f"S{row.session_id:04d}  {row.transcripts:>5} of {row.turns:>5} turns  {row.sources}")


@transcripts.command("remove")
def remove_transcripts(
    session: OneSession = None,
    source: Annotated[str | None, typer.Option(help="Only those from this source, exactly as it was named.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Remove all, of every session and source.")] = False,
    home: HomeOption = None,
) -> None:
    """Delete transcripts: of a session, from a source, or all. Turns and sound stay."""
    from bot.store.transcripts import remove_transcripts as remove
    from bot.store.writing import writing

    if not every and session is None and source is None:
        fail(ExitCode.FAILED, "Say which transcripts to remove: --session, --source, both, or --all.")
    with sentences(), writing(_home(home).database) as tx:
        count = remove(tx, None if session is None else SessionId(session), source)
    typer.echo(f"{count} transcripts removed.")


def _home(home: Path | None) -> Home:
    from bot.home.privacy import private_files
    from bot.store.migrating import migrate

    kept = kept_home(settings_for(home))
    with sentences(), private_files():
        migrate(kept.database, kept.backups)
    return kept


def _read(file: Path, source: str | None) -> TranscriptFile:
    from bot.domain.transcripts import read_transcripts

    try:
        content = file.read_text("utf-8-sig")
    except OSError as error:
        fail(ExitCode.FAILED, f"{file} cannot be read ({error.strerror}). Check the path and its permissions.")
    except UnicodeDecodeError:
        fail(ExitCode.FAILED, f"{file} is not UTF-8. Save it with the encoding UTF-8.")
    found = read_transcripts(str(file), content, source)
    for problem in found.problems[:_SHOWN]:
        errors.print(f"{problem.file}:{problem.line}: {problem.problem}", soft_wrap=True, markup=False)
    if found.problems:
        fail(ExitCode.FAILED, "Nothing was stored. Correct the file and import it again.")
    return found


def _keep(home: Home, file: Path, rows: Sequence[Transcribed], *, skip_unknown: bool) -> Kept:
    """Store the rows, all or none. Rows about unknown turns end the command unless they are to be left out."""
    from bot.rights.operating import now
    from bot.store.transcripts import keep_transcripts
    from bot.store.writing import writing

    with writing(home.database) as tx:
        done = keep_transcripts(tx, rows, now())
        if done.unknown and not skip_unknown:
            # Leaving the transaction like this takes back what it stored.
            _refuse(file, done.unknown)
    return done


def _refuse(file: Path, unknown: Sequence[Transcribed]) -> None:
    for row in unknown[:_SHOWN]:
        errors.print(f"{file}:{row.line}: this turn is not in the database", soft_wrap=True, markup=False)
    fail(
        ExitCode.FAILED,
        f"{len(unknown)} rows are about turns that are not here: they were erased, found again with other numbers, or "
        "belong to another home folder. Nothing was stored; --skip-unknown stores the others.",
    )
