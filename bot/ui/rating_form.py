"""Rating: a clip with its buttons, and what a form that was sent leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import discord

from bot.domain.emotions import Emotion
from bot.domain.errors import (
    AlreadyRated,
    ClipOutOfDate,
    ConsentMissing,
    NoSuchTurn,
    NotARater,
    NothingToRate,
    PromptbookError,
    RatingOver,
    TargetsKnown,
    TrialOfAnother,
)
from bot.domain.ids import SessionId
from bot.domain.instrument import BAD_SOUND, CANNOT_JUDGE, EMOTION_ITEM
from bot.domain.queue.pairs import PairAnswer
from bot.services.rating.offers import Offer, PairOffer
from bot.services.rating.ratings import Clip
from bot.ui.answers import let_go, show, tell, wait_please
from bot.ui.custom_ids import (
    JUDGE_PEER,
    JUDGE_SELF,
    OTHER_VOICE,
    REPORT_BAD_SOUND,
    SAME_VOICE,
    SKIP_CLIP,
    SKIP_PAIR,
    OfClip,
    OfTrial,
)
from bot.ui.emotion_parts import parts_of
from bot.ui.form_values import FormValues
from bot.ui.press import Press
from bot.ui.texts import rating as texts
from bot.ui.texts.errors import sentence_of
from bot.ui.texts.language import say

_GONE = (AlreadyRated, NoSuchTurn, RatingOver, TargetsKnown, TrialOfAnother)
"""Errors after which a form cannot be sent again."""


async def show_trial(press: Press, offer: Offer | PairOffer, before: str = "") -> None:
    """Show what a rater gets: a clip, or two to compare."""
    if isinstance(offer, PairOffer):
        await show_pair(press, offer, before)
    else:
        await show_clip(press, offer, before)


async def show_pair(press: Press, offer: PairOffer, before: str = "") -> None:
    """Show two clips to compare, and the buttons that are the answer. The names of the files reveal nothing."""
    paths = enumerate(offer.pair.paths, 1)
    await show(
        press.interaction,
        content=f"{before}{say(texts.PAIR)}",
        attachments=[discord.File(path, filename=f"clip-{number}.mp3") for number, path in paths],
        view=_pair_view(OfTrial(offer.session.session_id, offer.pair.token)),
    )


async def answer_pair(press: Press, of: OfTrial, *, heard: PairAnswer) -> None:
    """Store whether a rater heard the same character twice, then show what comes next in the same message."""
    session = await press.services.rated_sessions.of(of.session_id, press.guild_id, is_form=True)
    await press.services.rated_sessions.require_blind(session, press.user_id)
    await wait_please(press.interaction, in_place=True)
    try:
        await press.services.voice_pairs.record(session, of.token, press.user_id, heard)
    except AlreadyRated as error:
        # Their answer may have been stored although Discord did not let the bot say so.
        await go_on(press, of.session_id, f"{sentence_of(error)}\n")
        return
    await go_on(press, of.session_id)


async def show_clip(press: Press, offer: Offer, before: str = "") -> None:
    """Show a clip and its buttons as the interaction's answer. The file's name reveals nothing."""
    clip = offer.clip
    parts = parts_of(clip.emotions)
    await show(
        press.interaction,
        content=f"{before}{texts.clip_text(clip, parts)}",
        attachments=[discord.File(clip.path, filename="clip.mp3")],
        view=_clip_view(offer.session.session_id, clip, parts),
    )


async def submit_peer_rating(press: Press, values: FormValues, of: OfTrial) -> None:
    """Store a peer's answers, then show the next clip in the same message."""
    await _submit(press, values.all(), of, as_self=False)


async def submit_self_rating(press: Press, values: FormValues, of: OfTrial) -> None:
    """Store what the performer felt, then show the next clip in the same message."""
    await _submit(press, values.all(), of, as_self=True)


async def skip_clip(press: Press, of: OfTrial) -> None:
    """Store that a rater cannot judge a clip, then show the next one."""
    await _submit(press, {EMOTION_ITEM: [CANNOT_JUDGE]}, of, as_self=False)


async def report_bad_sound(press: Press, of: OfTrial) -> None:
    """Store that a rater hears bad sound in a clip, then show the next one."""
    await _submit(press, {EMOTION_ITEM: [BAD_SOUND]}, of, as_self=False)


async def refuse_old_clip(press: Press, of: object) -> None:
    """Say that a button below a clip is from before an update: it names a turn, not a trial of this rater."""
    raise ClipOutOfDate


async def refuse_old_form(press: Press, values: FormValues, of: object) -> None:
    """Say that a form is from before an update. What was entered cannot be kept: it names no trial."""
    raise ClipOutOfDate


async def _submit(press: Press, given: Mapping[str, Sequence[str]], of: OfTrial, *, as_self: bool) -> None:
    drafts = press.services.drafts
    drafts.keep(press.user_id, of.token, given)
    try:
        session = await press.services.rated_sessions.of(of.session_id, press.guild_id, is_form=True)
        await press.services.rated_sessions.require_blind(session, press.user_id)
        await wait_please(press.interaction, in_place=True)
        ratings = press.services.ratings
        await (ratings.record_self if as_self else ratings.record)(session, of.token, press.user_id, given)
    except (*_GONE, ConsentMissing):
        drafts.drop(press.user_id, of.token)
        raise
    except PromptbookError as error:
        await tell(press.interaction, f"{sentence_of(error)} {say(texts.ENTERED_IS_KEPT)}")
        return
    except Exception:
        await tell(press.interaction, say(texts.ENTERED_IS_KEPT))
        raise
    drafts.drop(press.user_id, of.token)
    await go_on(press, of.session_id)


async def go_on(press: Press, session_id: SessionId, before: str = "") -> None:
    """Show what comes next in the message of the last clip, after a sentence if there is one to say."""
    try:
        offer = await press.services.offers.next_trial(press.guild_id, press.user_id, press.standing, session_id)
    except (NothingToRate, NotARater, RatingOver):
        await show(press.interaction, content=f"{before}{say(texts.LAST_CLIP_RATED)}", attachments=[], view=None)
        let_go(press.interaction)
    else:
        await show_trial(press, offer, before)


def _pair_view(of: OfTrial) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for kind, words in ((SAME_VOICE, texts.SAME_BUTTON), (OTHER_VOICE, texts.OTHER_BUTTON)):
        view.add_item(discord.ui.Button(label=say(words), style=discord.ButtonStyle.primary, custom_id=kind.build(of)))
    view.add_item(discord.ui.Button(label=say(texts.CANNOT_JUDGE_BUTTON), custom_id=SKIP_PAIR.build(of), row=1))
    return view


def _clip_view(session_id: SessionId, clip: Clip, parts: Sequence[Sequence[Emotion]]) -> discord.ui.View:
    kind = JUDGE_SELF if clip.is_own else JUDGE_PEER
    view = discord.ui.View(timeout=None)
    for number, part in enumerate(parts):
        label = say(texts.SELF_BUTTON if clip.is_own else texts.PEER_BUTTON)
        custom_id = kind.build(OfClip(session_id, number, clip.token))
        shown = label if len(parts) == 1 else texts.part_label(part)
        view.add_item(discord.ui.Button(label=shown, style=discord.ButtonStyle.primary, custom_id=custom_id, row=0))
    if not clip.is_own:
        for other, words in ((SKIP_CLIP, texts.CANNOT_JUDGE_BUTTON), (REPORT_BAD_SOUND, texts.BAD_SOUND_BUTTON)):
            custom_id = other.build(OfTrial(session_id, clip.token))
            view.add_item(discord.ui.Button(label=say(words), custom_id=custom_id, row=1))
    return view
