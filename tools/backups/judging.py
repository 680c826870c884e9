"""Restores a backup and compares it with what the cast said until the moment that it shows."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.backup.restoring import restore_backup
from bot.home.places import Home
from bot.store.checking import check_store
from tests.evening import an_evening
from tools.ground_truth import ogg_packets, read_lines
from tools.kills.loop import EDGE_SECONDS, MOST_LOST_SECONDS, decoding_faults, kept_frames, stored

if TYPE_CHECKING:
    from tools.backups.loop import Archive


@dataclass(frozen=True)
class Judged:
    """What was found in one backup. `lost_seconds` is from the first lost frame to the last one, in the worst track.

    `moment_seconds` is the moment that it shows, since the take's start; `is_inside`: the take was being recorded then.
    """

    moment_seconds: float
    is_inside: bool
    took_seconds: float
    tracks: int
    lost_seconds: float
    faults: list[str]


async def judge(archive: Archive, folder: Path, logs: Path, started_at: float, cut_at: float) -> Judged:
    """Restore a backup into a home of its own, start on it, and look for what is missing or does not agree."""
    if archive.exit_code:
        return Judged(0.0, False, archive.took_seconds, 0, 0.0, [f"backup failed: {archive.told}"])
    home = Home(folder / f"{archive.path.stem}-home")
    done = await asyncio.to_thread(restore_backup, archive.path, home, lambda *_: None)
    made_at = datetime.fromisoformat(done.manifest.made_at).timestamp() - (time.time() - time.monotonic())
    checked = check_store(home.database)
    faults = [f"the database is damaged: {fault}" for fault in checked.faults]
    faults += [f"{path} is missing" for path in checked.tracks if not home.track(path).exists()]
    async with an_evening(home.folder):
        pass  # what the bot does first: it closes takes that were running
    original = Home(folder / "home")
    told, lost, tracks = _compare(home.folder, original, logs, started_at, min(made_at, cut_at))
    return Judged(
        round(made_at - started_at, 2),
        started_at < made_at < cut_at,
        archive.took_seconds,
        tracks,
        round(lost, 3),
        faults + told,
    )


def _compare(home: Path, original: Home, logs: Path, started_at: float, until: float) -> tuple[list[str], float, int]:
    integrity, takes, rows = stored(home)
    faults = [] if integrity == "ok" else ["the database is damaged after the start"]
    if any(take["state"] not in ("cut", "void") for take in takes):
        faults.append(f"takes are {[take['state'] for take in takes]}")
    on_disk = {path.relative_to(home).as_posix() for path in (home / "recordings").rglob("*.*")}
    if on_disk != {row["path"] for row in rows}:
        faults.append(f"files and tracks differ: {on_disk ^ {row['path'] for row in rows}}")
    frames = [one for one in read_lines(logs / "cast.jsonl") if one["kind"] == "frame_sent" and not one["silence"]]
    lost = 0.0
    for row in rows:
        faults += decoding_faults(home / row["path"], row["duration_samples"])
        mine = [one for one in frames if one["user_id"] == row["discord_user_id"] and started_at <= one["t"] <= until]
        if sent := _since_recorded(mine, original.track(row["path"])):
            told, gone = kept_frames(home / row["path"], sent)
            faults += told
            lost = max(lost, gone)
    kept = {row["discord_user_id"] for row in rows}
    if missing := _early_speakers(logs, started_at, until) - kept:
        faults.append(f"{len(missing)} who spoke have no track")
    return faults, lost, len(rows)


def _since_recorded(frames: list[dict[str, Any]], track: Path) -> list[dict[str, Any]]:
    """Leave out what the bot itself has not recorded: on a busy machine, a take can begin late."""
    recorded = set(ogg_packets(track.read_bytes()))
    return list(dropwhile(lambda one: bytes.fromhex(one["opus"]) not in recorded, frames))


def _early_speakers(logs: Path, started_at: float, until: float) -> set[int]:
    """Who consented to be recorded and spoke before what may be missing."""
    entries = list(read_lines(logs / "cast.jsonl"))
    asked = {one["user_id"] for one in entries if one["kind"] == "consented" and "record" in one["scopes"]}
    frames = [one for one in entries if one["kind"] == "frame_sent" and not one["silence"]]
    since, before = started_at + EDGE_SECONDS, until - MOST_LOST_SECONDS - EDGE_SECONDS
    return {one["user_id"] for one in frames if since <= one["t"] <= before} & asked
