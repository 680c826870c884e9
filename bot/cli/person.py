"""`promptbook person`: what is held about people, and their rights, for those who cannot reach the bot."""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.cli.console import ExitCode, HomeOption, JsonOption, errors, fail, kept_home, settings_for
from bot.domain.consent import Scope

if TYPE_CHECKING:
    from bot.home.places import Home
    from bot.store.records import Person

person = typer.Typer(no_args_is_help=True, help="People: what is held about them, and what they ask you to do with it.")

Who = Annotated[list[str], typer.Argument(metavar="WHO...", help="Accounts (their numbers) or pseudonyms (spk_...).")]
Reason = Annotated[str, typer.Option(help="Why you do it for them; kept in the database.", prompt="Why")]

_LOOK_SECONDS: Final = 1.0
_TELL_SECONDS: Final = 10.0


@person.command("list")
def list_people(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List everyone: pseudonym, account, recordings, minutes, ratings, consents in force."""
    from bot.store.personal import people_held
    from bot.store.stillness import still

    kept = _home(home)
    with _sentences(), still(kept.database) as store:
        rows = people_held(store)
    if as_json:
        typer.echo(json.dumps({"people": rows}))
        return
    for row in rows:
        account = row["discord_user_id"] or "-"
        state = f"  {row['erasure']}" if row["erasure"] else ""
        held = f"{row['tracks']:>5} tracks {row['minutes']:>7.1f} min {row['ratings']:>5} ratings"
        typer.echo(f"{row['pseudonym']}  {account:<20}{held}{row['consents']:>4} consents{state}")


@person.command()
def show(who: Who, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show how much of each kind is held about people, and what they consent to."""
    from bot.store.personal import personal_tables, scopes_given
    from bot.store.stillness import still

    kept = _home(home)
    with _sentences():
        found = _people(kept, who)
        with still(kept.database) as store:
            told = [
                {
                    "pseudonym": one.pseudonym,
                    "discord_user_id": one.discord_user_id,
                    "since": one.created_at,
                    "held": {name: len(rows) for name, rows in personal_tables(store, one.person_id).items()},
                    "consents": [scope.value for scope in scopes_given(store, one)],
                }
                for one in found
            ]
    if as_json:
        typer.echo(json.dumps({"people": told}))
        return
    for one in told:
        typer.echo(f"{one['pseudonym']}  {one['discord_user_id']}  since {one['since']}")
        typer.echo(f"  consents: {', '.join(one['consents']) or 'none'}")
        for name, count in one["held"].items():
            if count:
                typer.echo(f"  {name}: {count}")


@person.command("export")
def export_people(
    who: Who,
    reason: Reason,
    out: Annotated[Path, typer.Option(help="The folder for the files, one ZIP per person.")] = Path(),
    home: HomeOption = None,
) -> None:
    """Write each person's own copy of everything that is held about them: sound, tables, consents. One ZIP each."""
    from bot.rights.operating import copy_for

    kept = _home(home)
    with _sentences():
        for one in _people(kept, who):
            made = copy_for(kept, one, out / f"{one.pseudonym}.zip", _checked(reason))
            missing = f"; {len(made.missing)} files are missing" if made.missing else ""
            typer.echo(f"{made.recordings} recordings, {made.size_bytes / 1024**2:.1f} MiB{missing}: {made.path}")


@person.command()
def withdraw(
    who: Who,
    reason: Reason,
    scope: Annotated[list[Scope] | None, typer.Option(help="Only this consent. Can be repeated; default: all.")] = None,
    home: HomeOption = None,
) -> None:
    """Withdraw people's consents on all servers. A running bot takes it in within seconds."""
    from bot.rights.operating import withdraw_for

    kept = _home(home)
    with _sentences():
        for one in _people(kept, who):
            count = withdraw_for(kept, one, scope or list(Scope), _checked(reason))
            typer.echo(f"{one.pseudonym}: {count} consents withdrawn.")


@person.command()
def erase(
    who: Who,
    reason: Reason,
    name: Annotated[
        list[str] | None, typer.Option(help="A name to be taken out of notes and other texts. Can be repeated.")
    ] = None,
    keep_ratings: Annotated[
        bool, typer.Option("--keep-ratings", help="Keep what they said about others, without them.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    home: HomeOption = None,
) -> None:
    """Erase everything about people, and wait until it is done. It cannot be undone.

    If a bot is running, it does it: recordings go when their take is over. If this command is ended, the erasure goes
    on, in a running bot or at its next start.
    """
    from bot.rights.operating import ask_for

    kept = _home(home)
    with _sentences():
        found = _people(kept, who)
        if not yes:
            named = ", ".join(f"{one.pseudonym} ({one.discord_user_id})" for one in found)
            typer.confirm(f"Erase everything that is held about {named}? This cannot be undone.", abort=True)
        for one in found:
            ask_for(kept, one, _checked(reason), tuple(name or ()), keeps_ratings=keep_ratings)
        _finish(kept)
    for one in found:
        typer.echo(f"{one.pseudonym}: erased.")
    typer.echo(f"What holders of your datasets must delete: {kept.revoked}")


def _finish(home: Home) -> None:
    """Do what is left of all erasures, or wait until a running bot has done it."""
    from bot.home.errors import HomeUnusable
    from bot.home.lock import held_home
    from bot.home.privacy import private_files
    from bot.rights.asking import waiting_erasures
    from bot.rights.errors import NotYet
    from bot.rights.operating import now
    from bot.rights.steps import do_all_steps

    told_at = 0.0
    while waiting := waiting_erasures(home):
        if time.monotonic() - told_at >= _TELL_SECONDS:
            told_at = time.monotonic()
            errors.print(f"Erasing: {waiting[0].pseudonym}, {waiting[0].done or 'begun'}", soft_wrap=True)
        try:
            with held_home(home), private_files():
                for erasure in waiting:
                    do_all_steps(home, erasure.erasure_id, now())
        except (HomeUnusable, NotYet):
            # A bot is running, and does it; or an export is, which ends.
            time.sleep(_LOOK_SECONDS)


def _home(home: Path | None) -> Home:
    from bot.home.privacy import private_files
    from bot.store.migrating import migrate

    kept = kept_home(settings_for(home))
    with _sentences(), private_files():
        migrate(kept.database, kept.backups)
    return kept


def _people(home: Home, who: Sequence[str]) -> list[Person]:
    from bot.rights.operating import find_in

    found = {one: find_in(home, one) for one in who}
    if unknown := [one for one, known in found.items() if known is None]:
        fail(
            ExitCode.FAILED,
            f"No one here has the account or pseudonym {', '.join(unknown)}, or they have been erased. Nothing was "
            "done; see 'promptbook person list'.",
        )
    return list({one.person_id: one for one in found.values() if one}.values())


def _checked(reason: str) -> str:
    if not 1 <= len(reason.strip()) <= 500:
        fail(ExitCode.FAILED, "The reason must have 1 to 500 characters.")
    return reason.strip()


@contextmanager
def _sentences() -> Generator[None]:
    from bot.home.errors import HomeHopeless, HomeUnusable
    from bot.store.errors import DatabaseUnusable

    try:
        yield
    except HomeHopeless as error:
        fail(ExitCode.SETTINGS, str(error))
    except (HomeUnusable, DatabaseUnusable) as error:
        fail(ExitCode.DATABASE, str(error))
    except OSError as error:
        fail(ExitCode.FAILED, f"A file cannot be read or written ({error}). Check the disk's space and permissions.")
