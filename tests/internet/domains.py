"""The small internet as a whole: every domain, machine, web site and DNS record of it."""

from functools import cache

from autoconfig_family import DOMAINS as AUTOCONFIG, SITES as DATABASES
from autodiscover_family import DOMAINS as AUTODISCOVER
from hostile_documents import DOMAINS as HOSTILE
from model import PASSWORD, PLAIN_WEB, WEB, Machine, Site
from right import DOMAINS as RIGHT
from services_family import DOMAINS as SERVICES
from wrong import BROKEN_ZONES, DOMAINS as WRONG

__all__ = ["BROKEN_ZONES", "DOMAINS", "MARKER", "PASSWORD", "PLAIN_WEB", "WEB", "machines", "sites", "zone_lines"]
DOMAINS = RIGHT + WRONG + AUTOCONFIG + AUTODISCOVER + SERVICES + HOSTILE
MARKER = Machine(["mail.marker.test"])


@cache
def machines():
    """All machines, with addresses and accounts."""
    all_machines = []
    for domain in DOMAINS:
        for machine in domain.machines:
            names = machine.logins or [name for name in (domain.login or domain.address, domain.login_out) if name]
            machine.accounts = [(name, machine.password) for name in names]
            all_machines.append(machine)
    MARKER.accounts = [("marker", "marker")]
    all_machines.append(MARKER)
    for number, machine in enumerate(all_machines, 10):
        machine.address = f"2001:db8::{number}" if machine.family == 6 else f"192.0.2.{number}"
    return all_machines


def sites():
    return [site for domain in DOMAINS for site in domain.sites] + DATABASES + [Site("www.webhoster.test", default=True, page_for_everything=True)]


def zone_lines():
    lines = [f"{machine.alias_of or name}. {'AAAA' if machine.family == 6 else 'A'} {machine.address}" for machine in machines() for name in machine.names]
    lines += [f"{machine.host}. CNAME {machine.alias_of}." for machine in machines() if machine.alias_of]
    lines += [f"{site.host}. A {PLAIN_WEB if site.plain_only else WEB}" for site in sites()]
    for domain in DOMAINS:
        if domain.zone:
            lines += [f"$ORIGIN {domain.name}.", *domain.zone.splitlines()]
    return lines
