"""The command line: run, rehearse, export, doctor, decks.

Each command imports what it needs, so that none waits for what only another one needs.
"""

from __future__ import annotations

import asyncio
import enum
import json
import logging
import signal
from collections.abc import Callable, Coroutine
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.config import TOKEN_SHAPE, SettingInvalid, Settings, load_settings

if TYPE_CHECKING:
    from bot.domain.topics import Topics

app = typer.Typer(
    no_args_is_help=True, add_completion=False, rich_markup_mode="markdown", pretty_exceptions_enable=False
)
decks = typer.Typer(no_args_is_help=True, help="Decks of scene prompts.")
app.add_typer(decks, name="decks")
_log = logging.getLogger(__name__)
_errors = Console(stderr=True, highlight=False)
_T = TypeVar("_T")


class ExitCode(enum.IntEnum):
    """How the process ends. 2 is what the command line parser itself uses for a wrong call."""

    WELL = 0
    FAILED = 1
    SETTINGS = 3
    LOGIN_REFUSED = 4
    DATABASE = 5


HomeOption = Annotated[
    Path | None, typer.Option(help="Where database, recordings and exports are. Default: PROMPTBOOK_HOME.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"promptbook {metadata.version('promptbook')}")
        raise typer.Exit


@app.callback()
def promptbook(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Runs improv sessions in Discord: deals scenes, records each performer, collects ratings, exports datasets.

    Try it without a token: `promptbook rehearse`. Exit codes: 0 well, 1 failed, 2 wrong call, 3 settings,
    4 login refused, 5 database.
    """


@app.command()
def run(home: HomeOption = None) -> None:
    """Run the bot on Discord with the token from `.env`, until SIGINT or SIGTERM."""
    settings = _settings(home)
    if not settings.token:
        _fail(
            ExitCode.SETTINGS,
            "No token: put DISCORD_TOKEN=… into .env (see .env.example), or try 'promptbook rehearse', "
            "which needs none.",
        )
    if not TOKEN_SHAPE.fullmatch(settings.token):
        _fail(ExitCode.SETTINGS, "DISCORD_TOKEN does not look like a bot token: copy it again from the page 'Bot'.")
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for library in ("discord", "aiosqlite", "aiohttp", "asyncio"):
        # What they say for debugging holds names, tokens and keys.
        logging.getLogger(library).setLevel(max(logging.getLogger().level, logging.INFO))
    for sentence in settings.unknown:
        _log.warning(sentence)
    from bot.app import run_bot

    _await(run_bot(settings, lambda url: _errors.print(f"Invite the bot to a server: {url}", soft_wrap=True)))


@app.command()
def rehearse(
    home: Annotated[Path | None, typer.Option(help="The rehearsal's home folder. Default: var/rehearsal.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides names, ids, scenes and answers of the cast.")] = 1,
    performers: Annotated[int | None, typer.Option(min=2, max=12, help="How many play. Default: 4.")] = None,
    scenes: Annotated[int, typer.Option(min=1, max=12, help="How many scenes they play.")] = 2,
    world: Annotated[Path | None, typer.Option(help="A world file instead of the built-in one.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Play a whole session with a scripted cast on this machine: no token, no network.

    Starts an embedded Discord and the bot as processes of their own, lets a cast consent, play, rate and leave,
    and ends with a dataset. With more than 4 performers or 2 scenes somebody comes late, somebody drops out, scenes
    are dealt anew, taken again, stopped and struck, and at the end the store is held against what the cast noted.
    """
    from bot.rehearsal.rehearse import RehearsalFailed, rehearse_session

    if world and performers:
        raise typer.BadParameter("A world file says who plays: leave out --performers or --world.")
    target = (home or Path("var/rehearsal")).absolute()
    try:
        with _Progress() as show:
            playing = rehearse_session(
                target, seed=seed, world_file=world, performers=performers or 4, scenes=scenes, progress=show
            )
            summary = asyncio.run(_unless_told_to_end(playing))
    except RehearsalFailed as error:
        _fail(ExitCode.FAILED, str(error))
    except (KeyboardInterrupt, asyncio.CancelledError):
        _fail(ExitCode.FAILED, f"The rehearsal was interrupted. Its logs are in {target}-logs.")
    if as_json:
        typer.echo(json.dumps(summary.as_json()))
        return
    table = Table("", "count", title="Rehearsal")
    for name, count in summary.counts.items():
        table.add_row(name, str(count))
    console = Console()
    console.print(table)
    if summary.claims:
        proved = Table("What was proved", "held against", "at most off", title="The store and the cast's log agree")
        for claim in summary.claims:
            off = "" if claim.worst_ms is None else f"{claim.worst_ms:.0f} ms"
            proved.add_row(claim.sentence, str(claim.checked), off)
        console.print(proved)
    console.print(summary.latency.sentence, highlight=False)
    for name, path in summary.paths.items():
        console.print(f"{name}: {path}", soft_wrap=True, highlight=False)
    again = f"promptbook export --home {summary.paths['home']} --session 1 --out FOLDER"
    console.print(f"Another export of it: {again}", soft_wrap=True, highlight=False)


@app.command()
def export(
    session: Annotated[int | None, typer.Option(min=1, help="The session's number. Default: all sessions.")] = None,
    out: Annotated[Path | None, typer.Option(help="A folder that is new, empty or an earlier export.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides which speakers go to which split.")] = 0,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a dataset: clips with metadata, tracks, mixes, ratings and a card, with pseudonyms only."""
    out = out.absolute() if out else None
    settings = _settings(home)
    if not settings.database.exists():
        _fail(ExitCode.DATABASE, f"There is no database at {settings.database}: nothing has been recorded there yet.")
    with _Progress() as show:
        result, counts = _await(_export(settings, session, out, seed, show))
    if as_json:
        paths = (settings.home, settings.database, result.path, settings.recordings)
        found = dict(zip(("home", "database", "dataset", "tracks"), map(str, paths), strict=True))
        typer.echo(json.dumps({**found, "counts": {**counts, "clips": result.clips}, "splits": result.splits}))
        return
    typer.echo(f"{result.clips} clips, {result.tracks} tracks, {result.ratings} ratings: {result.path}")


@app.command()
def doctor(home: HomeOption = None) -> None:
    """Look at token, versions, disk, database and data files, and say what to do."""
    from bot.doctor import examine
    from bot.ui.sentences import sentence_of

    findings = _await(examine(_settings(home), sentence_of))
    for finding in findings:
        mark = ("LOOK" if finding.is_warning else "ok  ") if finding.is_well else "MEND"
        typer.echo(f"{mark}  {finding.subject}: {finding.sentence}")
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(ExitCode.FAILED)


@decks.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Decks as .toml files.")],
) -> None:
    """Read decks and name what is wrong by file and line, or say what is in them."""
    from bot.domain.errors import DataFileInvalid
    from bot.services.library import Library
    from bot.ui.sentences import sentence_of

    try:
        topics = Library(_settings(None).data).topics()
    except DataFileInvalid as problem:
        _fail(ExitCode.FAILED, sentence_of(problem))
    usable = [_check_deck(file, topics) for file in files]
    if not all(usable):
        raise typer.Exit(ExitCode.FAILED)


def _check_deck(file: Path, topics: Topics) -> bool:
    from bot.domain.decks import deck_name, deck_problems, parse_deck
    from bot.domain.errors import DataFileInvalid
    from bot.domain.tables import decode_file, noting
    from bot.ui.deck_texts import deck_summary, topic_counts_text

    problems: list[DataFileInvalid] = []
    try:
        with noting(problems):
            name, text = deck_name(file.name), decode_file(str(file), file.read_bytes())
            problems += deck_problems(str(file), text, topics)
            if not problems:
                deck = parse_deck(name, str(file), text, topics)
                typer.echo(f"{file}: {deck_summary(deck)}; topics: {topic_counts_text(deck, topics) or 'none'}")
    except OSError as error:
        typer.echo(f"{file}: cannot be read ({error.strerror})")
        return False
    for problem in problems:
        typer.echo(f"{file}:{problem.line}: {problem.problem}")
    return not problems


async def _unless_told_to_end(work: Coroutine[Any, Any, _T]) -> _T:
    """Let it clean up on SIGTERM and SIGHUP as on Ctrl-C; it ends with CancelledError then."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)
    return await work


async def _export(settings: Settings, session: int | None, out: Path | None, seed: int, show: Any) -> Any:
    from bot.services.exports import export_sessions
    from bot.services.library import Library
    from bot.store.database import open_database
    from bot.store.sessions import count_session, session_ids_of

    database = await open_database(settings.database)
    try:
        result = await export_sessions(
            database,
            settings.home,
            Library(settings.data),
            guild_id=None,
            session_id=session,
            out=out,
            seed=seed,
            progress=show,
        )
        exported = [session] if session else await session_ids_of(database)
        sums = [await count_session(database, one) for one in exported]
        names = ("scenes", "takes", "tracks", "turns", "ratings")
        return result, {name: sum(getattr(one, name) for one in sums) for name in names}
    finally:
        await database.close()


def _settings(home: Path | None) -> Settings:
    try:
        return load_settings(home=home)
    except SettingInvalid as error:
        _fail(ExitCode.SETTINGS, str(error))


def _await(work: Coroutine[Any, Any, _T]) -> _T:
    import discord

    from bot.domain.errors import PromptbookError
    from bot.store.errors import DatabaseUnusable
    from bot.ui.sentences import sentence_of

    try:
        return asyncio.run(work)
    except PromptbookError as error:
        _fail(ExitCode.FAILED, sentence_of(error))
    except DatabaseUnusable as error:
        _fail(ExitCode.DATABASE, str(error))
    except (discord.DiscordServerError, ConnectionError, OSError) as error:
        _fail(ExitCode.FAILED, f"Discord or the disk cannot be reached: {error}. Check the network and try again.")
    except discord.LoginFailure:
        _fail(
            ExitCode.LOGIN_REFUSED,
            "Discord refused the token: reset it on the page 'Bot' of your application and put the new one into .env.",
        )


class _Progress:
    """Progress on standard error, as a bar on a terminal and as a line a step elsewhere."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=_errors, transient=True
        )
        self._task = self._bar.add_task("", total=None)
        self._said = ""

    def __enter__(self) -> Callable[[str, int, int], None]:
        if _errors.is_terminal:
            self._bar.start()
        return self._show

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _show(self, step: str, done: int, total: int) -> None:
        self._bar.update(self._task, description=step, completed=done, total=total)
        if not _errors.is_terminal and step != self._said:
            self._said = step
            _errors.print(step, soft_wrap=True)


def _fail(code: ExitCode, sentence: str) -> NoReturn:
    _errors.print(sentence, soft_wrap=True)
    raise typer.Exit(code)


def main() -> None:
    """Entry point of the `promptbook` command."""
    app()


if __name__ == "__main__":
    main()
