"""Charts as plain data for `components/_bar_chart.html`: bars drawn by the server, a table beside each."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """One bar. `percent` is its length, of the longest; `shown` is its value in words."""

    label: str
    value: float
    shown: str
    percent: float = 0
    url: str = ""


@dataclass(frozen=True)
class BarChart:
    """Horizontal bars from a zero baseline."""

    title: str
    rows: tuple[Bar, ...]
    note: str = ""
    table_headers: tuple[str, str] = ("", "")


def bar_chart(title: str, bars: Iterable[Bar], *, table_headers: tuple[str, str], note: str = "") -> BarChart:
    """A chart of bars, each as long as its share of the longest (0–100, one decimal)."""
    bars = list(bars)
    longest = max((bar.value for bar in bars), default=0) or 1
    rows = tuple(Bar(bar.label, bar.value, bar.shown, round(100 * bar.value / longest, 1), bar.url) for bar in bars)
    return BarChart(title, rows, note=note, table_headers=table_headers)
