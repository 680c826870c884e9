"""What coordinators do, by a button or by a slash command: check, call one service, reply.

A button counts only if its panel showed the last change; commands mean the session as it is.
"""

from __future__ import annotations

import asyncio
from functools import partial

import discord

from bot.domain.ids import SceneId, TakeId, UserId
from bot.domain.show import Step
from bot.domain.states import Interlude, ReplayMode
from bot.live.session import LiveSession
from bot.services.rating.waiting import Waiting
from bot.services.scene.scenes import CastingWish
from bot.services.sound import sound_check
from bot.services.take.notes import LONGEST_NOTE, NoteMoment
from bot.ui.answers import confirm, show, show_form, tell, wait_please
from bot.ui.custom_ids import END_NOW, NOTE_FORM, REPLAYS, OfMoment, OnPanel
from bot.ui.form_values import FormValues
from bot.ui.press import Press
from bot.ui.texts import interludes, notes, replies
from bot.ui.texts.calibration import part_dealt_text
from bot.ui.texts.language import say
from bot.ui.texts.replay import REPLAY_BUTTONS, REPLAY_QUESTION, replayed_text
from bot.ui.texts.signals import coached_text
from bot.ui.texts.sound_check import begun_text, check_text

PATIENCE_SECONDS = 5.0
"""How long a person waits until the store has what has already taken effect; then they are told that it has not."""


async def _coordinated(press: Press) -> LiveSession:
    """The session, for a coordinator; acknowledges their press immediately."""
    session = await press.coordinated_session()
    await wait_please(press.interaction)
    return session


async def deal(
    press: Press,
    prompt_id: str | None = None,
) -> None:
    """Deal the next scene."""
    session = await _coordinated(press)
    dealt = await press.services.scenes.deal(session, press.seen, prompt_id)
    await confirm(press.interaction, replies.dealt_text(dealt))


async def redeal(
    press: Press,
    prompt_id: str | None = None,
) -> None:
    """Deal the current scene again."""
    session = await _coordinated(press)
    dealt = await press.services.scenes.redeal(session, press.seen, prompt_id)
    await confirm(press.interaction, replies.dealt_text(dealt, is_redealt=True))


async def begin_interlude(press: Press, kind: Interlude) -> None:
    """Begin a warm-up, a voice try-out or a debrief, or go on to the next exercise."""
    session = await _coordinated(press)
    shown = await press.services.interludes.begin(session, kind, press.seen)
    await confirm(press.interaction, interludes.begun_text(shown))


async def finish_interlude(press: Press) -> None:
    """End the warm-up, the voice try-out or the debrief."""
    session = await _coordinated(press)
    await press.services.interludes.finish(session, press.seen)
    await confirm(press.interaction, say(interludes.FINISHED))


async def calibrate(press: Press) -> None:
    """Deal the next part of the calibration."""
    session = await _coordinated(press)
    dealt = await press.services.calibrations.deal_next(session, press.seen)
    await confirm(press.interaction, part_dealt_text(dealt))


async def ask_for_replay(press: Press) -> None:
    """Ask what is to be different when the scene is played again."""
    session = await _coordinated(press)
    view = discord.ui.View(timeout=None)
    for mode, custom_id in REPLAYS.items():
        button_id = custom_id.build(OnPanel(session.session_id, session.change.event_id))
        view.add_item(discord.ui.Button(label=say(REPLAY_BUTTONS[mode]), custom_id=button_id))
    await show(press.interaction, content=say(REPLAY_QUESTION), view=view)


async def replay(press: Press, mode: ReplayMode) -> None:
    """Deal the scene once more, with something changed."""
    session = await _coordinated(press)
    dealt = await press.services.replays.deal(session, mode, press.seen)
    await confirm(press.interaction, replayed_text(dealt))


async def override(press: Press, performer: UserId, wish: CastingWish) -> None:
    """Change a performer's part by hand."""
    session = await _coordinated(press)
    casting = await press.services.scenes.override_part(session, performer, wish)
    emotions = await press.services.dealt.emotions(session, casting.scene_id)
    await confirm(press.interaction, replies.overridden_text(performer, wish, emotions))


async def start(press: Press) -> None:
    """Call a take; the countdown runs from the press."""
    session = await _coordinated(press)
    called = await press.services.takes.start(session, press.at, press.seen)
    await confirm(press.interaction, replies.called_text(called))


async def retake(press: Press) -> None:
    """Call another take of the scene; earlier ones are kept."""
    session = await _coordinated(press)
    called = await press.services.takes.start(session, press.at, press.seen, is_retake=True)
    await confirm(press.interaction, replies.called_text(called))


async def check_sound(
    press: Press,
    seconds: int = sound_check.CHECK_SECONDS,
) -> None:
    """Listen to everyone for some seconds. Other buttons of the panel still count afterwards."""
    session = await _coordinated(press)

    async def begun(check: sound_check.CheckBegun) -> None:
        await tell(press.interaction, begun_text(check))

    await tell(press.interaction, check_text(await press.services.sound_checks.check(session, seconds, begun)))


async def cue(press: Press) -> None:
    """Give the cue that is waiting. Other buttons of the panel still count afterwards."""
    session = await _coordinated(press)
    await confirm(press.interaction, replies.cued_text(await press.services.cues.give(session)))


async def coach(press: Press, performer: UserId, text: str) -> None:
    """Tell one performer something in the middle of the take."""
    session = await _coordinated(press)
    await press.services.coaching.coach(session, performer, text)
    await confirm(press.interaction, coached_text(performer))


async def cut(press: Press) -> None:
    """Cut the take at the moment of the press."""
    session = await press.coordinated_session()
    take = press.services.cuts.cut_now(session, press.at, press.seen)
    await wait_please(press.interaction)
    keeping = press.services.errands.run(press.services.cuts.kept(session, take), "keeping of a cut take")
    await asyncio.wait({keeping}, timeout=PATIENCE_SECONDS)
    if not keeping.done():
        await tell(press.interaction, say(replies.CUT_NOT_STORED))
        return
    kept = await keeping
    # Who was not heard or not recorded is said nowhere else.
    has_news = kept.silent_users or kept.unrecorded_users
    await (tell if has_news else confirm)(press.interaction, replies.cut_text(kept))


async def strike(press: Press) -> None:
    """Strike the scene's newest take, or restore it."""
    session = await _coordinated(press)
    struck = await press.services.strikes.strike_or_restore(session, press.seen)
    await confirm(press.interaction, replies.struck_text(*struck))


async def hold(press: Press, minutes: int | None = None) -> None:
    """Pause the session from the moment of the press; with `minutes`, for a break whose end the panel shows."""
    session = await press.coordinated_session()
    press.services.pauses.pause_now(session, press.at, press.seen, minutes=minutes)
    await wait_please(press.interaction)
    await confirm(press.interaction, say(replies.BREAK if minutes else replies.PAUSED))


async def go_on(press: Press) -> None:
    """Resume a paused session."""
    session = await _coordinated(press)
    await press.services.pauses.resume(session, press.seen)
    await confirm(press.interaction, say(replies.RESUMED))


async def bring_panel(press: Press) -> None:
    """Post the panel again, at the bottom of the chat."""
    session = await _coordinated(press)
    press.services.panels.post_again(session.session_id)
    await confirm(press.interaction, say(replies.PANEL_POSTED))


async def bring_back(press: Press) -> None:
    """Bring the bot back into the session's channel."""
    session = await _coordinated(press)
    await press.services.own_voices.bring_back(session, press.seen)
    await confirm(press.interaction, say(replies.BROUGHT_BACK))


async def ask_to_end(press: Press) -> None:
    """Ask before the session is ended, because the button is easily pressed by mistake; say what is left to rate."""
    session = await _coordinated(press)
    await _ask_to_end(press, session, await press.services.waiting_clips.of(session))


async def _ask_to_end(press: Press, session: LiveSession, waiting: Waiting) -> None:
    button_id = END_NOW.build(OnPanel(session.session_id, session.change.event_id))
    view = discord.ui.View(timeout=None)
    view.add_item(
        discord.ui.Button(label=say(replies.END_NOW_BUTTON), style=discord.ButtonStyle.danger, custom_id=button_id)
    )
    question = replies.end_question(session.session_id, waiting, session.settings.rating_hours)
    await show(press.interaction, content=question, view=view)


async def end(press: Press) -> None:
    """End the session, and say what is left to rate."""
    session = await _coordinated(press)
    waiting = await press.services.waiting_clips.of(session)
    await _end(press, session, waiting)


async def end_unless_lost(press: Press) -> None:
    """End the session by command. If clips wait that no one could rate afterwards, ask first."""
    session = await _coordinated(press)
    waiting = await press.services.waiting_clips.of(session)
    if waiting.clips and not session.settings.rating_hours:
        await _ask_to_end(press, session, waiting)
    else:
        await _end(press, session, waiting)


async def _end(press: Press, session: LiveSession, waiting: Waiting) -> None:
    hours = session.settings.rating_hours
    counts = await press.services.sessions.end(session, press.seen)
    await press.services.rosters.ended(session.session_id)
    figures = await press.services.rating_status.figures(session)
    await tell(press.interaction, replies.ended_text(session.session_id, counts, waiting, figures, hours))


async def ask_for_note(press: Press) -> None:
    """Open the form for a note about the moment of this press."""
    session = await press.coordinated_session()
    moment = await press.services.notes.moment_at(session, press.at)
    form_id = NOTE_FORM.build(
        OfMoment(
            session.session_id,
            moment.scene_id or SceneId(0),
            moment.take_id or TakeId(0),
            moment.position_samples or 0,
        )
    )
    form = discord.ui.Modal(title=say(notes.FORM_TITLE), custom_id=form_id)
    field = discord.ui.TextInput[discord.ui.Modal](
        custom_id="text", style=discord.TextStyle.paragraph, max_length=LONGEST_NOTE, placeholder=say(notes.QUESTION)
    )
    form.add_item(discord.ui.Label(text=say(notes.FIELD), description=say(notes.EXPLAINED), component=field))
    await show_form(press.interaction, form)


async def submit_note(press: Press, values: FormValues, of: OfMoment) -> None:
    """Store a note that was typed into the form, even if the session has ended in the meantime."""
    await press.require_coordinator()
    session = await press.services.open_sessions.of_form(of.session_id, press.guild_id)
    await wait_please(press.interaction)
    moment = NoteMoment(of.scene_id or None, of.take_id or None, of.position_samples if of.take_id else None)
    note = await press.services.notes.write(session.session_id, values.one("text"), moment)
    await confirm(press.interaction, notes.note_text(note))


async def write_note(press: Press, text: str) -> None:
    """Store a note that came with a command."""
    session = await _coordinated(press)
    moment = await press.services.notes.moment_at(session, press.at)
    note = await press.services.notes.write(session.session_id, text, moment)
    await confirm(press.interaction, notes.note_text(note))


async def show_notes(press: Press) -> None:
    """Show the notes of this session."""
    session = await _coordinated(press)
    await tell(press.interaction, notes.notes_text(await press.services.notes.read(session.session_id)))


STEP_ACTIONS = {
    Step.BRING_BACK: bring_back,
    Step.SOUND_CHECK: check_sound,
    Step.WARM_UP: partial(begin_interlude, kind=Interlude.WARM_UP),
    Step.VOICES: partial(begin_interlude, kind=Interlude.VOICES),
    Step.DEBRIEF: partial(begin_interlude, kind=Interlude.DEBRIEF),
    Step.FINISH: finish_interlude,
    Step.CALIBRATE: calibrate,
    Step.DEAL: deal,
    Step.NEXT: deal,
    Step.REDEAL: redeal,
    Step.START: start,
    Step.RETAKE: retake,
    Step.CUE: cue,
    Step.CUT: cut,
    Step.REPLAY: ask_for_replay,
    Step.STRIKE: strike,
    Step.PAUSE: hold,
    Step.RESUME: go_on,
    Step.NOTE: ask_for_note,
    Step.END: ask_to_end,
}
"""What each of the coordinator's buttons does."""
