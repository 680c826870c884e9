"""What a scene was dealt with is kept when it is dealt, and nothing reads it from a data file afterwards."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot.domain.emotions import EmotionSet
from bot.live.session import LiveSession
from bot.live.software import software_versions
from bot.services.scene.scenes import CastingWish
from bot.store.materials import emotion_set_of_scene, instrument_of_session
from bot.ui.custom_ids import OfTrial
from bot.ui.rating_fields import rating_form
from bot.ui.texts.card import card_text
from tests.evening import AUDIENCE, GOOD_ANSWERS, GUILD, PERFORMERS, Evening

DATA = Path(__file__).parents[2] / "data"
PERFORMER = PERFORMERS[0]


@pytest.fixture
def data(evening: Evening, tmp_path: Path) -> Path:
    """The bot's data folder, for editing."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    evening.services.library._folder = folder
    return folder


def reword(data: Path) -> None:
    """Edit every direction, label, voice and question that a performer or a rater reads."""
    for file, words in {
        "emotions/basic.toml": ("label",),
        "characters/core.toml": ("name", "placement", "articulation", "rhythm", "phrasing", "stays"),
        "instruments/core.toml": ("question", "felt_question"),
    }.items():
        lines = (data / file).read_text("utf-8").splitlines()
        edited = [
            f'{line.split(" = ")[0]} = "Edited {number}"' if line.split(" = ")[0] in words else line
            for number, line in enumerate(lines)
        ]
        assert edited != lines
        (data / file).write_text("\n".join(edited), "utf-8")
    directions = (data / "directions/en.toml").read_text("utf-8").splitlines()
    edited = [re.sub(r'^  ".*",$', f'  "Edited {number}",', line) for number, line in enumerate(directions)]
    (data / "directions/en.toml").write_text("\n".join(edited), "utf-8")


def break_files(data: Path) -> None:
    """Leave every file in the middle of an edit."""
    for file in ("emotions/basic.toml", "directions/en.toml", "characters/core.toml", "instruments/core.toml"):
        (data / file).write_text("title = ", "utf-8")


async def forget_context(evening: Evening) -> None:
    """Leave the open session as an earlier version would have left it."""
    async with evening.database.transaction() as tx:
        await tx.execute("UPDATE sessions SET instrument_sha256 = NULL, ratings_wanted = NULL, software = NULL")
        await tx.execute("UPDATE scenes SET emotion_set_sha256 = NULL, roles = NULL, tags = NULL, pull = NULL")
        await tx.execute(
            "UPDATE castings SET character_name = NULL, voice_direction = NULL, emotion_label = NULL, "
            "emotion_direction = NULL, second_emotion_label = NULL, second_emotion_direction = NULL, shift = NULL"
        )


async def casting_of(evening: Evening, user: int = PERFORMER) -> Any:
    sql = "SELECT castings.* FROM castings JOIN people USING (person_id) WHERE discord_user_id = ?"
    return await evening.database.fetch_one(sql, user)


async def card_of(evening: Evening, session: LiveSession) -> str:
    return card_text(await evening.services.cards.read(session, PERFORMER))


def words_of(casting: Any) -> tuple[Any, ...]:
    return tuple(casting[name] for name in casting.keys() if name.endswith(("_label", "_direction", "_name")))  # noqa: SIM118


async def test_a_session_keeps_its_instrument_its_software_and_the_ratings_wanted(evening: Evening):
    await evening.services.guilds.change(GUILD, "ratings_wanted", 3)
    session = await evening.open()
    assert await instrument_of_session(evening.database, session.session_id) == evening.services.library.instrument(
        "core"
    )
    assert json.loads(await evening.value("SELECT software FROM sessions")) == software_versions()
    assert await evening.value("SELECT ratings_wanted FROM sessions") == 3
    await evening.services.guilds.change(GUILD, "ratings_wanted", 2)
    assert await evening.value("SELECT ratings_wanted FROM sessions") == 2
    await evening.services.guilds.change(GUILD, "ratings_wanted", None)
    assert await evening.value("SELECT ratings_wanted FROM sessions") == session.settings.ratings_wanted == 5
    await evening.services.sessions.end(session)
    await evening.services.guilds.change(GUILD, "ratings_wanted", 1)
    assert await evening.value("SELECT ratings_wanted FROM sessions") == 5


async def test_a_scene_keeps_its_prompt_whole_and_the_set_it_was_dealt_from(evening: Evening):
    session = await evening.on_stage()
    (scene,) = await evening.database.fetch_all("SELECT * FROM scenes")
    (prompt,) = [
        one for one in evening.services.library.deck(session.deck).prompts if one.prompt_id == scene["prompt_id"]
    ]
    assert json.loads(scene["roles"]) == [role.text for role in prompt.roles]
    assert json.loads(scene["tags"]) == sorted(prompt.tags)
    assert json.loads(scene["pull"]) == sorted(prompt.pull) != []
    emotions = await emotion_set_of_scene(evening.database, scene["scene_id"])
    assert emotions == evening.services.library.emotion_set(session.emotion_set)


async def test_a_part_keeps_what_its_role_wants_even_if_it_is_changed_by_hand(evening: Evening, data: Path):
    session = await evening.on_stage()
    prompts = {one.prompt_id: one for one in evening.services.library.deck(session.deck).prompts}
    (dealt,) = await evening.database.fetch_all("SELECT prompt_id FROM scenes")
    wants = {role.text: role.want for role in prompts[dealt["prompt_id"]].roles}
    before = await casting_of(evening)
    assert before["want"] == wants[before["role"]]
    (data / "decks" / "everyday.toml").write_text("title = ", "utf-8")
    await evening.services.scenes.override_part(session, PERFORMER, CastingWish(emotion="joy"))
    assert (await casting_of(evening))["want"] == before["want"]
    card = (await card_of(evening, session)).splitlines()
    assert card.index(f"**You want** {before['want']}.") == card.index(f"**You are** {before['role']}.") + 1


async def test_a_role_without_a_want_leaves_no_gap_on_its_card(evening: Evening, data: Path):
    deck = (
        'title = "D"\n[[prompts]]\nid = "p"\ntitle = "P"\ntext = "T"\nroles = ["a", "b", "c"]\nfewest_performers = 2\n'
    )
    (data / "decks" / "everyday.toml").write_text(deck, "utf-8")
    session = await evening.on_stage()
    assert (await casting_of(evening))["want"] is None
    assert "You want" not in await card_of(evening, session)


async def test_a_part_keeps_the_words_of_its_card(evening: Evening):
    await evening.on_stage()
    emotions = evening.services.library.emotion_set("basic")
    characters = evening.services.library.character_set("core")
    castings = await evening.database.fetch_all("SELECT * FROM castings")
    assert len([one for one in castings if one["second_emotion"]]) == 1
    for casting in castings:
        character = characters.find(casting["character"])
        assert character is not None
        assert casting["character_name"] == character.name
        assert json.loads(casting["voice_direction"]) == character.voice
        assert first_words(casting) == said_by(emotions, *first_dealt(casting))
        assert second_words(casting) == said_by(emotions, *second_dealt(casting))
        assert (casting["shift"] is None) == (casting["second_emotion"] is None)


def first_dealt(casting: Any) -> tuple[Any, ...]:
    return casting["target_emotion"], casting["target_intensity"], casting["direction_number"]


def second_dealt(casting: Any) -> tuple[Any, ...]:
    return casting["second_emotion"], casting["second_intensity"], casting["second_direction_number"]


def first_words(casting: Any) -> tuple[Any, Any]:
    return casting["emotion_label"], casting["emotion_direction"]


def second_words(casting: Any) -> tuple[Any, Any]:
    return casting["second_emotion_label"], casting["second_emotion_direction"]


def said_by(
    emotions: EmotionSet, key: str | None, intensity: int | None, number: int | None
) -> tuple[str | None, str | None]:
    """The label of an emotion, and the direction with that number at that intensity."""
    if key is None or intensity is None or number is None:
        return None, None
    emotion = emotions.find(key)
    return emotion.label, emotion.directions_at(intensity)[number - 1]


async def test_a_part_changed_by_hand_keeps_its_new_words_and_the_others_as_they_were_dealt(
    evening: Evening, data: Path
):
    session = await evening.on_stage()
    before = await casting_of(evening)
    emotions = evening.services.library.emotion_set("basic")
    wanted, other = [one for one in emotions.emotions if one.key not in (before["target_emotion"], "neutral")][:2]
    reword(data)
    change = evening.services.scenes.override_part
    await change(session, PERFORMER, CastingWish(emotion=wanted.key, second_emotion=other.key))
    after = await casting_of(evening)
    assert first_words(after) == said_by(emotions, *first_dealt(after))
    assert second_words(after) == said_by(emotions, *second_dealt(after))
    assert (after["target_emotion"], after["second_emotion"]) == (wanted.key, other.key)
    for name in ("character", "character_name", "voice_direction"):
        assert after[name] == before[name]
    await change(session, PERFORMER, CastingWish(emotion=other.key))
    after = await casting_of(evening)
    assert after["emotion_label"] == other.label
    assert after["second_emotion_label"] is after["second_emotion_direction"] is None


async def test_a_character_chosen_by_hand_has_the_words_of_that_moment(evening: Evening, data: Path):
    session = await evening.on_stage()
    held = {row[0] for row in await evening.database.fetch_all("SELECT character FROM castings")}
    before = await casting_of(evening)
    reword(data)
    free = next(one for one in evening.services.library.character_set("core").characters if one.key not in held)
    await evening.services.scenes.override_part(session, PERFORMER, CastingWish(character=free.key))
    after = await casting_of(evening)
    assert (after["character"], after["character_name"]) == (free.key, free.name)
    assert free.name.startswith("Edited")
    assert json.loads(after["voice_direction"])["rhythm"] == free.voice["rhythm"]
    for name in ("emotion_direction", "direction_number", "second_emotion_direction", "second_direction_number"):
        assert after[name] == before[name], "what stays the same keeps its direction"
    assert not after["emotion_label"].startswith("Edited")
    assert f"**Your voice is {free.name}**" in await card_of(evening, session)


@pytest.mark.parametrize("edit", [reword, break_files])
async def test_a_card_a_cue_and_a_form_say_what_was_dealt_whatever_the_files_say_now(
    evening: Evening, data: Path, edit: Any
):
    session = await evening.on_stage()
    await evening.services.scenes.override_part(
        session, PERFORMER, CastingWish(emotion="joy", second_emotion="anger", intensity=3)
    )
    card = await card_of(evening, session)
    part = await casting_of(evening)
    assert f"**You feel** joy: it steers you. {part['emotion_direction']}\n" in card
    edit(data)
    assert await card_of(evening, session) == card
    await evening.start(session)
    evening.everyone_speaks(3.0)
    await evening.services.cues.give(session)
    assert (PERFORMER, "anger") in evening.stage.cues
    now = f"**Now:** anger: it steers you\n{part['second_emotion_direction']}\nFind the reason in what they just said."
    assert now in await card_of(evening, session)
    await evening.services.cuts.cut(session, evening.booth.started_at + 4.0)
    clip = await evening.services.ratings.next_clip(session, AUDIENCE)
    assert [one.label for one in clip.emotions.emotions][:2] == ["Neutral", "Joy"]
    asked = await evening.services.ratings.questions(session, clip.token, AUDIENCE, as_self=False)
    form = rating_form(asked, OfTrial(session.session_id, clip.token)).to_dict()
    assert "How pleasant does the speaker feel?" in json.dumps(form)
    assert "Edited" not in json.dumps(form)
    await evening.services.ratings.record(session, clip.token, AUDIENCE, GOOD_ANSWERS)
    assert await evening.value("SELECT perceived_emotion FROM ratings") == "joy"


async def test_the_next_deal_has_the_edited_words_and_the_dealt_scene_its_own(evening: Evening, data: Path):
    session = await evening.open()
    await evening.play(session)
    await evening.services.scenes.deal(session)
    before = words_of(await casting_of(evening))
    reword(data)
    await evening.services.scenes.redeal(session)
    await evening.services.scenes.override_part(session, PERFORMER, CastingWish(emotion="joy"))
    sets = await evening.database.fetch_all("SELECT DISTINCT emotion_set_sha256 FROM scenes")
    assert len(sets) == 2
    assert "Edited" in await card_of(evening, session)
    first, second = await evening.database.fetch_all(
        "SELECT castings.* FROM castings JOIN people USING (person_id) WHERE discord_user_id = ? ORDER BY scene_id",
        PERFORMER,
    )
    assert "Edited" not in json.dumps(words_of(first))
    assert second["emotion_label"].startswith("Edited")
    assert before != words_of(second)
    assert await evening.value("SELECT count(*) FROM materials WHERE kind = 'instrument'") == 1


async def test_what_an_earlier_version_dealt_is_read_from_the_files(evening: Evening, data: Path):
    session = await evening.on_stage()
    card = await card_of(evening, session)
    await forget_context(evening)
    assert await card_of(evening, session) == card
    reword(data)
    assert "**Your voice is Edited" in await card_of(evening, session)
    await evening.services.scenes.override_part(session, PERFORMER, CastingWish(emotion="joy", second_emotion="anger"))
    after = await casting_of(evening)
    assert after["character_name"] is after["voice_direction"] is None
    assert after["emotion_label"].startswith("Edited")
    await evening.start(session)
    evening.everyone_speaks(3.0)
    await evening.services.cues.give(session)
    await evening.services.cuts.cut(session, evening.booth.started_at + 4.0)
    clip = await evening.services.ratings.next_clip(session, AUDIENCE)
    assert all(one.label.startswith("Edited") for one in clip.emotions.emotions)
    asked = await evening.services.ratings.questions(session, clip.token, AUDIENCE, as_self=False)
    assert asked.instrument.items[0].question.startswith("Edited")


async def test_a_deal_that_is_not_stored_leaves_no_context_either(evening: Evening, data: Path):
    session = await evening.on_stage()
    everything = "SELECT * FROM scenes JOIN castings USING (scene_id) JOIN materials ON sha256 = emotion_set_sha256"
    before = await evening.database.fetch_all(everything)
    reword(data)
    async with evening.database.transaction() as tx:
        await tx.execute("CREATE TRIGGER full BEFORE INSERT ON castings BEGIN SELECT RAISE(ABORT, 'no space'); END")
    with pytest.raises(sqlite3.IntegrityError, match="no space"):
        await evening.services.scenes.redeal(session)
    assert [tuple(row) for row in await evening.database.fetch_all(everything)] == [tuple(row) for row in before]
    assert await evening.value("SELECT count(*) FROM materials WHERE kind = 'emotion_set'") == 1
