"""`promptbook rehearse`: a whole session with a scripted cast, and a check of its results."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.console import LARGEST_ID, ExitCode, JsonOption, ShownProgress, fail

if TYPE_CHECKING:
    from bot.rehearsal.checking.claims import Claim
    from bot.rehearsal.rehearse import RehearsalSummary

_T = TypeVar("_T")


def rehearse(
    home: Annotated[Path | None, typer.Option(help="Home folder of the rehearsal. Default: var/rehearsal.")] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=LARGEST_ID, help="Determines the cast's names, ids, scenes and answers.")
    ] = 1,
    performers: Annotated[int | None, typer.Option(min=2, max=12, help="Number of performers. Default: 4.")] = None,
    scenes: Annotated[int, typer.Option(min=1, max=12, help="Number of scenes.")] = 2,
    rough: Annotated[
        bool, typer.Option("--rough", help="Play what the real Discord, moderators and phones do to a bot.")
    ] = False,
    world: Annotated[Path | None, typer.Option(help="World file to use instead of the built-in world.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Play a whole session with a scripted cast on this machine, without a token or network.

    This starts an embedded Discord and the bot as processes. A cast consents, plays, rates and leaves, and the session
    is exported as a dataset. With more than 4 performers or 2 scenes, one performer is late, another drops out, scenes
    are dealt again, retaken, stopped and struck, and finally the database is compared with what the cast saw and did.
    With --rough, a moderator deafens and moves the bot, the region changes, sound cannot be decrypted, the panel gets
    old, and a press is not answered; every frame of the tracks is compared as well.
    """
    from bot.rehearsal.rehearse import RehearsalFailed, rehearse_session

    if world and performers:
        raise typer.BadParameter("A world file sets the performers: leave out --performers or --world.")
    if world and rough:
        raise typer.BadParameter("The rough evening has a world of its own: leave out --rough or --world.")
    target = (home or Path("var/rehearsal")).absolute()
    try:
        with ShownProgress() as show:
            playing = rehearse_session(
                target,
                seed=seed,
                world_file=world,
                performers=performers or 4,
                scenes=scenes,
                is_rough=rough,
                progress=show,
            )
            summary = asyncio.run(_unless_told_to_end(playing))
    except RehearsalFailed as error:
        fail(ExitCode.FAILED, str(error))
    except (KeyboardInterrupt, asyncio.CancelledError):
        fail(ExitCode.FAILED, f"The rehearsal was interrupted: start it again. Its logs are in {target}-logs.")
    if as_json:
        typer.echo(json.dumps(summary.as_json()))
        return
    _print_summary(summary)


def _print_summary(summary: RehearsalSummary) -> None:
    table = Table("", "count", title="Rehearsal")
    for name, count in summary.counts.items():
        table.add_row(name, str(count))
    console = Console()
    console.print(table)
    if summary.claims:
        console.print(_claims_table(summary.claims))
    console.print(summary.latency.sentence, highlight=False)
    console.print(_voices_sentence(), soft_wrap=True, highlight=False)
    for name, path in summary.paths.items():
        console.print(f"{name}: {path}", soft_wrap=True, highlight=False)
    again = f"{_own_name()} export --home {summary.paths['home']} --session 1 --out FOLDER"
    console.print(f"To export it again: {again}", soft_wrap=True, highlight=False)


def _voices_sentence() -> str:
    from bot.audio.speech import LICENCE, PACKAGE, has_voices

    if has_voices():
        return f"The cast's voices are synthetic: eSpeak NG ({LICENCE}), from the package {PACKAGE}."
    return f"The cast has no voices, but tones: the package {PACKAGE} is not installed (README, Licence)."


def _own_name() -> str:
    """Return how this command was called, for commands that people can copy."""
    return sys.argv[0] if Path(sys.argv[0]).name == "promptbook" else "promptbook"


def _claims_table(claims: list[Claim]) -> Table:
    table = Table("Claim", "comparisons", "largest deviation", title="The store and the cast's log agree")
    for claim in claims:
        off = "" if claim.worst_ms is None else f"{claim.worst_ms:.0f} ms"
        table.add_row(claim.sentence, str(claim.checked), off)
    return table


async def _unless_told_to_end(work: Coroutine[Any, Any, _T]) -> _T:
    """Let the work clean up on SIGTERM and SIGHUP as on Ctrl-C. The work then ends with CancelledError."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)
    return await work
