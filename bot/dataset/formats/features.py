"""The features of a table as Hugging Face's `datasets` reads them, in the forms that versions 3, 4 and 5 understand.

`Audio` has `decode: false`: rows then hold the bytes of the sound, and no version needs a decoder to load them. Lists
are plain lists, because version 4 renamed the feature that version 3 calls `Sequence`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from bot.dataset.model.labels import Labels
from bot.dataset.rows.columns import Column, Names

AUDIO: Final = "audio"
"""The column with the sound of a row."""

METADATA_KEY: Final = b"huggingface"
"""Where `datasets` looks for the features in the metadata of a Parquet schema."""

_DTYPES = {"object": "string"}


def metadata_of(columns: Iterable[Column], labels: Labels, *, has_sound: bool) -> bytes:
    """Return the value of METADATA_KEY for a table."""
    features: dict[str, Any] = {AUDIO: {"decode": False, "_type": "Audio"}} if has_sound else {}
    features |= {column.name: _feature(column, labels) for column in columns}
    return json.dumps({"info": {"features": features}}).encode()


def yaml_of(columns: Iterable[Column], labels: Labels, *, has_sound: bool) -> list[dict[str, Any]]:
    """Return the features of a table for `dataset_info` in the YAML of a card."""
    sound = [{"name": AUDIO, "dtype": {"audio": {"decode": False}}}] if has_sound else []
    return [*sound, *(_yaml(column, labels) for column in columns)]


def features_of(described: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the features that a card's YAML describes, in the form in which Parquet has them."""
    return {one["name"]: _described(one) for one in described}


def _described(one: Mapping[str, Any]) -> Any:
    if "sequence" in one:
        return [{"dtype": one["sequence"], "_type": "Value"}]
    if "list" in one:
        return [features_of(one["list"])]
    match one["dtype"]:
        case {"class_label": {"names": names}}:
            return {"names": list(names.values()), "_type": "ClassLabel"}
        case {"audio": options}:
            return {**options, "_type": "Audio"}
        case dtype:
            return {"dtype": dtype, "_type": "Value"}


def names_of(kind: Names, labels: Labels) -> Sequence[str]:
    """Return the names of a label, in the order of their numbers."""
    return {"targets": labels.targets, "answers": labels.answers, "consensus": labels.consensus}[kind]


def numbers_of(kind: Names, labels: Labels) -> dict[str, int]:
    """Return the number of each name of a label."""
    return {name: number for number, name in enumerate(names_of(kind, labels))}


def _feature(column: Column, labels: Labels) -> Any:
    if column.names:
        return {"names": list(names_of(column.names, labels)), "_type": "ClassLabel"}
    match column.kind:
        case "list<string>":
            return [{"dtype": "string", "_type": "Value"}]
        case "rows":
            return [{field.name: _feature(field, labels) for field in column.fields}]
        case kind:
            return {"dtype": _DTYPES.get(kind, kind), "_type": "Value"}


def _yaml(column: Column, labels: Labels) -> dict[str, Any]:
    if column.names:
        numbered = {str(number): name for number, name in enumerate(names_of(column.names, labels))}
        return {"name": column.name, "dtype": {"class_label": {"names": numbered}}}
    match column.kind:
        case "list<string>":
            return {"name": column.name, "sequence": "string"}
        case "rows":
            return {"name": column.name, "list": [_yaml(field, labels) for field in column.fields]}
        case kind:
            return {"name": column.name, "dtype": _DTYPES.get(kind, kind)}
