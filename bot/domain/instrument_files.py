"""Reads instruments from TOML. Every fault is named by its line."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, TypeVar, cast

from bot.domain.instrument import (
    COLUMN_SCALES,
    EARLIER_SCALES,
    EMOTION_ITEM,
    NOT_JUDGED,
    Instrument,
    Item,
    ItemScale,
    Needs,
    instrument_of_scales,
)
from bot.domain.states import TrialKind
from bot.domain.tables import Table, parse_table

LONGEST_QUESTION: Final = 45
"""Discord's limit for the label of a field."""

LONGEST_ANCHOR: Final = 100
"""Discord's limit for the label of a choice, and for the description of a field."""

MOST_CHOICES: Final = 10
"""Discord's limit for a group of choices in a form."""

MOST_ITEMS: Final = 20
_LARGEST_NUMBER: Final = 100
_Word = TypeVar("_Word", bound=StrEnum)
_KEY = re.compile(r"[a-z]+(_[a-z0-9]+)*")
_FIELDS: Final = (
    *("key", "scale", "question", "felt_question", "range", "values", "anchors", "help", "about", "needs", "wanted"),
    *("several", "optional"),
)


def parse_instrument(name: str, file: str, text: str) -> Instrument:
    """Read an instrument: `[[items]]`, of which the first is the emotion, or the `[[scales]]` of earlier versions.

    Raises DataFileInvalid with the line of the first problem.
    """
    table = parse_table(file, text)
    if "items" not in table.values and "scales" in table.values:
        return _parse_earlier(name, table)
    table.only("title", "version", "items")
    items: dict[str, Item] = {}
    for entry in table.tables("items"):
        item = _parse_item(entry, is_first=not items)
        if item.key in items:
            raise entry.invalid("key", f"the key '{item.key}' is used twice")
        if len(items) == MOST_ITEMS:
            raise entry.invalid("key", f"an instrument can have at most {MOST_ITEMS} items")
        items[item.key] = item
    return Instrument(name, table.string("title"), tuple(items.values()), table.integer("version", 1, 9999, 1))


def _parse_item(table: Table, *, is_first: bool) -> Item:
    table.only(*_FIELDS)
    key, scale = _key(table), _one_of(table, "scale", ItemScale)
    if is_first != (key == EMOTION_ITEM) or (is_first and scale is not ItemScale.EMOTION):
        problem = f"the first item, and only that, has the key '{EMOTION_ITEM}' and the scale '{ItemScale.EMOTION}'"
        raise table.invalid("key", problem)
    low, high = _range(table, key, scale)
    values = _values(table, scale)
    felt_question = table.string("felt_question", "", longest=LONGEST_QUESTION)
    about = _about(table, has_own=bool(felt_question), is_first=is_first)
    return Item(
        key,
        scale,
        table.string("question", longest=LONGEST_QUESTION),
        felt_question,
        low,
        high,
        values,
        _anchors(table, scale, len(values) or high - low + 1),
        table.string("help", "", longest=LONGEST_ANCHOR),
        about,
        _one_of(table, "needs", Needs) if "needs" in table.values else None,
        table.integer("wanted", 1, 20) if "wanted" in table.values else None,
        _flag(table, "several", allowed=scale is ItemScale.NOMINAL, why="only a nominal item can have several answers"),
        _flag(table, "optional", allowed=not is_first, why="the emotion cannot be left out"),
    )


def _key(table: Table) -> str:
    key = table.string("key", longest=40)
    if not _KEY.fullmatch(key):
        raise table.invalid("key", "'key' must consist of lower-case words or numbers joined by '_'")
    return key


def _one_of(table: Table, field: str, kinds: type[_Word]) -> _Word:
    word = table.string(field)
    if word not in (words := [one.value for one in kinds]):
        raise table.invalid(field, f"'{field}' must be one of {', '.join(words)}")
    return kinds(word)


def _range(table: Table, key: str, scale: ItemScale) -> tuple[int, int]:
    fixed = COLUMN_SCALES.get(key)
    if scale is not ItemScale.ORDINAL:
        if fixed or "range" in table.values:
            field = "range" if "range" in table.values else "scale"
            raise table.invalid(field, f"'range' belongs to ordinal items, and '{key}' is {scale}")
        return (0, 0)
    ends = table.values.get("range")
    numbers = cast("list[object]", ends) if isinstance(ends, list) else []
    match numbers:
        case [int(low), int(high)] if 0 <= low < high <= _LARGEST_NUMBER and high - low < MOST_CHOICES:
            found = (low, high)
        case _:
            problem = f"'range' must be the lowest and the highest of at most {MOST_CHOICES} numbers, such as [1, 5]"
            raise table.invalid("range", problem)
    if fixed and found != fixed:
        problem = f"'{key}' runs from {fixed[0]} to {fixed[1]} in every dataset; give another scale another key"
        raise table.invalid("range", problem)
    return found


def _values(table: Table, scale: ItemScale) -> tuple[str, ...]:
    if scale is not ItemScale.NOMINAL:
        if "values" in table.values:
            raise table.invalid("values", "'values' belongs to nominal items")
        return ()
    values = table.strings("values", longest=40)
    if not 2 <= len(values) <= MOST_CHOICES or len(set(values)) != len(values):
        raise table.invalid("values", f"'values' must be from 2 to {MOST_CHOICES} different words")
    for value in values:
        if not _KEY.fullmatch(value) or value in NOT_JUDGED:
            raise table.invalid("values", f"'{value}' must consist of lower-case words joined by '_'", item=value)
    return values


def _anchors(table: Table, scale: ItemScale, wanted: int) -> tuple[str, ...]:
    if scale not in (ItemScale.NOMINAL, ItemScale.ORDINAL):
        if "anchors" in table.values:
            raise table.invalid("anchors", "'anchors' belongs to nominal and ordinal items")
        return ()
    anchors = table.strings("anchors", longest=LONGEST_ANCHOR)
    if len(anchors) != wanted:
        raise table.invalid("anchors", f"'anchors' needs {wanted} texts, one per number or value")
    return anchors


def _about(table: Table, *, has_own: bool, is_first: bool) -> tuple[TrialKind, ...]:
    words = table.strings("about", ("turn", "own") if has_own else ("turn",))
    for word in words:
        if word not in set(TrialKind):
            raise table.invalid("about", f"'about' can name {', '.join(TrialKind)}, not '{word}'", item=word)
    if has_own != (TrialKind.OWN in words):
        problem = "an item about one's 'own' turn needs a 'felt_question', and only such an item has one"
        raise table.invalid("about" if "about" in table.values else "felt_question", problem)
    if is_first and set(words) != {TrialKind.TURN, TrialKind.OWN}:
        raise table.invalid("about", "the emotion is asked about every turn, so it needs a 'felt_question' as well")
    return tuple(kind for kind in TrialKind if kind in words)


def _flag(table: Table, field: str, *, allowed: bool, why: str) -> bool:
    found = table.boolean(field, default=False)
    if found and not allowed:
        raise table.invalid(field, why)
    return found


def _parse_earlier(name: str, table: Table) -> Instrument:
    table.only("title", "perceived_question", "felt_question", "scales")
    found = {scale[0]: scale for scale in map(_parse_scale, table.tables("scales"))}
    if missing := set(EARLIER_SCALES) - found.keys():
        raise table.invalid("scales", f"the scales {', '.join(sorted(missing))} are missing")
    questions = table.string("perceived_question"), table.string("felt_question")
    return instrument_of_scales(name, table.string("title"), questions, [found[key] for key in EARLIER_SCALES])


def _parse_scale(table: Table) -> tuple[str, str, str, tuple[str, ...]]:
    table.only("key", "question", "felt_question", "anchors")
    key = table.string("key")
    if key not in EARLIER_SCALES:
        raise table.invalid("key", f"'key' must be one of {', '.join(EARLIER_SCALES)}")
    low, high = COLUMN_SCALES[key]
    anchors = table.strings("anchors", longest=LONGEST_ANCHOR)
    if len(anchors) != high - low + 1:
        problem = f"'{key}' runs from {low} to {high}, so 'anchors' needs {high - low + 1} texts, one per number"
        raise table.invalid("anchors", problem)
    return key, table.string("question"), table.string("felt_question"), anchors
