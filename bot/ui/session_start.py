"""Opening a session for a coordinator, by command or after the form that comes before a server's first one."""

from __future__ import annotations

from bot.services.session.sessions import SessionWishes
from bot.ui.answers import confirm, tell
from bot.ui.press import Press
from bot.ui.texts.bot_voice import warning_texts
from bot.ui.texts.replies import opened_text
from bot.ui.texts.schedule import arrivals_text


async def start_session(press: Press, voice_channel_id: int | None, wishes: SessionWishes) -> None:
    """Open a session and say so. The interaction has been acknowledged."""
    services = press.services
    session = await services.sessions.start(press.guild_id, voice_channel_id, press.user_id, wishes)
    tonight = services.dealt.tonight(session)
    missing = arrivals_text(await services.rosters.begun(session))
    # Beside the panel, without a warning and with the whole set, there is nothing to keep.
    is_beside_panel = press.interaction.channel_id == session.voice_channel_id
    has_warning = bool(warning_texts(session.own_voice, session.voice_channel_id))
    is_brief = is_beside_panel and not has_warning and not tonight and not missing
    text = f"{opened_text(session, tonight)}\n{missing}".strip()
    await (confirm if is_brief else tell)(press.interaction, text)
