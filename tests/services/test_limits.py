"""What people will not play: private, in force before it is stored, and applied to whatever is dealt."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from bot.domain.errors import EmotionNotHere, NothingToDeal
from bot.domain.ids import UserId
from bot.domain.limits import LimitChange, LimitKind, Limits
from bot.live.asked import LIMITS, limit_change_in, limit_facts
from bot.live.journal import SLOT_BYTES
from bot.live.session import LiveSession
from bot.services.consent.limit_requests import parts_of
from bot.services.scene.scenes import CastingWish
from bot.services.session.sessions import SessionWishes
from bot.store.database import Database
from bot.store.records import PerformerCasting
from bot.store.scenes import castings_of
from tests.evening import BYSTANDER, CHANNEL, COORDINATOR, GUILD, PERFORMERS, Evening, an_evening, refuse_for_full_disk

NOTHING = frozenset[str]()
ALL = ("neutral", "joy", "sadness", "anger", "fear", "surprise", "disgust")
SCENES = 8


async def veto(evening: Evening, user: UserId, emotions: Collection[str]) -> None:
    await evening.services.limit_requests.ask(user, LimitKind.VETO, emotions, ())


async def start(evening: Evening, wishes: SessionWishes) -> LiveSession:
    return await evening.services.sessions.start(GUILD, CHANNEL, COORDINATOR, wishes)


async def dealt(evening: Evening, scenes: int = SCENES) -> list[dict[UserId, set[str]]]:
    """What everyone on stage was dealt in each of these scenes, second emotions included."""
    found: list[dict[UserId, set[str]]] = []
    for _ in range(scenes):
        scene = (await evening.services.scenes.deal(evening.live)).scene
        parts = await castings_of(evening.database, scene.scene_id)
        found.append({one.discord_user_id: {one.target_emotion or "", one.second_emotion or ""} for one in parts})
    return found


async def test_no_one_is_dealt_a_vetoed_emotion_while_the_person_is_on_stage(evening: Evening):
    await evening.open()
    await veto(evening, PERFORMERS[0], ["joy", "fear", "sadness"])
    with_them = [set[str]().union(*one.values()) for one in await dealt(evening, 24) if PERFORMERS[0] in one]
    assert with_them
    assert not {"joy", "fear", "sadness"} & set[str]().union(*with_them)
    evening.booth.people.discard(PERFORMERS[0])
    others = set[str]().union(*(set[str]().union(*parts.values()) for parts in await dealt(evening)))
    assert {"joy", "fear", "sadness"} <= others, "the union is over those on stage, not over everyone who has vetoes"


async def test_a_veto_of_a_person_who_is_not_on_stage_changes_nothing(evening: Evening):
    await evening.open()
    await veto(evening, BYSTANDER, ALL[1:])
    felt = [emotion for parts in await dealt(evening) for emotions in parts.values() for emotion in emotions]
    assert {"joy", "anger"} <= set(felt)


async def test_if_nothing_is_left_no_scene_is_dealt_and_the_refusal_names_no_one(evening: Evening):
    await evening.open()
    await veto(evening, PERFORMERS[0], ALL)
    evening.booth.people.intersection_update(PERFORMERS[:2])
    with pytest.raises(NothingToDeal) as caught:
        await evening.services.scenes.deal(evening.live)
    assert caught.value.args == ()
    assert await evening.value("SELECT count(*) FROM events WHERE detail LIKE '%veto%'") == 0


async def test_people_who_can_share_no_emotion_are_not_on_stage_together(evening: Evening):
    await start(evening, SessionWishes(deck="two-hander-status"))
    await veto(evening, PERFORMERS[0], ["neutral", "joy", "sadness"])
    await veto(evening, PERFORMERS[1], ["anger", "fear", "surprise", "disgust"])
    for parts in await dealt(evening):
        assert not set(PERFORMERS[:2]) <= parts.keys()


async def asked_to(evening: Evening, user: UserId, times: int = 6) -> set[str | None]:
    """What a performer is asked to do if they are dealt disgust again and again."""
    found: set[str | None] = set()
    for _ in range(times):
        for emotion in ("joy", "disgust"):
            wish = CastingWish(emotion=emotion, intensity=2)
            await evening.services.scenes.override_part(evening.live, user, wish)
        found |= {one.emotion_direction for one in await scene_parts(evening) if one.discord_user_id == user}
    return found


async def scene_parts(evening: Evening) -> list[PerformerCasting]:
    """The parts of the scene that is on."""
    assert evening.live.scene_id
    return await castings_of(evening.database, evening.live.scene_id)


async def test_disgust_of_the_body_needs_the_server_and_everyone_on_stage_and_other_disgust_does_not(evening: Evening):
    session = await evening.open()
    await evening.services.scenes.deal(session)
    directions = evening.services.library.emotion_set("basic").find("disgust").directions_at(2)
    plain, bodily = set(directions[:3]), set(directions[3:])
    on_stage = [one.discord_user_id for one in await scene_parts(evening)]
    assert await asked_to(evening, on_stage[0]) <= plain
    await evening.services.guilds.change(GUILD, "opt_ins", "bodily-disgust desire")
    for performer in on_stage[:-1]:
        await evening.services.limit_requests.ask(performer, LimitKind.OPT_IN, ["bodily-disgust"], ())
    assert await asked_to(evening, on_stage[0]) <= plain
    await evening.services.limit_requests.ask(on_stage[-1], LimitKind.OPT_IN, ["bodily-disgust"], ())
    told = set[str | None]()
    for _ in range(30):
        if told := bodily & await asked_to(evening, on_stage[0], 1):
            break
    assert told
    await evening.services.limit_requests.ask(on_stage[-1], LimitKind.OPT_IN, (), ["bodily-disgust"])
    await evening.services.scenes.override_part(evening.live, on_stage[0], CastingWish(second_emotion="fear"))
    (part,) = [one for one in await scene_parts(evening) if one.discord_user_id == on_stage[0]]
    assert (part.target_emotion, part.emotion_direction in plain) == ("disgust", True), "an opt-in was taken back"


async def test_a_deal_asks_for_disgust_of_the_body_only_with_every_opt_in(evening: Evening):
    await evening.open()
    disgust = evening.services.library.emotion_set("basic").find("disgust")
    bodily = {text for texts in disgust.directions for text in texts[3:]}

    async def told(scenes: int) -> set[str | None]:
        await dealt(evening, scenes)
        rows = await evening.database.fetch_all("SELECT emotion_direction, second_emotion_direction FROM castings")
        return {text for row in rows for text in row}

    assert not await told(8) & bodily
    await evening.services.guilds.change(GUILD, "opt_ins", "bodily-disgust")
    for performer in PERFORMERS:
        await evening.services.limit_requests.ask(performer, LimitKind.OPT_IN, ["bodily-disgust"], ())
    assert await told(24) & bodily


async def test_a_large_set_offers_desire_tonight_only_where_the_server_wants_it(evening: Evening):
    closed = evening.services.library.opt_ins().closed(())
    for seed in range(6):
        session = await start(evening, SessionWishes(emotion_set="emonet-40", seed=seed))
        assert session.dealt_emotions
        assert closed.isdisjoint(session.dealt_emotions)
        await evening.services.sessions.end(session)


async def test_a_coordinator_cannot_deal_by_hand_what_someone_on_stage_vetoed_and_is_told_no_name(evening: Evening):
    await evening.open()
    scene = (await evening.services.scenes.deal(evening.live)).scene
    on_stage = [one.discord_user_id for one in await castings_of(evening.database, scene.scene_id)]
    await veto(evening, on_stage[0], ["anger"])
    for wish in (CastingWish(emotion="anger"), CastingWish(second_emotion="anger")):
        with pytest.raises(EmotionNotHere) as caught:
            await evening.services.scenes.override_part(evening.live, on_stage[1], wish)
        assert caught.value.args == ()


async def test_what_was_asked_for_counts_while_the_store_accepts_nothing_and_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    everything = frozenset(f"emotion_{number}" for number in range(60))
    async with an_evening(tmp_path) as evening:

        async def refused(_: Database) -> None:
            await refuse_for_full_disk()

        monkeypatch.setattr(Database, "_begin", refused)
        user, change = PERFORMERS[0], LimitChange(LimitKind.VETO, everything, NOTHING)
        evening.services.limit_requests.ask_now(user, [change, LimitChange(LimitKind.OPT_IN, frozenset("x"), NOTHING)])
        assert await evening.services.limits.of(user) == Limits(vetoes=everything, opt_ins=frozenset("x"))
    monkeypatch.undo()
    async with an_evening(tmp_path) as evening:
        await evening.promises.all_kept()
        assert (await evening.services.limits.of(user)).vetoes == everything


def test_of_a_request_that_an_ended_process_left_only_what_protects_counts():
    left = {"recalled": True}
    veto_only = limit_facts(PERFORMERS[0], LimitChange(LimitKind.VETO, frozenset("a"), frozenset("b")), "now") | left
    assert limit_change_in(veto_only) == LimitChange(LimitKind.VETO, frozenset("a"), NOTHING)
    opted = limit_facts(PERFORMERS[0], LimitChange(LimitKind.OPT_IN, frozenset("a"), frozenset("b")), "now") | left
    assert limit_change_in(opted) == LimitChange(LimitKind.OPT_IN, NOTHING, frozenset("b"))


def test_a_whole_form_fits_into_the_journal_part_by_part():
    keys = [f"a_rather_long_emotion_{number:02}" for number in range(75)]
    change = LimitChange(LimitKind.VETO, frozenset(keys[:40]), frozenset(keys[40:]))
    parts = list(parts_of(change))
    assert frozenset[str]().union(*(part.there for part in parts)) == change.there
    assert frozenset[str]().union(*(part.gone for part in parts)) == change.gone
    for part in parts:
        facts: dict[str, Any] = limit_facts(UserId(2**63 - 1), part, "2026-11-28T20:00:00.000Z")
        assert len(json.dumps({"kind": LIMITS, **facts})) <= SLOT_BYTES - 20


async def test_whose_limits_they_are_is_in_no_panel_and_no_event(evening: Evening):
    session = await evening.open()
    await veto(evening, PERFORMERS[0], ["anger", "fear"])
    await evening.services.limit_requests.ask(PERFORMERS[0], LimitKind.OPT_IN, ["desire"], ())
    await dealt(evening, 2)
    words = await evening.panel_words(session)
    events = [str(tuple(row)) for row in await evening.database.fetch_all("SELECT * FROM events")]
    for secret in ("anger", "veto", "opt-in", "opt_in", "desire"):
        assert secret not in words.lower()
        assert not [one for one in events if secret in one]


async def test_a_coordinator_cannot_deal_by_hand_what_the_prompt_excludes(evening: Evening):
    library = evening.services.library
    excluding = next(one for one in library.deck("two-hander-status").prompts if "disgust" in one.not_emotions)
    session = await start(evening, SessionWishes(deck="two-hander-status", emotion_set="emonet-40"))
    scene = (await evening.services.scenes.deal(session, prompt_id=excluding.prompt_id)).scene
    (one, _) = await castings_of(evening.database, scene.scene_id)
    for emotion in ("contempt", "sourness"):
        with pytest.raises(EmotionNotHere):
            await evening.services.scenes.override_part(session, one.discord_user_id, CastingWish(emotion=emotion))
    await evening.services.scenes.override_part(session, one.discord_user_id, CastingWish(emotion="pride"))
