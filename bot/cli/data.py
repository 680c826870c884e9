"""`promptbook export` and `promptbook decks check`."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.console import ExitCode, HomeOption, JsonOption, ShownProgress, fail, kept_home, outcome_of, settings_for
from bot.domain.ids import SessionId

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.domain.topics import Topics


def export(
    session: Annotated[int | None, typer.Option(min=1, help="Number of the session. Default: all sessions.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write to: new, empty or an earlier export.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides the split of speakers who were never exported.")] = 0,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a dataset: clips with metadata, tracks, mixes, ratings and a card, with pseudonyms only."""
    session_id = None if session is None else SessionId(session)
    out = out.absolute() if out else None
    settings = settings_for(home)
    kept = kept_home(settings)
    with ShownProgress() as show:
        result, counts = outcome_of(_export(settings, session_id, out, seed, show))
    if as_json:
        paths = (kept, kept.database, result.path, kept.recordings)
        found = dict(zip(("home", "database", "dataset", "tracks"), map(str, paths), strict=True))
        typer.echo(json.dumps({**found, "counts": {**counts, "clips": result.clips}, "splits": result.splits}))
        return
    typer.echo(f"{result.clips} clips, {result.tracks} tracks, {result.ratings} ratings: {result.path}")


async def _export(settings: Settings, session: SessionId | None, out: Path | None, seed: int, show: Any) -> Any:
    from bot.home.privacy import private_files
    from bot.services.exports import plan_export
    from bot.services.facts.library import Library
    from bot.store.database import open_database
    from bot.store.sessions import count_session, session_ids_of

    with private_files():
        database = await open_database(settings.home)
    try:
        library = Library(settings.data)
        work = await plan_export(
            database, settings.home, library, guild_id=None, session_id=session, out=out, seed=seed
        )
        # The umask of the person who asked for the dataset decides who may read it at another place.
        with private_files() if out is None or settings.home.holds(out) else nullcontext():
            result = work(progress=show)
        exported = [session] if session else await session_ids_of(database)
        sums = [await count_session(database, one) for one in exported]
        names = ("scenes", "takes", "tracks", "turns", "ratings")
        return result, {name: sum(getattr(one, name) for one in sums) for name in names}
    finally:
        await database.close()


def check_decks(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Decks to check, as .toml files.")],
) -> None:
    """Check deck files: print each problem with file and line, or a summary of the deck."""
    from bot.domain.errors import DataFileInvalid
    from bot.services.facts.library import Library
    from bot.ui.texts.errors import sentence_of

    try:
        topics = Library(settings_for(None).data).topics()
    except DataFileInvalid as problem:
        fail(ExitCode.FAILED, sentence_of(problem))
    usable = [_check_deck(file, topics) for file in files]
    if not all(usable):
        raise typer.Exit(ExitCode.FAILED)


def _check_deck(file: Path, topics: Topics) -> bool:
    from bot.domain.decks import deck_name, deck_problems, parse_deck
    from bot.domain.errors import DataFileInvalid
    from bot.domain.tables import decode_file, noting
    from bot.ui.texts.decks import deck_summary, topic_counts_text

    problems: list[DataFileInvalid] = []
    try:
        with noting(problems):
            name, text = deck_name(file.name), decode_file(str(file), file.read_bytes())
            problems += deck_problems(str(file), text, topics)
            if not problems:
                deck = parse_deck(name, str(file), text, topics)
                typer.echo(f"{file}: {deck_summary(deck)}; topics: {topic_counts_text(deck, topics) or 'none'}")
    except OSError as error:
        typer.echo(f"{file}: cannot be read ({error.strerror}). Check the path and its permissions.")
        return False
    for problem in problems:
        typer.echo(f"{file}:{problem.line}: {problem.problem}")
    return not problems
