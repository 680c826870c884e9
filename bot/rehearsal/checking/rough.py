"""Claims about a rough evening: what is kept while the bot hears, and what is said about it while it cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.domain.ids import UserId
from bot.domain.states import HoleCause
from bot.embedded.journal import read_journal
from bot.home.places import Home
from bot.rehearsal.checking.claims import Case, Check, Claim, seconds
from bot.rehearsal.checking.evidence import TakeLeft
from bot.rehearsal.checking.story import TakePlayed
from bot.store.records import Hole
from bot.wire.ogg import read_packets

EDGE_SECONDS = 0.3
"""What is sent this close to a disturbance, or to a take's start and end, may be on either side of it."""

HEALED_SECONDS = {"deafened": 0.5, "connection": 0.5, "undecryptable": 1.0, "moved": 0.5}
"""How long after a disturbance something may still be missing, by its cause."""

TOLD_SECONDS = 6.0

_BLAMED = re.compile(r"<@\d+>[^\n]*(no sound|not heard)")


def frames_are_kept(home: Path, logs: Path) -> Check:
    """Return the check of every frame that the cast sent, which reads the tracks of a home folder."""

    def check(case: Case) -> Claim:
        claim = Claim("Every frame that could be decrypted is kept, and every other one lies in a hole with its cause.")
        sent = _sent(logs)
        for take, left in _recorded(case):
            tracks = [one for one in case.left.tracks if one.take_id == left.take_id]
            holes = [one for one in case.left.holes if one.take_id == left.take_id]
            for track in tracks:
                packets = {packet.data for packet in read_packets(Home(home).track(track.path).read_bytes())}
                own = [hole for hole in holes if hole.person_id in (None, track.person_id)]
                for at, opus in sent.get(track.discord_user_id, ()):
                    if take.started_at + EDGE_SECONDS < at < take.ended_at - EDGE_SECONDS:
                        is_marked = any(_covers(hole, at - take.started_at) for hole in own)
                        told = (
                            f"{take}: {track.discord_user_id} lacks a frame sent {at - take.started_at:.2f} s into it"
                        )
                        claim.check(opus in packets or is_marked, told)
        return claim

    return check


def holes_have_their_causes(case: Case) -> Claim:
    """Each disturbance that silenced someone has its hole, and no hole is anywhere else."""
    claim = Claim("Every disturbance is a hole with its cause, which ends soon after it, and there is no other hole.")
    for take, left in _recorded(case):
        noted = [
            one for one in case.story.kinds["disturbed"] if (one["scene"], one["take"]) == (take.scene, take.number)
        ]
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
