"""Claims about a rough evening: what is kept while the bot hears, and what is said about it while it cannot."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.domain.ids import UserId
from bot.domain.states import HoleCause
from bot.embedded.journal import read_journal
from bot.home.places import Home
from bot.rehearsal.checking.claims import Case, Check, Claim, seconds
from bot.rehearsal.checking.evidence import TakeLeft, TrackLeft
from bot.rehearsal.checking.story import TakePlayed
from bot.store.records import Hole
from bot.wire.ogg import read_packets

EDGE_SECONDS = 0.3
"""What is sent this close to a disturbance, or to a take's start and end, may be on either side of it."""

HEALED_SECONDS = {"deafened": 0.5, "connection": 0.5, "undecryptable": 1.0, "moved": 0.5}
"""How long after a disturbance something may still be missing, by its cause."""

SWITCH_SECONDS, SWITCH_FRAMES = 1.0, 2
"""How many frames per performer a change of the voice server may cost without a hole, and how long it may take."""

TOLD_SECONDS = 6.0

_BLAMED = re.compile(r"<@\d+>[^\n]*(no sound|not heard)")


def frames_are_kept(home: Path, logs: Path) -> Check:
    """Return the check of every frame that the cast sent, which reads the tracks of a home folder."""

    def check(case: Case) -> Claim:
        claim = Claim(
            "Every frame that could be decrypted is kept, and every other one lies in a hole with its cause, but for "
            "two per performer where the voice server changes."
        )
        sent = _sent(logs)
        for take, left in _recorded(case):
            changes = [one["since"] for one in _disturbances(case, take) if one["cause"] == HoleCause.CONNECTION]
            for track in case.left.tracks:
                if track.take_id == left.take_id:
                    frames = sent.get(track.discord_user_id, [])
                    _check_track(claim, case, take, track, Home(home).track(track.path), frames, changes)
        return claim

    return check


def _check_track(
    claim: Claim,
    case: Case,
    take: TakePlayed,
    track: TrackLeft,
    path: Path,
    frames: Sequence[tuple[float, bytes]],
    changes: Sequence[float],
) -> None:
    packets = {packet.data for packet in read_packets(path.read_bytes())}
    own = [
        hole for hole in case.left.holes if hole.take_id == track.take_id and hole.person_id in (None, track.person_id)
    ]
    spent: Counter[float] = Counter()
    for at, opus in frames:
        if not take.started_at + EDGE_SECONDS < at < take.ended_at - EDGE_SECONDS:
            continue
        is_there = opus in packets or any(_covers(hole, at - take.started_at) for hole in own)
        change = next((since for since in changes if since <= at <= since + SWITCH_SECONDS), None)
        if not is_there and change is not None and spent[change] < SWITCH_FRAMES:
            spent[change] += 1
            is_there = True
        claim.check(
            is_there, f"{take}: {track.discord_user_id} lacks a frame sent {at - take.started_at:.2f} s into it"
        )


def holes_have_their_causes(case: Case) -> Claim:
    """Each disturbance that silenced someone has its hole, and no hole is anywhere else."""
    claim = Claim("Every disturbance is a hole with its cause, which ends soon after it, and there is no other hole.")
    for take, left in _recorded(case):
        noted = _disturbances(case, take)
        holes = [one for one in case.left.holes if one.take_id == left.take_id]
        for one in noted:
            found = [hole for hole in holes if _is_of(hole, one, take)]
            # A region whose server was named before the close may cost nothing.
            claim.check(bool(found) or one["cause"] == HoleCause.CONNECTION, f"{take}: no hole for {one['cause']}")
            for hole in found:
                late_s = max(take.started_at + seconds(hole.end_samples) - one["until"], 0.0)
                claim.check_time(late_s, HEALED_SECONDS[one["cause"]], f"{take}: the end of {one['cause']}")
        for hole in holes:
            at = f"{seconds(hole.start_samples):.2f} s"
            claim.check(any(_is_of(hole, one, take) for one in noted), f"{take}: a hole ({hole.cause}) at {at}")
    return claim


def changes_are_on_the_panel(case: Case) -> Claim:
    """The coordinator saw every change within six seconds."""
    claim = Claim("Every change was on the panel within 6 s.")
    for told in case.story.kinds["panel_told"]:
        claim.check_time(told["seconds"], TOLD_SECONDS, told["what"])
    return claim


def no_one_was_blamed(case: Case) -> Claim:
    """While the bot itself could not hear, no one was named for it."""
    claim = Claim("No one was named for what was the bot's.")
    for one in case.story.kinds["disturbed"]:
        for seen in case.story.kinds["message_seen"]:
            if one["since"] <= seen["t"] <= one["until"]:
                blamed = _BLAMED.search(seen["text"])
                claim.check(blamed is None, f"{one['cause']}: {blamed and blamed[0]}")
    return claim


def _recorded(case: Case) -> Iterator[tuple[TakePlayed, TakeLeft]]:
    for take in case.story.takes:
        left = case.take_left(take.scene, take.number)
        if left is not None:
            yield take, left


def _disturbances(case: Case, take: TakePlayed) -> list[dict[str, Any]]:
    return [one for one in case.story.kinds["disturbed"] if (one["scene"], one["take"]) == (take.scene, take.number)]


def _sent(logs: Path) -> dict[UserId, list[tuple[float, bytes]]]:
    sent: dict[UserId, list[tuple[float, bytes]]] = {}
    for entry in read_journal(logs / "cast.jsonl", "frame_sent"):
        if not entry["silence"]:
            sent.setdefault(entry["user_id"], []).append((entry["t"], bytes.fromhex(entry["opus"])))
    return sent


def _covers(hole: Hole, at_seconds: float) -> bool:
    return seconds(hole.start_samples) - EDGE_SECONDS <= at_seconds <= seconds(hole.end_samples) + EDGE_SECONDS


def _is_of(hole: Hole, disturbed: dict[str, Any], take: TakePlayed) -> bool:
    """Whether a hole has the cause of a disturbance, or the loss of the connection that it brought, and its time."""
    start, end = take.started_at + seconds(hole.start_samples), take.started_at + seconds(hole.end_samples)
    since, until = disturbed["since"] - EDGE_SECONDS, disturbed["until"] + 2.0
    return hole.cause in (disturbed["cause"], HoleCause.CONNECTION) and start < until and end > since
