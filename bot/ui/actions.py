"""What coordinators do, whether by a button or by a slash command: check, call one service, reply.

`seen` is the last change that the panel showed on which a button was pressed; commands mean the session as it is.
"""

from __future__ import annotations

import asyncio
from time import monotonic

import discord

from bot.domain.errors import NotACoordinator
from bot.domain.show import Step
from bot.live.session import LiveSession
from bot.services import sound_check
from bot.services.cues import give_cue
from bot.services.cuts import cut_now, kept
from bot.services.desk import Desk
from bot.services.notes import LONGEST_NOTE, NoteMoment, note_moment, read_notes, write_note
from bot.services.pauses import pause_now, resume
from bot.services.scenes import CastingWish, deal_scene, override_part, redeal_scene
from bot.services.sessions import end_session
from bot.services.strikes import strike_or_take_back
from bot.services.takes import start_take
from bot.store.events import last_change
from bot.store.sessions import Session
from bot.ui.answers import show, tell, wait_please
from bot.ui.custom_ids import END_NOW, NOTE_FORM
from bot.ui.form_values import FormValues
from bot.ui.forms import show_form
from bot.ui.people import guild_of, require_coordinator, standing_of
from bot.ui.texts import notes, replies
from bot.ui.texts.sound_check import begun_text, check_text

PATIENCE_SECONDS = 5.0
"""How long somebody waits for the store to take what has already taken effect, before they are told so much."""


async def session_here(desk: Desk, interaction: discord.Interaction, session_id: int | None = None) -> Session:
    """The session a button names, or the server's open one for a command."""
    guild_id = guild_of(interaction)
    if session_id is None:
        return await desk.open_session(guild_id)
    return await desk.session_of_button(session_id, guild_id)


async def live_here(desk: Desk, interaction: discord.Interaction, session_id: int | None = None) -> LiveSession:
    """The same session as it is in memory: an open one is found without asking the store."""
    guild_id = guild_of(interaction)
    found = desk.live.in_guild(guild_id) if session_id is None else desk.live.find(session_id)
    if found is not None and found.guild_id == guild_id:
        return found
    return await desk.live_of(await session_here(desk, interaction, session_id))


async def _to_stop(desk: Desk, interaction: discord.Interaction, session_id: int | None) -> LiveSession:
    """The session, for a coordinator whose press takes effect before anything is read or acknowledged."""
    if desk.live.in_guild(guild_of(interaction)) is None:
        await require_coordinator(desk, interaction)
    session = await live_here(desk, interaction, session_id)
    if not session.coordinators.include(standing_of(interaction)):
        raise NotACoordinator
    return session


async def _coordinated(desk: Desk, interaction: discord.Interaction, session_id: int | None) -> Session:
    """The session, for a coordinator, whose press is acknowledged at once."""
    await require_coordinator(desk, interaction)
    session = await session_here(desk, interaction, session_id)
    await wait_please(interaction)
    return session


async def deal(
    desk: Desk,
    interaction: discord.Interaction,
    session_id: int | None = None,
    seen: int | None = None,
    prompt_id: str | None = None,
) -> None:
    """Deal the next scene."""
    session = await _coordinated(desk, interaction, session_id)
    await tell(interaction, replies.dealt_text(await deal_scene(desk, session, seen, prompt_id)))


async def redeal(
    desk: Desk,
    interaction: discord.Interaction,
    session_id: int | None = None,
    seen: int | None = None,
    prompt_id: str | None = None,
) -> None:
    """Deal the current scene anew."""
    session = await _coordinated(desk, interaction, session_id)
    await tell(interaction, replies.dealt_text(await redeal_scene(desk, session, seen, prompt_id), is_anew=True))


async def override(desk: Desk, interaction: discord.Interaction, performer: int, wish: CastingWish) -> None:
    """Change a performer's part by hand."""
    session = await _coordinated(desk, interaction, None)
    await override_part(desk, session, performer, wish)
    emotions = desk.library.emotion_set(session.emotion_set)
    await tell(interaction, replies.overridden_text(performer, wish, emotions))


async def start(
    desk: Desk, interaction: discord.Interaction, session_id: int | None = None, seen: int | None = None
) -> None:
    """Call a take; the countdown runs from the press."""
    pressed_at = monotonic()
    session = await _coordinated(desk, interaction, session_id)
    await tell(interaction, replies.called_text(await start_take(desk, session, pressed_at, seen)))


async def retake(
    desk: Desk, interaction: discord.Interaction, session_id: int | None = None, seen: int | None = None
) -> None:
    """Call another take of the scene; earlier ones are kept."""
    pressed_at = monotonic()
    session = await _coordinated(desk, interaction, session_id)
    await tell(interaction, replies.called_text(await start_take(desk, session, pressed_at, seen, is_retake=True)))


async def check_sound(
    desk: Desk,
    interaction: discord.Interaction,
    session_id: int | None = None,
    seen: int | None = None,
    seconds: int = sound_check.CHECK_SECONDS,
) -> None:
    """Listen to everybody for some seconds. It changes nothing for other buttons, so `seen` does not matter."""
    session = await _coordinated(desk, interaction, session_id)

    async def begun(check: sound_check.CheckBegun) -> None:
        await tell(interaction, begun_text(check))

    await tell(interaction, check_text(await sound_check.check_sound(desk, session, seconds, begun)))


async def cue(
    desk: Desk, interaction: discord.Interaction, session_id: int | None = None, seen: int | None = None
) -> None:
    """Give the cue that waits. It changes nothing for other buttons, so `seen` does not matter."""
    session = await _coordinated(desk, interaction, session_id)
    await tell(interaction, replies.cued_text(await give_cue(desk, await desk.live_of(session))))


async def cut(
    desk: Desk, interaction: discord.Interaction, session_id: int | None = None, seen: int | None = None
) -> None:
    """Cut the take at the moment of the press."""
    pressed_at = monotonic()
    session = await _to_stop(desk, interaction, session_id)
    take = cut_now(desk, session, pressed_at, seen)
    await wait_please(interaction)
    keeping = desk.errands.run(kept(desk, session, take), "keeping of a cut take")
    await asyncio.wait({keeping}, timeout=PATIENCE_SECONDS)
    await tell(interaction, replies.cut_text(await keeping) if keeping.done() else replies.CUT_NOT_STORED)


async def strike(
    desk: Desk, interaction: discord.Interaction, session_id: int | None = None, seen: int | None = None
) -> None:
    """Strike the scene's newest take, or take it back."""
    session = await _coordinated(desk, interaction, session_id)
    await tell(interaction, replies.struck_text(*await strike_or_take_back(desk, session, seen)))


async def hold(
    desk: Desk, interaction: discord.Interaction, session_id: int | None = None, seen: int | None = None
) -> None:
    """Pause the session from the moment of the press."""
    pressed_at = monotonic()
    session = await _to_stop(desk, interaction, session_id)
    pause_now(desk, session, pressed_at, seen)
    await wait_please(interaction)
    await tell(interaction, replies.PAUSED)


async def go_on(
    desk: Desk, interaction: discord.Interaction, session_id: int | None = None, seen: int | None = None
) -> None:
    """Let a paused session go on."""
    session = await _coordinated(desk, interaction, session_id)
    await resume(desk, session, seen)
    await tell(interaction, replies.RESUMED)


async def ask_to_end(
    desk: Desk, interaction: discord.Interaction, session_id: int | None = None, seen: int | None = None
) -> None:
    """Ask before the session is ended: the button lies under a thumb."""
    session = await _coordinated(desk, interaction, session_id)
    last = await last_change(desk.database, session.session_id)
    button_id = END_NOW.build(session_id=session.session_id, seen=last.event_id)
    view = discord.ui.View(timeout=None)
    view.add_item(
        discord.ui.Button(label=replies.END_NOW_BUTTON, style=discord.ButtonStyle.danger, custom_id=button_id)
    )
    await show(interaction, content=replies.end_question(session.session_id), view=view)


async def end(
    desk: Desk, interaction: discord.Interaction, session_id: int | None = None, seen: int | None = None
) -> None:
    """End the session."""
    session = await _coordinated(desk, interaction, session_id)
    await tell(interaction, replies.ended_text(session.session_id, await end_session(desk, session, seen)))


async def ask_for_note(
    desk: Desk, interaction: discord.Interaction, session_id: int | None = None, seen: int | None = None
) -> None:
    """Open the form for a note, which is about the moment of this press."""
    pressed_at = monotonic()
    await require_coordinator(desk, interaction)
    session = await session_here(desk, interaction, session_id)
    moment = await note_moment(desk, session, pressed_at)
    form_id = NOTE_FORM.build(
        session_id=session.session_id,
        scene_id=moment.scene_id or 0,
        take_id=moment.take_id or 0,
        position_samples=moment.position_samples or 0,
    )
    form = discord.ui.Modal(title=notes.FORM_TITLE, custom_id=form_id)
    field = discord.ui.TextInput[discord.ui.Modal](
        custom_id="text", style=discord.TextStyle.paragraph, max_length=LONGEST_NOTE, placeholder=notes.QUESTION
    )
    form.add_item(discord.ui.Label(text=notes.FIELD, description=notes.EXPLAINED, component=field))
    await show_form(interaction, form)


async def submit_note(
    desk: Desk,
    interaction: discord.Interaction,
    values: FormValues,
    session_id: int,
    scene_id: int,
    take_id: int,
    position_samples: int,
) -> None:
    """Keep a note that was typed into the form, also when the session ended meanwhile."""
    session = await desk.session_of_form(session_id, await require_coordinator(desk, interaction))
    await wait_please(interaction)
    moment = NoteMoment(scene_id or None, take_id or None, position_samples if take_id else None)
    await tell(interaction, notes.note_text(await write_note(desk, session, values.one("text"), moment)))


async def note(desk: Desk, interaction: discord.Interaction, text: str) -> None:
    """Keep a note that came with a command."""
    at = monotonic()
    session = await _coordinated(desk, interaction, None)
    moment = await note_moment(desk, session, at)
    await tell(interaction, notes.note_text(await write_note(desk, session, text, moment)))


async def show_notes(desk: Desk, interaction: discord.Interaction) -> None:
    """Read what was noted in this session."""
    session = await _coordinated(desk, interaction, None)
    await tell(interaction, notes.notes_text(await read_notes(desk, session)))


STEP_ACTIONS = {
    Step.SOUND_CHECK: check_sound,
    Step.DEAL: deal,
    Step.NEXT: deal,
    Step.REDEAL: redeal,
    Step.START: start,
    Step.RETAKE: retake,
    Step.CUE: cue,
    Step.CUT: cut,
    Step.STRIKE: strike,
    Step.PAUSE: hold,
    Step.RESUME: go_on,
    Step.NOTE: ask_for_note,
    Step.END: ask_to_end,
}
"""What each of the coordinator's buttons does."""
