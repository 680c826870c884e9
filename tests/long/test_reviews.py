"""A turn that its performer left out is not rated, not exported, and silent where it was; nothing else changes."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import soundfile

from bot.dataset.export import ExportOrder, export_dataset
from bot.dataset.model.options import Options
from bot.dataset.sound.orders import Audio
from bot.dataset.verifying.verify import verify
from bot.domain.ids import PersonId
from bot.domain.states import Verdict
from bot.rights.retention import end_retention
from bot.store.ratings import turns_to_rate, unjudged_turns
from bot.store.reviews import OwnTurn, add_review, let_raters_wait, unreviewed_turns
from tools.synthetic.session import NOW, PERFORMER_SCOPES, Troupe, open_troupe, play_evening


@pytest.fixture
async def troupe(tmp_path: Path) -> AsyncGenerator[Troupe]:
    troupe = await open_troupe(tmp_path / "home")
    people = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(3)]
    await play_evening(troupe, people, [])
    yield troupe
    await troupe.database.close()


def export(troupe: Troupe, name: str, **options: Any) -> Path:
    out = troupe.home.folder.parent / name
    return export_dataset(
        ExportOrder(troupe.database.path, troupe.home, out, troupe.sessions, Options(has_dialogues=True, **options))
    ).path


def clips(out: Path) -> set[str]:
    return {one for path in out.glob("data/turns/*.parquet") for one in pq.read_table(path)["clip_id"].to_pylist()}


async def leave_one_out(troupe: Troupe) -> OwnTurn:
    turn, *_ = await unreviewed_turns(troupe.database, PersonId(1))
    async with troupe.database.transaction() as tx:
        await add_review(tx, turn, Verdict.LEAVE_OUT, NOW)
    return turn


async def test_what_is_left_out_is_in_no_later_dataset_and_silent_on_its_track(troupe: Troupe):
    before = export(troupe, "before")
    turn = await leave_one_out(troupe)
    out = export(troupe, "after")
    (gone,) = clips(before) - clips(out)
    assert "spk_00000001" in gone
    assert clips(out) < clips(before)
    changed = {
        path.relative_to(before).as_posix()
        for folder in ("tracks", "mixes", "dialogues")
        for path in (before / folder).iterdir()
        if path.read_bytes() != (out / folder / path.name).read_bytes()
    }
    take = gone.rsplit("_spk", 1)[0]
    assert {name.split("/")[0] for name in changed} == {"tracks", "mixes", "dialogues"}
    assert all(take in name for name in changed)
    (track,) = (name for name in changed if name.startswith("tracks/"))
    was, now = (soundfile.read(one / track, dtype="float32")[0] for one in (before, out))
    start, end = turn.clip_start_samples, turn.clip_end_samples
    assert np.abs(was[start:end]).max() > 0.01
    assert np.abs(now[start:end]).max() == 0
    assert np.array_equal(np.delete(was, np.s_[start:end]), np.delete(now, np.s_[start:end]))
    assert verify(out).wrong == []


async def test_packets_that_cannot_be_silenced_stay_out_with_their_track(troupe: Troupe):
    turn = await leave_one_out(troupe)
    out = export(troupe, "opus", audio=Audio.OPUS)
    place = f"scene{turn.scene_number:02}_take{turn.take_number:02}_spk_00000001"
    assert not [path for path in (out / "tracks").iterdir() if place in path.name]
    assert verify(out).wrong == []


async def test_raters_get_neither_what_is_left_out_nor_what_is_to_be_heard_first(troupe: Troupe):
    (session,), rater, anna = troupe.sessions, PersonId(2), PersonId(1)
    async with troupe.database.transaction() as tx:
        await tx.execute("DELETE FROM trials")

    async def offered(to: PersonId) -> set[int]:
        found = await unjudged_turns(troupe.database, session, to)
        assert {one.turn_id for one in found} == {one.turn_id for one in await turns_to_rate(troupe.database, session)}
        return {one.turn_id for one in found if one.performer_id == anna}

    everything = await offered(rater)
    turn = await leave_one_out(troupe)
    assert await offered(rater) == everything - {turn.turn_id}
    async with troupe.database.transaction() as tx:
        await let_raters_wait(tx, anna, NOW, wait=True)
    assert await offered(rater) == set()
    kept, *_ = await unreviewed_turns(troupe.database, anna)
    async with troupe.database.transaction() as tx:
        await add_review(tx, kept, Verdict.KEEP, NOW)
    assert await offered(rater) == {kept.turn_id} & everything
    async with troupe.database.transaction() as tx:
        await let_raters_wait(tx, anna, NOW, wait=False)
    assert await offered(rater) == everything - {turn.turn_id}
    assert end_retention(troupe.home, session, NOW) > 0, "reviews do not keep sound from being deleted"
