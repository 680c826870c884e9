"""`promptbook splits`: which speakers are for training, testing and validation."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.console import LARGEST_ID, ExitCode, HomeOption, JsonOption, fail, kept_home, outcome_of, settings_for
from bot.domain.splits import Split, wished

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.home.places import Home
    from bot.services.splits import Divided, Redrawn
    from bot.store.database import Database

_T = TypeVar("_T")


def splits(
    redraw: Annotated[bool, typer.Option("--redraw", help="Divide everyone again, as if no one had a split.")] = False,
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=LARGEST_ID, help="Decides the new drawing. Default: the number of the drawing."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before drawing again.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show which share of the speakers is in which split, and which sessions have performers in several splits.

    An export gives each new speaker a split, which they keep: no later export moves anyone. `--redraw` does, for all
    whose voice could be exported now. Datasets that were published keep the old splits, and must not be mixed with new.
    """
    if not redraw and (yes or seed is not None):
        raise typer.BadParameter("--seed and --yes belong to --redraw: add it, or leave them out.")
    settings = settings_for(home)
    kept_home(settings)
    found = _in_database(settings, _show)
    if redraw:
        _draw_again(settings, found, seed, is_sure=yes, as_json=as_json)
        found = _in_database(settings, _show)
    typer.echo(json.dumps(_as_json(found))) if as_json else _print(found)


def _draw_again(settings: Settings, found: Divided, seed: int | None, *, is_sure: bool, as_json: bool) -> None:
    speakers = len(found.present) + len(found.undrawn)
    if not speakers:
        fail(ExitCode.FAILED, "There is no one to divide: no session has a performer who may be exported.")
    if not is_sure:
        _confirm(speakers)
    done = _in_database(settings, lambda database, home: _redraw(database, home, seed))
    changed = "1 speaker has" if done.moved == 1 else f"{done.moved} speakers have"
    typer.echo(f"Drawing {done.drawing}, with seed {done.seed}: {changed} another split than before.", err=as_json)


def _confirm(speakers: int) -> None:
    question = (
        f"This draws the splits of all {speakers} speakers again. Datasets that were published keep the old splits: "
        "what was trained on one of them can have heard the new test speakers. Draw again?"
    )
    try:
        if typer.confirm(question, err=True):
            return
    except typer.Abort:
        typer.echo(err=True)
    fail(ExitCode.FAILED, "Nothing was changed. To draw again, answer y or give --yes.")


def _in_database(settings: Settings, work: Callable[[Database, Home], Awaitable[_T]]) -> _T:
    return outcome_of(_opened(settings.home, work))


async def _opened(home: Home, work: Callable[[Database, Home], Awaitable[_T]]) -> _T:
    from bot.home.privacy import private_files
    from bot.store.database import open_database

    with private_files():
        database = await open_database(home)
    try:
        return await work(database, home)
    finally:
        await database.close()


async def _show(database: Database, home: Home) -> Divided:
    from bot.services.splits import show_splits

    return await show_splits(database, home)


async def _redraw(database: Database, home: Home, seed: int | None) -> Redrawn:
    from bot.services.splits import redraw_splits

    return await redraw_splits(database, home, seed)


def _as_json(found: Divided) -> dict[str, Any]:
    return {
        "drawing": found.drawing,
        "splits": {name: side.value for name, side in found.present.items()},
        "absent": {name: side.value for name, side in found.absent.items()},
        "undrawn": sorted(found.undrawn),
        "sessions_across_splits": list(found.crossings.sessions),
        "pairs_across_splits": len(found.crossings.pairs),
    }


def _print(found: Divided) -> None:
    if not found.drawing:
        typer.echo("Nobody has a split yet: the first export draws them.")
        return
    here, away = Counter(found.present.values()), Counter(found.absent.values())
    wish, total = wished(here.total()), max(here.total(), 1)
    table = Table("split", "speakers", "share", "wish", "not exported now", title=f"Drawing {found.drawing}")
    for split in Split:
        shares = f"{100 * here[split] / total:.0f} %", f"{wish[split] / total:.0f} %"
        table.add_row(split.value, str(here[split]), *shares, str(away[split]))
    Console().print(table)
    names = f": {', '.join(found.crossings.sessions)}" if found.crossings.sessions else ""
    across = f"{len(found.crossings.sessions)} of {found.sessions}{names}"
    typer.echo(f"Sessions with performers in several splits: {across}.")
    typer.echo(f"Pairs of speakers who met across splits: {len(found.crossings.pairs)}.")
    if found.undrawn:
        typer.echo(f"Speakers without a split: {len(found.undrawn)}. The next export that contains them draws theirs.")
