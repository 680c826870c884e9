"""What moderators do to the bot in real evenings, and to its channel: it sees that first, and says who must do what."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.embedded.client.moderator import Moderator
from bot.embedded.client.screen import Message
from bot.embedded.client.voice.signalling import VoiceClosed
from bot.embedded.guild.world import Channel, Permission, World
from bot.rehearsal.acts import until
from bot.rehearsal.evening import Evening
from bot.rehearsal.house import House, Plan, open_house
from bot.rehearsal.world import default_world
from tools.ground_truth import SILENCES, ogg_packets, read_lines

FOYER, AFK, STAGE, SNUG = (310847562918374000 + number for number in range(1, 5))
POWERS = (
    Permission.DEAFEN_MEMBERS
    | Permission.MUTE_MEMBERS
    | Permission.MOVE_MEMBERS
    | Permission.KICK_MEMBERS
    | Permission.MANAGE_CHANNELS
    | Permission.MANAGE_ROLES
)
TOLD_WITHIN_SECONDS = 6.0
EDGE_SECONDS = 0.3
"""What is said this close to a moderator's act may be on either side of it."""


def moderated_world(seed: int) -> World:
    """A world whose coordinator is a moderator, with more channels."""
    plain = default_world(seed)
    more = (
        Channel(FOYER, "Foyer", "voice"),
        Channel(AFK, "Away", "voice"),
        Channel(STAGE, "Lectures", "stage"),
        Channel(SNUG, "Snug", "voice", user_limit=1),
    )
    (role,) = plain.roles
    roles = (replace(role, permissions=int(POWERS)),)
    return replace(plain, roles=roles, channels=plain.channels + more, afk_channel_id=AFK)


async def panel_says(house: House, words: str, since: float) -> float:
    """Seconds until the coordinator's panel says this. Raises TimeoutError if it does not in time."""

    def is_it(message: Message) -> bool:
        return not message.is_ephemeral and len(message.buttons) > 1 and words in message.text

    await house.coordinator.wait_for_message(is_it, TOLD_WITHIN_SECONDS, since=since)
    return time.monotonic() - since


async def session_ends(house: House, home: Path) -> None:
    async with asyncio.timeout(TOLD_WITHIN_SECONDS):
        while rows(home, "SELECT count(*) AS n FROM sessions WHERE ended_at IS NULL")[0]["n"]:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


def rows(home: Path, sql: str, *values: Any) -> list[sqlite3.Row]:
    with closing(sqlite3.connect(home / "promptbook.sqlite3")) as database:
        database.row_factory = sqlite3.Row
        return database.execute(sql, values).fetchall()


def lost_frames(home: Path, logs: Path, is_to_be_kept: Callable[[float], bool]) -> tuple[int, int]:
    """How many of the frames sent at these moments are not in their sender's track, and how many were sent."""
    tracks = {
        row["discord_user_id"]: set(list(ogg_packets((home / row["path"]).read_bytes()))[2:])
        for row in rows(home, "SELECT path, discord_user_id FROM tracks JOIN people USING (person_id)")
    }
    sent = [
        (entry["user_id"], bytes.fromhex(entry["opus"]))
        for entry in read_lines(logs / "cast.jsonl")
        if entry["kind"] == "frame_sent" and is_to_be_kept(entry["t"]) and entry["user_id"] in tracks
    ]
    spoken = [(user, packet) for user, packet in sent if packet not in SILENCES]
    return sum(packet not in tracks[user] for user, packet in spoken), len(spoken)


async def test_a_take_in_which_a_moderator_deafens_and_moves_the_bot(tmp_path: Path):
    home, logs = tmp_path / "home", tmp_path / "home-logs"
    home.mkdir()
    logs.mkdir()
    plan, bot_id = Plan(43, scenes=1, take_seconds=20.0, countdown_seconds=2), moderated_world(43).bot.user_id
    async with open_house(home, logs, moderated_world(43), plan) as house:
        evening, moderator = Evening(house, lambda *_: None), Moderator(house.coordinator)
        await evening.open_session()
        await evening.deal(1)
        async with evening.talking():
            started_at = await evening.call_take(1) + plan.countdown_seconds
            await until(started_at + 2.0)

            deafened_at = time.monotonic()
            await moderator.deafen(bot_id)
            told = [await panel_says(house, "Server Deafen", deafened_at)]
            await until(deafened_at + 3.0)
            undeafened_at = time.monotonic()
            await moderator.deafen(bot_id, on=False)
            told.append(await panel_says(house, "was deafened for", undeafened_at))

            moved_at = time.monotonic()
            await moderator.move(bot_id, FOYER)
            told.append(await panel_says(house, f"moved to <#{FOYER}>", moved_at))
            brought_at = await evening.press(("Bring me back",), "back in the session's channel")
            back_at = time.monotonic()
            told.append(await panel_says(house, "is recording", brought_at))
            await until(back_at + 3.0)
            cut_at = time.monotonic()
            await evening.cut_take(1, cut_at)
        house.journal.flush()
        await evening.end()

    assert max(told) < TOLD_WITHIN_SECONDS, told
    holes = [(row["cause"], row["start_samples"] / 48_000, row["end_samples"] / 48_000) for row in _holes(home)]
    assert [cause for cause, _, _ in holes if cause != "connection"] == ["deafened", "moved"], holes
    (deafened,) = [(start, end) for cause, start, end in holes if cause == "deafened"]
    (moved,) = [(start, end) for cause, start, end in holes if cause == "moved"]
    assert abs(deafened[0] - (deafened_at - started_at)) < EDGE_SECONDS
    assert abs(deafened[1] - (undeafened_at - started_at)) < EDGE_SECONDS
    assert abs(moved[0] - (moved_at - started_at)) < EDGE_SECONDS
    assert moved[1] <= back_at - started_at + EDGE_SECONDS
    assert sum(end - start for cause, start, end in holes if cause == "connection") < EDGE_SECONDS, holes

    away = [(deafened_at, undeafened_at), (moved_at, back_at)]

    def is_to_be_kept(t: float) -> bool:
        is_away = any(start - EDGE_SECONDS < t < end + EDGE_SECONDS for start, end in away)
        return started_at + EDGE_SECONDS < t < cut_at - EDGE_SECONDS and not is_away

    lost, sent = lost_frames(home, logs, is_to_be_kept)
    assert sent > 500
    assert lost == 0, f"{lost} of {sent}"
    kinds = [row["kind"] for row in rows(home, "SELECT kind FROM events WHERE kind LIKE 'bot_%' ORDER BY event_id")]
    assert kinds == ["bot_obstructed", "bot_unobstructed"] * 2


def _holes(home: Path) -> list[sqlite3.Row]:
    return rows(home, "SELECT cause, start_samples, end_samples FROM holes ORDER BY start_samples")


async def test_sessions_that_cannot_be_held_and_one_that_cannot_go_on(tmp_path: Path):
    home, logs = tmp_path / "home", tmp_path / "home-logs"
    home.mkdir()
    logs.mkdir()
    world = moderated_world(44)
    bot_id = world.bot.user_id
    async with open_house(home, logs, world, Plan(44, scenes=1)) as house:
        coordinator, moderator = house.coordinator, Moderator(house.coordinator)
        here = house.voice_channel_id

        async def start(channel_id: int | None, chat: int = here) -> str:
            options = {} if channel_id is None else {"channel": str(channel_id)}
            return (await coordinator.slash(chat, "session start", **options)).text

        assert "AFK channel" in await start(AFK)
        await house.performers[0].person.join_voice(SNUG)
        assert "is full" in await start(SNUG)
        await coordinator.join_voice(STAGE)
        await coordinator.wait_until(lambda: coordinator.voice_channels.get(coordinator.user_id) == STAGE)
        assert "stage channel" in await start(None)
        await coordinator.leave_voice()

        assert "is open" in await start(here)
        await moderator.deafen(bot_id)
        assert "is over" in (await coordinator.slash(here, "session end")).text
        refused = await start(here)
        assert "Server Deafen" in refused
        assert "Then run `/session start` again" in refused
        await moderator.deafen(bot_id, on=False)  # which Discord lets a moderator do only while the bot is in voice
        await moderator.mute(bot_id)
        opened = await start(here)
        assert "is open" in opened
        assert "Server Mute" in opened

        withdrawn_at = time.monotonic()
        await moderator.set_overwrites(here, [_denied(bot_id, Permission.SPEAK)])
        await panel_says(house, "may not speak in this channel", withdrawn_at)
        await moderator.set_overwrites(here, [_denied(bot_id, Permission.VIEW_CHANNEL)])
        unseen = await coordinator.wait_for_message(lambda one: "cannot refresh the panel" in one.text)
        assert "View Channel" in unseen.text
        await moderator.set_overwrites(here, [])

        await moderator.delete_channel(here)
        await session_ends(house, home)
        deleted = await coordinator.wait_for_message(lambda one: "channel was deleted" in one.text)
        assert deleted.channel_id == await coordinator.open_dm()

        assert "is open" in await start(FOYER, house.world.of_kind("text")[0].channel_id)
        await moderator.kick(bot_id)
        await session_ends(house, home)
        await coordinator.wait_for_message(lambda one: "kicked from the server" in one.text)
    kinds = [row["detail"] for row in rows(home, "SELECT detail FROM events WHERE kind = 'bot_ousted'")]
    assert kinds == ['{"cause": "channel_deleted"}', '{"cause": "kicked"}']


def _denied(user_id: int, permission: Permission) -> dict[str, Any]:
    return {"target_id": user_id, "target": "member", "deny": int(permission)}


async def test_idle_and_muted_performers_are_told_as_such(tmp_path: Path):
    home, logs = tmp_path / "home", tmp_path / "home-logs"
    home.mkdir()
    logs.mkdir()
    world = moderated_world(45)
    async with open_house(home, logs, world, Plan(45, scenes=1, countdown_seconds=1)) as house:
        evening, moderator = Evening(house, lambda *_: None), Moderator(house.coordinator)
        await evening.open_session()
        await evening.deal(1)
        called_at = await evening.call_take(1)
        await until(called_at + 2.0)
        muted, idle = evening.on_stage[0], evening.on_stage[1]

        muted_at = time.monotonic()
        await muted.person.mute_self()
        await panel_says(house, f"<@{muted.user_id}>: muted, by their own microphone button", muted_at)
        muted_at = time.monotonic()
        await moderator.mute(muted.user_id)
        await panel_says(house, f"<@{muted.user_id}>: muted on this server", muted_at)

        idle_at = time.monotonic()
        voice, idle.voice = idle.voice, None
        assert voice is not None
        await moderator.move(idle.user_id, AFK)
        await panel_says(house, f"Discord moved <@{idle.user_id}> to the AFK channel", idle_at)
        with suppress(VoiceClosed):
            await voice.close()
    (event,) = rows(home, "SELECT detail FROM events WHERE kind = 'performer_dropped_out'")
    assert event["detail"] == '{"was_idle": true}'
