"""Small files made at run time: PDF by hand, DOCX by python-docx."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from pypdf import PdfReader, PdfWriter

IMAGE = "IMAGE"
BROKEN = "BROKEN"


def pdf(*pages: str, title: str = "") -> bytes:
    """A page per text, its lines below each other; `IMAGE` shows a picture, `BROKEN` fails, no text shows nothing."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    image = "/Type /XObject /Subtype /Image /Width 4 /Height 4 /ColorSpace /DeviceGray /BitsPerComponent 8"
    objects.append(f"<< {image} /Length 16 >>\nstream\n{'0123456789abcdef'}\nendstream")
    kids = []
    for page in pages:
        content = "q 99 0 0 99 0 0 cm /I Do Q" if page == IMAGE else _shown(page)
        packed = "/Filter /Nonsense" if page == BROKEN else ""
        objects.append(f"<< /Length {len(content)} {packed} >>\nstream\n{content}\nendstream")
        looks = "/MediaBox [0 0 600 800] /Resources << /Font << /F 3 0 R >> /XObject << /I 4 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R /Contents {len(objects)} 0 R {looks} >>")
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    objects.append(f"<< /Title ({title}) >>")
    return _file(objects)


def encrypted(data: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(password, "owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def docx(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_body(data: bytes, xml: str) -> bytes:
    """The DOCX file with this in the place of `@@@`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "word/document.xml":
                content = content.replace(b"<w:r><w:t>@@@</w:t></w:r>", xml.encode())
            new.writestr(entry.filename, content)
    return out.getvalue()


def _shown(page: str) -> str:
    lines = (line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in page.splitlines())
    moved = " 0 -20 Td ".join(f"({line}) Tj" for line in lines)
    return f"BT /F 12 Tf 50 750 Td {moved} ET" if page else ""


def _file(objects: list[str]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start, size = len(out), len(objects) + 1
    trailer = f"trailer << /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>"
    return bytes(out) + f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}\nstartxref\n{start}\n%%EOF".encode()
