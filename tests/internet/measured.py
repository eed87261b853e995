"""Runs a program and writes what it cost, as JSON: `measured.py FILE PROGRAM [ARGUMENT…]`; ends with the program's exit status.

A small process of its own, because Linux counts the memory of whoever starts a program as the program's (it is its memory until exec)."""

import json
import os
import sys

process = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(process, 0)
with open(sys.argv[1], "w", encoding="ascii") as file:
    json.dump({"mib": usage.ru_maxrss / 1024, "seconds": usage.ru_utime + usage.ru_stime}, file)
sys.exit(os.waitstatus_to_exitcode(status))
