"""The control panel: one message in the voice channel's own chat (Components V2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import discord

from bot.domain.show import Phase, Step
from bot.services.ports.panel_state import PanelState
from bot.ui.custom_ids import (
    CARD,
    EASE_OFF,
    LINES,
    PROMPT,
    RATE,
    READ_CONSENT,
    STEP_BUTTONS,
    X_CARD,
    Numbers,
    OfSession,
    OnPanel,
)
from bot.ui.texts import panel as texts
from bot.ui.texts.language import say

_COLOURS: Mapping[Phase, discord.Colour] = {
    Phase.COUNTDOWN: discord.Colour.gold(),
    Phase.RECORDING: discord.Colour.red(),
    Phase.PAUSED: discord.Colour.light_grey(),
    Phase.ENDED: discord.Colour.dark_grey(),
}
_PRIMARY = discord.ButtonStyle.primary
_PLAIN = discord.ButtonStyle.secondary
_DANGER = discord.ButtonStyle.danger
_GOOD = discord.ButtonStyle.success

_OWN_FIRST = frozenset({Phase.GATHERING, Phase.DEALT, Phase.CUT})
_MAIN_STEPS = 3
_ROW_BUTTONS = 5


def build_panel(state: PanelState) -> discord.ui.LayoutView:
    """The panel for a state. It never times out, because its buttons carry all that they need in their ids."""
    view = discord.ui.LayoutView(timeout=None)
    paragraphs = [discord.ui.TextDisplay[discord.ui.LayoutView](text) for text in texts.panel_texts(state)]
    colour = _COLOURS.get(state.phase, discord.Colour.blurple())
    view.add_item(discord.ui.Container(*paragraphs, accent_colour=colour))
    if state.session.is_open:
        for row in _rows(state):
            view.add_item(discord.ui.ActionRow(*row))
        view.add_item(discord.ui.Separator())
        view.add_item(discord.ui.ActionRow(*_safety_buttons(state)))
    elif state.can_be_rated:
        view.add_item(discord.ui.ActionRow(_rate_button(state)))
    return view


def _rows(state: PanelState) -> list[Sequence[discord.ui.Button[discord.ui.LayoutView]]]:
    """Between takes, what each person does comes before what a coordinator does; in a take, Cut is on top."""
    own = _own_buttons(state)
    steps = [[_step_button(state, step) for step in row] for row in _step_rows(state.steps)]
    return [own, *steps] if state.phase in _OWN_FIRST else [*steps, own]


def _step_rows(steps: Sequence[Step]) -> list[Sequence[Step]]:
    """The next steps in a row of their own, where a thumb finds them; the others below."""
    main = max(_MAIN_STEPS, len(steps) - _ROW_BUTTONS)
    return [row for row in (steps[:main], steps[main:]) if row]


def _step_button(state: PanelState, step: Step) -> discord.ui.Button[discord.ui.LayoutView]:
    is_struck = step is Step.STRIKE and state.kept is not None and state.kept.struck_at is not None
    custom_id = STEP_BUTTONS[step].build(OnPanel(state.session.session_id, state.change.event_id))
    label = say(texts.RESTORE_BUTTON) if is_struck else texts.label_of(state, step)
    return discord.ui.Button(label=label, style=_style(state, step), custom_id=custom_id)


def _style(state: PanelState, step: Step) -> discord.ButtonStyle:
    if step is Step.CUT:
        return _PRIMARY
    return _GOOD if step is state.steps[0] else _PLAIN


def _own_buttons(state: PanelState) -> list[discord.ui.Button[discord.ui.LayoutView]]:
    """What each person does, in the order of the phase. Raters do not read the prompt before they rate."""
    of = OfSession(state.session.session_id)
    card, rate = (say(texts.CARD_BUTTON), CARD.build(of)), (say(texts.RATE_BUTTON), RATE.build(of))
    lines = (say(texts.LINES_BUTTON), LINES.build(Numbers()))
    consent = (say(texts.CONSENT_BUTTON), READ_CONSENT.build(Numbers()))
    prompt = [(say(texts.PROMPT_BUTTON), PROMPT.build(of))] if state.scene else []
    buttons = {
        Phase.GATHERING: [consent, lines, card, rate],
        Phase.CUT: [rate, card, lines, consent],
    }.get(state.phase, [card, *prompt, rate, lines, consent])
    styles = (_PRIMARY, *[_PLAIN] * (len(buttons) - 1))
    return [
        discord.ui.Button(label=label, style=style, custom_id=custom_id)
        for (label, custom_id), style in zip(buttons, styles, strict=True)
    ]


def _rate_button(state: PanelState) -> discord.ui.Button[discord.ui.LayoutView]:
    custom_id = RATE.build(OfSession(state.session.session_id))
    return discord.ui.Button(label=say(texts.RATE_BUTTON), style=_PRIMARY, custom_id=custom_id)


def _safety_buttons(state: PanelState) -> list[discord.ui.Button[discord.ui.LayoutView]]:
    """The X-card, always in the same place, and beside it what is softer, while there is a take to ease."""
    buttons = [_x_card(state)]
    if state.starts_at_unix is not None:
        custom_id = EASE_OFF.build(OfSession(state.session.session_id))
        label, emoji = say(texts.EASE_OFF_BUTTON), texts.EASE_OFF_SIGN
        buttons.append(discord.ui.Button(label=label, emoji=emoji, style=_PLAIN, custom_id=custom_id))
    return buttons


def _x_card(state: PanelState) -> discord.ui.Button[discord.ui.LayoutView]:
    custom_id = X_CARD.build(OfSession(state.session.session_id))
    return discord.ui.Button(
        label=say(texts.X_CARD_BUTTON), emoji=texts.X_CARD_SIGN, style=_DANGER, custom_id=custom_id
    )
