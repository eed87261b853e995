"""One row of the fault matrix: what is broken, how that is built, and what the report must say."""

from dataclasses import dataclass

STATUS = {"ready": 0, "attention": 1, "not-found": 3, "offline": 4, "unsupported": 1}


@dataclass(frozen=True)
class Row:
    id: str
    story: str
    address: str = ""  # empty: that of `domain`
    code: str = ""  # the verdict that names the fault; empty where nothing is wrong
    who: str = ""
    detail: str = ""
    said: str = ""  # a part of what the verdict quotes
    outcome: str = "ready"
    also: tuple = ()  # errors of other codes that may stand beside it: what follows from the fault, or is another name of it
    provides: tuple = ()  # "imaps HOST", "imap HOST" …: what the recommended set must hold
    domain: object = None  # its model.Domain; None: one that the small internet has anyway
    way: tuple = ()  # what happens to packets between the person's computer and the servers (way.py); empty: nothing
    resolver: str = ""  # the name server's address, where it is another one
    environment: tuple = ()  # pairs
    arguments: tuple = ()
    ca_file: bool = True  # the small internet's root is named on the command line
    password: bool = True  # at hand on standard input
    within: float = 25.0  # seconds, of the run
    peers: object = None  # a function of the lab that starts what else this row needs, once before all runs
    check: object = None  # a function of (lab, run) that returns what else is wrong, in words, or None


@dataclass(frozen=True)
class Run:
    """What one run of a row gave."""
    status: int
    report: dict
    output: bytes  # both streams
    seconds: float
