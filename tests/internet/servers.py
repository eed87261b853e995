"""The servers of the small internet: their configuration, written into the lab's folder, and their start."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

SBIN = "/usr/sbin:/usr/lib/postfix/sbin:/sbin"
AUTH = ("127.0.0.2", 12345)  # where Postfix asks Dovecot
NAME_SERVER = "127.0.0.53"
FAR_NAME_SERVER = "198.51.100.53"  # the same one, for whoever comes over a way of its own (tests/faults/way.py)
SILENT_NAME_SERVER = "127.0.0.54"
WEB = "198.51.100.80"
PLAIN_WEB = "198.51.100.81"
PORTS = {"imaps": 993, "imap": 143, "pop3s": 995, "pop3": 110, "submissions": 465, "submission": 587}
LANDING_PAGE = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body><h1>A web site</h1></body></html>\n"


def program(name):
    found = shutil.which(name, path=SBIN + ":" + os.environ.get("PATH", ""))
    if not found:
        raise SystemExit(f"internet: the program {name} is missing; tests/support/packages.sh lists the packages")
    return found


def wait_until(condition, what, seconds=30):
    """Returns what `condition` returned once that is true; an error with a name after `seconds`."""
    end = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"gave up waiting: {what}")
        time.sleep(0.005)
    return answer


def listening():
    """(address, port) of every TCP listener in this namespace, read without connecting to it."""
    found = set()
    for file, family in (("/proc/net/tcp", socket.AF_INET), ("/proc/net/tcp6", socket.AF_INET6)):
        for line in Path(file).read_text().splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            if state != "0A":
                continue
            words, port = local.split(":")
            octets = b"".join(int(words[i:i + 8], 16).to_bytes(4, "little") for i in range(0, len(words), 8))
            found.add((socket.inet_ntop(family, octets), int(port, 16)))
    return found


class NameServer:
    """NSD. All names stand in one root zone, so that an answer holds the whole chain of aliases, as a resolver's answer would."""

    def __init__(self, folder, lines, broken):
        folder.mkdir()
        (folder / "root.zone").write_text(
            "$ORIGIN .\n$TTL 60\n@ SOA ns.test. admin.test. 1 3600 600 86400 5\n@ NS ns.test.\nns.test. A 127.0.0.53\n" + "\n".join(lines) + "\n")
        zones = "".join(f'zone:\n  name: "{name}"\n  zonefile: "{folder}/absent-{name}.zone"\n' for name in broken)
        (folder / "nsd.conf").write_text(f"""
server:
  ip-address: {NAME_SERVER}
  ip-address: {FAR_NAME_SERVER}
  username: ""
  chroot: ""
  database: ""
  pidfile: "{folder}/nsd.pid"
  logfile: "{folder}/nsd.log"
  zonesdir: "{folder}"
  zonelistfile: "{folder}/zone.list"
  xfrdfile: "{folder}/xfrd.state"
  xfrdir: "{folder}"
  server-count: 1
  rrl-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: "."
  zonefile: "{folder}/root.zone"
{zones}""")
        self.command = [program("nsd"), "-d", "-c", str(folder / "nsd.conf")]

    def ready(self):
        question = bytes.fromhex("abcd01000001000000000000") + b"\2ns\4test\0" + bytes.fromhex("00010001")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(0.05)
            try:
                asking.sendto(question, (NAME_SERVER, 53))
                return asking.recv(512)[3] & 15 == 0
            except OSError:
                return False


class WebServer:
    """nginx: one address for all web sites, as at a web hoster; the certificate is chosen by name."""

    def __init__(self, folder, sites, certificates):
        folder.mkdir()
        blocks = []
        for site in sites:
            root = folder / "www" / site.host.replace("*", "any")
            for path, text in {"/index.html": LANDING_PAGE, **site.documents}.items():
                file = root / path.lstrip("/")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(text if isinstance(text, bytes) else text.encode())
            certificate = certificates[site.host]
            missing = "error_page 404 =200 /index.html;" if site.page_for_everything else ""
            missing += " error_page 405 =200 $uri;" if site.takes_posts else ""
            answers = "".join(f"\n    location = {path} {{ {answer}; }}" for path, answer in site.answers.items())
            default = " default_server" if site.default else ""
            listen = f"listen {PLAIN_WEB}:80;" if site.plain_only else f"listen {WEB}:443 ssl{default}; listen {WEB}:80{default};"
            blocks.append(f"""
  server {{
    {listen}
    server_name {site.host};
    ssl_certificate {certificate.chain};
    ssl_certificate_key {certificate.key};
    root {root};
    {missing}{answers}
    {site.locations}
  }}""")
        temporary = "".join(f"  {kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (folder / "nginx.conf").write_text(f"""
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
{temporary}  access_log {folder}/access.log;
  types {{ text/html html; text/xml xml; application/json json; }}
{"".join(blocks)}
}}
""")
        self.log = folder / "access.log"
        self.command = [program("nginx"), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]

    def ready(self):
        return {(WEB, 443), (WEB, 80)} <= listening()


class MailStore:
    """Dovecot: IMAP, POP3 and everybody's sign-in. Each sign-in is one JSON line in `log`, with the address of the server it was meant for."""

    def __init__(self, folder, machines, certificates, accounts):
        folder.mkdir()
        (folder / "mail").mkdir()
        (folder / "mail").chmod(0o777)
        self.log = folder / "dovecot.log"
        self.log.touch()
        for address, lines in accounts.items():
            (folder / f"users-{address}").write_text("".join(f"{name}:{password}\n" for name, password in lines))
        blocks = "".join(f"local {machine.address} {{\n  ssl = no\n  disable_plaintext_auth = no\n}}\n" for machine in machines if machine.bare)
        blocks += "".join(f"local {machine.address} {{\n  ssl_cert = <{certificates[machine.host].chain}\n  ssl_key = <{certificates[machine.host].key}\n}}\n"
                         for machine in machines)
        any_certificate = certificates[machines[0].host]
        self.listeners = set()
        (folder / "dovecot.conf").write_text(f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {self.log}
protocols = imap pop3
ssl = required
ssl_cert = <{any_certificate.chain}
ssl_key = <{any_certificate.key}
auth_mechanisms = plain login scram-sha-256
auth_failure_delay = 0
auth_verbose = yes
auth_username_chars =
mail_location = maildir:{folder}/mail/%l/%u
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users-%l
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%l/%u
}}
{self._login("imap", machines)}{self._login("pop3", machines)}
service auth {{
  inet_listener {{
    address = {AUTH[0]}
    port = {AUTH[1]}
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
event_exporter log {{
  format = json
  format_args = time-rfc3339
  transport = log
}}
metric sign_in {{
  filter = event=auth_request_finished
  exporter = log
  exporter_include = name fields
}}
{blocks}""")
        self.command = [program("dovecot"), "-F", "-c", str(folder / "dovecot.conf")]

    def _login(self, protocol, machines):
        text = f"service {protocol}-login {{\n  service_count = 0\n  process_min_avail = 1\n"
        for label, tls in ((protocol, "no"), (protocol + "s", "yes")):
            addresses = [machine.address for machine in machines if label in machine.serves]
            port = PORTS[label] if addresses else 0
            self.listeners |= {(address, port) for address in addresses}
            text += f"  inet_listener {label} {{\n    port = {port}\n    ssl = {tls}\n"
            text += f"    address = {' '.join(addresses)}\n" if addresses else ""
            text += "  }\n"
        return text + "}\n"

    def ready(self):
        return self.listeners | {AUTH} <= listening()


class Submission:
    """Postfix: the submission ports; who signs in is asked of Dovecot."""

    def __init__(self, folder, machines, certificates):
        configuration, queue, data = folder / "etc", folder / "queue", folder / "data"
        for one in (folder, configuration, queue, data):
            one.mkdir()
        self.log = folder / "postfix.log"
        for name in ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "private", "public", "saved", "trace"):
            (queue / name).mkdir()
            shutil.chown(queue / name, "postfix")
        (queue / "pid").mkdir()
        shutil.chown(data, "postfix")
        (configuration / "main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
maillog_file = {self.log}
maillog_file_prefixes = {folder}
inet_protocols = all
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:{AUTH[0]}:{AUTH[1]}
smtpd_tls_auth_only = yes
smtpd_tls_security_level = may
smtpd_peername_lookup = no
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
local_recipient_maps =
alias_maps =
mydestination =
""")
        # Postfix waits until nobody can still be writing main.cf: make it look two minutes old.
        os.utime(configuration / "main.cf", (time.time() - 120,) * 2)
        self.listeners = set()
        lines = ["tlsmgr unix - - n 1000? 1 tlsmgr", "anvil unix - - n - 1 anvil", "proxymap unix - - n - - proxymap",
                 "rewrite unix - - n - - trivial-rewrite", "postlog unix-dgram n - n - 1 postlogd"]
        for machine in machines:
            for label in ("submissions", "submission"):
                if label not in machine.serves:
                    continue
                self.listeners.add((machine.address, PORTS[label]))
                certificate = certificates[machine.host]
                lines.append(f"[{machine.address}]:{PORTS[label]} inet n - n - - smtpd\n  -o myhostname={machine.host}\n"
                             f"  -o {{smtpd_tls_chain_files={certificate.key},{certificate.chain}}}\n"
                             + ("  -o smtpd_tls_security_level=none\n  -o smtpd_tls_auth_only=no" if machine.bare
                                else "  -o smtpd_tls_wrappermode=yes" if label == "submissions" else "  -o smtpd_tls_security_level=encrypt"))
        (configuration / "master.cf").write_text("\n".join(lines) + "\n")
        self.command = [program("master"), "-c", str(configuration), "-d"]

    def ready(self):
        return self.listeners <= listening()


class SilentPorts:
    """Ports that swallow: TCP listeners whose queue is full, so that a new connection is neither taken nor refused, and a name server that never answers."""

    def __init__(self, machines):
        self.held = []
        for machine in machines:
            for label in machine.silent:
                self._fill(machine.address, PORTS[label])
        deaf = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        deaf.bind((SILENT_NAME_SERVER, 53))
        self.held.append(deaf)
        self._fill(SILENT_NAME_SERVER, 53)

    def _fill(self, address, port):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.bind((address, port))
        listener.listen(0)
        self.held.append(listener)
        for _ in range(8):
            filler = socket.socket(family, socket.SOCK_STREAM)
            filler.setblocking(False)
            filler.connect_ex((address, port))
            self.held.append(filler)


def start(server, log):
    """In a process group of its own, so that it can be ended whole."""
    environment = {"PATH": SBIN + ":/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    return subprocess.Popen(server.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True)
