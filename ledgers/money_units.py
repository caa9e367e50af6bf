"""The unit of money that a heading or a line above the headings states, also where it is one that we do not keep."""

import re
import unicodedata

KEPT = {"亿": "亿元", "亿元": "亿元", "万": "万元", "万元": "万元", "元": "元"}

_FOREIGN = "美|欧|日|港|澳|加|新台|台|英"
# 亿元, 百万元, 万美元, 港币; not 500万元以上, which is a limit
_SCALED = re.compile(
    rf"(?<![\d.一二两三四五六七八九几数十百千])(?:[十百千]*[亿万](?:{_FOREIGN})?(?:元|镑|币)|[十百千]+(?:{_FOREIGN})?元|[亿万](?=人民币)"
    rf"|[十百千]*[亿万]?(?:(?:{_FOREIGN})元|美金|[港澳日台]币|英镑|usd|eur|hkd))(?!及?以[上下])",
)
_BARE = re.compile(r"(?:均?为|以|按|人民币|金额|投资|总投资)*([十百千]*[亿万]|元)(?:人民币|计)?")
_SEPARATED = re.compile(r"[()\[\]【】〔〕/:,;、|]+|单位|和|及")
_STATED = re.compile(r"(?:单位|金额|币种)(.*)")


def unit_of(heading: str) -> str:
    """The unit that a heading states: 亿元, 万元, 元, or one that is not kept as it stands there; empty for none.

    The lowest row of a heading of several counts first. Two units at once are given together: 亿元、万元.
    """
    for part in reversed(_plain(heading).split("|")):
        found = _units(part)
        if found:
            return "、".join(found)
    return ""


def unit_of_lines(lines: list[str]) -> str:
    """The unit that lines above the headings state, as `unit_of` gives it: 单位:个、亿元, (亿元、亩)."""
    found = []
    for line in dict.fromkeys(map(_plain, lines)):
        stated = _STATED.search(line)
        found += _units(stated[1]) if stated else _units(line, alone=True)
    return "、".join(dict.fromkeys(found))


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\s+", "", text).replace("億", "亿").replace("萬", "万")


def _units(text: str, *, alone: bool = False) -> list[str]:
    """The different units in a text; with `alone` only those that stand between separators with nothing else."""
    found = []
    for part in _SEPARATED.split(text):
        bare = _BARE.fullmatch(part)
        scaled = re.fullmatch(_SCALED, part) if alone else _SCALED.search(part)
        if bare or scaled:
            unit = bare[1] if bare else scaled[0]
            found.append(KEPT.get(unit, unit.upper()))
    return list(dict.fromkeys(found))
