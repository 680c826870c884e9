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

_MAIN_STEPS = 3
_ROW_BUTTONS = 5


def build_panel(state: PanelState) -> discord.ui.LayoutView:
    """The panel for a state. It never times out, because its buttons carry all that they need in their ids."""
    view = discord.ui.LayoutView(timeout=None)
    paragraphs = [discord.ui.TextDisplay[discord.ui.LayoutView](text) for text in texts.panel_texts(state)]
    colour = _COLOURS.get(state.phase, discord.Colour.blurple())
    view.add_item(discord.ui.Container(*paragraphs, accent_colour=colour))
    if state.session.is_open:
        for steps in _rows(state.steps):
            view.add_item(discord.ui.ActionRow(*(_step_button(state, step) for step in steps)))
        view.add_item(discord.ui.Separator())
        view.add_item(discord.ui.ActionRow(*_own_buttons(state)))
        view.add_item(discord.ui.ActionRow(*_safety_buttons(state)))
    elif state.can_be_rated:
        view.add_item(discord.ui.ActionRow(_rate_button(state)))
    return view


def _rows(steps: Sequence[Step]) -> list[Sequence[Step]]:
    """The most frequent steps in a row of their own, where a thumb finds them; the others below."""
    main, rest = steps[:_MAIN_STEPS], steps[_MAIN_STEPS:]
    return [row for row in (main, *(rest[at : at + _ROW_BUTTONS] for at in range(0, len(rest), _ROW_BUTTONS))) if row]


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
    of = OfSession(state.session.session_id)
    buttons = [
        (say(texts.CARD_BUTTON), _PRIMARY, CARD.build(of)),
        (say(texts.RATE_BUTTON), _PRIMARY, RATE.build(of)),
        *([(say(texts.PROMPT_BUTTON), _PLAIN, PROMPT.build(of))] if state.scene else []),
        (say(texts.LINES_BUTTON), _PLAIN, LINES.build(Numbers())),
        (say(texts.CONSENT_BUTTON), _PLAIN, READ_CONSENT.build(Numbers())),
    ]
    return [discord.ui.Button(label=label, style=style, custom_id=custom_id) for label, style, custom_id in buttons]


def _rate_button(state: PanelState) -> discord.ui.Button[discord.ui.LayoutView]:
    custom_id = RATE.build(OfSession(state.session.session_id))
    return discord.ui.Button(label=say(texts.RATE_BUTTON), style=_PRIMARY, custom_id=custom_id)


def _safety_buttons(state: PanelState) -> list[discord.ui.Button[discord.ui.LayoutView]]:
    """The X-card, always in the same place, and beside it what is softer, while there is a take to ease."""
    buttons = [_x_card(state)]
    if state.starts_at_unix is not None:
        custom_id = EASE_OFF.build(OfSession(state.session.session_id))
        ease_off = {"label": say(texts.EASE_OFF_BUTTON), "emoji": texts.EASE_OFF_SIGN, "style": _PLAIN}
        buttons.append(discord.ui.Button(**ease_off, custom_id=custom_id))
    return buttons


def _x_card(state: PanelState) -> discord.ui.Button[discord.ui.LayoutView]:
    custom_id = X_CARD.build(OfSession(state.session.session_id))
    return discord.ui.Button(
        label=say(texts.X_CARD_BUTTON), emoji=texts.X_CARD_SIGN, style=_DANGER, custom_id=custom_id
    )
