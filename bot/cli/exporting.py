"""`promptbook export`: a dataset of one session, or of all."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import (
    LARGEST_ID,
    ExitCode,
    HomeOption,
    JsonOption,
    ShownProgress,
    fail,
    kept_home,
    outcome_of,
    sentences,
    settings_for,
)
from bot.cli.turns import search_turns
from bot.dataset.model.options import Layout, Options, Turns, cores
from bot.dataset.sound.orders import Audio
from bot.domain.consent import PURPOSES
from bot.domain.consent_terms import Scope
from bot.domain.ids import SessionId

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.dataset.export import ExportOrder, ExportResult
    from bot.dataset.progress import Progress


def export(
    session: Annotated[
        int | None, typer.Option(min=1, max=LARGEST_ID, help="Number of the session. Default: all sessions.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write to: new, empty or an earlier export.")] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=LARGEST_ID, help="Decides the split of speakers who were never exported.")
    ] = 0,
    layout: Annotated[
        Layout, typer.Option(help="Tables with the sound in them, or playable files with CSV and JSON.")
    ] = Layout.PARQUET,
    turns: Annotated[
        Turns | None,
        typer.Option(help="All turns, or those that were put up for rating. Default: all in Parquet, rated as files."),
    ] = None,
    audio: Annotated[
        Audio, typer.Option(help="How sound is encoded; opus keeps the packets as Discord sent them.")
    ] = Audio.FLAC24,
    dialogue_files: Annotated[bool, typer.Option(help="Add a file per take with a channel per performer.")] = False,
    notes: Annotated[
        bool, typer.Option(help="Add the coordinators' notes as Audacity labels. They may name people.")
    ] = False,
    purpose: Annotated[
        str | None,
        typer.Option(help=f"Only what people permit for this purpose: {', '.join(PURPOSES)}. Default: it stays here."),
    ] = None,
    recipient: Annotated[
        str | None, typer.Option(help="Only what people direct to this recipient, by the name that their form named.")
    ] = None,
    derived_only: Annotated[
        bool, typer.Option("--derived-only", help="Only features and labels, without any sound. Only in Parquet.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be exported and what not, and write nothing.")
    ] = False,
    jobs: Annotated[int | None, typer.Option(min=1, help="Number of processes. Default: one per core.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a dataset: turns with their sound and labels, tracks, mixes, ratings and a card, with pseudonyms only.

    If it is interrupted, the same command goes on where it stopped.
    """
    settings = settings_for(home)
    kept = kept_home(settings)
    out = out.absolute() if out else None
    if derived_only and layout is not Layout.PARQUET:
        raise typer.BadParameter("--derived-only writes Parquet; leave out --layout.")
    bound = _purpose(purpose), _recipient(recipient)
    options = Options(layout, turns, audio, dialogue_files, notes, *bound, derived_only)
    session_id = None if session is None else SessionId(session)
    with ShownProgress() as show:
        order, counts = outcome_of(_plan(settings, session_id, out, seed, options, show))
        if dry_run:
            _preview(order, as_json)
            return
        result = _run(order, jobs or cores(), show)
    if as_json:
        paths = (kept, kept.database, result.path, kept.recordings)
        found = dict(zip(("home", "database", "dataset", "tracks"), map(str, paths), strict=True))
        counts["clips"] = result.clips
        facts = {**found, "counts": counts, "splits": result.splits, "version": result.version}
        typer.echo(json.dumps(facts))
        return
    version = f"version {result.version}, " if result.version else ""
    typer.echo(f"{version}{result.clips} clips, {result.tracks} tracks, {result.ratings} ratings: {result.path}")


def _purpose(name: str | None) -> Scope | None:
    if name is None or name in PURPOSES:
        return Scope(name) if name else None
    raise typer.BadParameter(f"There is no purpose '{name}'. Choose one of these: {', '.join(PURPOSES)}.")


def _recipient(name: str | None) -> str | None:
    """The name without needless blanks; an empty one is no recipient, which would permit more than was meant."""
    if name is not None and not name.split():
        raise typer.BadParameter("--recipient needs a name.")
    return name and " ".join(name.split())


def _preview(order: ExportOrder, as_json: bool) -> None:
    from bot.cli.previews import preview_facts, preview_lines
    from bot.dataset.preview import preview

    with sentences():
        found = preview(order)
    if as_json:
        typer.echo(json.dumps(preview_facts(found)))
        return
    for line in preview_lines(found):
        typer.echo(line)


async def _plan(
    settings: Settings, session: SessionId | None, out: Path | None, seed: int, options: Options, show: Progress
) -> tuple[ExportOrder, dict[str, int]]:
    """Return what to export, and how many scenes, takes, tracks, turns and ratings the store has of it."""
    from bot.home.privacy import private_files
    from bot.services.access.operators import Operators, require_operators
    from bot.services.exports import plan_export
    from bot.services.facts.library import Library
    from bot.store.database import open_database
    from bot.store.sessions import count_session

    with private_files():
        database = await open_database(settings.home)
    try:
        async for _ in search_turns(database, settings.home, [session] if session else []):
            show("turns", 0, 1)
        order = await plan_export(
            database,
            settings.home,
            Library(settings.data),
            guild_id=None,
            session_id=session,
            out=out,
            seed=seed,
            options=options,
        )
        if options.recipient:
            await require_operators(Operators(database, settings), order.session_ids)
        sums = [await count_session(database, one) for one in order.session_ids]
        names = ("scenes", "takes", "tracks", "turns", "ratings")
        return order, {name: sum(getattr(one, name) for one in sums) for name in names}
    finally:
        await database.close()


def _run(order: ExportOrder, jobs: int, show: Progress) -> ExportResult:
    from bot.dataset.export import export_dataset
    from bot.home.privacy import private_files

    # The umask of the person who asked for the dataset decides who may read it at another place.
    files = private_files() if order.home.holds(order.out) else nullcontext()
    try:
        with sentences(), files:
            return export_dataset(order, jobs=jobs, progress=show)
    except KeyboardInterrupt:
        fail(ExitCode.FAILED, "The export was interrupted. The same command goes on where it stopped.")
