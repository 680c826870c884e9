"""What everyone does for themselves, by button or slash command: card, ratings, consent, lines, X-card, Ease off."""

from __future__ import annotations

import io
from functools import partial

import discord

from bot.domain.consent_text import LONGEST_CONSENT_TEXT
from bot.domain.errors import AlreadyRated, PromptbookError
from bot.domain.ids import GuildId
from bot.domain.interludes import InterludeShown
from bot.domain.states import CueWay, Interlude
from bot.live.session import LiveSession
from bot.ui.answers import NO_PINGS, confirm, follow_up, open_with, sent_with, show, show_form, tell, wait_please
from bot.ui.card_view import card_view, try_out_view
from bot.ui.consent_form import consent_form, consent_view, consent_view_of
from bot.ui.custom_ids import OfClip, OfTrial
from bot.ui.limits_form import Offered, limits_form
from bot.ui.press import OwnPress, Press
from bot.ui.rating_fields import rating_form
from bot.ui.rating_form import go_on, show_trial
from bot.ui.servers import name_of, servers_of
from bot.ui.texts.card import HEARD, NO_VOICES, card_text, cues_text, prompt_text, spoken_card_text
from bot.ui.texts.consent import NO_SERVER, TEXT_IS_NEW, unreadable_text
from bot.ui.texts.errors import sentence_of
from bot.ui.texts.held import NOTHING_HELD, held_text
from bot.ui.texts.interludes import debrief_text, exercise_text, voice_text
from bot.ui.texts.language import language_in_force, say
from bot.ui.texts.operator import operator_text
from bot.ui.texts.replies import SCENE_STOPPED
from bot.ui.texts.signals import EASED

_FITS = LONGEST_CONSENT_TEXT - len(TEXT_IS_NEW)


async def show_card(press: Press) -> None:
    """Show a performer their own card; cues will reach them in the same place."""
    session = await press.session()
    await wait_please(press.interaction)
    await _show_card(press, session)

    async def whisper(text: str, buttons: discord.ui.View | None, sound: bytes | None) -> None:
        await follow_up(press.interaction, text, **sent_with(buttons, sound))

    press.services.stage.card_shown(press.user_id, whisper)
    await press.services.cues.give_late(session, press.user_id)
    asking = press.services.cue_questions.ask(session, only=press.user_id)
    press.services.errands.run(asking, "questions about earlier cues")


async def choose_cues(press: OwnPress, way: CueWay | None) -> None:
    """Tell anyone how their cues come, after changing it if they say how."""
    await wait_please(press.interaction)
    choices = press.services.cue_choices
    if way is not None:
        await choices.choose(press.user_id, way)
    await tell(press.interaction, cues_text(await choices.of(press.user_id)))


async def show_prompt(press: Press) -> None:
    """Show anyone the prompt of the current scene, and no one's part in it."""
    session = await press.session()
    await wait_please(press.interaction)
    read = await press.services.prompting.read(session, press.user_id)
    await tell(press.interaction, prompt_text(read))


async def another_voice(press: Press) -> None:
    """Deal a performer another character, and show it on the same card."""
    session = await press.session()
    await wait_please(press.interaction, in_place=True)
    if session.interlude is None:
        await press.services.voices.deal_another(session, press.user_id)
    await _show_card(press, session, another=True)


async def show_whole_voice(press: Press) -> None:
    """Show a performer their card with the whole of a voice that they know, on the same card."""
    session = await press.session()
    await wait_please(press.interaction, in_place=True)
    await _show_card(press, session, whole_voice=True)


async def hear_card(press: Press) -> None:
    """Read a performer their own card aloud, in an answer of its own that no one else can play."""
    session = await press.session()
    await wait_please(press.interaction)
    card = await press.services.cards.read(session, press.user_id)
    sound = await press.services.aloud.read(spoken_card_text(card), session.language)
    if sound is None:
        await tell(press.interaction, say(NO_VOICES))
        return
    await show(
        press.interaction, content=say(HEARD), attachments=[discord.File(io.BytesIO(sound), filename="card.mp3")]
    )


async def _show_card(press: Press, session: LiveSession, *, another: bool = False, whole_voice: bool = False) -> None:
    if session.interlude:
        await _show_of_interlude(press, session, session.interlude, another=another)
        return
    card = await press.services.cards.read(session, press.user_id)
    view = card_view(session.session_id, card, whole_voice=whole_voice)
    text = card_text(card, whole_voice=whole_voice)
    await show(press.interaction, content=text, view=view, allowed_mentions=NO_PINGS)


async def _show_of_interlude(press: Press, session: LiveSession, shown: InterludeShown, *, another: bool) -> None:
    """What one person reads in a warm-up, a voice try-out or a debrief. Nothing of it is kept but whose voice it is."""
    view = None
    match shown.kind:
        case Interlude.WARM_UP:
            text = exercise_text(shown)
        case Interlude.DEBRIEF:
            text = debrief_text(press.services.interludes.prompt(session))
        case Interlude.VOICES:
            text = voice_text(await press.services.interludes.voice_of(session, press.user_id, another=another))
            view = try_out_view(session.session_id)
    await show(press.interaction, content=text, view=view, allowed_mentions=NO_PINGS)


async def rate(press: Press) -> None:
    """Give a rater what comes next: of the session whose button it is, otherwise of any session that can be rated."""
    await wait_please(press.interaction)
    offers = press.services.offers
    await show_trial(press, await offers.next_trial(press.guild_id, press.user_id, press.standing, press.session_id))


async def judge_peer(press: Press, of: OfClip) -> None:
    """Open the form about someone else's turn for a rater."""
    await _judge(press, of, as_self=False)


async def judge_self(press: Press, of: OfClip) -> None:
    """Open the form about a performer's own turn."""
    await _judge(press, of, as_self=True)


async def _judge(press: Press, of: OfClip, *, as_self: bool) -> None:
    """Open the form about a clip, with one part of the emotion set."""
    sessions = press.services.rated_sessions
    session = await sessions.of(of.session_id, press.guild_id)
    await sessions.require_rater(session, press.user_id, press.standing)
    try:
        asked = await press.services.ratings.questions(session, of.token, press.user_id, as_self=as_self)
    except AlreadyRated as error:
        # Their answers may have been stored although Discord did not let the bot say so.
        await wait_please(press.interaction, in_place=True)
        await go_on(press, session.session_id, f"{sentence_of(error)}\n")
        return
    entered = press.services.drafts.of(press.user_id, of.token)
    await show_form(press.interaction, rating_form(asked, OfTrial(session.session_id, of.token), of.part, entered))


async def read_consent(press: OwnPress) -> None:
    """Show anyone what consent means here. If the text cannot be read, people can still withdraw.

    In direct messages, there is a button for each server that can be meant.
    """
    text = _consent_text(press)
    if press.interaction.guild_id is not None:
        about = operator_text(await press.services.operators.of(GuildId(press.interaction.guild_id)))
        fits = len(text) + len(about) < LONGEST_CONSENT_TEXT
        await open_with(press.interaction, f"{text}\n{about}" if about and fits else text, consent_view())
        if about and not fits:
            await follow_up(press.interaction, about)
        return
    await wait_please(press.interaction)
    if servers := await servers_of(press):
        await show(press.interaction, content=text, view=consent_view_of(servers))
    else:
        await tell(press.interaction, say(NO_SERVER))


def _consent_text(press: OwnPress) -> str:
    """The text that people agree to, or why there is none."""
    try:
        return press.services.library.in_language(language_in_force()).consent_text().text
    except PromptbookError as error:
        return unreadable_text(sentence_of(error))


def _is_new(press: OwnPress, text: str) -> bool:
    """Whether the message on which someone presses shows another text than the one that they would agree to."""
    shown = press.interaction.message.content if press.interaction.message else text
    return bool(shown) and text not in shown


async def show_held(press: OwnPress) -> None:
    """Show anyone what is held about them, on every server."""
    await wait_please(press.interaction)
    held = await press.services.held.about(press.user_id)
    name = partial(name_of, press.interaction.client)
    await tell(press.interaction, held_text(held, name) if held else say(NOTHING_HELD))


async def choose_consent(press: Press) -> None:
    """Open the form in which anyone gives or withdraws consent; first show the text if it has changed since then."""
    if _is_new(press, text := _consent_text(press)):
        view = consent_view() if press.interaction.guild_id is not None else consent_view_of(await servers_of(press))
        await open_with(press.interaction, f"{say(TEXT_IS_NEW)}\n{text}" if len(text) < _FITS else text, view)
        return
    consents, guild_id = press.services.consents, press.guild_id
    consented = await consents.stored(press.user_id, guild_id)
    shared = await consents.shared_with(press.user_id, guild_id)
    recipients = (await press.services.operators.of(guild_id)).named_recipients or shared
    named = guild_id if press.interaction.guild_id is None else None
    is_shared = bool(recipients) and shared == recipients
    await show_form(press.interaction, consent_form(consented, named, recipients, is_shared=is_shared))


async def choose_lines(press: OwnPress) -> None:
    """Open the form in which anyone says what they will not play."""
    limits = await press.services.limits.of(press.user_id)
    await show_form(
        press.interaction, limits_form(Offered.by(press.services.library.in_language(language_in_force())), limits)
    )


async def press_x_card(press: Press) -> None:
    """Stop the scene for anyone in the channel. Nothing that is stored says who."""
    session = await press.session()
    # The stop comes first: no voice may be recorded while the bot waits for Discord to accept an answer.
    stop = press.services.x_card.stop_now(session, press.user_id, press.at)
    await wait_please(press.interaction)
    await press.services.x_card.end_dealt_scene(session, stop)
    await confirm(press.interaction, say(SCENE_STOPPED))


async def press_ease_off(press: Press) -> None:
    """Have the take go on lighter, for anyone in the channel. Nothing that is stored says who."""
    session = await press.session()
    press.services.ease_off.ease_now(session, press.user_id, press.at)
    await wait_please(press.interaction)
    await confirm(press.interaction, say(EASED))
