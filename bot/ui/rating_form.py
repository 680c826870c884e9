"""Rating: a clip with a button, and the form with five items that the button opens."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.domain.emotions import OTHER, Emotion
from bot.domain.errors import NotARater, NothingToRate, RatingOver
from bot.domain.ids import SessionId
from bot.domain.instrument import EMOTION_ITEM, SCALES
from bot.services.facts.dealt import Questions
from bot.services.rating.offers import Offer
from bot.services.rating.ratings import Clip
from bot.ui.answers import let_go, show, wait_please
from bot.ui.custom_ids import JUDGE_PEER, JUDGE_SELF, PEER_FORM, SELF_FORM, OfClip, OfTurn
from bot.ui.emotion_parts import parts_of
from bot.ui.form_values import FormValues
from bot.ui.press import Press
from bot.ui.texts import rating as texts
from bot.ui.texts.language import say

_LABEL_LIMIT = 45


async def show_clip(press: Press, offer: Offer) -> None:
    """Show a clip and its buttons as the interaction's answer. The file's name reveals nothing."""
    clip = offer.clip
    parts = parts_of(clip.emotions)
    await show(
        press.interaction,
        content=texts.clip_text(clip, parts),
        attachments=[discord.File(clip.path, filename="clip.mp3")],
        view=_clip_view(offer.session.session_id, clip, parts),
    )


def rating_form(questions: Questions, of: OfTurn, part: int = 0, *, as_self: bool) -> discord.ui.Modal:
    """The instrument's five items about one turn, with one part of the emotion set to choose from."""
    instrument, parts = questions.instrument, parts_of(questions.emotions)
    # An earlier version may have shown the buttons, for a file that was edited since.
    emotions = parts[min(part, len(parts) - 1)]
    form_id = (SELF_FORM if as_self else PEER_FORM).build(of)
    form = discord.ui.Modal(title=say(texts.SELF_TITLE if as_self else texts.PEER_TITLE), custom_id=form_id)
    choices = [discord.SelectOption(label=one.label, value=one.key) for one in emotions]
    choices.append(discord.SelectOption(label=say(texts.SOMETHING_ELSE), value=OTHER))
    select = discord.ui.Select[discord.ui.Modal](
        custom_id=EMOTION_ITEM, placeholder=say(texts.CHOOSE_ONE), options=choices
    )
    question = instrument.felt_question if as_self else instrument.perceived_question
    form.add_item(discord.ui.Label(text=question[:_LABEL_LIMIT], component=select))
    for item in instrument.scales:
        options = [
            discord.RadioGroupOption(label=anchor, value=str(item.low + place))
            for place, anchor in enumerate(item.anchors)
        ]
        group = discord.ui.RadioGroup[discord.ui.Modal](custom_id=item.key, options=options)
        asked = item.felt_question if as_self else item.question
        form.add_item(discord.ui.Label(text=asked[:_LABEL_LIMIT], component=group))
    return form


async def submit_peer_rating(press: Press, values: FormValues, of: OfTurn) -> None:
    """Store a peer's answers, then show the next clip in the same message."""
    await _submit(press, values, of, as_self=False)


async def submit_self_rating(press: Press, values: FormValues, of: OfTurn) -> None:
    """Store what the performer felt, then show the next clip in the same message."""
    await _submit(press, values, of, as_self=True)


async def _submit(press: Press, values: FormValues, of: OfTurn, *, as_self: bool) -> None:
    session = await press.services.rated_sessions.of(of.session_id, press.guild_id, is_form=True)
    await wait_please(press.interaction, in_place=True)
    ratings = press.services.ratings
    record = ratings.record_self if as_self else ratings.record
    given = {item: values.one(item) for item in (EMOTION_ITEM, *SCALES)}
    await record(session, of.turn_id, press.user_id, given)
    try:
        offer = await press.services.offers.next_clip(press.guild_id, press.user_id, press.standing, of.session_id)
    except (NothingToRate, NotARater, RatingOver):
        await show(press.interaction, content=say(texts.LAST_CLIP_RATED), attachments=[], view=None)
        let_go(press.interaction)
    else:
        await show_clip(press, offer)


def _clip_view(session_id: SessionId, clip: Clip, parts: Sequence[Sequence[Emotion]]) -> discord.ui.View:
    kind = JUDGE_SELF if clip.is_own else JUDGE_PEER
    view = discord.ui.View(timeout=None)
    for number, part in enumerate(parts):
        label = say(texts.SELF_BUTTON if clip.is_own else texts.PEER_BUTTON)
        custom_id = kind.build(OfClip(session_id, number, clip.turn_id))
        shown = label if len(parts) == 1 else texts.part_label(part)
        view.add_item(discord.ui.Button(label=shown, style=discord.ButtonStyle.primary, custom_id=custom_id))
    return view
