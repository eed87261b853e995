"""Domains whose servers are scripted: the peers of tests/attacks, with the certificates of the small internet."""

import contextlib
import ssl

from mail import Mail
from model import MX, Domain, Expected, Machine, Site, autoconfig, spf
from peer import Listeners
from row import Row

PORTS = {"_imap": 143, "_imaps": 993, "_pop3": 110, "_pop3s": 995, "_submission": 587, "_submissions": 465}
ENDPOINTS = {"_imap": "imap", "_imaps": "imaps", "_pop3": "pop3", "_pop3s": "pop3s", "_submission": "submission",
             "_submissions": "submissions"}


def honest(label):
    """A server that does all as it should and takes every password."""
    protocol = {"_imap": "imap", "_pop3": "pop3", "_subm": "smtp"}[label[:5]]
    return Mail(protocol, implicit=label.endswith("s"))


def playing(host, plays):
    """Starts `plays`, {port: what plays there}, at the address of `host`; they end with the program."""
    @contextlib.contextmanager
    def peers(lab):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(lab.certificates[host].chain, lab.certificates[host].key)
        listeners = Listeners({"good": context})
        for port, play in plays.items():
            listeners.listen(lab.address_of[host], port, host, play)
        listeners.start()
        yield
    return peers


def domain_of(name, story, labels, form=""):
    """post.NAME, published by SRV; with a `form` ("%EMAILADDRESS%") by autoconfig, which says what the user name is."""
    post = f"post.{name}"
    zone = "" if form else "\n".join(f"{label}._tcp SRV 0 1 {PORTS[label]} post" for label in labels)
    document = autoconfig(name, *(f"{ENDPOINTS[label]} {post}" for label in labels), username=form) if form else ""
    sites = [Site(f"autoconfig.{name}", {"/mail/config-v1.1.xml": document})] if form else []
    return Domain(name, story, spf(MX, zone), Expected(), [Machine([post], ())], sites)


def scripted(number, story, code="", detail="", who="domain-owner", outcome="attention", form="", real=(), **more):
    """A row whose domain is NUMBER.example. What plays at which label stands in `more`, by label without its underscore; an honest
    server for sending stands beside what is for reading, and the other way round. `real` are labels that a server of the row's own
    serves."""
    plays = {f"_{label}": more.pop(label) for label in [one[1:] for one in PORTS] if label in more}
    labels = [*plays, *real]
    if not any(label.startswith("_subm") for label in labels):
        plays["_submissions"] = honest("_submissions")
    if all(label.startswith("_subm") for label in labels):
        plays["_imaps"] = honest("_imaps")
    name = f"{number.lower()}.example"
    at = {PORTS[label]: play for label, play in plays.items() if play}
    return Row(number, story, code=code, detail=detail, who=who if code else "", outcome=outcome,
               domain=domain_of(name, story, [*plays, *real], form), peers=playing(f"post.{name}", at), **more)
