"""What Discord's Markdown becomes in a picture."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tools.pictures.markdown import render_markdown
from tools.pictures.names import Names, NotInPicture

NAMES = Names(1_000, {7: "Ana & Co"}, {8: "Stage"}, {9: "Coordinator"})


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** and `code`", "<p><strong>bold</strong> and <code>code</code></p>"),
        ("**Take 1 starts <t:1005:R>.**", 'starts <span class="time">in 5 seconds</span>.</strong>'),
        ("<@7> in <#8>", '<span class="mention">@Ana &amp; Co</span> in <span class="mention">#Stage</span>'),
        ("<@&9>", '<span class="mention">@Coordinator</span>'),
        ("## Head\nText\n-# Small", "<h2>Head</h2><p>Text</p><small>Small</small>"),
        ("> one\n> two\nthree", "<blockquote>one<br>two</blockquote><p>three</p>"),
        ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
        ("1. one\n2. two", "<ol><li>one</li><li>two</li></ol>"),
        ("one\n\ntwo", "<p>one<br><br>two</p>"),
        ("~~struck~~ *leant* _leant_", "<p><s>struck</s> <em>leant</em> <em>leant</em></p>"),
        ("`**not bold** <@1>`", "<code>**not bold** &lt;@1&gt;</code>"),
        ("snake_case_word, 2 * 3 * 4", "<p>snake_case_word, 2 * 3 * 4</p>"),
        (r"\*as typed\*", "<p>*as typed*</p>"),
        ("<script>", "&lt;script&gt;"),
    ],
)
def test_text_as_people_read_it(text: str, html: str):
    assert html in render_markdown(text, NAMES)


@pytest.mark.parametrize("text", ["<@1>", "<#1>", "<@&1>", "<:smile:1>", "</session start:1>", "<t:1005:Z>"])
def test_what_has_no_name_or_rule_is_refused(text: str):
    with pytest.raises(NotInPicture):
        render_markdown(text, NAMES)


@pytest.mark.parametrize(
    ("unix", "text"),
    [(1_000, "now"), (1_001, "in 1 second"), (940, "1 minute ago"), (1_119, "in 1 minute"), (8_200, "in 2 hours")],
)
def test_timestamps_count_from_the_moment_of_looking(unix: int, text: str):
    assert f">{text}<" in render_markdown(f"<t:{unix}:R>", NAMES)


@given(st.text(alphabet="ab *_~`#>-1.\n\\|<", max_size=60))
def test_whatever_is_typed_every_element_is_closed(text: str):
    assume("<#1" not in text)  # a channel without a name is refused
    html = re.sub(r"<br>|&\w+;", "", str(render_markdown(text, NAMES)))
    inside: list[str] = []
    for closing, tag in re.findall(r"<(/?)(\w+)[^>]*>", html):
        if closing:
            assert inside.pop() == tag
        else:
            inside.append(tag)
    assert not inside
