"""What each column of the ledger makes of a cell: canonical text, or a sentence that says what is wrong."""

import re
import unicodedata
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from stdnum.cn import uscc

from ledgers import cells, states
from ledgers.cells.texts import squeezed
from ledgers.reading.reader import MAX_CELL
from liangzhou.models import Qualifier
from liangzhou.money import plain
from projects.models import Milestone, Project
from projects.stages import Stage, Status

OFFICIAL_CODE = re.compile(r"[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}")

# What ledgers write for each stage beside our own word for it
STAGE_WORDS = {
    Stage.RESERVE: ("储备", "谋划", "储备项目", "谋划储备"),
    Stage.LEAD: ("线索", "意向", "有意向", "线索项目"),
    Stage.NEGOTIATING: ("在谈", "洽谈", "洽谈中", "在谈项目", "跟踪洽谈", "正在洽谈"),
    Stage.SIGNED: (
        *("签约", "已签约", "新签约", "签约项目", "已签合同", "正式签约"),
        *("签约未落地", "签约待落地", "已签约未开工"),
    ),
    Stage.LANDED: (
        *("落地", "已落地", "落地未开工", "已注册"),
        *("前期", "前期手续", "办理前期手续", "办理手续", "开展前期工作"),
    ),
    Stage.STARTED: ("开工", "已开工", "新开工", "开工项目", "开工建设"),
    Stage.BUILDING: (
        *("在建", "建设中", "在建项目", "续建", "正在建设", "施工中", "主体施工", "设备安装"),
        *("试生产", "试运行"),
    ),
    Stage.PRODUCING: ("投产", "已投产", "建成投产", "竣工投产", "部分投产", "投产项目"),
    Stage.AT_CAPACITY: ("达产", "已达产", "达产达效", "满产"),
}
STATUS_WORDS = {
    Status.NORMAL: ("正常", "正常推进", "推进中"),
    Status.PAUSED: ("暂停", "停工", "停建", "缓建", "停滞"),
    Status.TERMINATED: ("终止", "已终止", "取消", "中止", "退出", "撤销"),
}
# Works completed: the milestone 竣工, which no stage follows from
COMPLETED = {"竣工", "已竣工", "建成", "已建成", "完工", "已完工", "竣工验收"}


def code(cell, unit="") -> str:
    """An identifier."""
    return cells.code(cell)


def name(cell, unit="") -> str:
    """The project's name."""
    return cells.text(cell, max_length=Project._meta.get_field("name").max_length)


def short(length: int):
    """The reading of a text of one line, at most so long."""

    def read(cell, unit="") -> str:
        return "" if cells.is_blank(cell) else cells.text(cell, max_length=length)

    return read


def long_text(cell, unit="") -> str:
    """A text of any number of lines."""
    return cells.text(cell, max_length=MAX_CELL, lines=True)


def official_code(cell, unit="") -> str:
    """The code of the national approval platform."""
    if cells.is_blank(cell):
        return ""
    found = re.sub(r"[\u2010-\u2015\u2212]", "-", cells.code(cell))
    if not OFFICIAL_CODE.fullmatch(found):
        raise ValidationError(_("The official project code looks like 2501-620602-04-01-123456."))
    return found


def company_name(cell, unit="") -> str:
    """The name of a company."""
    return "" if cells.is_blank(cell) else cells.text(cell, max_length=120)


def company_key(text: str) -> str:
    """What two spellings of a company's name share: brackets of both widths, no blanks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()


def credit_code(cell, unit="") -> str:
    """A unified social credit code whose check digit is right."""
    if cells.is_blank(cell):
        return ""
    found = cells.code(cell)
    if not re.fullmatch(r"[0-9A-Z]{18}", found):
        raise ValidationError(_("The credit code has 18 digits and capital letters."))
    return found


def credit_code_checks(found: str) -> bool:
    """Whether the check digit of a credit code is right."""
    return uscc.is_valid(found)


def stage(cell, unit="") -> str:
    """The stage by our word for it or a usual one. A status beside it (在建(停工)) is refused, not dropped."""
    typed = cells.shown(cell).strip()[:40]
    statuses = sorted((word for spellings in STATUS_WORDS.values() for word in spellings), key=len, reverse=True)
    if word := next((word for word in statuses if word in squeezed(typed)), None):
        raise ValidationError(
            _("“%(word)s” is a status: write it in the column 状态, and here how far the project has come."),
            code="status",
            params={"word": word},
        )
    if cells.bare(typed) in COMPLETED:
        raise ValidationError(
            _("“%(typed)s” does not say whether it produces already: write 投产 if it does, 在建 if it does not."),
            code="completed",
            params={"typed": typed},
        )
    return _choice(cell, Stage, STAGE_WORDS)


def status(cell, unit="") -> str:
    """The status by our word for it or a usual one."""
    return _choice(cell, Status, STATUS_WORDS)


def qualifier(cell, unit="") -> str:
    """How a figure is stated."""
    return _choice(cell, Qualifier, {})


def _choice(cell, values, words: dict) -> str:
    if cells.is_blank(cell):
        return ""
    known = {str(label): str(value) for value, label in values.choices}
    with translation.override("en"):  # a public export in English comes back too
        known |= {str(label): str(value) for value, label in values.choices}
    known |= {word: str(value) for value, spellings in words.items() for word in spellings}
    return str(cells.choice(cell, known))


def yes_no(cell, unit="") -> bool | str:
    """是 or 否; empty where it says neither."""
    found = cells.yes_no(cell)
    return "" if found is None else found


def investment(cell, unit="") -> dict:
    """An amount in 万元 with what its words say of it: columns and their values."""
    if cells.is_blank(cell):
        return {"total_investment": ""}
    if unit not in {"", "亿元", "万元", "元"}:
        raise ValidationError(_("This column is in %(unit)s: convert it to 万元.") % {"unit": unit})
    amount = cells.amount(cell, unit=unit or "万元")
    if amount.undisclosed:
        return {"total_investment": "", "investment_undisclosed": True}
    if amount.wan == 0:
        raise ValidationError(_("The amount must be more than 0; leave it empty where not known."))
    found = {"total_investment": plain(amount.wan)}
    if amount.qualifier != Qualifier.EXACT:
        found["investment_qualifier"] = str(amount.qualifier)
    return found


def land_area(cell, unit="") -> str:
    """An area in 亩."""
    if cells.is_blank(cell):
        return ""
    area = cells.number(cell, digits=12, decimals=2, unit="亩")
    if area is not None and area <= 0:
        raise ValidationError(_("The land must be more than 0 亩; leave it empty where not known."))
    return "" if area is None else plain(area)


def planned(cell, unit="") -> str:
    """A date as far as known."""
    return "" if cells.is_blank(cell) else states.date_text(cells.partial_date(cell))


def happened(cell, unit="") -> str:
    """A date as far as known that does not lie in the future."""
    if cells.is_blank(cell):
        return ""
    day = cells.partial_date(cell)
    if day and day.first > timezone.localdate():
        raise ValidationError(_("This lies in the future: give it as planned."))
    return states.date_text(day)


def milestone_kinds() -> dict[str, str]:
    """Each column of a milestone's date and the milestone it is of."""
    return {f"{kind}.{which}": kind.value for kind in Milestone.Kind for which in ("planned", "actual")}


def units(cell, unit="") -> str:
    """Units and their shares: 商务局 60%、工信局 40%."""
    if cells.is_blank(cell):
        return ""
    parts = [part.strip() for part in re.split(r"[、,\uff0c;\uff1b\n]", cells.text(cell, max_length=500, lines=True))]
    shares = [_share(part) for part in parts if part]
    names = [unit_name for unit_name, _percent in shares]
    if len(names) != len(set(names)):
        raise ValidationError(_("A unit stands here twice."))
    if len(shares) == 1 and shares[0][1] is None:
        return names[0]
    if any(percent is None for _name, percent in shares):
        raise ValidationError(
            _("Several units: say how they share the credit (商务局 60%、工信局 40%), or leave this column out.")
        )
    if sum(percent for _name, percent in shares) > 100:
        raise ValidationError(_("The shares of the units come to more than 100 %."))
    return states.shares_text(shares)


def _share(part: str) -> tuple[str, Decimal | None]:
    """One unit and its share in %; None where none is given."""
    form = re.compile(r"(?P<name>.+?)[\s(\uff08]*(?<![\d.])(?P<percent>\d+(?:\.\d+)?)\s*[%\uff05][)\uff09]?")
    match = form.fullmatch(part)
    if match is None:
        return part, None
    percent = Decimal(match["percent"])
    if not 0 < percent <= 100 or percent != round(percent, 2):
        raise ValidationError(_("A share lies above 0 and at most at 100 %, with two decimals at most."))
    return match["name"].strip(), percent


def split_shares(text: str) -> list[tuple[str, Decimal]]:
    """The canonical text of `units` as units and shares."""
    pairs = [_share(part) for part in text.split("、") if part]
    return [(unit_name, Decimal(100) if percent is None else percent) for unit_name, percent in pairs]
