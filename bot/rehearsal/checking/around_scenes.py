"""Claims about what is around the scenes: calibrations and replays are kept as their own kind, interludes nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.domain.ids import SessionId, UserId
from bot.domain.states import CalibrationPart, CalibrationPlace, CalibrationVoice, ReplayMode, TakeKind
from bot.embedded.journal import read_journal
from bot.home.places import Home
from bot.rehearsal.cast.calibration_cards import is_debrief_prompt
from bot.rehearsal.checking.claims import Case, Check, Claim
from bot.rehearsal.checking.evidence import CastingLeft
from bot.wire.ogg import read_packets

EDGE_SECONDS = 0.3
"""What is sent this close to the start or the end of a take may be on either side of it."""

LEAST_FOUND = 0.9
"""The share of the frames of takes that the same search must find: otherwise it proves nothing. The others were sent
while a take was paused for a dropout.
"""

_FIRST = 901
"""The number of the first calibration."""

_MODES = {"Other emotions": ReplayMode.EMOTIONS, "In gibberish": ReplayMode.GIBBERISH, "With one line": ReplayMode.LINE}


def around_checks(home: Path, logs: Path) -> tuple[Check, ...]:
    """Return the checks of what is around the scenes of an evening."""
    return (
        calibrations_are_kept,
        replays_are_kept,
        kinds_are_exported(home),
        interludes_leave_nothing(home, logs),
    )


def calibrations_are_kept(case: Case) -> Claim:
    """Each part that was dealt is a take of its kind, with a track of everyone in it and no target."""
    claim = Claim("Every part of a calibration is a take of its kind, by those who were asked, without a target.")
    first_scene = min((take.called_at for take in case.story.takes if take.scene < _FIRST), default=float("inf"))
    for dealt in case.story.kinds["calibration_dealt"]:
        left = case.take_left(dealt["scene"], 1)
        if left is None:
            claim.check(False, f"calibration {dealt['scene']} has no take")
            continue
        what = f"calibration {left.scene}"
        claim.check(left.kind is TakeKind.CALIBRATION, f"{what} is a {left.kind}")
        is_reading = len(dealt["users"]) == 1
        part = CalibrationPart.PASSAGE if is_reading else CalibrationPart.CHAT
        claim.check(left.calibration_part is part, f"{what} is kept as {left.calibration_part}")
        castings = _castings(case, left.scene)
        held = {casting.character is not None for casting in castings.values()}
        claim.check(held == {left.calibration_voice is CalibrationVoice.CHARACTER}, f"{what}: the voices are wrong")
        place = CalibrationPlace.BEGINNING if dealt["t"] < first_scene else CalibrationPlace.END
        claim.check(left.calibration_place is place, f"{what} is kept as one at the {left.calibration_place}")
        claim.check(set(case.tracks(left)) == set(dealt["users"]), f"{what} has other tracks than those asked")
        claim.check(all(one.target_emotion is None for one in castings.values()), f"{what} has a target")
    dealt = {one["scene"] for one in case.story.kinds["calibration_dealt"]}
    kept = {one.scene for one in case.left.takes if one.kind is TakeKind.CALIBRATION}
    claim.check(kept == dealt, f"calibrations {sorted(kept ^ dealt)} are only on one side")
    return claim


def replays_are_kept(case: Case) -> Claim:
    """Each replay names the take that it plays again, with the same people and roles, and changes what it says."""
    claim = Claim("Every replay names its take, has the same cast and roles, and changes only what it says.")
    for one in case.story.kinds["scene_replayed"]:
        left, earlier = case.take_left(one["scene"], 1), _last_take(case, one["of"])
        if left is None or earlier is None:
            claim.check(False, f"replay {one['scene']} has no take, or nothing to replay")
            continue
        what = f"replay {left.scene}"
        mode = _MODES[one["how"]]
        claim.check(
            (left.kind, left.replay_mode) == (TakeKind.REPLAY, mode), f"{what} is {left.kind}, {left.replay_mode}"
        )
        claim.check(left.replay_of == earlier, f"{what} replays take {left.replay_of}, not {earlier}")
        before, after = _castings(case, one["of"]), _castings(case, one["scene"])
        claim.check(before.keys() == after.keys(), f"{what} has another cast")
        for user in before.keys() & after.keys():
            claim.check(before[user].role == after[user].role, f"{what}: {user} has another role")
            felt, feels = _emotions(before[user]), _emotions(after[user])
            is_so = not felt & feels if mode is ReplayMode.EMOTIONS else felt == feels
            claim.check(is_so, f"{what}: {user} felt {sorted(felt)}, and now {sorted(feels)}")
    return claim


def _table(dataset: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of a table of a dataset."""
    return json.loads((dataset / "tables" / f"{name}.json").read_text("utf-8"))


def kinds_are_exported(home: Path) -> Check:
    """Return the check of the kinds in the dataset that was exported at the end."""

    def check(case: Case) -> Claim:
        claim = Claim(
            "Every kept take is in the dataset with its kind; no turn of a calibration has a target or rating."
        )
        exported = Home(home).export_folder([SessionId(1)])
        takes = {(one["scene"], one["take"]): one for one in _table(exported, "takes")}
        for left in case.left.takes:
            row = takes.get((left.scene, left.number))
            claim.check(row is not None and row["kind"] == left.kind, f"take {left.take_id} is exported as {row}")
            if row is not None and left.kind is TakeKind.CALIBRATION:
                kept = (left.calibration_part, left.calibration_voice, left.calibration_place)
                told = (row["calibration_part"], row["calibration_voice"], row["calibration_place"])
                claim.check(told == kept, f"take {left.take_id} is exported as {told}")
        turns = _table(exported, "turns")
        rated = {one["clip_id"] for one in _table(exported, "ratings")}
        plain = [one for one in turns if one["kind"] == TakeKind.CALIBRATION]
        claim.check(bool(plain), "no turn of a calibration is exported")
        for turn in plain:
            claim.check(turn["target_emotion"] is None, f"{turn['clip_id']} has a target")
            claim.check(turn["clip_id"] is not None and turn["clip_id"] not in rated, f"{turn['clip_id']} was rated")
        return claim

    return check


def interludes_leave_nothing(home: Path, logs: Path) -> Check:
    """Return the check that neither a frame nor a word of an interlude is in any file of the bot."""

    def check(case: Case) -> Claim:
        claim = Claim("Nothing that was said, written or read in warm-up, voice try-out and debrief is kept anywhere.")
        kept, others = _kept(home)
        over = {one["interlude"]: one["t"] for one in case.story.kinds["interlude_over"]}
        spans = [(one["t"], over[one["interlude"]]) for one in case.story.kinds["interlude_begun"]]
        takes = [
            (take.started_at + EDGE_SECONDS, take.ended_at - EDGE_SECONDS, take.cards) for take in case.story.takes
        ]
        found = played = 0
        for user, at, opus in _sent(logs):
            if any(since <= at <= until for since, until in spans):
                is_kept = opus in kept or any(opus in text for text in others)
                claim.check(not is_kept, f"a frame that {user} sent in an interlude is kept")
            elif any(since <= at <= until and user in cards for since, until, cards in takes):
                played += 1
                found += opus in kept
        claim.check(played > 0 and found >= LEAST_FOUND * played, f"of {played} frames of takes, {found} were found")
        others.append((logs / "bot.log").read_bytes())
        words = [one["words"] for one in case.story.kinds["interlude_begun"]]
        prompts = [
            one["text"].splitlines()[0] for one in case.story.kinds["message_seen"] if is_debrief_prompt(one["text"])
        ]
        claim.check(bool(prompts), "no one read anything in a debrief")
        for text in {*words, *prompts}:
            claim.check(not any(text.encode() in other for other in others), f"“{text}” is kept")
        read = {one["message_id"]: one["user_id"] for one in case.story.kinds["debrief_read"]}
        for message_id, user in read.items():
            claim.check(case.viewers.get(message_id) == user, f"what {user} read in the debrief was shown to others")
        return claim

    return check


def _kept(home: Path) -> tuple[set[bytes], list[bytes]]:
    """Return every packet of the recorded files, and the bytes of all other files."""
    packets: set[bytes] = set()
    others: list[bytes] = []
    for path in home.rglob("*"):
        if path.is_file() and path.suffix == ".opus":
            packets.update(packet.data for packet in read_packets(path.read_bytes()))
        elif path.is_file() and path.suffix not in (".flac", ".zip"):
            # Decoded sound holds no packets: it is made of the recorded files.
            others.append(path.read_bytes())
    return packets, others


def _sent(logs: Path) -> Iterator[tuple[UserId, float, bytes]]:
    for entry in read_journal(logs / "cast.jsonl", "frame_sent"):
        if not entry["silence"]:
            yield entry["user_id"], entry["t"], bytes.fromhex(entry["opus"])


def _castings(case: Case, scene: int) -> dict[UserId, CastingLeft]:
    return {one.discord_user_id: one for one in case.left.castings if one.scene == scene}


def _emotions(casting: CastingLeft) -> set[str]:
    return {one for one in (casting.target_emotion, casting.second_emotion) if one}


def _last_take(case: Case, scene: int) -> int | None:
    return max((one.take_id for one in case.left.takes if one.scene == scene and one.state == "cut"), default=None)
