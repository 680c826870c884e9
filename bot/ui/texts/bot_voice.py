"""What happened to the bot itself, in words: who must do what. Nothing here blames a microphone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.domain.ids import SessionId
from bot.domain.own_voice import ChannelFault, Obstacle, Ousting, OwnVoice

_UNDEAFEN = (
    "someone with the permission *Deafen Members* right-clicks the bot in the voice channel (on a phone: taps it) and "
    "switches off **Server Deafen**"
)
"""Who must do what about a deafened bot."""

_UNMUTE = (
    "Someone with *Mute Members* right-clicks the bot in the voice channel (on a phone: taps it) and switches off "
    "**Server Mute**."
)
_UNHEARD = "so no one hears its announcements and its countdown. It records all the same"

CHANNEL_FAULTS: Mapping[ChannelFault, str] = {
    ChannelFault.STAGE: (
        "{channel} is a stage channel, in which only speakers are heard. Use a voice channel: `channel:`."
    ),
    ChannelFault.AFK: (
        "{channel} is this server's AFK channel, in which no one can speak. Use another voice channel: `channel:`."
    ),
    ChannelFault.FULL: (
        "{channel} is full. Someone has to leave, or someone with *Manage Channels* raises its user limit by one for "
        "the bot."
    ),
    ChannelFault.GONE: "The voice channel no longer exists. Choose another one: `channel:`.",
}
"""Why no session can be held in a channel, and what to do."""

_OUSTED: Mapping[Ousting, str] = {
    Ousting.CHANNEL_DELETED: "its voice channel was deleted",
    Ousting.KICKED: "the bot was kicked from the server",
}


def permission_names(names: Iterable[str]) -> str:
    """Permissions as Discord's settings call them."""
    return ", ".join(name.replace("_", " ").title() for name in names)


def deafened_text(voice_channel_id: int, waits_seconds: int | None) -> str:
    """For someone who wants the bot to listen although it is deafened."""
    told = f"The bot was deafened on this server, so it hears no one. To change that, {_UNDEAFEN}."
    if waits_seconds is None:
        return f"{told} Then try again."
    stays = (
        f"The bot waits in <#{voice_channel_id}> for {waits_seconds // 60} minutes: only there can it be undeafened."
    )
    return f"{told} Then run `/session start` again. {stays}"


def obstacle_texts(own: OwnVoice, obstacles: frozenset[Obstacle], *, is_recording: bool) -> list[str]:
    """What stands between the bot and the people, for the panel; the worst first."""
    found = {
        Obstacle.MOVED: _moved_text(own),
        Obstacle.DEAFENED: _deafened_text(is_recording=is_recording),
        Obstacle.FORBIDDEN: _lacking_text(own),
        Obstacle.MUTED: f"🔇 **The bot is muted on this server**, {_UNHEARD}. {_UNMUTE}",
        Obstacle.SUPPRESSED: (
            f"🔇 **The bot may not speak in this channel**, {_UNHEARD}. Someone with *Manage Channels* allows it to "
            "**Speak** here."
        ),
    }
    # The missing permission to speak is what suppresses the bot: one sentence is enough.
    is_told = own.lacking == ("speak",)
    return [found[one] for one in found if one in obstacles and not (one is Obstacle.FORBIDDEN and is_told)]


def warning_texts(own: OwnVoice | None, voice_channel_id: int) -> list[str]:
    """What to warn of when a session is opened."""
    return obstacle_texts(own, own.obstacles(voice_channel_id), is_recording=False) if own else []


def _moved_text(own: OwnVoice) -> str:
    return (
        f"⚠️ **The bot was moved to <#{own.channel_id}>** and hears no one here. Nothing is recorded. The "
        "moderator who moved it may have had a reason: ask them, then press **Bring me back**."
    )


def _deafened_text(*, is_recording: bool) -> str:
    hole = " What is said until then is missing in every track, and marked there." if is_recording else ""
    return f"⚠️ **The bot hears no one: it was deafened on this server.** To change that, {_UNDEAFEN}.{hole}"


def _lacking_text(own: OwnVoice) -> str:
    return (
        f"⚠️ The bot has lost permissions in this channel: {permission_names(own.lacking)}. Someone with *Manage "
        "Channels* grants them again; without them, it cannot come back if it loses the connection."
    )


def session_lost_text(session_id: SessionId, cause: Ousting) -> str:
    """For the coordinator of a session that is over because the bot was ousted."""
    return (
        f"**Session {session_id} is over, because {_OUSTED[cause]}.** What was recorded until then is kept. Export it "
        f"on the server with `/export session:{session_id}`, or start a new session with `/session start`."
    )


def panel_lost_text(voice_channel_id: int, lacking: Iterable[str]) -> str:
    """For the coordinator of a session whose panel the bot cannot refresh."""
    return (
        f"The bot has lost permissions in <#{voice_channel_id}>: {permission_names(lacking)}. It still hears the "
        "channel, but cannot refresh the panel. Someone with *Manage Channels* grants them again."
    )
