"""Runs a trial with the bot's own token: logs in, goes through the steps, and leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import discord

from bot.config import Settings
from bot.home.lock import held_home
from bot.home.privacy import private_files
from bot.trial.files import clips_play
from bot.trial.observations import Observations
from bot.trial.report import report_of
from bot.trial.rights import rights_in
from bot.trial.steps import Answer, Patience, Trial, alone, another_device, in_company, other_region
from bot.voice.connection import internals

READY_SECONDS = 30.0
"""How long Discord may take to say which servers the bot is in."""


class TrialImpossible(RuntimeError):
    """The trial cannot begin; the message says what to do."""


async def run_trial(
    settings: Settings, channel_id: int, say: Callable[[str], None], patience: Patience | None = None
) -> str:
    """Go through all steps in a voice channel and return the report. It takes about ten minutes.

    Raises TrialImpossible if there is no such channel or the bot is not allowed in it, HomeUnusable if the bot is
    running, discord.LoginFailure for a refused token.
    """
    internals.verify()
    internals.use_addresses(settings.api_url, settings.gateway_url)
    # Two processes with one token would take each other's voice connection and presses.
    with private_files(), held_home(settings.home):
        async with discord.Client(intents=discord.Intents(guilds=True, voice_states=True)) as client:
            await client.login(settings.token)
            serving = asyncio.create_task(client.connect(), name="gateway")
            try:
                async with asyncio.timeout(READY_SECONDS):
                    await client.wait_until_ready()
                return await _go_through(client, channel_id, say, patience or Patience())
            finally:
                await client.close()
                await serving


async def _go_through(client: discord.Client, channel_id: int, say: Callable[[str], None], patience: Patience) -> str:
    channel, user = client.get_channel(channel_id), client.user
    assert user is not None, "a client that is ready knows its own account"
    if not isinstance(channel, discord.VoiceChannel):
        raise TrialImpossible(
            f"The bot sees no voice channel with the ID {channel_id}. Copy the ID from the channel's menu (developer "
            "mode), and let the bot view the channel."
        )
    allowed = channel.permissions_for(channel.guild.me)
    if not (allowed.connect and allowed.send_messages and allowed.attach_files):
        raise TrialImpossible("The bot needs Connect, Send Messages and Attach Files in that channel.")
    observations = Observations(user.id)

    async def tell(sentence: str) -> None:
        say(sentence)
        await channel.send(sentence)

    trial = Trial(channel, observations, tell, patience)
    answers = await _voice_steps(trial)
    answers += await clips_play(trial)
    await tell("That was all. Thank you!")
    return report_of(answers, observations.since())


async def _voice_steps(trial: Trial) -> list[Answer]:
    answers = await alone(trial)
    met, ears = await in_company(trial)
    try:
        answers += [*met, *rights_in(trial.channel)]
        return [*answers, *await another_device(trial), *await other_region(trial)]
    finally:
        await ears.disconnect(force=True)
