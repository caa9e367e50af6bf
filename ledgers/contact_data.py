"""What in a file is contact data: headings that mean it, and cells that look like it."""

import re
import unicodedata

from ledgers.cells.texts import shown

# Headings of ledgers, half width, in small letters, without blanks
_HEADINGS = re.compile(
    "|".join(
        (
            *(
                "联系|电话|座机|手机(?:号码?)?(?=$|[^\u4e00-\u9fff]|及|和|与)|手机号|传真",
                r"(?<![a-z])(?:tel|fax|phone|mobile)",
            ),
            *("邮箱|邮件|微信|qq|e-?mail|wechat|contact", "身份证|证件号"),
            *(
                "对接人|经办人|填报人|填表人|法定代表人|法人代表|法人(?:姓名|$)",
                "(?:负责|责任)人(?:姓名|$|[^\u4e00-\u9fff])",
            ),
        )
    )
)
_NO_PERSON = re.compile("联系(?:单位|部门|领导|县级领导|科室)$")  # who in the administration looks after a project
_MOBILE = r"(?<![\da-z])(?:\+?86-?)?1[3-9]\d-?\d{4}-?\d{4}(?!\d)"
_LANDLINE = r"(?<![\d.])\(?0\d{2,3}\)?-?[2-9]\d{6,7}(?!\d)"
_IDENTITY = r"(?<![\da-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx](?![\da-z])"
_MAIL = r"[\w.+-]+@[\w-]+\.[a-z]{2,}"
_NUMBERS = re.compile("|".join((_MOBILE, _LANDLINE, _IDENTITY, _MAIL)), re.ASCII)
_SAID = re.compile("(?:联系人|联系方式|电话|手机|负责人|填报人|填表人|制表人|经办人|邮箱|微信):(?=[^)|])")
LONGEST = 2_000  # characters of a cell that are looked at: a note with a number says so early


def in_heading(heading: str) -> bool:
    """Whether a heading says that people's names, numbers or addresses stand below: 联系人(电话), 手机号."""
    text = _plain(heading)
    return any(_HEADINGS.search(part) and not _NO_PERSON.search(part) for part in text.split("|"))


def in_cell(cell) -> bool:
    """Whether a telephone or identity number or a mail address stands in a cell."""
    return _NUMBERS.search(_looked_at(cell)) is not None


def in_note(cell) -> bool:
    """Whether a title or a note names somebody or a number: 填报人:张三."""
    text = _looked_at(cell)
    return _NUMBERS.search(text) is not None or _SAID.search(text) is not None


def in_column(cells: list) -> bool:
    """Whether at least half of the filled cells of a column hold a number that reaches somebody."""
    filled = [cell for cell in cells if cell not in (None, "")]
    return bool(filled) and 2 * sum(map(in_cell, filled)) >= len(filled)


def _looked_at(cell) -> str:
    return "" if isinstance(cell, bool | dict | None) else _plain(shown(cell)[:LONGEST])


def _plain(text: str) -> str:
    return re.sub(r"[\s*]+", "", unicodedata.normalize("NFKC", text)).casefold()
