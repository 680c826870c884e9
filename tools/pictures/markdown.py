"""Discord's Markdown as HTML: headings, subtext, quotes, lists, code, inline marks, mentions, timestamps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from markupsafe import Markup, escape

from tools.pictures.moments import moment_text
from tools.pictures.names import Names, NotInPicture

_INLINE = re.compile(
    r"""
      \\(?P<escaped>[^\w\s])
    | ```(?:\w*\n)?(?P<fence>.+?)```
    | (?P<ticks>`+)(?P<code>.+?)(?P=ticks)
    | <@!?(?P<account>\d+)> | <\#(?P<channel>\d+)> | <@&(?P<role>\d+)>
    | <t:(?P<unix>-?\d+)(?::(?P<style>\w))?>
    | (?P<unknown></?[\w: -]+:\d+>)
    | \[(?P<link>[^\]]+)\]\(<?(?P<address>https?://[^\s>)]+)>?\)
    | \*\*(?P<bold>.+?)\*\*(?!\*) | __(?P<underlined>.+?)__ | ~~(?P<struck>.+?)~~ | \|\|(?P<spoiler>.+?)\|\|
    | \*(?P<starred>[^*\s](?:[^*]*[^*\s])?)\* | (?<!\w)_(?P<slanted>[^_]+)_(?!\w)
    """,
    re.VERBOSE | re.DOTALL,
)
_TAGS = {
    "bold": "strong",
    "underlined": "u",
    "struck": "s",
    "starred": "em",
    "slanted": "em",
    "spoiler": "span class=spoiler",
}
_FENCE = re.compile(r"(```.+?```)", re.DOTALL)
_LINE = re.compile(r"(?P<mark>\#{1,3}|-\#|>|[-*]|\d+\.)\ (?P<rest>.*)", re.VERBOSE)
_HEADINGS = {"#": "h1", "##": "h2", "###": "h3", "-#": "small"}


def render_markdown(text: str, names: Names) -> Markup:
    """Return a message's text as HTML. Raises NotInPicture for a mention of a stranger and for marks without a rule."""
    parts: list[Markup] = []
    for part in _FENCE.split(text):
        if part.startswith("```"):
            parts.append(_inline(part, names))
        else:
            parts += _blocks(part.strip("\n").split("\n"), names)
    return Markup("").join(parts)


def _blocks(lines: list[str], names: Names) -> Iterator[Markup]:
    for kind, group in groupby(lines, _kind):
        rests = [_rest(line) if kind else line for line in group]
        if kind in _HEADINGS.values():
            yield from (Markup("<{0}>{1}</{0}>").format(Markup(kind), _inline(rest, names)) for rest in rests)
        elif kind in ("ul", "ol"):
            items = (Markup("<li>{}</li>").format(_inline(rest, names)) for rest in rests)
            yield Markup("<{0}>{1}</{0}>").format(Markup(kind), Markup("").join(items))
        elif kind == "blockquote":
            yield Markup("<blockquote>{}</blockquote>").format(
                Markup("<br>").join(_inline(one, names) for one in rests)
            )
        elif paragraph := "\n".join(rests):
            yield Markup("<p>{}</p>").format(_inline(paragraph, names))


def _kind(line: str) -> str:
    """Return the element that a line belongs to; empty for plain text."""
    match = _LINE.match(line)
    if match is None:
        return ""
    mark = match["mark"]
    return _HEADINGS.get(mark) or {">": "blockquote", "-": "ul", "*": "ul"}.get(mark, "ol")


def _rest(line: str) -> str:
    match = _LINE.match(line)
    assert match is not None
    return match["rest"]


def _inline(text: str, names: Names) -> Markup:
    parts: list[Markup] = []
    end = 0
    for match in _INLINE.finditer(text):
        parts += [_plain(text[end : match.start()]), _marked(match, names)]
        end = match.end()
    return Markup("").join([*parts, _plain(text[end:])])


def _plain(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def _marked(match: re.Match[str], names: Names) -> Markup:
    found = {key: value for key, value in match.groupdict().items() if value is not None}
    for key, tag in _TAGS.items():
        if key in found:
            return Markup("<{}>{}</{}>").format(Markup(tag), _inline(found[key], names), Markup(tag.split()[0]))
    kind = next(key for key in found if key != "ticks")
    return _LEAVES[kind](found, names)


def _unknown(found: dict[str, str], _: Names) -> Markup:
    raise NotInPicture(f"No rule for {found['unknown']!r}.")


def _mention(text: str) -> Markup:
    return Markup('<span class="mention">{}</span>').format(text)


def _time(found: dict[str, str], names: Names) -> Markup:
    text = moment_text(int(found["unix"]), found.get("style", "f"), names.now_unix)
    return Markup('<span class="time">{}</span>').format(text)


_LEAVES: dict[str, Callable[[dict[str, str], Names], Markup]] = {
    "escaped": lambda found, _: escape(found["escaped"]),
    "fence": lambda found, _: Markup("<pre>{}</pre>").format(found["fence"].strip("\n")),
    "code": lambda found, _: Markup("<code>{}</code>").format(found["code"]),
    "account": lambda found, names: _mention(f"@{names.account(int(found['account']))}"),
    "channel": lambda found, names: _mention(f"#{names.channel(int(found['channel']))}"),
    "role": lambda found, names: _mention(f"@{names.role(int(found['role']))}"),
    "unix": _time,
    "unknown": _unknown,
    "link": lambda found, _: Markup('<span class="link">{}</span>').format(found["link"]),
}
