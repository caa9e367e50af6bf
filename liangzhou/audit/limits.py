"""What strangers, and people who try every door, can make happen at will: recorded in full up to a limit.

Beyond it acts are counted, and an entry says how many there were: the hundredth, the thousandth, the ten
thousandth in the hour. So nobody can fill the disk, and nothing that goes on is out of sight. An entry that
cannot be written here is a line in the log: a page that refuses must refuse whatever happens.
"""

import logging
import time
from urllib.parse import quote

from django.core.cache import cache
from django.db import DatabaseError

from liangzhou import audit

HOUR = 3600  # seconds
REFUSALS = 100  # an hour, of one account

log = logging.getLogger(__name__)


def record_often(action: str, *, limits: dict[str, int], **entry) -> None:
    """`audit.record` for what may happen without end.

    `limits` says whose acts are counted together, and how many entries an hour they get: {"address 192.0.2.1": 20}.
    Never raises what the database raises.
    """
    counts = {whose: _counted(f"{action}:{whose}") for whose in limits}
    beyond = max((count for whose, count in counts.items() if count > limits[whose]), default=0)
    if str(beyond).strip("0") not in ("", "1"):  # neither within every limit nor the hundredth, the thousandth, …
        return
    if beyond:
        entry["times_this_hour"] = beyond
    try:
        audit.record(action, **entry)
    except DatabaseError:
        log.exception("%s could not be recorded in the audit trail", action)


def record_refusal(request) -> None:
    """Somebody who is signed in asked for what is not theirs: which page, and how."""
    record_often(
        audit.Action.REFUSED,
        limits={f"account {request.user.pk}": REFUSALS},
        target=request.path_info,
        result=audit.Result.REFUSED,
        method=request.method,
    )


def _counted(what: str) -> int:
    """How many times in this hour, this one included, as far as the cache knows (one for each process, or shared)."""
    key = f"audit:{int(time.time() // HOUR)}:{quote(what)}"  # some caches take no spaces
    cache.add(key, 0, timeout=2 * HOUR)
    try:
        return cache.incr(key)
    except ValueError:  # pushed out in this very moment
        return 1
