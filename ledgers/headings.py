"""Finding the row of headings under title rows and merged cells, and what each heading means."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from ledgers import contact_data
from ledgers.cells import row_kind
from ledgers.columns import LEDGER, known_headings
from ledgers.money_units import unit_of, unit_of_lines
from liangzhou import demo
from liangzhou.exports.fields import clean

UNKNOWN, LEFT_OUT, IGNORED = "", "leave", "ignored"  # what a column can mean beside one of ours
CONTACT = "contact"  # names and numbers of people: never read, never kept
LOOKED_AT = 30  # rows from the top of a sheet in which the headings are looked for
FEWEST = 2  # headings that a row of them has, unless it is the project's name alone
DEEPEST = 3  # rows that headings stand in, one below the other

_PLANNED, _ACTUAL = ("计划", "预计", "拟", "预期", "目标"), ("实际",)
_TIMES = re.compile("时间|日期|节点|进度")
_BRACKET = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
# In brackets these say that the heading is not, or not only, what stands outside: 开工时间(含计划), 占地(公顷)
_OTHERWISE = re.compile(
    "|".join((*_PLANNED, *_ACTUAL, "签约|落地|开工|动工|入库|竣工|完工|投产|达产|平方米|平米|公顷|m2"))
)
# What the first cell of a title says, and what any cell of a line that says who fills the form in
_TITLE = re.compile(r"(台账|表|清单|名单|汇总)(\([^()]*\))?$|^附件|^\(?(填报|填表|制表|报送|编制|截至|截止)")
_UNIT_LINE = re.compile(r"^\(?(金额)?单位:")


@dataclass
class Headings:
    """The headings of one sheet. `last_row` is where they end, counted as spreadsheets do."""

    last_row: int
    texts: list[str]
    meanings: list[str]
    units: list[str] = field(default_factory=list)

    @cached_property
    def _spellings(self) -> list[set[str]]:
        """Of each column: its heading and each row of it, without what ledgers vary."""
        return [{normalise(part) for part in (text, *text.split("|")) if part} for text in self.texts]

    @cached_property
    def _begins(self) -> set[str]:
        return {spelling[:1] for spellings in self._spellings for spelling in spellings}

    def repeated_by(self, cells: list) -> float:
        """Which share of the filled cells says again what stands in the headings; 0 unless the first and another do."""
        filled = [(i, cell) for i, cell in enumerate(cells) if not (cell is None or str(cell).strip() == "")]
        first = filled[0][1] if filled else None
        if not isinstance(first, str) or first.strip("* \n\u3000")[:1] not in self._begins:
            return 0  # at little cost: every row of a ledger is asked
        known = dict(enumerate(self._spellings))
        again = [isinstance(cell, str) and normalise(cell) in known.get(index, ()) for index, cell in filled]
        return sum(again) / len(again) if again[0] and sum(again) >= FEWEST else 0


def normalise(heading: str) -> str:
    """A heading without what ledgers vary: width, blanks, line ends, stars, units, brackets and what is in them.

    Brackets that change the meaning stay, so that the heading is not taken for another: 开(竣)工时间.
    """
    return "|".join(map(_normalised, unicodedata.normalize("NFKC", clean(heading)).casefold().split("|")))


def _normalised(part: str) -> str:
    text = re.sub(r"[\s*]+", "", part)
    said = "".join(found for found in _BRACKET.findall(text) if found in (*_PLANNED, *_ACTUAL))  # 开工时间(计划)
    text = said + _BRACKET.sub(_unbracketed, text)
    return re.sub(r"[/:,、]?(?:单位:?)?(?:人民币)?(亿元|万元|亩)(?:人民币)?$", "", text).strip(":")


def _unbracketed(match: re.Match) -> str:
    """What stays of a bracket: nothing, but all of it where it stands inside a word or says something else."""
    whole, words = match.string, match[1]
    inside = match.start() and whole[match.start() - 1].isalnum() and whole[match.end() : match.end() + 1].isalnum()
    return match[0] if inside or (_OTHERWISE.search(words) and words not in (*_PLANNED, *_ACTUAL)) else ""


@lru_cache(maxsize=4096)
def meaning(heading: str) -> str:
    """The column that a heading means; "ignored" where it is known to carry nothing, empty where it is unknown.

    "contact" where it says that people's names or numbers stand below, whatever else it says.
    Rows of headings are read together: 计划|开工时间 is 计划开工时间, 时间节点|签约 is 签约时间.
    """
    if heading == demo.HEADING:
        return IGNORED
    if contact_data.in_heading(heading):
        return CONTACT
    parts = normalise(heading).split("|")
    upper, last = "".join(parts[:-1]), parts[-1]
    planned = next((word for word in _PLANNED if word in upper), "")
    tries = ["".join(parts)]
    if _TIMES.search(upper) and last:
        tries += [f"{planned or next((word for word in _ACTUAL if word in upper), '')}{last}时间"]
    tries += [last + upper, *(text for part in parts[:-1] for text in (part + last, last + part)), last]
    found = next((known for text in tries if (known := known_headings().get(text, UNKNOWN))), UNKNOWN)
    misleading = planned and found.endswith(".actual") and "实际" not in heading
    return UNKNOWN if misleading else found


def find(rows: list[tuple[int, list]]) -> Headings | None:
    """The headings among the first rows of a sheet; None where too few are known.

    More rows of headings under merged cells are read together with the first: 时间|开工.
    """
    best, most, first_row = None, 0, 0
    for index, (number, cells) in enumerate(rows):
        joined, single = _texts(cells), 0
        for depth in range(DEEPEST):
            if depth:
                lower = rows[index + depth] if index + depth < len(rows) else (0, [])
                if lower[0] != number + depth or not _could_be_joined(joined, lower[1]):
                    break
                single = max(single, _known(_meanings(_texts(lower[1]))))
                joined = _joined(joined, _texts(lower[1]))
            meanings = _meanings(joined)
            known = _known(meanings)
            alone = "name" in meanings and sum(map(bool, joined)) == 1
            if known > max(most, single) and (known >= FEWEST or alone):
                best, most, first_row = Headings(number + depth, joined, meanings), known, number
    if best:
        best = _with_repeated(best, rows)
        best.units = _units_of(best.texts, [cells for number, cells in rows if number < first_row])
        best.texts = distinct(best.texts)
    return best


def _could_be_joined(upper: list[str], cells: list) -> bool:
    """Whether a row may be headings below these: no title above, no record below."""
    named = [re.sub(r"\s", "", unicodedata.normalize("NFKC", text)) for text in upper if text]
    if len(set(named)) < FEWEST or _TITLE.search(named[0]) or any(map(_UNIT_LINE.search, named)):
        return False
    if any(not isinstance(cell, str | None) and not _is_year(cell) for cell in cells):
        return False
    return "name" not in _meanings(upper) or "name" in _meanings(_joined(upper, _texts(cells)))


def _is_year(cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool) and 1990 <= cell <= 2100


def _with_repeated(found: Headings, rows: list[tuple[int, list]]) -> Headings:
    """The headings with the row right below them, where that says most of them again and only divides some."""
    below = next((cells for number, cells in rows if number == found.last_row + 1), [])
    if found.repeated_by(below) >= 0.5 and _could_be_joined(found.texts, below):
        joined = _joined(found.texts, _texts(below))
        return Headings(found.last_row + 1, joined, _meanings(joined))
    return found


def _meanings(texts: list[str]) -> list[str]:
    return _once([meaning(text) for text in texts])


def _known(meanings: list[str]) -> int:
    return sum(1 for found in meanings if found not in (UNKNOWN, IGNORED, CONTACT))


def guess(rows: list[tuple[int, list]]) -> Headings | None:
    """The first row that could be headings where too few are known: at least two different short texts."""
    for number, cells in rows:
        texts = _texts(cells)
        named = [text for text in texts if text]
        if len(set(named)) >= FEWEST and all(len(text) <= 40 for text in named) and row_kind(cells) == "record":
            above = [row for place, row in rows if place < number]
            return Headings(number, distinct(texts), _meanings(texts), _units_of(texts, above))
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
    return [
        upper if lower == "" or lower in upper.split("|") else f"{upper}|{lower}" if upper else lower
        for upper, lower in pairs
    ]


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


def _units_of(texts: list[str], above: list[list]) -> list[str]:
    """The unit of money of each column: of its own heading, else of a line above all headings."""
    lines = [text for cells in above for text in _texts(cells)]
    general = unit_of_lines(lines)
    return [unit_of(text) or general for text in texts]
