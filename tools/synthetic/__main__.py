"""Make exports of a synthetic company, and the truth about it from SQL: `python -m tools.synthetic FOLDER`.

`FOLDER/dataset` is Parquet, `FOLDER/files` playable files, `FOLDER/truth.json` what both must say.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.config import PROJECT_FOLDER
from bot.dataset.export import ExportOrder, export_dataset
from bot.dataset.model.options import Layout, Options
from bot.domain.consent import Scope
from bot.domain.ids import PersonId, TakeId
from bot.services.facts.library import Library
from bot.store.cues import add_cue
from bot.store.materials import keep_emotion_set, keep_instrument
from tools.synthetic.session import PERFORMER_SCOPES, Troupe, open_troupe, play_evening
from tools.synthetic.truth import write_truth

_LIBRARY = Library(PROJECT_FOLDER / "data")
_VOICE = json.dumps({"temperament": "is never in a hurry", "pitch": "low", "pace": "slow"})
_UNRATED = """
    INSERT INTO turns (track_id, number, start_samples, end_samples, clip_start_samples, clip_end_samples,
                       is_for_rating, found_by, method)
    SELECT track_id, 2, 120000, 144000, 115200, 148800, 0, 'level', 'silero-1' FROM tracks
"""


async def make_exports(folder: Path) -> None:
    """Export two evenings of six performers, one of whom has withdrawn, with a rater in the audience."""
    shutil.rmtree(folder, ignore_errors=True)
    troupe = await open_troupe(folder / "home")
    try:
        performers = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(6)]
        audience = await troupe.add_person(Scope.PEER_RATING)
        await play_evening(troupe, performers[:4], [audience])
        await play_evening(troupe, performers[2:], [])
        await troupe.add_take(troupe.sessions[0], performers[:4], state="void")
        await _enrich(troupe, performers)
        await troupe.withdraw(performers[5], Scope.STORE_AND_REVIEW)
        await troupe.withdraw(performers[4], Scope.PEER_RATING)
    finally:
        await troupe.database.close()
    for name, layout in (("dataset", Layout.PARQUET), ("files", Layout.AUDIOFOLDER)):
        options = Options(layout, has_dialogues=True, has_notes=True)
        export_dataset(ExportOrder(troupe.database.path, troupe.home, folder / name, troupe.sessions, options), jobs=2)
    write_truth(troupe.database.path, folder / "truth.json")


async def _enrich(troupe: Troupe, performers: Sequence[PersonId]) -> None:
    """Add what only some evenings have: turns that no one rates, an arc with its cue, a hole, words on cards."""
    async with troupe.database.transaction() as tx:
        await tx.execute(_UNRATED)
        emotions = await keep_emotion_set(tx, _LIBRARY.emotion_set("basic"))
        instrument = await keep_instrument(tx, _LIBRARY.instrument("core"))
        await tx.execute("UPDATE scenes SET emotion_set_sha256 = ?, place = 'A kitchen', roles = '[\"a\"]'", emotions)
        await tx.execute("UPDATE sessions SET instrument_sha256 = ?, ratings_wanted = 3", instrument)
        await tx.execute(
            "UPDATE castings SET character_name = 'Slow River', voice_direction = ?, emotion_direction = 'Let it out.'",
            _VOICE,
        )
        await tx.execute("UPDATE castings SET second_emotion = 'disgust', second_intensity = 3 WHERE casting_id = 1")
        casting_id = await tx.fetch_value("SELECT min(casting_id) FROM castings")
        await add_cue(tx, TakeId(1), casting_id, "coordinator", 96_000)
        await tx.insert("holes", take_id=2, cause="connection", start_samples=200_000, end_samples=240_000)
        await tx.insert(
            "notes",
            session_id=troupe.sessions[0],
            scene_id=1,
            take_id=1,
            position_samples=96_000,
            text="A real laugh",
            written_at="2026-11-22T19:30:00.000Z",
        )


if __name__ == "__main__":
    asyncio.run(make_exports(Path(sys.argv[1])))
