"""Validates REST request bodies against Discord's own OpenAPI description.

The description is `../shared/discord-openapi.json` relative to the project's root, or the file that the environment
variable PROMPTBOOK_DISCORD_OPENAPI names. The validator deviates in three ways: it expects `payload_json` outside its
multipart body, it accepts integers as snowflakes (Discord accepts them, discord.py sends them), and if a union's
branches differ by `type`, or all but one are null, it follows only the branch that is meant, so that an error says what
is wrong.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from bot.embedded.journal import read_journal

PLACE = "PROMPTBOOK_DISCORD_OPENAPI"
WITHOUT_BODY = ("GET", "DELETE")


def description_path() -> Path:
    """Where the description is expected."""
    beside = Path(__file__).parents[2] / "shared" / "discord-openapi.json"
    return Path(os.environ.get(PLACE, beside))


class RequestBodies:
    """The bodies that Discord's description allows, by method and route."""

    def __init__(self, path: Path) -> None:
        self._description: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        schemas = self._description["components"]["schemas"]
        schemas["SnowflakeType"] = {"anyOf": [schemas["SnowflakeType"], {"type": "integer", "minimum": 0}]}
        self._schemas = schemas
        unions = {"anyOf": self._union("anyOf"), "oneOf": self._union("oneOf")}
        self._validator = extend(Draft202012Validator, unions)

    def errors(self, method: str, template: str, body: Any) -> list[str]:
        """What is wrong with a body for a route such as "/channels/{channel_id}/messages"; empty if nothing is.

        Raises KeyError for a route or method that Discord does not have.
        """
        operation = self._description["paths"][template][method.lower()]
        schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            return [] if body is None else ["This request has no body."]
        validator = self._validator({**schema, "components": {"schemas": self._schemas}})
        return [_sentence(error) for error in validator.iter_errors(body)]

    def journal_errors(self, journal: Path) -> list[str]:
        """What is wrong with the accepted bodies in a journal of the embedded Discord, one sentence per error."""
        found: list[str] = []
        for entry in read_journal(journal, "rest_request"):
            if entry["method"] not in WITHOUT_BODY and entry["status"] < 300:
                errors = self.errors(entry["method"], entry["template"], entry["body"])
                found += [f"{entry['method']} {entry['template']}: {error}" for error in errors]
        return found

    def _resolve(self, branch: dict[str, Any]) -> dict[str, Any]:
        reference = branch.get("$ref")
        return self._schemas[reference.rsplit("/", 1)[1]] if reference else branch

    def _of_type(self, branches: list[dict[str, Any]], kind: Any) -> list[dict[str, Any]]:
        matching: list[dict[str, Any]] = []
        for branch in branches:
            declared = self._resolve(branch).get("properties", {}).get("type", {})
            if kind in declared.get("enum", ()):
                matching.append(branch)
        return matching

    def _union(self, keyword: str) -> Any:
        standard = Draft202012Validator.VALIDATORS[keyword]

        def check(validator: Any, branches: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
            kind = instance.get("type") if isinstance(instance, dict) else None
            matching = self._of_type(branches, kind) if kind is not None else []
            if not matching and instance is not None:
                matching = [branch for branch in branches if branch != {"type": "null"}]
            if len(matching) == 1:
                yield from validator.descend(instance, matching[0])
            else:
                yield from standard(validator, branches, instance, schema)

        return check


def _sentence(error: ValidationError) -> str:
    where = "/".join(map(str, error.absolute_path)) or "the body"
    return f"{where}: {error.message[:300]}"
