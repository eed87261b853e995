"""Compiles providers/data/*.json into one C++ source. Usage: generate.py DATA-FOLDER OUTPUT.cpp

Anything that does not fit ends the build with one line: an unknown key, a port out of range, a domain that two providers claim."""
import json
import pathlib
import re
import sys

KEYS = {"id", "name", "domains", "mx", "servers", "login", "prepare", "help", "oauth", "dav", "quirks", "source"}
LOGINS = {"password", "app-password", "authorization-code", "oauth2", "bridge", "unsupported"}
SERVICES = {"imap", "pop3", "smtp", "jmap"}
SECURITIES = {"tls": "tls", "starttls": "starttls", "plain": "plaintext"}
MECHANISMS = {"password-cleartext": "plain", "password-encrypted": "cram_md5", "oauth2": "oauth2", "none": None}
NAME = re.compile(r"^[a-z0-9%]([a-z0-9%.-]*[a-z0-9%])?$", re.IGNORECASE)


class Wrong(Exception):
    pass


def text(value):
    """A C++ string literal of the UTF-8 bytes."""
    out = []
    for byte in value.encode("utf-8"):
        if byte in (0x22, 0x5C):
            out.append("\\" + chr(byte))
        elif 0x20 <= byte < 0x7F:
            out.append(chr(byte))
        else:
            out.append(f"\\{byte:03o}")
    return '"' + "".join(out) + '"'


def a_label(domain):
    return domain.encode("idna").decode("ascii").lower() if not domain.isascii() else domain.lower()


def check(provider, file):
    def wrong(what):
        raise Wrong(f"{file.name}: {what}")

    if unknown := set(provider) - KEYS:
        wrong(f"unknown key {sorted(unknown)[0]}")
    for key in ("id", "name", "domains", "mx", "servers", "login", "source"):
        if key not in provider:
            wrong(f"no {key}")
    if provider["login"] not in LOGINS:
        wrong(f"unknown login {provider['login']}")
    if set(provider["source"]) <= {"recall"}:
        wrong("rests on recall alone")
    for server in provider["servers"]:
        if server["proto"] not in SERVICES:
            wrong(f"unknown proto {server['proto']}")
        if server["security"] not in SECURITIES:
            wrong(f"unknown security {server['security']}")
        if not 1 <= server["port"] <= 65535:
            wrong(f"port {server['port']}")
        if not NAME.match(server["host"]):
            wrong(f"host {server['host']}")
        for method in server["auth"]:
            if method not in MECHANISMS:
                wrong(f"unknown auth {method}")


def dav_servers(provider):
    """CalDAV and CardDAV facts as servers: host, port and path come from the URL."""
    for kind, value in (provider.get("dav") or {}).items() if isinstance(provider.get("dav"), dict) else []:
        if kind not in ("caldav", "carddav") or not isinstance(value, str):
            continue
        match = re.match(r"^https://([^/:]+)(?::(\d+))?(/.*)?$", value)
        if match:
            yield kind, match.group(1), int(match.group(2) or 443), value


class Tables:
    def __init__(self):
        self.lines = []
        self.spans = {}

    def span(self, kind, values):
        """A shared flat array for every distinct list; an empty list is an empty span."""
        if not values:
            return "{}"
        key = (kind, tuple(values))
        if key not in self.spans:
            name = f"list_{len(self.spans)}"
            self.spans[key] = name
            self.lines.append(f"constexpr {kind} {name}[]{{{', '.join(values)}}};")
        return self.spans[key]


def main():
    folder, output = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    providers = []
    for file in sorted(folder.glob("*.json")):
        try:
            provider = json.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise Wrong(f"{file.name}: {error}") from error
        check(provider, file)
        providers.append(provider)
    providers.sort(key=lambda provider: provider["id"])
    tables = Tables()
    rows, domains, mx = [], {}, {}
    oauths = 0
    for index, provider in enumerate(providers):
        servers = []
        for server in provider["servers"]:
            mechanisms = [f"Mechanism::{MECHANISMS[m]}" for m in server["auth"] if MECHANISMS[m]]
            servers.append(
                f"{{ServiceKind::{server['proto']}, {text(server['host'])}, {server['port']}, Security::{SECURITIES[server['security']]}, "
                f"{text(server.get('username', ''))}, {tables.span('Mechanism', mechanisms)}, {text(server.get('url', ''))}}}")
        for kind, host, port, url in dav_servers(provider):
            servers.append(f"{{ServiceKind::{kind}, {text(host)}, {port}, Security::tls, {text('%EMAILADDRESS%')}, {{}}, {text(url)}}}")
        oauth = "nullptr"
        if facts := provider.get("oauth"):
            scopes = tables.span("std::string_view", [text(scope) for scope in facts.get("scopes", [])])
            tables.lines.append(
                f"constexpr OAuthFacts oauth_{oauths}{{{text(facts.get('issuer', ''))}, {text(facts.get('authorization', ''))}, {text(facts.get('token', ''))}, {scopes}}};")
            oauth = f"&oauth_{oauths}"
            oauths += 1
        login = provider["login"].replace("-", "_")
        own = [a_label(domain) for domain in provider["domains"]]
        suffixes = [a_label(suffix) for suffix in provider["mx"]]
        for table, names in ((domains, own), (mx, suffixes)):
            for name in names:
                if table.get(name, index) != index:
                    raise Wrong(f"{provider['id']}: {name} belongs to {providers[table[name]]['id']} as well")
                table[name] = index
        rows.append(
            f"{{{text(provider['id'])}, {text(provider['name'])}, {tables.span('std::string_view', [text(n) for n in own])}, "
            f"{tables.span('std::string_view', [text(n) for n in suffixes])}, {tables.span('CatalogueServer', servers)}, LoginKind::{login}, "
            f"{text(provider.get('prepare', ''))}, {text(provider.get('help', ''))}, {oauth}, "
            f"{tables.span('std::string_view', [text(q) for q in provider.get('quirks', [])])}}}")

    def keys(table):
        return ",\n".join(f"    {{{text(name)}, {table[name]}}}" for name in sorted(table))

    body = "\n".join(tables.lines)
    listing = ",\n".join("    " + row for row in rows)
    output.write_text(
        "// Generated from providers/data by providers/generate.py. Do not edit.\n"
        '#include "providers/tables.hpp"\n\nnamespace portolan {\n\nnamespace {\n\n'
        f"{body}\n\nconstexpr Provider providers[]{{\n{listing}\n}};\n\n"
        f"constexpr CatalogueKey domains[]{{\n{keys(domains)}\n}};\n\nconstexpr CatalogueKey exchangers[]{{\n{keys(mx)}\n}};\n\n}}\n\n"
        "std::span<const Provider> catalogue_providers() { return providers; }\n"
        "std::span<const CatalogueKey> catalogue_domains() { return domains; }\n"
        "std::span<const CatalogueKey> catalogue_mx() { return exchangers; }\n\n}\n", encoding="utf-8")
    return 0


try:
    sys.exit(main())
except Wrong as wrong:
    print(f"catalogue: {wrong}", file=sys.stderr)
    sys.exit(1)
