"""The YAML at the start of a card, by which `datasets` and Hugging Face's site find and load the tables."""

from __future__ import annotations

from typing import Any, Final

import yaml

from bot.dataset.formats.features import yaml_of
from bot.dataset.formats.parquet_layout import TURNS
from bot.dataset.formats.written import Split, Written
from bot.dataset.model.contents import Contents
from bot.dataset.model.options import Layout
from bot.dataset.release.licence import LICENCE
from bot.dataset.rows.schema import TABLES
from bot.dataset.rows.turn_columns import TURN_COLUMNS

_SIZES: Final = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def front_matter(contents: Contents, written: Written, title: str) -> str:
    """Return the YAML. It names every table with rows, because no version of `datasets` can load an empty one.

    Without names, `datasets` would also treat tracks and mixes as data.
    """
    tables = {name: splits for name, splits in written.splits.items() if any(split.rows for split in splits)}
    facts: dict[str, Any] = {
        "pretty_name": title,
        "license": "other",
        "license_name": "performers-consent",
        "license_link": LICENCE,
        "language": sorted({session.language for session in contents.snapshot.sessions}) or ["en"],
        "task_categories": [f"{'tabular' if contents.options.is_derived else 'audio'}-classification"],
        "size_categories": [next((name for limit, name in _SIZES if written.tally.clips < limit), "n>1M")],
        "tags": ["audio", "speech-emotion-recognition", "acted-emotion", "improvisation", "peer-ratings"],
        "configs": [_config(table, splits) for table, splits in tables.items()],
    }
    if contents.options.layout is Layout.PARQUET:
        facts["dataset_info"] = [_info(table, splits, contents) for table, splits in tables.items()]
    return yaml.safe_dump(facts, sort_keys=False, allow_unicode=True, width=1000)


def _config(table: str, splits: list[Split]) -> dict[str, Any]:
    default = {"default": True} if table == TURNS else {}
    data_files = [{"split": split.name, "path": split.path} for split in splits]
    return {"config_name": table, **default, "data_files": data_files}


def _info(table: str, splits: list[Split], contents: Contents) -> dict[str, Any]:
    is_turns = table == TURNS
    columns = TURN_COLUMNS if is_turns else TABLES[table].columns
    size = sum(split.size_bytes for split in splits)
    return {
        "config_name": table,
        "features": yaml_of(columns, contents.labels, has_sound=is_turns and not contents.options.is_derived),
        "splits": [{"name": split.name, "num_bytes": split.size_bytes, "num_examples": split.rows} for split in splits],
        "download_size": size,
        "dataset_size": size,
    }
