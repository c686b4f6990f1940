from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement

from seedbed.core.document import Document
from seedbed.core.errors import InputError
from seedbed.documents.docx import read_docx
from seedbed.documents.source import Limits, Source

from . import files


def read(data: bytes, limits: Limits = Limits()) -> Document:  # noqa: B008
    return read_docx(Source("a.docx", data, limits)).documents[0]


def test_paragraphs_headings_and_tables_come_in_their_order() -> None:
    made = docx.Document()
    made.core_properties.title = "The report"
    made.add_heading("Report", 0)
    made.add_heading("Part", 1)
    made.add_paragraph("First\tparagraph.").add_run(" More of it.").bold = True
    table = made.add_table(2, 2)
    for number, cell in enumerate([cell for row in table.rows for cell in row.cells]):
        cell.text = f"cell\n{number}"
    made.add_paragraph("")
    made.add_heading("Detail", 2)
    made.add_paragraph("Line one\nline two")
    document = read(files.docx(made))
    table_text = "cell 0 | cell 1\ncell 2 | cell 3"
    assert document.text == (
        f"Report\n\nPart\n\nFirst\tparagraph. More of it.\n\n{table_text}\n\nDetail\n\nLine one\nline two"
    )
    assert [(one.level, one.title) for one in document.headings] == [(0, "Report"), (1, "Part"), (2, "Detail")]
    assert document.title == "The report"


def test_a_style_made_from_a_heading_is_one() -> None:
    made = docx.Document()
    style = made.styles.add_style("Our own", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = made.styles["Heading 2"]
    made.add_paragraph("Like a heading", style="Our own")
    made.add_paragraph("Heading words", style="Normal")
    assert [(one.level, one.title) for one in read(files.docx(made)).headings] == [(2, "Like a heading")]


def test_items_stand_below_each_other_when_word_numbers_them() -> None:
    made = docx.Document()
    for text in ("a", "b"):
        paragraph = made.add_paragraph(text)
        paragraph._p.get_or_add_pPr().get_or_add_numPr()
    assert read(files.docx(made)).text == "a\nb"


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<w:ins w:id='1' w:author='x'><w:r><w:t>new</w:t></w:r></w:ins>", "new"),
        (
            "<w:del w:id='1' w:author='x'><w:r><w:delText>old</w:delText></w:r></w:del><w:r><w:t>kept</w:t></w:r>",
            "kept",
        ),
        ("<w:sdt><w:sdtContent><w:r><w:t>control</w:t></w:r></w:sdtContent></w:sdt>", "control"),
        ("<w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink>", "link"),
        ("<w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>", "a-b\nc"),
        (
            "<w:r><w:t>around</w:t><w:pict><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>",
            "around\n\nbox",
        ),
    ],
)
def test_no_text_that_is_seen_is_left_out_and_no_other_is_read(xml: str, text: str) -> None:
    made = docx.Document()
    made.add_paragraph("@@@")
    assert read(files.with_body(files.docx(made), xml)).text == text


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 not a zip", b"hello", None])
def test_a_broken_file_is_said_to_be_broken(data: bytes | None) -> None:
    if data is None:
        whole = files.docx(docx.Document())
        data = whole[: len(whole) // 2]
    with pytest.raises(InputError, match=r"a\.docx is broken"):
        read(data)


def test_an_encrypted_or_old_file_is_said_to_be_one() -> None:
    with pytest.raises(InputError, match="encrypted or in the old DOC format"):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100))


def test_a_zip_bomb_is_not_unpacked() -> None:
    out = io.BytesIO(files.docx(docx.Document()))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/media/zeros.bin", bytes(30_000_000))
    with pytest.raises(InputError, match=r"times its size \(limit `expansion`: 200\)"):
        read(out.getvalue())
    with pytest.raises(InputError, match=r"limit `expanded_bytes`: 1,000,000"):
        read(out.getvalue(), Limits(expanded_bytes=1_000_000))


def test_entities_are_not_expanded() -> None:
    made = docx.Document()
    made.add_paragraph("@@@")
    data = files.with_body(files.docx(made), "<w:r><w:t>&bomb;</w:t></w:r>")
    with pytest.raises(InputError, match="broken"):
        read(data)


def test_a_table_inside_of_a_cell_is_said_once() -> None:
    made = docx.Document()
    cell = made.add_table(1, 2).cell(0, 1)
    inner = cell.add_table(2, 1)
    inner.cell(0, 0).text, inner.cell(1, 0).text = "one", "two"
    assert read(files.docx(made)).text == " | one two"


def test_rows_and_cells_in_content_controls_are_read() -> None:
    made = docx.Document()
    table = made.add_table(2, 2)
    for number, cell in enumerate([cell for row in table.rows for cell in row.cells]):
        cell.text = f"{number}"
    for element in (table.rows[0].cells[1]._tc, table.rows[1]._tr):
        control = OxmlElement("w:sdt")
        element.addprevious(control)
        content = OxmlElement("w:sdtContent")
        control.append(content)
        content.append(element)
    assert read(files.docx(made)).text == "0 | 1\n2 | 3"
