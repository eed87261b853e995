"""A real Dovecot or Postfix of a row's own, at the address of a machine that the small internet leaves alone (`serves=()`)."""

import contextlib
import dataclasses
import itertools
import os
import signal

from servers import AUTH, MailStore, Submission, listening, start, wait_until

AUTH_PORTS = itertools.count(AUTH[1] + 1)


@contextlib.contextmanager
def _running(server, listeners, log):
    with open(log, "wb") as out:
        process = start(server, out)
    def up():
        if process.poll() is not None:
            told = "".join(one.read_text(errors="replace") for one in (log, server.log) if one.exists())
            raise RuntimeError(f"{server.command[0]} ended: {told}")
        return listeners <= listening()
    try:
        wait_until(up, f"{server.command[0]} to answer")
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _machine(lab, host, serves):
    return dataclasses.replace(next(one for one in lab.machines if one.host == host), serves=serves)


def dovecot(host, edits=(), serves=("imaps",), lines="", prepare=None):
    """Dovecot with its configuration edited: pairs of what stands there and what stands there instead, and `lines` behind all.
    `{folder}` is its folder; `prepare(folder, machine)` makes files before it starts."""
    @contextlib.contextmanager
    def peers(lab):
        machine = _machine(lab, host, serves)
        folder = lab.folder / f"dovecot-{host}"
        server = MailStore(folder, [machine], lab.certificates, {machine.address: machine.accounts})
        file = folder / "dovecot.conf"
        text = file.read_text().replace(f"port = {AUTH[1]}", f"port = {next(AUTH_PORTS)}")
        for old, new in edits:
            if old not in text:
                raise ValueError(f"{old} does not stand in Dovecot's configuration")
            text = text.replace(old, new.replace("{folder}", str(folder)))
        file.write_text(text + lines.replace("{folder}", str(folder)))
        if prepare:
            prepare(folder, machine)
        with _running(server, server.listeners, folder / "output"):
            yield
    return peers


def postfix(host, lines="", serves=("submissions",), edit_services=()):
    """Postfix with `lines` more in main.cf, and pairs that change master.cf. Dovecot of the small internet knows its accounts."""
    @contextlib.contextmanager
    def peers(lab):
        machine = _machine(lab, host, serves)
        folder = lab.folder / f"postfix-{host}"
        server = Submission(folder, [machine], lab.certificates)
        main, services = folder / "etc" / "main.cf", folder / "etc" / "master.cf"
        main.write_text(main.read_text() + lines)
        os.utime(main, (main.stat().st_mtime - 120,) * 2)  # Postfix waits until nobody can still be writing it
        text = services.read_text()
        for old, new in edit_services:
            if old not in text:
                raise ValueError(f"{old} does not stand in master.cf")
            text = text.replace(old, new)
        services.write_text(text)
        with _running(server, server.listeners, folder / "output"):
            yield
    return peers


def both(*all_peers):
    @contextlib.contextmanager
    def peers(lab):
        with contextlib.ExitStack() as stack:
            for one in all_peers:
                stack.enter_context(one(lab))
            yield
    return peers
