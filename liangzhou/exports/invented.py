"""Exports of a database of invented records: every row says so, in the first column."""

from collections.abc import Iterable, Iterator, Sequence

from liangzhou import demo
from liangzhou.exports.fields import Field
from liangzhou.exports.reading import closed_after


def marked_as_invented(fields: Sequence[Field], rows: Iterable[tuple]) -> tuple[Sequence[Field], Iterable[tuple]]:
    """The columns and rows as they are; of invented records, with the mark before them."""
    if not demo.is_demo():
        return fields, rows
    return [Field(header=demo.HEADING), *fields], _marked(rows)


def _marked(rows: Iterable[tuple]) -> Iterator[tuple]:
    with closed_after(rows):
        for row in rows:
            yield (demo.MARK, *row)
