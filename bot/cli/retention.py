"""`promptbook retention`: when which sound is deleted, and which consents end by themselves."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.console import HomeOption, JsonOption, kept_home, sentences, settings_for

if TYPE_CHECKING:
    from bot.home.places import Home


def retention(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show until when the sound of each session is kept, what was deleted at its date, and which consents end.

    The days are a setting of each server, in `/settings`. A running bot tells everyone on a recording two weeks before,
    and deletes it at its date.
    """
    from bot.home.privacy import private_files
    from bot.store.migrating import migrate

    kept = kept_home(settings_for(home))
    with sentences(), private_files():
        migrate(kept.database, kept.backups)
        found = _schedule(kept)
    if as_json:
        typer.echo(json.dumps(found))
        return
    for one in found["sessions"]:
        until = one["deletes_at"][:10] if one["deletes_at"] else "as long as people allow"
        told = ", announced" if one["is_announced"] else ""
        place = f"session {one['session']}  server {one['server']}  ended {one['ended_at'][:10]}"
        typer.echo(f"{place}  until {until}{told}")
    for one in found["deleted"]:
        typer.echo(f"session {one['session']}  deleted {one['done_at'][:10]}: {one['tracks']} tracks")
    for one in found["consents"]:
        typer.echo(f"{one['scope']}  server {one['server']}  ends {one['ends_at'][:10]}: {one['people']} people")


def _schedule(home: Home) -> dict[str, list[dict[str, Any]]]:
    from bot.live.ports import timestamp
    from bot.store.retention import consents_that_end, done_retentions, kept_sessions_in
    from bot.store.stillness import still

    now = datetime.now(UTC)
    with still(home.database) as store:
        return {
            "sessions": [
                {
                    "session": one.session_id,
                    "server": one.guild_id,
                    "scope": "store_and_review",
                    "ended_at": one.ended_at,
                    "deletes_at": (at := one.deletes_at(now)) and timestamp(at),
                    "is_announced": one.announced_for is not None,
                }
                for one in kept_sessions_in(store)
            ],
            "deleted": [
                {"session": session, "done_at": at, "tracks": tracks} for session, at, tracks in done_retentions(store)
            ],
            "consents": [
                {"scope": scope, "server": guild, "ends_at": at, "people": people}
                for scope, guild, at, people in consents_that_end(store, timestamp(now))
            ],
        }
