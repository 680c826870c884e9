"""An evening for `make crowd`: an audience in the channel presses Rate while a take is called and recorded."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bot.domain.consent import Action, ConsentChange, ConsentText, Scope
from bot.domain.ids import GuildId, UserId
from bot.embedded.client.link import Refused
from bot.embedded.client.person import Person
from bot.embedded.client.replies import Reply
from bot.embedded.client.screen import Message
from bot.embedded.guild.world import World, invented_world
from bot.home.places import Home
from bot.live.ports import SystemClock
from bot.rehearsal.acts import until
from bot.rehearsal.evening import Evening
from bot.rehearsal.house import House, Plan, open_house
from bot.rehearsal.panel import panel_with
from bot.rehearsal.processes import BotCommand
from bot.store.consents import append_consents
from bot.store.database import open_database
from bot.store.guild_settings import choose
from bot.store.people import ensure_person
from tools.evenings.export_evening import idle_process
from tools.evenings.figures import Window

CROWD = "crowd"
PERFORMERS = 8
COUNTDOWN_SECONDS = 5
FIRST_TAKES, FIRST_TAKE_SECONDS = 4, 6.0
"""Earlier takes, so that there is something to rate."""

LISTENING_SECONDS = (1.0, 3.0)
"""How long a rater listens before they open the form, and fills it in before they send it."""

SETTLE_SECONDS = 5.0
MOST_RATINGS_WANTED = 20
"""Of a clip, as the store has it: with fewer, most of a crowd would be put off."""

OTHERS_HAVE_THEM = "Other raters have the clips that are left"

ANSWERS = {"intensity": "2", "valence": "4", "arousal": "3", "authenticity": "5"}


@dataclass(frozen=True)
class Played:
    """One evening. Moments are on the monotonic clock; waits are one per rater who got an answer.

    `put_off_ms` are those of raters who were told that others have the clips that are left.
    """

    coordinator: int
    called_at: float
    cut_at: float
    crowded: Window
    recorded: frozenset[int]
    rated_ms: Sequence[float]
    submitted_ms: Sequence[float]
    stored_ms: Sequence[float]
    put_off_ms: Sequence[float]
    failed: int


@dataclass
class _Waits:
    """What the raters have waited for so far, in milliseconds."""

    rated: list[float] = field(default_factory=list[float])
    submitted: list[float] = field(default_factory=list[float])
    stored: list[float] = field(default_factory=list[float])
    put_off: list[float] = field(default_factory=list[float])
    failed: int = 0


def crowded_world(seed: int, raters: int) -> World:
    """Return a rehearsal's guild with a crowd in it."""
    parts = ["performer"] * PERFORMERS + ["coordinator"] + [CROWD] * raters
    return invented_world(seed, parts, roles={"coordinator": "Coordinator"}, bot_name="Promptbook")


async def let_crowd_consent(home: Path, world: World) -> None:
    """Store that everyone in the crowd consents to rate, and that many ratings are wanted, before the bot starts."""
    database, now = await open_database(Home(home)), SystemClock().now()
    grant = ConsentChange(Scope.PEER_RATING, Action.GRANT, GuildId(world.guild_id))
    async with database.transaction() as tx:
        await choose(tx, GuildId(world.guild_id), "ratings_wanted", MOST_RATINGS_WANTED)
        for profile in world.with_part(CROWD):
            person = await ensure_person(tx, UserId(profile.user_id), now)
            await append_consents(tx, person.person_id, [grant], ConsentText("1", "0" * 64, "en", ""), now)
    await database.close()


async def play(command: BotCommand, world: World, home: Path, logs: Path, seconds: float) -> Played:
    """Play some takes, then let the crowd press Rate within `seconds` around the call of another one."""
    take_seconds = seconds + 2 * sum(LISTENING_SECONDS) + SETTLE_SECONDS
    plan = Plan(world.seed, scenes=1, take_seconds=take_seconds, countdown_seconds=COUNTDOWN_SECONDS)
    async with open_house(home, logs, world, plan, command) as house, idle_process(logs):
        evening = Evening(house, lambda *_: None)
        await evening.open_session()
        await evening.deal(1)
        for _ in range(FIRST_TAKES):
            async with evening.talking():
                await until(await evening.call_take(1) + COUNTDOWN_SECONDS + FIRST_TAKE_SECONDS)
                await evening.cut_take(1, time.monotonic())
        async with _crowd(house) as crowd:
            await asyncio.sleep(SETTLE_SECONDS)
            return await _rate_during_a_take(evening, house, crowd, seconds)


@asynccontextmanager
async def _crowd(house: House) -> AsyncGenerator[list[Person]]:
    """Connect the crowd, and let it join the voice channel; its own voices are of no interest."""
    async with AsyncExitStack() as stack:
        crowd: list[Person] = []
        for profile in house.world.with_part(CROWD):
            client = Person.connect(house.addresses.cast, house.addresses.cast_key, profile.user_id, house.tls)
            crowd.append(await stack.enter_async_context(client))
        for person in crowd:
            await person.join_voice(house.voice_channel_id)
        yield crowd


async def _rate_during_a_take(evening: Evening, house: House, crowd: Sequence[Person], seconds: float) -> Played:
    waits, chance = _Waits(), Random(house.plan.seed)
    await evening.learn_lines()
    async with evening.talking():
        began_at = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for person in crowd:
                group.create_task(_rate(person, began_at + chance.uniform(0.0, seconds), waits, chance))
            await until(began_at + min(1.0, seconds / 2))
            called_at = await evening.call_take(1)
        ended_at = time.monotonic()
        started_at = called_at + COUNTDOWN_SECONDS
        await until(max(started_at + SETTLE_SECONDS, ended_at + 1.0))
        cut_at = time.monotonic()
        await evening.cut_take(1, cut_at)
    return Played(
        coordinator=house.coordinator.user_id,
        called_at=called_at,
        cut_at=cut_at,
        crowded=Window(began_at, ended_at),
        recorded=frozenset(player.user_id for player in evening.on_stage),
        rated_ms=waits.rated,
        submitted_ms=waits.submitted,
        stored_ms=waits.stored,
        put_off_ms=waits.put_off,
        failed=waits.failed,
    )


async def _rate(person: Person, at: float, waits: _Waits, chance: Random) -> None:
    """Press Rate at a moment, listen, open the form, fill it in and send it."""
    panel = await panel_with(person, "Rate")
    await until(at)
    try:
        reply = await person.click(panel, "Rate")
        if reply.message and reply.text.startswith(OTHERS_HAVE_THEM):
            waits.put_off.append((reply.message.seen_at - reply.asked_at) * 1_000)
            return
        clip = _clip_in(reply)
        waits.rated.append((clip.seen_at - reply.asked_at) * 1_000)
        await asyncio.sleep(chance.uniform(*LISTENING_SECONDS))
        form = (await person.click(clip, clip.buttons[0].custom_id)).modal
        assert form is not None, "the form opens"
        await asyncio.sleep(chance.uniform(*LISTENING_SECONDS))
        emotion = form.field("emotion").options[0][1]
        sent = await person.submit(form, {"emotion": emotion, **ANSWERS})
        waits.submitted.append((sent.answered_at - sent.asked_at) * 1_000)
        shown = await person.wait_for_message(lambda one: one.message_id == clip.message_id, since=sent.asked_at)
        waits.stored.append((shown.seen_at - sent.asked_at) * 1_000)
    except (Refused, TimeoutError, AssertionError):
        waits.failed += 1


def _clip_in(reply: Reply) -> Message:
    assert reply.message is not None, "a clip is shown"
    assert reply.message.buttons, reply.text
    return reply.message
