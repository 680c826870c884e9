"""The steps of a trial in voice: what people are asked to do, and what is learned from what Discord then sends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import discord

from bot.trial.ears import Ears, ears_for
from bot.trial.observations import BOT, MAIN, VOICE, Observation, Observations


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a trial waits, in seconds: for people to do what they are asked to do, and for Discord afterwards."""

    for_people: float = 120.0
    for_discord: float = 15.0
    joining: float = 30.0


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial in one voice channel. `say` tells people something, on the command line and in the channel's chat."""

    channel: discord.VoiceChannel
    observations: Observations
    say: Callable[[str], Awaitable[None]]
    patience: Patience = Patience()

    async def enter(self) -> Ears:
        """Join the channel. Raises TimeoutError if Discord does not answer."""
        self.observations.note("trial", "joins")
        connection = self.channel.connect(cls=ears_for(self.observations), timeout=self.patience.joining)
        return await connection


@dataclass(frozen=True, slots=True)
class Answer:
    """A question that no documentation answers, and what was seen. `found` is None if it could not be tried."""

    question: str
    found: str | None


async def alone(trial: Trial) -> list[Answer]:
    """Join an empty channel: which DAVE version is named, and whether the bot is told about itself."""
    await trial.say("1 of 4: everyone leaves the voice channel. The bot waits.")
    watched = trial.observations
    watched.note("trial", "waits until the channel is empty")
    is_empty = await _watch(trial, lambda: not _people(trial.channel))
    mark = watched.mark()
    ears = await trial.enter()
    await asyncio.sleep(trial.patience.for_discord / 5)
    await ears.disconnect(force=True)
    seen = watched.since(mark)
    versions = [str(one.detail["dave_protocol_version"]) for one in seen if "dave_protocol_version" in one.detail]
    version = f"version {', then '.join(versions)}" if versions else "no version"
    return [
        Answer("Which DAVE version does op 4 name if the bot is alone?", version if is_empty else None),
        Answer("Does op 11 list the bot itself if it is alone?", _lists_bot(seen) if is_empty else None),
    ]


async def in_company(trial: Trial) -> tuple[list[Answer], Ears]:
    """Join people who are there, and wait until one of them speaks."""
    await trial.say("2 of 4: one person joins the voice channel and speaks until the next step begins.")
    await _watch(trial, lambda: bool(_people(trial.channel)))
    mark = trial.observations.mark()
    ears = await trial.enter()
    watched = trial.observations
    spoke = await watched.until(lambda: bool(_of(watched.since(mark), "op 5")), trial.patience.for_people)
    seen = trial.observations.since(mark)
    order = _order(seen) if spoke else None
    return [
        Answer("Does op 11 list the bot itself if others are there?", _lists_bot(seen)),
        Answer("In which order do the messages of a join come?", order),
    ], ears


async def another_device(trial: Trial) -> list[Answer]:
    """Someone goes on from another device: in which order the old and the new session are told."""
    await trial.say(
        "3 of 4: the same person joins the channel from another device (for example the phone instead of the "
        "computer) without leaving first, and speaks there."
    )
    mark = trial.observations.mark()

    def has_switched() -> bool:
        seen = trial.observations.since(mark)
        return bool(_of(seen, "op 13")) and bool(_of(seen, "op 5"))

    await trial.observations.until(has_switched, trial.patience.for_people)
    await asyncio.sleep(trial.patience.for_discord / 5)
    seen = [one for one in trial.observations.since(mark) if one.what in ("op 5", "op 11", "op 12", "op 13")]
    order = ", ".join(f"{one.what} ({_who(one)})" for one in seen) or None
    return [Answer("In which order do ops 11, 5 and 13 come if someone changes the device?", order)]


async def other_region(trial: Trial) -> list[Answer]:
    """Someone changes the channel's region: which close code comes, and when the new server is named."""
    await trial.say(
        "4 of 4: someone who may edit the channel opens *Edit Channel*, sets *Region Override* to another region, and "
        "saves."
    )
    mark = trial.observations.mark()

    def has_moved() -> bool:
        return any(one.what in ("restored", "given up") for one in trial.observations.since(mark))

    await trial.observations.until(has_moved, trial.patience.for_people)
    await asyncio.sleep(trial.patience.for_discord / 5)
    seen = trial.observations.since(mark)
    closes, updates = _of(seen, "close"), _of(seen, "VOICE_SERVER_UPDATE")
    ends = [f"{one.what} {dict(one.detail)}" for one in seen if one.what in ("restored", "given up")]
    codes = ", ".join(str(one.detail["code"]) for one in closes) or ("no close" if updates else None)
    order = ", then ".join(f"{one.what} at {one.at_seconds:.3f} s" for one in sorted(closes + updates, key=_at)) or None
    await trial.say("Set *Region Override* back to what it was.")
    return [
        Answer("Which close code comes if the region changes?", codes),
        Answer("Is the new voice server named before or after the close?", order),
        Answer("Does the bot's connection come back?", ", ".join(ends) or None),
    ]


async def _watch(trial: Trial, condition: Callable[[], bool]) -> bool:
    """Wait until something is true of the channel."""
    end = asyncio.get_running_loop().time() + trial.patience.for_people
    while not condition() and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 - it is read from a cache
        await asyncio.sleep(0.2)
    return condition()


def _people(channel: discord.VoiceChannel) -> list[discord.Member]:
    return [member for member in channel.members if not member.bot]


def _of(seen: Sequence[Observation], what: str) -> list[Observation]:
    return [one for one in seen if one.what == what]


def _at(one: Observation) -> float:
    return one.at_seconds


def _who(one: Observation) -> str:
    who = one.detail.get("who", "")
    return who if isinstance(who, str) else ", ".join(who)


def _order(seen: Sequence[Observation]) -> str:
    return ", ".join(one.what for one in seen if one.where in (VOICE, MAIN))


def _lists_bot(seen: Sequence[Observation]) -> str:
    lists = _of(seen, "op 11")
    if not lists:
        return "no op 11 came"
    return "yes" if any(BOT in one.detail.get("who", ()) for one in lists) else "no"
