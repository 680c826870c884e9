"""What sessions are played with, kept by content: the emotion sets that are dealt, the instruments that are asked.

The content is canonical JSON: the fields of an EmotionSet or an Instrument with sorted keys, without spaces, in UTF-8.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from functools import lru_cache
from typing import Any, Final

from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.families import Family
from bot.domain.ids import SceneId, SessionId
from bot.domain.instrument import Instrument, Item, ItemScale, Needs, instrument_of_scales
from bot.domain.states import MaterialKind, TrialKind
from bot.store.reader import Reader
from bot.store.records import Material
from bot.store.transaction import Transaction

MOST_KNOWN: Final = 32
"""How many rows stay read: each clip that a rater is given needs its scene's set, which takes a millisecond to read."""


async def keep_emotion_set(tx: Transaction, emotions: EmotionSet) -> str:
    """Store an emotion set unless it is stored already; return its hash."""
    return await _keep(tx, material_of(emotions))


async def keep_instrument(tx: Transaction, instrument: Instrument) -> str:
    """Store an instrument unless it is stored already; return its hash."""
    return await _keep(tx, material_of(instrument))


async def emotion_set_of_scene(reader: Reader, scene_id: SceneId) -> EmotionSet | None:
    """Return the emotion set that a scene was dealt from; None if an earlier version dealt it."""
    sql = "SELECT materials.* FROM scenes JOIN materials ON sha256 = emotion_set_sha256 WHERE scene_id = ?"
    material = await reader.fetch_record(Material, sql, scene_id)
    return material and emotion_set_in(material)


async def instrument_of_session(reader: Reader, session_id: SessionId) -> Instrument | None:
    """Return the instrument of a session; None if an earlier version opened it."""
    sql = "SELECT materials.* FROM sessions JOIN materials ON sha256 = instrument_sha256 WHERE session_id = ?"
    material = await reader.fetch_record(Material, sql, session_id)
    return material and instrument_in(material)


async def instrument_hash(tx: Transaction, session_id: SessionId, instrument: Instrument) -> str:
    """Return the hash of the instrument that a session asks with; one of an earlier version is kept now."""
    sql = "SELECT instrument_sha256 FROM sessions WHERE session_id = ?"
    return await tx.fetch_value(sql, session_id) or await keep_instrument(tx, instrument)


def material_of(thing: EmotionSet | Instrument) -> Material:
    """Return the row that holds an emotion set or an instrument."""
    kind = MaterialKind.EMOTION_SET if isinstance(thing, EmotionSet) else MaterialKind.INSTRUMENT
    content = json.dumps(asdict(thing), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Material(hashlib.sha256(content.encode()).hexdigest(), kind, thing.name, content)


async def emotion_sets_of_session(reader: Reader, session_id: SessionId) -> list[EmotionSet]:
    """Return the emotion sets that a session's scenes were dealt from, as far as they are stored, the first ones first.

    Versions of one set count as several.
    """
    sql = """
        SELECT materials.* FROM materials JOIN scenes ON sha256 = emotion_set_sha256
        WHERE session_id = ? GROUP BY sha256 ORDER BY min(scene_id)
    """
    return [emotion_set_in(one) for one in await reader.fetch_records(Material, sql, session_id)]


@lru_cache(maxsize=MOST_KNOWN)
def emotion_set_in(material: Material) -> EmotionSet:
    """Return the emotion set that a row holds. Raises ValueError if it holds something else."""
    _require(material, MaterialKind.EMOTION_SET)
    fields = json.loads(material.content)
    emotions = tuple(_emotion_in(one) for one in fields.pop("emotions"))
    return EmotionSet(emotions=emotions, **fields)


@lru_cache(maxsize=MOST_KNOWN)
def instrument_in(material: Material) -> Instrument:
    """Return the instrument that a row holds. Raises ValueError if it holds something else."""
    _require(material, MaterialKind.INSTRUMENT)
    fields = json.loads(material.content)
    if "scales" in fields:
        return _earlier_instrument(fields)
    return Instrument(items=tuple(_item_in(one) for one in fields.pop("items")), **fields)


def _earlier_instrument(fields: dict[str, Any]) -> Instrument:
    """Return an instrument as an earlier version kept it: two questions about the emotion, and scales."""
    scales = [(one["key"], one["question"], one["felt_question"], one["anchors"]) for one in fields["scales"]]
    questions = fields["perceived_question"], fields["felt_question"]
    return instrument_of_scales(fields["name"], fields["title"], questions, scales)


def _item_in(fields: dict[str, Any]) -> Item:
    fields["scale"] = ItemScale(fields["scale"])
    fields["needs"] = fields["needs"] and Needs(fields["needs"])
    fields["about"] = tuple(TrialKind(kind) for kind in fields["about"])
    fields["values"], fields["anchors"] = tuple(fields["values"]), tuple(fields["anchors"])
    return Item(**fields)


def _emotion_in(fields: dict[str, Any]) -> Emotion:
    """Return an emotion. One that an earlier version kept has no family, overlaps or shared directions."""
    family, overlaps, directions = (fields.pop(name, None) for name in ("family", "overlaps", "directions"))
    return Emotion(
        **fields,
        family=family and Family(family),
        overlaps=tuple(overlaps or ()),
        directions=tuple(tuple(texts) for texts in directions or ()),
    )


async def _keep(tx: Transaction, material: Material) -> str:
    await tx.execute(
        "INSERT INTO materials (sha256, kind, name, content) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        material.sha256,
        material.kind,
        material.name,
        material.content,
    )
    return material.sha256


def _require(material: Material, kind: MaterialKind) -> None:
    if material.kind is not kind:
        raise ValueError(f"The material {material.sha256} is an {material.kind}, not an {kind}.")
