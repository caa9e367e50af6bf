"""Project names as people vary them: what two spellings share, and which phase is meant."""

import re
from dataclasses import dataclass
from functools import lru_cache

from liangzhou.search import normalise

CHINESE_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
ROMAN = {
    numeral: value for value, numeral in enumerate(["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"], 1)
}

NUMERAL = r"[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
# 一期, 第二期, 1期, Ⅱ期, 首期, Phase 2; not 周期, not 十四五期间, not the 25 of 2025期
PHASE = re.compile(
    rf"第?(?:(?<![0-9.])(?P<number>{NUMERAL})|(?<![a-z])(?P<roman>[ivx]{{1,4}})|(?P<first>首))\s*期(?![间货刊限])"
    rf"|(?<![a-z])phase\s*(?:(?P<phase>[0-9]{{1,2}}(?![0-9]))|(?P<roman_phase>[ivx]{{1,4}}))(?![a-z])"
)
BOTH_PHASES = re.compile(r"[一二三四五六七八九十][、,和至到-][一二三四五六七八九十]期")
ORDINAL = re.compile(r"第?([一二三四五六七八九十]{1,3})(?=号|标段|批|地块)")

UNIT_SYMBOLS = {"兆瓦时": "mwh", "吉瓦时": "gwh", "千瓦时": "kwh", "兆瓦": "mw", "吉瓦": "gw"}
UNITS = re.compile("|".join(UNIT_SYMBOLS))

# Where the district says no more than that the project is one of its own
REGION = r"甘肃省?|武威市?|凉州区?"
REGIONS = re.compile(rf"^(?:{REGION})+|甘肃省|武威市|凉州区|[(\[【](?:{REGION})+[)\]】]")
GENERIC_END = re.compile(r"(?:建设|工程|项目)+$")
MARKS = re.compile(r"(?<![0-9])\.|\.(?![0-9])|[^\w.]|_")
TOKEN = re.compile(r"[0-9]+(?:\.[0-9]+)?|[a-z]+|.")
DIGIT = re.compile(r"[0-9]")
GROUPING_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")


@dataclass(frozen=True)
class Traits:
    """What is compared of a name: its core, its phase, its numbers, its pairs of neighbouring words."""

    core: str
    phase: int | None
    numbers: frozenset[str]
    tokens: tuple[str, ...]
    pairs: frozenset[tuple[str, str]]


def core(name: str) -> str:
    """The name without marks, phase, the district's own name in front and words like 建设项目 at its end.

    Never empty for a name that says anything.
    """
    return traits(name).core


def phase(name: str) -> int | None:
    """Which phase the name says: 1 for 一期, 首期, Ⅰ期. None where it says none, or several."""
    return traits(name).phase


def similarity(a: str, b: str) -> float:
    """How alike two names are, 0 to 1, whatever phases they say.

    The share of the pairs of neighbouring words in common (Dice); where one name only says more than
    the other, the share of the words in common. 0 where their numbers contradict each other: 300MW
    and 200MW are two projects.
    """
    return similarity_of(traits(a), traits(b))


def similarity_of(a: Traits, b: Traits) -> float:
    """`similarity` of names that were looked at before."""
    if a.core == b.core:
        return 1.0
    return 0.0 if numbers_contradict(a, b) else _share_in_common(a.core, b.core)


@lru_cache(maxsize=100_000)
def _share_in_common(core_a: str, core_b: str) -> float:
    a, b = traits(core_a), traits(core_b)
    if not (a.pairs and b.pairs):
        return 0.0
    dice = 2 * len(a.pairs & b.pairs) / (len(a.pairs) + len(b.pairs))
    short, long = sorted((a.tokens, b.tokens), key=len)
    return max(dice, 2 * len(short) / (len(short) + len(long))) if _runs_through(short, long) else dice


def _runs_through(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether all words of the one stand in the other, in their order."""
    rest = iter(long)
    return all(token in rest for token in short)


def overlap_of(a: Traits, b: Traits) -> float:
    """How much of the shorter name the longer one holds, 0 to 1; 0 where their numbers contradict each other."""
    if a.core == b.core:
        return 1.0
    if numbers_contradict(a, b) or not (a.pairs and b.pairs):
        return 0.0
    return len(a.pairs & b.pairs) / min(len(a.pairs), len(b.pairs))


def numbers_contradict(a: Traits, b: Traits) -> bool:
    """Whether each name has a number that the other lacks; one that says fewer numbers contradicts nothing."""
    return not (a.numbers <= b.numbers or b.numbers <= a.numbers)


def blocking_keys(name: str) -> tuple[str, str]:
    """The first and the last four characters of the name's core: a look-alike shares one of them."""
    bare = core(name)
    return bare[:4], bare[-4:]


@lru_cache(maxsize=50_000)
def traits(name: str) -> Traits:
    """Everything that is compared of a name."""
    text = UNITS.sub(lambda found: UNIT_SYMBOLS[found[0]], GROUPING_COMMA.sub("", normalise(name)))
    bare = _bare(text)
    tokens = TOKEN.findall(bare)
    numbers = frozenset(_plain_number(token) for token in tokens if DIGIT.match(token))
    return Traits(bare, _phase(text), numbers, tuple(tokens), frozenset(zip(tokens, tokens[1:], strict=False)))


def _bare(text: str) -> str:
    """The core of a normalised name. Each step is left out where nothing would remain."""
    text = ORDINAL.sub(lambda found: str(_number(found[1]) or found[1]), text)
    bare, before = text, None
    while bare != before:  # what was inside may now stand at an end
        before = bare
        for pattern in (BOTH_PHASES, PHASE, REGIONS, MARKS, GENERIC_END):
            bare = pattern.sub("", bare) or bare
    return bare


def _phase(text: str) -> int | None:
    if BOTH_PHASES.search(text):
        return None
    said = {_phase_number(found) for found in PHASE.finditer(text)}
    return said.pop() if len(said) == 1 else None


def _phase_number(found: re.Match) -> int | None:
    if found["first"]:
        return 1
    roman = found["roman"] or found["roman_phase"]
    return ROMAN.get(roman) if roman else _number(found["number"] or found["phase"])


def _number(numeral: str) -> int | None:
    """The value of 7, 十, 十二 or 二十一; None for what is no number below a hundred, like 一二."""
    if numeral.isdecimal():
        return int(numeral)
    tens, ten, units = numeral.rpartition("十")
    if (tens and tens not in CHINESE_DIGITS) or (units and units not in CHINESE_DIGITS):
        return None
    return (CHINESE_DIGITS.get(tens, 1) * 10 if ten else 0) + CHINESE_DIGITS.get(units, 0)


def _plain_number(token: str) -> str:
    """A number without zeros that say nothing: 1.50 is 1.5."""
    whole, _point, decimals = token.partition(".")
    decimals = decimals.rstrip("0")
    return f"{whole.lstrip('0') or '0'}{'.' + decimals if decimals else ''}"
