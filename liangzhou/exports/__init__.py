"""Streaming CSV and XLSX of any list: constant memory, harmless in a spreadsheet, honest where they break off."""

from liangzhou.exports.csv_file import stream_csv
from liangzhou.exports.fields import Field, Kind
from liangzhou.exports.reading import rows
from liangzhou.exports.responses import FORMATS, export_response
from liangzhou.exports.xlsx_file import stream_xlsx

__all__ = ["FORMATS", "Field", "Kind", "export_response", "rows", "stream_csv", "stream_xlsx"]
