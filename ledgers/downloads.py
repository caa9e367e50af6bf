"""Files on their way in and out: uploads on the disk for as long as they are read, workbooks as answers."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.http import FileResponse

from liangzhou.exports.responses import CONTENT_TYPES, disposition


@contextmanager
def on_disk(uploaded) -> Iterator[str]:
    """The path of an uploaded file; small ones, which Django keeps in memory, are written for the time being."""
    if hasattr(uploaded, "temporary_file_path"):
        yield uploaded.temporary_file_path()
        return
    with tempfile.NamedTemporaryFile() as copy:
        shutil.copyfileobj(uploaded, copy)
        copy.flush()
        yield copy.name


def workbook_response(write: Callable[[str], None], name: str) -> FileResponse:
    """The workbook that `write(path)` makes, as a download; its file is gone as soon as it is open."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.xlsx"
        write(str(path))
        made = path.open("rb")
    response = FileResponse(made, content_type=CONTENT_TYPES["xlsx"])
    response.headers["Content-Disposition"] = disposition(name, ".xlsx")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
