"""A performer alone on stage, and a stage of six: dealt, played, rated and exported."""

from __future__ import annotations

import json
from pathlib import Path
from time import monotonic

import pytest

from bot.dataset.export import export_dataset
from bot.dataset.model.options import Layout, Options
from bot.domain import errors
from bot.domain.ids import UserId
from bot.services.exports import plan_export
from bot.services.session.sessions import SessionWishes
from bot.ui.texts.card import card_text
from tests.evening import AUDIENCE, CHANNEL, COORDINATOR, GOOD_ANSWERS, GUILD, TO_PERFORM, TO_RATE, Evening

SIX = [UserId(777_777_777_777_777_770 + number) for number in range(6)]


@pytest.mark.parametrize(("deck", "cast"), [("solo", 1), ("ensemble", 5), ("ensemble", 6)])
async def test_a_stage_of_any_size_is_played_rated_and_exported(
    early_evening: Evening, tmp_path: Path, deck: str, cast: int
):
    evening, performers = early_evening, SIX[:cast]
    evening.stage.channels[CHANNEL] = {*performers, AUDIENCE}
    for performer in performers:
        await evening.consent(performer, TO_PERFORM | TO_RATE)
    await evening.consent(AUDIENCE, TO_RATE)
    services = evening.services
    session = await services.sessions.start(GUILD, CHANNEL, COORDINATOR, SessionWishes(deck=deck, seed=7))
    dealt = await services.scenes.deal(session)
    assert set(dealt.discord_user_ids) == set(performers)
    for performer in performers:
        card = card_text(await services.cards.read(session, performer))
        assert len(card) <= 2000
        assert "**You want** " in card
    panel = await evening.panel_words(session)
    assert all(f"<@{performer}>" in panel for performer in performers)
    await services.takes.start(session, monotonic() - evening.settings.countdown_seconds - 4)
    for performer in performers:
        evening.booth.speak(performer, 3.0)
    cut = await services.cuts.cut(evening.live, evening.booth.started_at + 4)
    assert cut.tracks == cast
    for performer in performers:
        own = await services.ratings.next_clip(session, performer)
        assert own.is_own
        await services.ratings.record_self(session, own.token, performer, GOOD_ANSWERS)
    for _ in performers:
        clip = await services.ratings.next_clip(session, AUDIENCE)
        await services.ratings.record(session, clip.token, AUDIENCE, GOOD_ANSWERS)
    with pytest.raises(errors.NothingToRate):
        await services.ratings.next_clip(session, AUDIENCE)
    await services.scenes.deal(session)
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
    castings = json.loads((out / "tables" / "castings.json").read_text("utf-8"))
    assert len([one for one in castings if one["scene"] == 1 and one["want"]]) == cast
    scenes = json.loads((out / "tables" / "scenes.json").read_text("utf-8"))
    assert len(scenes) == 2
    assert all(scene["pull"] for scene in scenes)


async def test_one_performer_is_too_few_for_a_deck_for_two(early_evening: Evening):
    early_evening.stage.channels[CHANNEL] = {SIX[0]}
    await early_evening.consent(SIX[0], TO_PERFORM)
    session = await early_evening.open()
    with pytest.raises(errors.TooFewPerformers) as caught:
        await early_evening.services.scenes.deal(session)
    assert (caught.value.present, caught.value.needed) == (1, 2)
