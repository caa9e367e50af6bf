"""The PDF, as far as bytes tell without a reader; and machines that cannot print one."""

import shutil
import subprocess
import sys
from io import BytesIO

import pytest

from monthly.report import as_pdf, content, pictures
from tests.monthly.report.locked_month import may_2025

pytestmark = pytest.mark.django_db


def can_print():
    try:
        as_pdf._printer()
    except as_pdf.CannotPrint:
        return False
    return True


needs_pango = pytest.mark.skipif(not can_print(), reason="this machine has no Pango or no Chinese font")


@needs_pango
def test_the_pdf_says_what_the_report_says(tmp_path):
    path = tmp_path / "report.pdf"
    with path.open("wb") as out:
        as_pdf.write(content.build(may_2025(name="<b>储能</b>项目")), out)

    assert path.read_bytes().startswith(b"%PDF-")
    reader = shutil.which("pdftotext")
    if reader:
        text = subprocess.run([reader, "-layout", path, "-"], capture_output=True, check=True).stdout.decode()  # noqa: S603
        plain = "".join(text.split())
        assert "累计完成省外到位资金88.57亿元\uff0c同比增长38.01%。" in plain
        assert "<b>储能</b>项目" in plain
        assert "内部资料" in plain


@needs_pango
def test_pages_stand_upright_and_the_annexed_tables_lie_across():
    pages = as_pdf.laid_out(content.build(may_2025())).pages

    lying = [page.width > page.height for page in pages]
    assert (lying[0], lying[-1], lying == sorted(lying)) == (False, True, True)


def test_a_machine_without_pango_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)

    with pytest.raises(as_pdf.CannotPrint, match="Pango"):
        as_pdf.write(None, BytesIO())


def test_a_machine_without_chinese_fonts_says_so(monkeypatch):
    pytest.importorskip("weasyprint", exc_type=OSError)
    pictures.prints_chinese.cache_clear()
    monkeypatch.setattr(pictures, "FONTS", "No Such Font")

    with pytest.raises(as_pdf.CannotPrint, match="fonts-noto-cjk"):
        as_pdf.write(None, BytesIO())
    pictures.prints_chinese.cache_clear()
