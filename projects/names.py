"""Project names as people vary them: what two spellings share, and which phase is meant."""

from liangzhou.search import normalise


def blocking_keys(name: str) -> tuple[str, str]:
    """The first and the last four characters of the name's core: a look-alike shares one of them."""
    core = normalise(name)
    return core[:4], core[-4:]
