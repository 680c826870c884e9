"""`promptbook run` and `promptbook doctor`: the bot itself, and a check of what it needs."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import LARGEST_ID, ExitCode, HomeOption, errors, fail, outcome_of, settings_for
from bot.config import TOKEN_SHAPE, Settings

_log = logging.getLogger(__name__)


def run(home: HomeOption = None) -> None:
    """Run the bot on Discord with the token from `.env`, until SIGINT or SIGTERM."""
    settings = settings_for(home)
    if not settings.token:
        fail(
            ExitCode.SETTINGS,
            "No token. Put DISCORD_TOKEN=… into .env (see .env.example), or try 'promptbook rehearse', "
            "which needs none.",
        )
    if not TOKEN_SHAPE.fullmatch(settings.token):
        fail(
            ExitCode.SETTINGS,
            "DISCORD_TOKEN does not look like a bot token. Copy it again from the page 'Bot' of your application.",
        )
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for library in ("discord", "aiosqlite", "aiohttp", "asyncio"):
        # Their debug messages contain names, tokens and keys.
        logging.getLogger(library).setLevel(max(logging.getLogger().level, logging.INFO))
    for sentence in settings.unknown:
        _log.warning(sentence)
    from bot.app import run_bot

    outcome_of(run_bot(settings, lambda url: errors.print(f"Invite the bot to a server: {url}", soft_wrap=True)))


def doctor(
    home: HomeOption = None,
    live: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=LARGEST_ID,
            metavar="CHANNEL",
            help="Try in this voice channel what only the real Discord can answer.",
        ),
    ] = None,
    wait: Annotated[float, typer.Option(min=1, help="Seconds that people have for each step of --live.")] = 120.0,
    out: Annotated[Path, typer.Option(help="Where the report of --live is written.")] = Path("live-report.md"),
) -> None:
    """Print all settings and folders in force; check token, versions, disk, database and files, and say what to do."""
    from bot.cli.in_force import in_force
    from bot.doctor.examine import examine
    from bot.ui.texts.errors import sentence_of

    settings = settings_for(home)
    for line in in_force(settings):
        typer.echo(line)
    findings = outcome_of(examine(settings, sentence_of))
    for finding in findings:
        mark = ("WARN" if finding.is_warning else "ok  ") if finding.is_ok else "FAIL"
        typer.echo(f"{mark}  {finding.subject}: {finding.sentence}")
    if not all(finding.is_ok for finding in findings):
        raise typer.Exit(ExitCode.FAILED)
    if live is not None:
        _try_live(settings, live, wait, out)


def _try_live(settings: Settings, channel_id: int, wait: float, out: Path) -> None:
    from bot.trial.run import TrialImpossible, run_trial
    from bot.trial.steps import Patience

    if out.exists():
        fail(ExitCode.FAILED, f"{out} exists already. Name another file with --out.")
    patience = Patience(for_people=wait, for_discord=min(wait, Patience().for_discord))
    try:
        report = outcome_of(run_trial(settings, channel_id, _tell, patience))
    except TrialImpossible as error:
        fail(ExitCode.FAILED, str(error))
    out.write_text(report, "utf-8")
    typer.echo(f"The report is in {out}. It contains no names.")


def _tell(sentence: str) -> None:
    errors.print(sentence, soft_wrap=True)
