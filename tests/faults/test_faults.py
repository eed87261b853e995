"""The fault matrix: every fault that a network, a name server, a server or a document can have, what the report must say of it, and who has to hear it.

    python3 tests/faults/test_faults.py PORTOLAN [--only WORD] [--times N] [--loaded] [--at-once N]

Rows stand in rows_*.py, one file for a kind of fault. Each is run N times; every run must give the same right verdict. With --loaded the machine is
kept busy meanwhile. At the end stands a table: rows tried, right cause, right owner, unknown, wrong.
"""

import argparse
import contextlib
import importlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[1:1] = [str(HERE.parent / "internet"), str(HERE.parent / "attacks")]

import domains  # noqa: E402
import lab  # noqa: E402
from row import STATUS, Run  # noqa: E402
from secrets_seen import forms_of  # noqa: E402
from test_internet import expected_endpoint  # noqa: E402
from way import Way  # noqa: E402

def all_rows():
    rows = [row for file in sorted(HERE.glob("rows_*.py")) for row in importlib.import_module(file.stem).ROWS]
    ids = [row.id for row in rows]
    if twice := {one for one in ids if ids.count(one) > 1}:
        raise SystemExit(f"faults: described twice: {', '.join(sorted(twice))}")
    return sorted(rows, key=lambda row: row.id)


def words_of(portolan, row, place):
    address = row.address or row.domain.address
    words = [portolan, "find", address, "--json", "--resolver", row.resolver or place.resolver, *row.arguments]
    words += ["--ca-file", str(place.ca_file)] if row.ca_file else []
    return [*words, "--password-stdin"] if row.password else words


def run(portolan, row, place, way):
    words = words_of(portolan, row, place)
    with tempfile.TemporaryDirectory() as home:
        environment = {"PATH": "/usr/bin:/bin:/usr/sbin", "HOME": home, "LC_ALL": "C.UTF-8", **dict(row.environment),
                       **{name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}}
        began = time.monotonic()
        done = subprocess.run(way.inside(words) if way else words, input=(domains.PASSWORD + "\n").encode() if row.password else b"",
                              capture_output=True, timeout=90, env=environment)
        seconds = time.monotonic() - began
    output = done.stdout + done.stderr
    try:
        report = json.loads(done.stdout)
    except ValueError:
        raise AssertionError(f"no report: exit status {done.returncode}, {output.decode(errors='replace')[:2000]}") from None
    return Run(done.returncode, report, output, seconds)


def matches(row, verdict):
    return verdict["code"] == row.code and (not row.detail or verdict.get("detail") == row.detail) and row.said in (verdict["said"] or "")


def judged(row, done):
    """"right", or "unknown", "cause" or "owner" for what is not, and the sentence that says so."""
    errors = [one for one in done.report["verdicts"] if one["severity"] == "error"]
    told = "; ".join(f"{one['severity']} {one['code']}/{one.get('detail')} ({one['who']}): {one['said']}" for one in done.report["verdicts"]) or "nothing"
    if row.code:
        named = [one for one in done.report["verdicts"] if matches(row, one)]
        if not named:
            return ("cause" if errors else "unknown"), f"wanted {row.code}/{row.detail} “{row.said}”, got {told}"
        if all(one["who"] != row.who for one in named):
            return "owner", f"wanted {row.who}, got {told}"
    if strangers := {one["code"] for one in errors} - {row.code, *row.also}:
        return "cause", f"not wanted: {', '.join(sorted(strangers))}; got {told}"
    return "right", ""


def complaint(row, done, place):
    """What is wrong beside cause and owner, or None."""
    if done.report["outcome"] != row.outcome or done.status != STATUS[row.outcome]:
        return f"outcome {done.report['outcome']}, exit status {done.status}; wanted {row.outcome}"
    services = [(one["service"], one["host"], one["port"], one["security"]) for one in done.report["account"]["services"]]
    for text in row.provides:
        if expected_endpoint(text) not in services:
            return f"{text} is not in the recommended set: {services}"
    if done.seconds > row.within:
        return f"took {done.seconds:.1f} s, more than {row.within} s"
    if any(form in done.output for form in forms_of(domains.PASSWORD).values()):
        return "the password is in the output"
    return row.check(place, done) if row.check else None


class Load:
    """Two busy processes for each core."""

    def __enter__(self):
        self.busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2 * (os.cpu_count() or 1))]

    def __exit__(self, *_):
        for one in self.busy:
            one.kill()
            one.wait()


class Matrix:
    def __init__(self, portolan, rows, place, times):
        self.portolan, self.rows, self.place, self.times = portolan, rows, place, times
        self.verdicts, self.lock = {}, threading.Lock()

    def row(self, number, row):
        first_complaint, kind = "", "right"
        try:
            with Way(number, row.way, self.place.address_of) if row.way else contextlib.nullcontext() as way:
                for _ in range(self.times):
                    done = run(self.portolan, row, self.place, way)
                    kind, words = judged(row, done)
                    words = words or complaint(row, done, self.place) or ""
                    if words:
                        first_complaint = words
                        break
        except (AssertionError, OSError, subprocess.SubprocessError) as problem:
            kind, first_complaint = "cause", f"{type(problem).__name__}: {problem}"
        with self.lock:
            self.verdicts[row.id] = kind, first_complaint
            if first_complaint:
                print(f"{row.id} {row.story}\n    {first_complaint}", file=sys.stderr)

    def table(self):
        kinds = [kind for kind, _ in self.verdicts.values()]
        return (f"rows tried {len(kinds)}, right cause {len(kinds) - kinds.count('cause') - kinds.count('unknown')}, "
                f"right owner {kinds.count('right')}, unknown {kinds.count('unknown')}, wrong {kinds.count('cause') + kinds.count('owner')}"
                + (f"; each {self.times} times" if self.times > 1 else ""))

    def passed(self):
        return not any(words for _, words in self.verdicts.values())


def main():
    options = argparse.ArgumentParser()
    options.add_argument("portolan")
    options.add_argument("--only", default="")
    options.add_argument("--times", type=int, default=1)
    options.add_argument("--loaded", action="store_true")
    options.add_argument("--at-once", type=int, default=3)
    asked = options.parse_args()
    lab.enter()
    rows = [row for row in all_rows() if asked.only in row.id + " " + row.story]
    if not rows:
        raise SystemExit(f"faults: no row has “{asked.only}” in it")
    known = {one.name for one in domains.DOMAINS}
    domains.DOMAINS.extend({row.domain.name: row.domain for row in rows if row.domain and row.domain.name not in known}.values())
    with lab.Lab() as place, contextlib.ExitStack() as peers, (Load() if asked.loaded else contextlib.nullcontext()):
        place.portolan = os.path.abspath(asked.portolan)  # for rows that run it once more
        for row in rows:
            if row.peers:
                peers.enter_context(row.peers(place))
        matrix = Matrix(os.path.abspath(asked.portolan), rows, place, asked.times)
        with ThreadPoolExecutor(asked.at_once) as pool:
            list(pool.map(lambda one: matrix.row(*one), enumerate(rows, 1)))
        print(matrix.table(), file=sys.stderr)
    sys.exit(0 if matrix.passed() else 1)


if __name__ == "__main__":
    main()
