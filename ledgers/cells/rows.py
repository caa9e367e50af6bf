"""What a row below the headings is: a record, or what ledgers have between and below their records."""

import re

from ledgers.cells.texts import is_blank, shown, squeezed

_TOTAL = re.compile(
    r"[\u4e00-\u9fff\d、.()]{0,12}?(合计|小计|总计|共计|累计合计)数?(项目数|\d+[个项]|[:(].*)?|累计|总数"
)
_NOTE = re.compile(
    r"(注|备注|附注|说明|填表人?|填报人?|制表人?|审核人?|审批人?|负责人|经办人|联系人|联系电话|电话|单位负责人|分管领导|盖章"
    r"|单位|填报单位|填表单位|报送单位|编制单位|制表单位|单位名称|填报时间|填报日期|填表日期|报送时间|制表日期|统计时间|统计口径"
    r"|日期|时间|截止日期|截止时间|数据来源)(\([^()]*\)|\d)*:.*|注\d*[、.].*|\(?单位:?(人民币)?[亿万]?元\)?"
)
_SIGNED = re.compile(
    r"[\u4e00-\u9fff()]{0,12}(签字|签名|签章|填报日期|填报时间|填表日期|制表日期|制表人?)(\([^()]*\))*:.*"
)
_ALONE = re.compile(
    r"备注|附?注|说明|(填表|填报|制表|审核)人?|(填报|填表|制表)(日期|时间)|[\u4e00-\u9fff()]{0,12}(签字|签章|盖章)\)?(\([^()]*\))*"
)
_NUMBERED = re.compile(r"\(?[一二三四五六七八九十]+[)、.:]")
_PART = re.compile(r"第[一二三四五六七八九十]+[章类项批]")
_NUMERAL = re.compile(r"\(?[一二三四五六七八九十百]+\)?[、.]?")
_FIGURE = re.compile(r"[(约共]?-?\d[\d,]*(\.\d*)?(个项目|个|项|家|亩|%|[亿万]?元|[亿万])?\)?", re.ASCII)


def row_kind(cells: list) -> str:
    """What a row below the headings is: record, blank, total, note, or title of a section.

    In doubt it is a record: what is skipped is looked at by few, a record that is none is refused.
    """
    filled = [cell for cell in cells if not (cell is None or (isinstance(cell, str) and not squeezed(cell)))]
    texts = [squeezed(cell) for cell in filled if isinstance(cell, str)]
    if not filled or (not texts and len(set(map(shown, filled))) == 1):
        return "blank"  # also a row with nothing but its number, made ready for later
    if any(_TOTAL.fullmatch(squeezed(cell)) for cell in filled[:3] if isinstance(cell, str)) or _is_share(filled):
        return "total"
    if texts and _is_note(filled, texts):
        return "note"
    counted = len(filled) >= 4 and all(shown(cell) == str(place) for place, cell in enumerate(filled, 1))
    return "title" if counted or _is_title(filled) or _is_numbered(filled) else "record"


def _words(filled: list) -> set[str]:
    """What the cells say that is neither a figure nor the number of a section; merged cells say it once."""
    said = {squeezed(shown(cell)) for cell in filled if isinstance(cell, str | dict)}  # a date is a word
    return {text for text in said if not (is_blank(text) or _FIGURE.fullmatch(text) or _NUMERAL.fullmatch(text))}


def _is_share(filled: list) -> bool:
    """Whether a row gives a share of the total above it: 其中:续建 | 5000, also beside the name of its section."""
    for place, cell in enumerate(filled[:3]):
        if isinstance(cell, str) and squeezed(cell).startswith("其中"):
            beside = _words(filled) - {squeezed(cell)}
            # After a project's name and number 其中 begins what is built, not a share
            return not _words(filled[:place]) or (len(beside) == 1 and bool(_words(filled[:1])))
    return False


def _is_note(filled: list, texts: list[str]) -> bool:
    """Whether a row is a note below the ledger, or who made and signed it."""
    if any(_SIGNED.fullmatch(text) for text in texts) and all(":" in text or _ALONE.fullmatch(text) for text in texts):
        return True
    if filled[0] != next(cell for cell in filled if isinstance(cell, str)):
        return False
    if _NOTE.fullmatch(texts[0]) or _SIGNED.fullmatch(texts[0]):
        return True
    few = len({shown(cell) for cell in filled}) <= 3 and len(_words(filled)) <= 2
    return few and _ALONE.fullmatch(texts[0]) is not None


def _is_title(filled: list) -> bool:
    """Whether a row says one thing only; two equal cells may also be a project and its company of the same name."""
    alike = len({shown(cell) for cell in filled}) == 1
    said = squeezed(shown(filled[0]))
    return alike and (len(filled) != 2 or _NUMBERED.match(said) is not None or _PART.match(said) is not None)


def _is_numbered(filled: list) -> bool:
    """Whether a row is a numbered section with its sums: 一 | 新建项目 | 5000, or 一、新建项目 | 5000.

    Some ledgers number their records so: whoever has a company, a stage or a date beside the name is one.
    """
    first = squeezed(shown(filled[0])) if isinstance(filled[0], str) else ""
    return len(_words(filled)) <= 1 and (_NUMERAL.fullmatch(first) or _NUMBERED.match(first)) is not None
