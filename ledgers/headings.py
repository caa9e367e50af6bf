"""Finding the row of headings under title rows and merged cells, and what each heading means."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field

from ledgers.cells import row_kind
from ledgers.columns import LEDGER, known_headings
from liangzhou.exports.fields import clean

UNKNOWN, LEFT_OUT, IGNORED = "", "leave", "ignored"  # what a column can mean beside one of ours
LOOKED_AT = 30  # rows from the top of a sheet in which the headings are looked for
FEWEST = 2  # headings that a row of them has, unless it is the project's name alone
MONEY_UNITS = ("亿元", "万元", "元")

_UNIT = re.compile(r"[(\[/:]?\s*(?:单位[::]?)?\s*(亿元|万元|元|亩)\s*[)\]]?\s*$")
_UNIT_LINE = re.compile(r"单位\s*[::]?\s*(?:人民币)?\s*(亿元|万元|元)|[(]\s*(亿元|万元)\s*[)]\s*$")


@dataclass
class Headings:
    """The headings of one sheet. `last_row` is where they end, counted as spreadsheets do."""

    last_row: int
    texts: list[str]
    meanings: list[str]
    units: list[str] = field(default_factory=list)


def normalise(heading: str) -> str:
    """A heading without what ledgers vary: width, blanks, line ends, stars, brackets and what is in them, units."""
    text = unicodedata.normalize("NFKC", clean(heading)).casefold()
    text = re.sub(r"[\s*]+", "", text)
    text = re.sub(r"[(\[【][^()\[\]【】]*[)\]】]", "", text)
    return re.sub(r"[/:,、]?(?:单位:?)?(亿元|万元|亩)$", "", text).strip(":")


def meaning(heading: str) -> str:
    """The column that a heading means; "ignored" where it is known to carry nothing, empty where it is unknown."""
    found = known_headings().get(normalise(heading), UNKNOWN)
    if found or "|" not in heading:
        return found
    return known_headings().get(normalise(heading.rpartition("|")[2]), UNKNOWN)


def unit_of(heading: str) -> str:
    """The unit of money that a heading states: 亿元, 万元, 元; empty where it states none."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", heading))
    match = _UNIT.search(text)
    return match[1] if match and match[1] in MONEY_UNITS else ""


def find(rows: list[tuple[int, list]]) -> Headings | None:
    """The headings among the first rows of a sheet; None where too few are known.

    A second row of headings under merged cells is read together with the first: 时间|开工.
    """
    best, most = None, 0
    for index, (number, cells) in enumerate(rows):
        texts = _texts(cells)
        following = rows[index + 1] if index + 1 < len(rows) else None
        tries = [(number, texts, 0)]
        if following and following[0] == number + 1:
            lower = _texts(following[1])
            tries.append((following[0], _joined(texts, lower), _known(_meanings(lower))))
        for last_row, joined, without in tries:
            meanings = _meanings(joined)
            known = _known(meanings)
            alone = "name" in meanings and sum(map(bool, joined)) == 1
            if known > max(most, without) and (known >= FEWEST or alone):
                best, most = Headings(last_row, joined, meanings), known
    if best:
        best.texts = distinct(best.texts)
        best.units = [unit_of(text) or _unit_above(rows, best.last_row) for text in best.texts]
    return best


def _meanings(texts: list[str]) -> list[str]:
    return _once([meaning(text) for text in texts])


def _known(meanings: list[str]) -> int:
    return sum(1 for found in meanings if found not in (UNKNOWN, IGNORED))


def guess(rows: list[tuple[int, list]]) -> Headings | None:
    """The first row that could be headings where too few are known: at least two different short texts."""
    for number, cells in rows:
        texts = _texts(cells)
        named = [text for text in texts if text]
        if len(set(named)) >= FEWEST and all(len(text) <= 40 for text in named) and row_kind(cells) == "record":
            return Headings(number, distinct(texts), _meanings(texts), [unit_of(text) for text in texts])
    return None


def signature(texts: list[str]) -> str:
    """What one bureau's form is known by: its headings, whatever their order."""
    return hashlib.sha256("\n".join(sorted({normalise(text) for text in texts})).encode()).hexdigest()


def _texts(cells: list) -> list[str]:
    return [re.sub(r"\s+", " ", clean(cell)).strip()[:100] if isinstance(cell, str) else "" for cell in cells]


def _joined(above: list[str], below: list[str]) -> list[str]:
    """Two rows of headings as one: a heading that spans both stands once."""
    length = max(len(above), len(below))
    pairs = zip(above + [""] * (length - len(above)), below + [""] * (length - len(below)), strict=True)
    return [upper if lower in ("", upper) else f"{upper}|{lower}" if upper else lower for upper, lower in pairs]


def distinct(texts: list[str]) -> list[str]:
    """Headings that tell their columns apart: a second 备注 is 备注(2), which means the same."""
    seen: dict[str, int] = {}
    found = []
    for text in texts:
        seen[text] = seen.get(text, 0) + 1
        found.append(f"{text}({seen[text]})" if text and seen[text] > 1 else text)
    return found


def _once(meanings: list[str]) -> list[str]:
    """Each of our columns once: a second heading that seems to mean the same is unknown."""
    seen, found = set(), []
    for name in meanings:
        found.append(UNKNOWN if name in LEDGER and name in seen else name)
        seen.add(name)
    return found


def _unit_above(rows: list[tuple[int, list]], last_row: int) -> str:
    """The unit that a line above the headings states: 单位:亿元."""
    for number, cells in rows:
        if number <= last_row:
            for text in dict.fromkeys(_texts(cells)):
                match = _UNIT_LINE.search(unicodedata.normalize("NFKC", text))
                if match:
                    return match[1] or match[2]
    return ""
