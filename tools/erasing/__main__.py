"""Builds a home folder with hours of sound per performer, and measures a personal copy and each step of an erasure."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.audio import sound
from bot.domain.erasing import Asker, ErasureStep, ErasureWish
from bot.domain.ids import PersonId
from bot.home.places import Home
from bot.rights.asking import ask_erasure_of
from bot.rights.operating import find_in
from bot.rights.personal_copy import write_personal_parts
from bot.rights.steps import do_step
from bot.samples import SAMPLE_RATE_HZ
from bot.store.writing import BlockingTransaction, writing
from tools.erasing.killing import kill_everywhere
from tools.synthetic.session import NOW, PERFORMER_SCOPES, open_troupe

TAKE_SECONDS = 360
TURNS, RATINGS = 60, 5
PERFORMERS = 4
UPLOAD_BYTES = 10 * 1024**2


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=10.0, help="sound per performer")
    parser.add_argument("--kills", action="store_true", help="kill an erasure before each thing that it does instead")
    given = parser.parse_args()
    if given.kills:
        sys.exit(bool(kill_everywhere()))
    hours: float = given.hours
    with tempfile.TemporaryDirectory(prefix="promptbook-erasing-") as folder:
        home, people = asyncio.run(_build(Path(folder, "home"), round(hours * 3600 / TAKE_SECONDS)))
        _copy(home, people[0])
        _erase(home, people[0])


async def _build(folder: Path, takes: int) -> tuple[Home, Sequence[str]]:
    troupe = await open_troupe(folder)
    people = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(PERFORMERS)]
    session = await troupe.add_session(people[0])
    await troupe.database.close()
    random = np.random.default_rng(7)
    noise = folder / "noise.opus"
    sound.write_ogg_opus(noise, (0.1 * random.standard_normal(TAKE_SECONDS * SAMPLE_RATE_HZ)).astype(np.float32))
    with writing(troupe.home.database) as tx:
        for number in range(1, takes + 1):
            _add_take(tx, troupe.home, session, number, people, noise)
    noise.unlink()
    size = sum(path.stat().st_size for path in troupe.home.recordings.rglob("*.opus"))
    stored = troupe.home.database.stat().st_size
    print(f"{takes} takes, {PERFORMERS} performers: {size / 1e6:.0f} MB of tracks, database {stored / 1e6:.1f} MB")
    return troupe.home, [f"spk_{number:08x}" for number in range(1, PERFORMERS + 1)]


def _add_take(
    tx: BlockingTransaction, home: Home, session: int, number: int, people: Sequence[PersonId], noise: Path
) -> None:
    scene = tx.execute(
        "INSERT INTO scenes (session_id, number, prompt_id, prompt_title, prompt_text, dealt_at) "
        "VALUES (?, ?, 'lost_keys', 'Lost keys', 'Somebody has the keys.', ?)",
        *(session, number, NOW),
    )
    samples = TAKE_SECONDS * SAMPLE_RATE_HZ
    take = tx.execute(
        "INSERT INTO takes (scene_id, number, state, called_at, started_at, cut_at, cut_reason, duration_samples) "
        "VALUES (?, 1, 'cut', ?, ?, ?, 'coordinator', ?)",
        *(scene, NOW, NOW, NOW, samples),
    )
    for person in people:
        path = home.take_folder(session, number, 1) / f"spk_{person:08x}.opus"  # type: ignore[arg-type]
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(noise, path)
        track = tx.execute(
            "INSERT INTO tracks (take_id, person_id, path, duration_samples, received_frames, concealed_frames, "
            "speech_samples) VALUES (?, ?, ?, ?, 0, 0, 0)",
            *(take, person, home.relative(path), samples),
        )
        _add_turns(tx, track, [one for one in people if one != person])


_ANSWERS = {"emotion": "joy", "intensity": 2, "valence": 4, "arousal": 3, "authenticity": 5}


def _add_turns(tx: BlockingTransaction, track: int, raters: Sequence[PersonId]) -> None:
    length = TAKE_SECONDS * SAMPLE_RATE_HZ // TURNS
    for number in range(TURNS):
        start, end = number * length, (number + 1) * length
        turn = tx.execute(
            "INSERT INTO turns (track_id, number, start_samples, end_samples, clip_start_samples, clip_end_samples, "
            "is_for_rating, found_by, method) VALUES (?, ?, ?, ?, ?, ?, 1, 'voice', 'silero-1')",
            *(track, number + 1, start, end, start, end),
        )
        for rater, _ in zip(raters, range(RATINGS), strict=False):
            trial = tx.execute(
                "INSERT INTO trials (session_id, kind, rater_id, turn_id, number, is_partner, knew_prompt, "
                "answered_at, token) "
                "SELECT session_id, 'turn', ?, ?, ?, 1, 1, ?, hex(randomblob(10)) FROM sessions LIMIT 1",
                *(rater, turn, turn, NOW),
            )
            for item, value in _ANSWERS.items():
                tx.execute("INSERT INTO answers (trial_id, item, value) VALUES (?, ?, ?)", trial, item, value)


def _copy(home: Home, pseudonym: str) -> None:
    person = find_in(home, pseudonym)
    assert person is not None
    began = time.monotonic()
    parts = write_personal_parts(home, person, home.folder.parent / "copy.zip", UPLOAD_BYTES)
    took, size = time.monotonic() - began, sum(part.size_bytes for part in parts)
    left_out = len(parts[0].missing)
    print(f"copy: {len(parts)} parts, {size / 1e6:.0f} MB, {left_out} recordings left out: {took:.1f} s")


def _erase(home: Home, pseudonym: str) -> None:
    wish = ErasureWish(Asker.OPERATOR, NOW, names=("Wilhelmina",))
    begun, total = ask_erasure_of(home, pseudonym, wish), 0.0
    assert begun is not None
    for step in ErasureStep:
        began = time.monotonic()
        do_step(home, begun.erasure_id, step, NOW)
        total += time.monotonic() - began
        print(f"{step}: {time.monotonic() - began:.2f} s")
    left = {path.stem for path in home.recordings.rglob("*.opus")}
    print(f"erasure: {total:.1f} s; tracks are left of {len(left)} performers")


if __name__ == "__main__":
    main()
