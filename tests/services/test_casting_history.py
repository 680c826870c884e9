"""What casting learns from the store about earlier scenes."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from bot.domain.casting.deal import History
from bot.domain.ids import GuildId, SceneId
from bot.live.session import LiveSession
from bot.services.scene.scenes import CastingWish
from bot.store.history import history_of, read_played
from bot.store.records import PerformerCasting
from bot.store.scenes import castings_of
from tests.evening import GUILD, PERFORMERS, Evening


async def history_before(evening: Evening, guild_id: GuildId = GUILD, but_scene: SceneId | None = None) -> History:
    """What counts when the next scene of the open session is dealt, for everyone who ever took part."""
    played = await read_played(evening.database, guild_id, evening.live.session_id, but_scene=but_scene)
    people = await evening.database.fetch_all("SELECT person_id FROM people")
    return history_of(played, [row["person_id"] for row in people])


async def deal(evening: Evening, session: LiveSession) -> list[PerformerCasting]:
    dealt = await evening.services.scenes.deal(session)
    return await castings_of(evening.database, dealt.scene.scene_id)


async def test_history_counts_every_session_of_the_server_and_this_evening_apart(evening: Evening):
    first = await evening.open()
    parts = [part for _ in range(3) for part in await deal(evening, first)]
    await evening.services.sessions.end(first)
    second = await evening.open()
    tonight = [part for _ in range(2) for part in await deal(evening, second)]
    history = await history_before(evening)
    people = sorted({part.person_id for part in parts})
    assert len(people) == len(PERFORMERS)
    assert history.appearances == {person: [1, 2] for person in people}
    assert history.characters == {part.person_id: part.character for part in tonight}
    assert sum(history.prompts.values()) == 5
    assert history.pairs == dict.fromkeys(combinations(people, 2), 5)
    played = [parts[at : at + 3] for at in range(0, len(parts), 3)] + [tonight[at : at + 3] for at in (0, 3)]
    pairs = [combinations(sorted(part.target_emotion or "" for part in scene), 2) for scene in played]
    assert history.together == Counter(pair for scene in pairs for pair in scene)
    assert sum(sum(dealt.values()) for dealt in history.situations.values()) == 5 * len(PERFORMERS)
    deck = evening.services.library.deck(second.deck).prompts
    assert history.situations.keys() <= {(prompt.pull, prompt.not_emotions) for prompt in deck}
    assert history.shares == dict.fromkeys(combinations(people, 2), 5.0)
    for person in people:
        own = [part for part in (*parts, *tonight) if part.person_id == person]
        assert history.last_emotions[person] == own[-1].target_emotion
        for part in own:
            assert part.target_emotion
            assert part.target_intensity
            same = [one for one in own if one.target_emotion == part.target_emotion]
            as_strong = [one for one in same if one.target_intensity == part.target_intensity]
            assert history.emotions[person, part.target_emotion] == len(same)
            assert history.intensities[person, part.target_emotion, part.target_intensity] == len(as_strong)


async def test_a_scene_that_is_dealt_again_does_not_count_what_it_replaces(evening: Evening):
    session = await evening.open()
    await deal(evening, session)
    before = await history_before(evening)
    second = await evening.services.scenes.deal(session)
    without = await history_before(evening, but_scene=second.scene.scene_id)
    assert without == before
    again = await evening.services.scenes.redeal(session)
    history = await history_before(evening)
    assert history.prompts[again.scene.prompt_id] == 1 + before.prompts.get(again.scene.prompt_id, 0)
    assert sum(history.emotions.values()) == 2 * len(PERFORMERS)


async def test_a_part_given_by_hand_counts_as_it_was_given(evening: Evening):
    session = await evening.open()
    parts = await deal(evening, session)
    mine = next(part for part in parts if part.discord_user_id == PERFORMERS[0])
    wished = "fear" if mine.target_emotion != "fear" else "joy"
    await evening.services.scenes.override_part(session, PERFORMERS[0], CastingWish(emotion=wished))
    history = await history_before(evening)
    assert history.last_emotions[mine.person_id] == wished
    assert history.emotions[mine.person_id, wished] == 1
    assert (mine.person_id, mine.target_emotion) not in history.emotions


async def test_other_servers_count_for_nothing(evening: Evening):
    session = await evening.open()
    await deal(evening, session)
    elsewhere = await history_before(evening, GuildId(GUILD + 1))
    assert not elsewhere.prompts
    assert not elsewhere.emotions
    assert not elsewhere.pairs
