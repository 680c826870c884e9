"""What people may do in the trial's channel, and what moderators did to the bot: read, not tried."""

from __future__ import annotations

import discord

from bot.trial.steps import Answer

PEOPLE_NEED = discord.Permissions(
    view_channel=True,
    connect=True,
    send_messages=True,
    use_application_commands=True,
    read_message_history=True,
)
"""What people need: to see and join the channel, to type commands, and to see a panel that was posted before they came.

Buttons and forms need neither Send Messages nor Use Application Commands (Discord's documentation, "Permissions").
"""


def rights_in(channel: discord.VoiceChannel) -> list[Answer]:
    """Return what can be read in the channel once the bot has joined it."""
    return [
        Answer("May everyone join, type commands and see earlier panels?", _lacking(channel)),
        Answer("Is the bot deafened or muted on this server?", _own_voice(channel.guild.me)),
    ]


def _lacking(channel: discord.VoiceChannel) -> str:
    allowed = channel.permissions_for(channel.guild.default_role)
    lacking = [name for name, needed in PEOPLE_NEED if needed and not getattr(allowed, name)]
    if not lacking:
        return "yes"
    # discord.py's name for it is not the one in Discord's settings.
    shown = ["view_channel" if name == "read_messages" else name for name in lacking]
    names = ", ".join(name.replace("_", " ").title() for name in shown)
    return f"@everyone lacks {names}: give it to the roles of those who take part"


def _own_voice(me: discord.Member) -> str | None:
    if me.voice is None:
        return None
    found = [word for word, is_so in (("deafened", me.voice.deaf), ("muted", me.voice.mute)) if is_so]
    return f"{' and '.join(found)}: right-click the bot in the channel and undo it" if found else "no"
