"""What can be wrong between a person's computer and the servers, and what only looks like it."""

import contextlib
import pwd
import subprocess

from autoconfig_file import autoconfig
from lab import command
from model import MX, Domain, Expected, Machine, Site, configured, spf, srv
from row import Row
from servers import FAR_NAME_SERVER, listening, program, wait_until
from way import cut, delay, drop, drop_to, lose, nothing, only_to, prohibit, rate

MAIL_PORTS = (25, 110, 143, 465, 587, 993, 995)
ROUTER = "203.0.113.254"
PROXY, PROXY_PORT = "198.51.100.88", 8888
THROUGH_PROXY = f"http://{PROXY}:{PROXY_PORT}"
LIGHTHOUSE = ("imaps post.lighthouse.example", "submissions post.lighthouse.example")


def _domain(name, zone, machines, sites=()):
    return Domain(name, "", zone, Expected(), list(machines), list(sites))


def _with_site(name, labels, **machine):
    """One machine that SRV records name, and a web site of the domain's own at another address."""
    return _domain(name, spf(MX, srv("post", *labels)), [Machine([f"post.{name}"], **machine)], [Site(name)])


def firewall(domain, ports, words):
    """A row's `peers`: the server's own firewall, which drops or rejects."""
    @contextlib.contextmanager
    def peers(lab):
        table = domain.name.split(".")[0].replace("-", "_")
        address = lab.address_of[domain.machines[0].host]
        rule = f"ip daddr {address} tcp dport {{ {', '.join(map(str, ports))} }} {words}"
        command("nft", f"add table ip {table}; add chain ip {table} input {{ type filter hook input priority 0; }}; add rule ip {table} input {rule}")
        yield
        command("nft", "delete", "table", "ip", table)
    return peers


@contextlib.contextmanager
def proxy(lab):
    """Tinyproxy on the servers' side: the one way out of a network that lets nothing else pass."""
    command("ip", "address", "add", f"{PROXY}/32", "dev", "lo")
    folder = lab.folder / "tinyproxy"
    folder.mkdir()
    (folder / "conf").write_text(f"Port {PROXY_PORT}\nListen {PROXY}\nTimeout 60\nMaxClients 50\nLogFile \"{folder}/log\"\nLogLevel Connect\nDisableViaHeader Yes\n")
    process = subprocess.Popen([program("tinyproxy"), "-d", "-c", str(folder / "conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: (PROXY, PROXY_PORT) in listening(), "tinyproxy to listen")
    yield
    process.kill()
    process.wait()


def _read_through_the_proxy(_, run):
    sources = {one["source"] for one in run.report["findings"]}
    return None if "autoconfig" in sources else f"the document was not read: {sorted(sources)}"


def _at_once(_, run):
    took = run.report["elapsed_ms"]  # without the start of the program, which sanitizers make slow
    return None if took < 1000 else f"took {took} ms"


def _none_dead(_, run):
    dead = [one for one in run.report["verdicts"] if one["code"] == "settings-endpoint-dead"]
    return f"called dead: {dead}" if dead else None


OWN_WALL = _with_site("bulwark.example", ("_imaps", "_submissions"))
OWN_WALLS = _with_site("bastion.example", ("_imaps", "_submissions"))
OWN_NO = _with_site("parapet.example", ("_imaps", "_submissions"))
OLD_PORT = _with_site("gangway.example", ("_imaps", "_submission"), serves=("imaps", "submissions", "submission"))
STARTTLS_ALONE = _with_site("companionway.example", ("_imap", "_submission"), serves=("imap", "submission"))
HOSTED = _domain("charterer.example", spf(MX), [Machine(["in.mailhouse.test"], ("imaps",)), Machine(["out.posthouse.test"], ("submissions",))],
                 [configured("charterer.example", autoconfig("charterer.example", "imaps in.mailhouse.test", "submissions out.posthouse.test"))])

ROWS = [
    Row("F25", "one port is dropped on the way", code="connection-timeout", who="this-network", detail="port-blocked", outcome="attention",
        domain=_with_site("gate.example", ("_imaps", "_submissions")), resolver=FAR_NAME_SERVER, way=(drop(993),),
        provides=("submissions post.gate.example",)),
    Row("F25 own", "one port is dropped by the server's own firewall, while that port of another computer answers", code="connection-timeout",
        who="domain-owner", detail="server-filters", outcome="attention", domain=OWN_WALL, peers=firewall(OWN_WALL, (993,), "drop"),
        provides=("submissions post.bulwark.example",)),
    Row("F25 all own", "every mail port is dropped by the server's own firewall", code="connection-timeout", who="domain-owner", detail="server-filters",
        outcome="attention", domain=OWN_WALLS, peers=firewall(OWN_WALLS, MAIL_PORTS, "drop")),
    Row("F25 down", "the server does not answer at all", code="connection-timeout", who="domain-owner", outcome="attention",
        domain=_with_site("sunk.example", ("_imaps", "_submissions")), resolver=FAR_NAME_SERVER, way=(drop_to("post.sunk.example"),)),
    Row("F26", "a firewall on the way says that the port is prohibited", "alice@lighthouse.example", "connection-unreachable", "this-network",
        "firewall-prohibits", ROUTER, outcome="attention", resolver=FAR_NAME_SERVER, way=(prohibit(993),),
        provides=("submissions post.lighthouse.example",)),
    Row("F26 own", "the server's own firewall says so", code="connection-unreachable", who="domain-owner", detail="firewall-prohibits", outcome="attention",
        domain=OWN_NO, peers=firewall(OWN_NO, (993,), "reject with icmp type admin-prohibited")),
    Row("F27", "port 25 alone is dropped, which nobody needs", resolver=FAR_NAME_SERVER, way=(drop(25),), provides=LIGHTHOUSE,
        address="alice@lighthouse.example", within=10.0),
    Row("F28", "587 is published and dropped, 465 answers", domain=OLD_PORT, resolver=FAR_NAME_SERVER, way=(drop(587),),
        provides=("imaps post.gangway.example", "submissions post.gangway.example"), within=10.0),
    Row("F28 alone", "587 is dropped, and there is nothing else to send by", code="connection-timeout", who="this-network", detail="port-blocked",
        outcome="attention", domain=STARTTLS_ALONE, resolver=FAR_NAME_SERVER, way=(drop(587),), provides=("imap post.companionway.example",)),
    Row("F29", "every mail port is dropped on the way, the web is not", "alice@lighthouse.example", "connection-timeout", "this-network",
        "mail-ports-blocked", outcome="attention", resolver=FAR_NAME_SERVER, way=(drop(*MAIL_PORTS),)),
    Row("F29 hosts", "the same, with servers of two houses", code="connection-timeout", who="this-network", detail="mail-ports-blocked", outcome="attention",
        domain=HOSTED, resolver=FAR_NAME_SERVER, way=(drop(*MAIL_PORTS),)),
    Row("F29 guess", "the same, where nothing is published", "alice@mast.example", "connection-timeout", "this-network", "mail-ports-blocked",
        outcome="not-found", resolver=FAR_NAME_SERVER, way=(drop(*MAIL_PORTS),)),
    Row("F30", "this computer has no network", "alice@lighthouse.example", "connection-unreachable", "you", "no-network", outcome="offline",
        resolver=FAR_NAME_SERVER, way=(nothing(),), within=10.0, check=_at_once),
    Row("F33", "large packets from the servers are lost (RFC 2923)", "alice@lighthouse.example", "tls-handshake-failed", "this-network",
        "large-packets-lost", outcome="attention", resolver=FAR_NAME_SERVER, way=(cut(1000),)),
    Row("F34", "every fifth packet is lost", "alice@lighthouse.example", "network-lossy", "this-network", resolver=FAR_NAME_SERVER, way=(lose(5),),
        provides=LIGHTHOUSE, within=40.0, check=_none_dead),
    Row("F34 two", "every fifth packet is lost, and the servers have two addresses that work", code="network-lossy", who="this-network",
        resolver=FAR_NAME_SERVER, way=(lose(5),), within=40.0, check=_none_dead,
        domain=_domain("pair.example", spf(MX, srv("post", "_imaps", "_submissions")),
                       [Machine(["post.pair.example"]), Machine(["six.pair.example", "post.pair.example"], family=6)])),
    Row("F35", "64 kbit/s", "alice@lighthouse.example", "network-slow", "this-network", resolver=FAR_NAME_SERVER, way=(rate(64000),),
        provides=LIGHTHOUSE, within=40.0),
    Row("F36", "a round trip takes two seconds", "alice@lighthouse.example", "network-slow", "this-network", resolver=FAR_NAME_SERVER, way=(delay(1.0),),
        provides=LIGHTHOUSE, within=60.0),
    Row("F39", "nothing passes but through a proxy, which this computer is set up to use", "alice@ferry.example", "proxy-required", "this-network",
        "proxy-configured", THROUGH_PROXY, outcome="attention", resolver=FAR_NAME_SERVER, way=(only_to(PROXY, FAR_NAME_SERVER),), peers=proxy,
        environment=(("https_proxy", THROUGH_PROXY),), check=_read_through_the_proxy),
]
