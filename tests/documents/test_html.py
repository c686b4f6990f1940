from __future__ import annotations

import pytest

from seedbed.core.document import Document
from seedbed.core.errors import InputError
from seedbed.documents.html import read_html
from seedbed.documents.source import Source


def read(page: str | bytes) -> Document:
    return read_html(Source("a.html", page if isinstance(page, bytes) else page.encode())).documents[0]


def test_elements_that_begin_a_line_do_and_others_do_not() -> None:
    page = "<p>One <b>tw</b>o\n  three</p><div>four<span> five</span></div>six<br>seven<p>eight"
    assert read(page).text == "One two three\n\nfour five\n\nsix\nseven\n\neight"


def test_scripts_styles_and_navigation_are_left_out() -> None:
    page = """<html><head><title> The\n title </title><style>p {}</style></head><body><nav>Home</nav><!-- no -->
        <script>let x = "<p>no</p>"</script>yes<svg><text>no</text></svg><noscript>no</noscript> too</body></html>"""
    assert read(page).text == "yes too"
    assert read(page).title == "The title"


def test_headings_are_lines_and_known() -> None:
    document = read("<h1>A <i>b</i><br>c</h1><p>Text.</p><section><h3>D</h3>More.</section>")
    assert document.text == "A b c\n\nText.\n\nD\n\nMore."
    assert [(one.level, one.title) for one in document.headings] == [(1, "A b c"), (3, "D")]
    assert [document.text[one.start : one.end] for one in document.headings] == ["A b c", "D"]


def test_items_stand_below_each_other() -> None:
    assert read("Before<ul><li>a<li>b<ul><li>c</ul></ul>after").text == "Before\n\na\nb\n\nc\n\nafter"
    assert read("<dl><dt>a<dd>b<dt>c<dd>d</dl>").text == "a\nb\nc\nd"


def test_tables_become_rows() -> None:
    page = """before<table><caption>Cap</caption><thead><tr><th>A<th>B</tr></thead>
        <tr><td><p>1</p><p>one</p><td>2<br>two<tr><td><td></table>after"""
    assert read(page).text == "before\n\nCap\nA | B\n1 one | 2 two\n\nafter"


def test_tables_that_only_arrange_the_page_are_read_as_blocks() -> None:
    assert read("<table><tr><td>a<td><table><tr><td>x<td>y</table></table>").text == "a\n\nx | y"
    assert read("<table><tr><td><h2>T</h2>text<td>more</table>").text == "T\n\ntext\n\nmore"
    assert read("<table><tr><td>a<tr><td>b</table>").text == "a\n\nb"


def test_preformatted_text_keeps_its_lines() -> None:
    assert read("<pre>\n  a\n    <b>b</b>\n\nc</pre>d   e").text == "  a\n    b\n\nc\n\nd e"


def test_entities_and_wide_characters_come_out_right() -> None:
    assert read("<p>caf&eacute; &amp; 天气&nbsp;👍🏽 &lt;b&gt;").text == "café & 天气\u00a0👍🏽 <b>"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("gb2312", "gb18030"), ("ISO-8859-1", "cp1252"), ("x-unknown", "utf-8"), ("utf-8", "utf-8")],
)
def test_the_encoding_a_page_declares_is_heeded(declared: str, encoding: str) -> None:
    text = "天气" if "gb" in encoding else "naïve “quote”"
    page = f'<meta http-equiv="content-type" content="text/html; charset={declared}"><p>{text}'
    assert read(page.encode(encoding)).text == text


def test_an_xml_declaration_does_no_harm() -> None:
    assert read('<?xml version="1.0" encoding="utf-8"?><html><body>é</body></html>').text == "é"


@pytest.mark.parametrize("page", ["", "  ", "<!-- nothing -->", "<html></html>"])
def test_an_empty_page_is_an_empty_document(page: str) -> None:
    assert read(page).text == ""


def test_a_page_nested_too_deeply_is_refused_rather_than_cut_short() -> None:
    assert read("<div>" * 1000 + "deep").text == "deep"
    with pytest.raises(InputError, match="nested too deeply"):
        read("<div>" * 5000 + "deep" + "</div>" * 5000 + "after")
