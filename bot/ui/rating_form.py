"""Rating: a clip with a button, and the form of five items behind it."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.domain.emotions import OTHER, Emotion
from bot.domain.errors import NothingToRate
from bot.domain.instrument import EMOTION_ITEM, SCALES
from bot.services.desk import Desk
from bot.services.ratings import Clip, next_clip, record_rating, record_self_rating
from bot.store.sessions import Session
from bot.ui.answers import show, wait_please
from bot.ui.custom_ids import JUDGE_PEER, JUDGE_SELF, PEER_FORM, SELF_FORM
from bot.ui.emotion_parts import parts_of
from bot.ui.form_values import FormValues
from bot.ui.people import guild_of
from bot.ui.texts import rating as texts

_LABEL_LIMIT = 45


async def show_clip(desk: Desk, interaction: discord.Interaction, session: Session, clip: Clip) -> None:
    """Put a clip and its buttons where the interaction's answer is. The file's name tells nothing."""
    parts = parts_of(desk.library.emotion_set(session.emotion_set))
    await show(
        interaction,
        content=texts.clip_text(clip, parts),
        attachments=[discord.File(clip.path, filename="clip.ogg")],
        view=_clip_view(session.session_id, clip, parts),
    )


def rating_form(desk: Desk, session: Session, turn_id: int, part: int = 0, *, as_self: bool) -> discord.ui.Modal:
    """The instrument's five items about one turn, with one part of the emotion set to choose from."""
    instrument = desk.library.instrument(session.instrument)
    parts = parts_of(desk.library.emotion_set(session.emotion_set))
    # The file may have been edited since the buttons were shown.
    emotions = parts[min(part, len(parts) - 1)]
    form_id = (SELF_FORM if as_self else PEER_FORM).build(session_id=session.session_id, turn_id=turn_id)
    form = discord.ui.Modal(title=texts.SELF_TITLE if as_self else texts.PEER_TITLE, custom_id=form_id)
    choices = [discord.SelectOption(label=one.label, value=one.key) for one in emotions]
    choices.append(discord.SelectOption(label=texts.SOMETHING_ELSE, value=OTHER))
    select = discord.ui.Select[discord.ui.Modal](custom_id=EMOTION_ITEM, placeholder=texts.CHOOSE_ONE, options=choices)
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


async def submit_peer_rating(
    desk: Desk, interaction: discord.Interaction, values: FormValues, session_id: int, turn_id: int
) -> None:
    """Keep a peer's answers, then show the next clip in the same message."""
    await _submit(desk, interaction, values, session_id, turn_id, as_self=False)


async def submit_self_rating(
    desk: Desk, interaction: discord.Interaction, values: FormValues, session_id: int, turn_id: int
) -> None:
    """Keep what the performer felt, then show the next clip in the same message."""
    await _submit(desk, interaction, values, session_id, turn_id, as_self=True)


async def _submit(
    desk: Desk, interaction: discord.Interaction, values: FormValues, session_id: int, turn_id: int, *, as_self: bool
) -> None:
    session = await desk.session_of_button(session_id, guild_of(interaction))
    await wait_please(interaction, in_place=True)
    record = record_self_rating if as_self else record_rating
    given = {item: values.one(item) for item in (EMOTION_ITEM, *SCALES)}
    await record(desk, session, turn_id, interaction.user.id, given)
    try:
        clip = await next_clip(desk, session, interaction.user.id)
    except NothingToRate:
        await show(interaction, content=texts.LAST_CLIP_RATED, attachments=[], view=None)
    else:
        await show_clip(desk, interaction, session, clip)


def _clip_view(session_id: int, clip: Clip, parts: Sequence[Sequence[Emotion]]) -> discord.ui.View:
    kind = JUDGE_SELF if clip.is_own else JUDGE_PEER
    view = discord.ui.View(timeout=None)
    for number, part in enumerate(parts):
        label = texts.SELF_BUTTON if clip.is_own else texts.PEER_BUTTON
        custom_id = kind.build(session_id=session_id, part=number, turn_id=clip.turn_id)
        shown = label if len(parts) == 1 else texts.part_label(part)
        view.add_item(discord.ui.Button(label=shown, style=discord.ButtonStyle.primary, custom_id=custom_id))
    return view
