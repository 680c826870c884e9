"""`promptbook pay`: statements of the pay ledger, as CSV or as a table."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.console import LARGEST_ID, HomeOption, JsonOption, kept_home, outcome_of, settings_for
from bot.domain.currencies import plain_amount
from bot.domain.ids import GuildId, SessionId

if TYPE_CHECKING:
    from bot.home.places import Home
    from bot.services.pay.statements import PaidLine


def pay(
    session: Annotated[int | None, typer.Option(min=1, max=LARGEST_ID, help="Only this session.")] = None,
    month: Annotated[str | None, typer.Option(help="Only sessions that started in it (UTC), such as 2027-03.")] = None,
    guild: Annotated[int | None, typer.Option(min=1, max=LARGEST_ID, help="Only this server, by Discord's id.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the statement to this file, as CSV.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who worked how long in which session, and what that is worth. Rates are set with `/pay rate` in Discord.

    The statement names people by their accounts, never by the pseudonyms of datasets.
    """
    kept = kept_home(settings_for(home))
    lines = outcome_of(_read(kept, guild, session, month))
    if csv is not None:
        outcome_of(asyncio.to_thread(_write, csv, lines))
        typer.echo(f"{len(lines)} lines are in {csv}.", err=as_json)
    if as_json:
        typer.echo(json.dumps({"lines": [asdict(line) for line in lines]}))
    elif csv is None:
        _print(lines)


async def _read(home: Home, guild: int | None, session: int | None, month: str | None) -> list[PaidLine]:
    from bot.home.privacy import private_files
    from bot.services.pay.statements import Statements
    from bot.store.database import open_database

    with private_files():
        database = await open_database(home)
    try:
        of_guild = None if guild is None else GuildId(guild)
        return await Statements(database).of_sessions(of_guild, None if session is None else SessionId(session), month)
    finally:
        await database.close()


def _write(path: Path, lines: list[PaidLine]) -> None:
    from bot.home.privacy import private_files
    from bot.services.pay.statements import statement_csv

    with private_files():
        path.write_text(statement_csv(lines), "utf-8")


def _print(lines: list[PaidLine]) -> None:
    from bot.services.pay.statements import totals

    table = Table("session", "account", "stage", "rating", "total")
    for line in lines:
        work, who = line.line.work, str(line.user_id or "erased")
        total = f"{plain_amount(line.line.total, line.currency)} {line.currency}" if line.currency else "no rate"
        table.add_row(str(line.session_id), who, _minutes(work.stage_ms), _minutes(work.rating_ms), total)
    Console().print(table)
    for currency, amount in totals(lines).items():
        typer.echo(f"Total: {plain_amount(amount, currency)} {currency}.")


def _minutes(ms: int) -> str:
    seconds = ms // 1000
    return f"{seconds // 60}:{seconds % 60:02}"
