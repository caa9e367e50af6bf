"""Why a file cannot be read as a ledger: a code and its numbers. The sentences are in files.py."""


class Unfit(Exception):  # noqa: N818  it is no fault of the program
    """The file cannot be read; raised in the process that reads it, which knows no translations."""

    def __init__(self, code: str, **params):
        super().__init__(code)
        self.code = code
        self.params = params
