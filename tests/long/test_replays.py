"""Replays: the same people in the same roles, with one thing changed; stored with the take that is played again."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from bot.dataset.export import export_dataset
from bot.dataset.model.options import Layout, Options
from bot.domain import errors
from bot.domain.consent import TO_RATE
from bot.domain.limits import LimitKind
from bot.domain.states import CalibrationPart, ReplayMode, TakeKind
from bot.live.session import LiveSession
from bot.services.exports import plan_export
from bot.store.history import history_of, read_played
from bot.store.people import people_among
from bot.store.scenes import castings_of
from bot.ui.texts.card import card_text
from tests.evening import AUDIENCE, GOOD_ANSWERS, GUILD, PERFORMERS, Evening

PART = ("role", "want", "character", "target_emotion", "target_intensity", "second_emotion", "cue_cause", "shift")


async def parts(evening: Evening, scene: int) -> list[dict[str, Any]]:
    sql = "SELECT castings.* FROM castings JOIN scenes USING (scene_id) WHERE number = ? ORDER BY person_id"
    return [dict(row) for row in await evening.database.fetch_all(sql, scene)]


async def play_again(evening: Evening, session: LiveSession, mode: ReplayMode, seconds: float = 4.0) -> None:
    await evening.services.replays.deal(session, mode)
    await evening.services.takes.start(session, monotonic() - evening.settings.countdown_seconds - seconds)
    evening.everyone_speaks(seconds - 1)
    await evening.services.cuts.cut(session, evening.booth.started_at + seconds)


@pytest.mark.parametrize("mode", [ReplayMode.GIBBERISH, ReplayMode.LINE])
async def test_only_the_words_change(evening: Evening, mode: ReplayMode):
    session = await evening.open()
    await evening.play(session)
    dealt = await evening.services.replays.deal(session, mode)
    assert set(dealt.discord_user_ids) == set(PERFORMERS)
    before, after = await parts(evening, 1), await parts(evening, 2)
    own = ("casting_id", "scene_id", "card_seen_at")
    assert [{k: v for k, v in one.items() if k not in own} for one in after] == [
        {k: v for k, v in one.items() if k not in own} for one in before
    ]
    take = await evening.value("SELECT take_id FROM takes")
    scene = dealt.scene
    assert (scene.kind, scene.replay_mode, scene.replay_of) == (TakeKind.REPLAY, mode, take)
    card = card_text(await evening.services.cards.read(session, PERFORMERS[0]))
    words = await evening.panel_words(session)
    asked = f"“{scene.replay_line}”" if mode is ReplayMode.LINE else "in gibberish"
    assert asked in card
    assert asked in words
    assert (scene.replay_line is None) == (mode is ReplayMode.GIBBERISH)


async def test_with_other_emotions_all_else_stays(evening: Evening):
    session = await evening.open()
    await evening.play(session)
    for _ in range(2):
        await play_again(evening, session, ReplayMode.EMOTIONS)
    scenes = [await parts(evening, number) for number in (1, 2, 3)]
    for mine in zip(*scenes, strict=True):
        for one, other in pairwise(mine):
            assert [one[name] for name in ("person_id", "role", "want", "character")] == [
                other[name] for name in ("person_id", "role", "want", "character")
            ]
            assert (one["second_emotion"] is None) == (other["second_emotion"] is None)
        emotions = [one[name] for one in mine for name in ("target_emotion", "second_emotion") if one[name]]
        assert len(set(emotions)) == len(emotions)
        assert all(one["emotion_label"].lower().replace(" ", "_") for one in mine)
    assert await evening.value("SELECT count(DISTINCT replay_of) FROM scenes") == 2


async def test_a_replay_is_no_turn_on_stage(evening: Evening):
    session = await evening.open()
    await evening.play(session)
    people = list((await people_among(evening.database, PERFORMERS)).values())
    before = history_of(await read_played(evening.database, GUILD, session.session_id), people)
    await play_again(evening, session, ReplayMode.EMOTIONS)
    await play_again(evening, session, ReplayMode.LINE)
    after = history_of(await read_played(evening.database, GUILD, session.session_id), people)
    assert after == before
    assert (await evening.services.scenes.deal(session)).scene.number == 4


async def test_only_a_take_that_counts_is_played_again(evening: Evening):
    session = await evening.on_stage()
    with pytest.raises(errors.NothingToReplay):
        await evening.services.replays.deal(session, ReplayMode.LINE)
    await evening.start(session)
    with pytest.raises(errors.TakeRunning):
        await evening.services.replays.deal(session, ReplayMode.LINE)
    evening.everyone_speaks(2.0)
    await evening.services.cuts.cut(session, monotonic())
    await evening.services.strikes.strike_or_restore(session)
    with pytest.raises(errors.NothingToReplay):
        await evening.services.replays.deal(session, ReplayMode.LINE)
    assert "replay" not in (await evening.panel(session)).steps
    await evening.services.strikes.strike_or_restore(session)
    assert "replay" in (await evening.panel(session)).steps
    await evening.services.x_card.stop(session, AUDIENCE, monotonic())
    with pytest.raises(errors.NothingToReplay):
        await evening.services.replays.deal(session, ReplayMode.LINE)


async def test_the_whole_cast_must_be_there_consent_and_have_no_line_at_it(evening: Evening):
    session = await evening.open()
    await evening.play(session)
    topics = json.loads(await evening.value("SELECT tags FROM scenes"))
    if topics:
        await evening.services.limit_requests.ask(AUDIENCE, LimitKind.LINE, topics[:1], ())
        with pytest.raises(errors.ReplayImpossible):
            await evening.services.replays.deal(session, ReplayMode.LINE)
        await evening.services.limit_requests.ask(AUDIENCE, LimitKind.LINE, [], topics[:1])
    await evening.consent(PERFORMERS[0], TO_RATE)
    with pytest.raises(errors.ReplayImpossible):
        await evening.services.replays.deal(session, ReplayMode.LINE)


async def test_every_kind_is_exported_as_its_own(evening: Evening, tmp_path: Path):
    services = evening.services
    session = await evening.open()
    dealt = await services.calibrations.deal_next(session)
    await services.takes.start(session, monotonic() - evening.settings.countdown_seconds - 4)
    evening.booth.speak(dealt.discord_user_ids[0], 3.0)
    await services.cuts.cut(session, evening.booth.started_at + 4)
    await evening.play(session)
    await play_again(evening, session, ReplayMode.LINE)
    await services.turns.settled([session.session_id])
    while True:
        try:
            clip = await services.ratings.next_clip(session, AUDIENCE)
        except errors.NothingToRate:
            break
        await services.ratings.record(session, clip.token, AUDIENCE, GOOD_ANSWERS)
    await services.sessions.end(session)
    out = tmp_path / "out"
    order = await plan_export(
        evening.database,
        services.turns.search.home,
        services.library,
        guild_id=GUILD,
        session_id=session.session_id,
        out=out,
        options=Options(Layout.AUDIOFOLDER),
    )
    export_dataset(order)

    def table(name: str) -> list[dict[str, Any]]:
        return json.loads((out / "tables" / f"{name}.json").read_text("utf-8"))

    takes = {one["kind"]: one for one in table("takes")}
    calibration, replay = takes["calibration"], takes["replay"]
    facts = ("calibration_part", "calibration_voice", "calibration_place")
    assert [calibration[name] for name in facts] == [CalibrationPart.PASSAGE, "own", "beginning"]
    assert (replay["replay_of"], replay["replay_mode"]) == ("S0001_scene01_take01", "line")
    assert replay["replay_line"] in services.library.fixed_lines().lines
    assert not any(takes["scene"][name] for name in (*facts, "replay_of", "replay_mode", "replay_line"))
    turns = table("turns")
    assert {one["kind"] for one in turns} == {"scene", "calibration", "replay"}
    for turn in turns:
        is_plain = turn["kind"] == "calibration"
        assert (turn["target_emotion"] is None) == is_plain
        assert not (is_plain and turn["is_for_rating"])
        assert turn["clip_id"] or not is_plain
    kinds = {one["clip_id"]: one["kind"] for one in turns if one["clip_id"]}
    assert {kinds[one["clip_id"]] for one in table("ratings")} == {"scene", "replay"}
    castings = [one for one in table("castings") if one["scene"] == 901]
    assert [(one["target_emotion"], one["character"]) for one in castings] == [(None, None)]
    card = (out / "README.md").read_text("utf-8")
    plain, again = (sum(kind == wanted for kind in kinds.values()) for wanted in ("calibration", "replay"))
    assert f"{plain} clips are of calibrations and {again} of replays" in card


async def test_nothing_is_replayed_against_a_veto_that_came_since(evening: Evening):
    session = await evening.open()
    await evening.play(session)
    felt = await evening.value("SELECT target_emotion FROM castings")
    await evening.services.limit_requests.ask(PERFORMERS[1], LimitKind.VETO, [felt], ())
    with pytest.raises(errors.ReplayImpossible):
        await evening.services.replays.deal(session, ReplayMode.GIBBERISH)
    for _ in range(3):
        again = await evening.services.replays.deal(session, ReplayMode.EMOTIONS)
        parts = await castings_of(evening.database, again.scene.scene_id)
        assert felt not in {key for part in parts for key in (part.target_emotion, part.second_emotion)}
        await evening.start(session)
        await evening.services.cuts.cut(session, evening.booth.started_at + 4)
