"""The form about a clip: one field per item of its trial, with what the rater entered before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import discord

from bot.domain.answers import LONGEST_WORDS
from bot.domain.emotions import OTHER, Emotion
from bot.domain.instrument import BAD_SOUND, CANNOT_JUDGE, EMOTION_ITEM, Item, ItemScale
from bot.domain.states import TrialKind
from bot.services.rating.forms import Form
from bot.ui.custom_ids import PEER_FORM, SELF_FORM, OfTrial
from bot.ui.emotion_parts import parts_of
from bot.ui.texts import rating as texts
from bot.ui.texts.language import say

_LABEL_LIMIT = 45

Entered = Mapping[str, Sequence[str]]


def rating_form(form: Form, of: OfTrial, part: int = 0, entered: Entered | None = None) -> discord.ui.Modal:
    """The items of a trial, with one part of the emotion set to choose from."""
    as_self = form.kind is TrialKind.OWN
    form_id = (SELF_FORM if as_self else PEER_FORM).build(of)
    modal = discord.ui.Modal(title=say(texts.SELF_TITLE if as_self else texts.PEER_TITLE), custom_id=form_id)
    parts = parts_of(form.emotions)
    # An earlier version may have shown the buttons, for a file that was edited since.
    emotions = parts[min(part, len(parts) - 1)]
    for item in form.items:
        label = discord.ui.Label[discord.ui.Modal](
            text=item.asked(form.kind)[:_LABEL_LIMIT],
            description=item.help or None,
            component=_field(item, form.kind, emotions, (entered or {}).get(item.key, ())),
        )
        modal.add_item(label)
    return modal


def _field(
    item: Item, kind: TrialKind, emotions: Sequence[Emotion], entered: Sequence[str]
) -> discord.ui.Item[discord.ui.Modal]:
    match item.scale:
        case ItemScale.EMOTION:
            return _menu(item, kind, emotions, entered)
        case ItemScale.TEXT:
            return discord.ui.TextInput(
                custom_id=item.key,
                required=not item.is_optional,
                default=" ".join(entered) or None,
                max_length=LONGEST_WORDS,
            )
        case _ if item.takes_several:
            boxes = [
                discord.CheckboxGroupOption(label=words, value=value, default=value in entered)
                for value, words in item.choices
            ]
            return discord.ui.CheckboxGroup(custom_id=item.key, required=not item.is_optional, options=boxes)
        case _:
            options = [
                discord.RadioGroupOption(label=words, value=value, default=value in entered)
                for value, words in item.choices
            ]
            return discord.ui.RadioGroup(custom_id=item.key, required=not item.is_optional, options=options)


def _menu(
    item: Item, kind: TrialKind, emotions: Sequence[Emotion], entered: Sequence[str]
) -> discord.ui.Select[discord.ui.Modal]:
    choices = [(one.key, one.label) for one in emotions]
    choices.append((OTHER, say(texts.SOMETHING_ELSE)))
    if item.key == EMOTION_ITEM:
        choices.append((CANNOT_JUDGE, say(texts.CANNOT_JUDGE_BUTTON)))
        if kind is not TrialKind.OWN:
            choices.append((BAD_SOUND, say(texts.BAD_SOUND_BUTTON)))
    options = [discord.SelectOption(label=words, value=key, default=key in entered) for key, words in choices]
    required = not item.is_optional
    return discord.ui.Select(
        custom_id=item.key,
        placeholder=say(texts.CHOOSE_ONE),
        options=options,
        required=required,
        min_values=1 if required else 0,
    )
