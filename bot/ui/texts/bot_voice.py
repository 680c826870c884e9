"""What happened to the bot itself, in words: who must do what. Nothing here blames a microphone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.domain.ids import SessionId
from bot.domain.own_voice import ChannelFault, Obstacle, Ousting, OwnVoice
from bot.ui.texts.language import phrase, say

CHANNEL_FAULTS: Mapping[ChannelFault, str] = {
    ChannelFault.STAGE: phrase(
        "{channel} is a stage channel, in which only speakers are heard. Use a voice channel: `channel:`."
    ),
    ChannelFault.AFK: phrase(
        "{channel} is this server's AFK channel, in which no one can speak. Use another voice channel: `channel:`."
    ),
    ChannelFault.FULL: phrase(
        "{channel} is full. Someone has to leave, or someone with *Manage Channels* raises its user limit by one for "
        "the bot."
    ),
    ChannelFault.GONE: phrase("The voice channel no longer exists. Choose another one: `channel:`."),
}
"""Why no session can be held in a channel, and what to do."""

_LOST: Mapping[Ousting, str] = {
    Ousting.CHANNEL_DELETED: phrase(
        "**Session {number} is over, because its voice channel was deleted.** What was recorded until then is kept. "
        "Export it on the server with `/export session:{number}`, or start a new session with `/session start`."
    ),
    Ousting.KICKED: phrase(
        "**Session {number} is over, because the bot was kicked from the server.** What was recorded until then is "
        "kept. Export it on the server with `/export session:{number}`, or start a new session with `/session start`."
    ),
}

_PERMISSIONS: Mapping[str, str] = {
    "view_channel": phrase("View Channel"),
    "connect": phrase("Connect"),
    "speak": phrase("Speak"),
    "send_messages": phrase("Send Messages"),
    "attach_files": phrase("Attach Files"),
    "embed_links": phrase("Embed Links"),
    "change_nickname": phrase("Change Nickname"),
    "create_events": phrase("Create Events"),
}
"""What the bot may lack, as Discord's settings call it in English."""


def permission_names(names: Iterable[str]) -> str:
    """Permissions as Discord's settings call them."""
    return ", ".join(
        say(_PERMISSIONS[name]) if name in _PERMISSIONS else name.replace("_", " ").title() for name in names
    )


def deafened_text(voice_channel_id: int, waits_seconds: int | None) -> str:
    """For someone who wants the bot to listen although it is deafened."""
    if waits_seconds is None:
        return say(
            "The bot was deafened on this server, so it hears no one. To change that, {undeafen}. Then try again.",
            undeafen=_undeafen(),
        )
    return say(
        "The bot was deafened on this server, so it hears no one. To change that, {undeafen}. Then run `/session "
        "start` again. The bot waits in {channel} for {minutes} minutes: only there can it be undeafened.",
        undeafen=_undeafen(),
        channel=f"<#{voice_channel_id}>",
        minutes=waits_seconds // 60,
    )


def obstacle_texts(own: OwnVoice, obstacles: frozenset[Obstacle], *, is_recording: bool) -> list[str]:
    """What stands between the bot and the people, for the panel; the worst first."""
    found = {
        Obstacle.MOVED: _moved_text(own),
        Obstacle.DEAFENED: _deafened_text(is_recording=is_recording),
        Obstacle.FORBIDDEN: _lacking_text(own),
        Obstacle.MUTED: say(
            "🔇 **The bot is muted on this server**, so no one hears its announcements and its countdown. It records "
            "all the same. Someone with *Mute Members* right-clicks the bot in the voice channel (on a phone: taps it) "
            "and switches off **Server Mute**."
        ),
        Obstacle.SUPPRESSED: say(
            "🔇 **The bot may not speak in this channel**, so no one hears its announcements and its countdown. It "
            "records all the same. Someone with *Manage Channels* allows it to **Speak** here."
        ),
    }
    # The missing permission to speak is what suppresses the bot: one sentence is enough.
    is_told = own.lacking == ("speak",)
    return [found[one] for one in found if one in obstacles and not (one is Obstacle.FORBIDDEN and is_told)]


def warning_texts(own: OwnVoice | None, voice_channel_id: int) -> list[str]:
    """What to warn of when a session is opened."""
    return obstacle_texts(own, own.obstacles(voice_channel_id), is_recording=False) if own else []


def _undeafen() -> str:
    """Who must do what about a deafened bot."""
    return say(
        "someone with the permission *Deafen Members* right-clicks the bot in the voice channel (on a phone: taps it) "
        "and switches off **Server Deafen**"
    )


def _moved_text(own: OwnVoice) -> str:
    return say(
        "⚠️ **The bot was moved to {channel}** and hears no one here. Nothing is recorded. The moderator who moved it "
        "may have had a reason: ask them, then press **Bring me back**.",
        channel=f"<#{own.channel_id}>",
    )


def _deafened_text(*, is_recording: bool) -> str:
    deafened = say(
        "⚠️ **The bot hears no one: it was deafened on this server.** To change that, {undeafen}.", undeafen=_undeafen()
    )
    if not is_recording:
        return deafened
    hole = say("What is said until then is missing in every track, and marked there.")
    return f"{deafened} {hole}"


def _lacking_text(own: OwnVoice) -> str:
    return say(
        "⚠️ The bot has lost permissions in this channel: {permissions}. Someone with *Manage Channels* grants them "
        "again; without them, it cannot come back if it loses the connection.",
        permissions=permission_names(own.lacking),
    )


def session_lost_text(session_id: SessionId, cause: Ousting) -> str:
    """For the coordinator of a session that is over because the bot was ousted."""
    return say(_LOST[cause], number=session_id)


def panel_lost_text(voice_channel_id: int, lacking: Iterable[str]) -> str:
    """For the coordinator of a session whose panel the bot cannot refresh."""
    return say(
        "The bot has lost permissions in {channel}: {permissions}. It still hears the channel, but cannot refresh the "
        "panel. Someone with *Manage Channels* grants them again.",
        channel=f"<#{voice_channel_id}>",
        permissions=permission_names(lacking),
    )
