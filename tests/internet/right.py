"""Domains that are set up in ways that work: each of them must end with a sign-in, in and out."""

from model import MX, Domain, Expected, Machine, Site, autoconfig, configured, on, spf, srv


def _autoconfigured(name, login="", username="%EMAILADDRESS%", form="address", story=""):
    ferry = f"in.{name}", f"out.{name}"
    document = autoconfig(name, f"imaps {ferry[0]}", f"submissions {ferry[1]}", username=username)
    return Domain(name, story, spf(MX), Expected(incoming=f"imaps {ferry[0]}", outgoing=f"submissions {ferry[1]}", sources=("autoconfig",), form=form),
                  [Machine([ferry[0]], ("imaps",)), Machine([ferry[1]], ("submissions",))], [configured(name, document)], login=login)


DOMAINS = [
    Domain("runbox.com", "a catalogued provider's own domain",
           "@ MX 10 mx.runbox.com.",
           Expected(**on("mail.runbox.com"), sources=("catalogue",), verdicts=("provider-step-needed",)),
           [Machine(["mail.runbox.com"], ("imaps", "pop3s", "submissions", "submission"))]),

    Domain("sailing-club.example", "a domain whose MX is a catalogued provider's: the person confirms that provider once",
           "@ MX 20 spare.sailing-club.example.\n@ MX 10 aspmx1.migadu.com.",
           Expected(incoming="imaps imap.migadu.com", outgoing="submissions smtp.migadu.com", sources=("catalogue-mx",), trust="confirm", confirm="migadu.com"),
           [Machine(["imap.migadu.com"], ("imaps",)), Machine(["smtp.migadu.com"], ("submissions", "submission"))]),

    Domain("lighthouse.example", "SRV records alone, implicit TLS",
           spf(MX, srv("post", "_imaps", "_submissions")),
           Expected(**on("post.lighthouse.example"), sources=("srv",)),
           [Machine(["post.lighthouse.example"])]),

    Domain("convoy.example", "several SRV targets: the lowest priority first, whatever the weights (RFC 2782)",
           spf(MX, "_imaps._tcp SRV 20 65535 993 rear", "_imaps._tcp SRV 10 0 993 lead", "_imaps._tcp SRV 30 100 993 last",
               "_submissions._tcp SRV 20 65535 465 rear", "_submissions._tcp SRV 10 0 465 lead"),
           Expected(**on("lead.convoy.example"), sources=("srv",), alternatives=("imaps rear.convoy.example", "submissions rear.convoy.example")),
           [Machine([f"{name}.convoy.example"]) for name in ("rear", "lead", "last")]),

    Domain("swarm.example", "twenty SRV targets, more than are taken, in an answer too long for one datagram; the best is the last",
           spf(MX, *(f"_imaps._tcp SRV 50 1 993 none-of-many-{number}.swarm.example." for number in range(10, 29)), "_imaps._tcp SRV 10 1 993 post",
               srv("post", "_submissions")),
           Expected(**on("post.swarm.example"), sources=("srv",)),
           [Machine(["post.swarm.example"])]),

    Domain("mislabelled.example", "SRV labels for STARTTLS at the ports of implicit TLS: the port is believed",
           spf(MX, "_imap._tcp SRV 0 1 993 post", "_submission._tcp SRV 0 1 465 post"),
           Expected(**on("post.mislabelled.example"), sources=("srv",), verdicts=("settings-conflict",)),
           [Machine(["post.mislabelled.example"])]),

    Domain("tenant.example", "SRV records that lead to a hoster outside of the domain: the person confirms the hoster once",
           spf(MX, srv("shared.hosting.test.", "_imaps", "_submissions")),
           Expected(**on("shared.hosting.test"), sources=("srv",), trust="confirm", confirm="hosting.test", verdicts=("settings-host-outside-domain",)),
           [Machine(["shared.hosting.test"])]),

    _autoconfigured("ferry.example", story="the autoconfig host alone"),
    _autoconfigured("pilot.example", "alice", "%EMAILLOCALPART%", "local-part", "an autoconfig file that says which user name the servers take"),

    Domain("charter.example", "an autoconfig file, over HTTPS from the domain itself, for servers elsewhere: nobody needs to be asked",
           spf(MX),
           Expected(incoming="imap mail.provider.test", outgoing="submission mail.provider.test", sources=("autoconfig",)),
           [Machine(["mail.provider.test"], ("imap", "submission"))],
           [configured("charter.example", autoconfig("charter.example", "imap mail.provider.test", "submission mail.provider.test"))]),

    Domain("buoy.example", "the well-known path on the domain's web site alone; the address has a plus in it",
           spf(MX),
           Expected(**on("post.buoy.example"), sources=("autoconfig-wellknown",)),
           [Machine(["post.buoy.example"])],
           [configured("buoy.example", autoconfig("buoy.example", "imaps post.buoy.example", "submissions post.buoy.example"),
                       "/.well-known/autoconfig/mail/config-v1.1.xml", "buoy.example", page_for_everything=True)],
           typed="anne+boats@buoy.example"),

    Domain("fleet.example", "an SRV record for IMAP, and an autoconfig file that agrees and knows the rest: both are named",
           spf(MX, srv("post", "_imaps")),
           Expected(**on("post.fleet.example"), sources=("autoconfig", "srv"), outgoing_sources=("autoconfig",)),
           [Machine(["post.fleet.example"])],
           [configured("fleet.example", autoconfig("fleet.example", "imaps post.fleet.example", "submissions post.fleet.example"))]),

    Domain("keel.example", "nothing published, but imap. and smtp. exist",
           spf("@ MX 10 imap.keel.example."),
           Expected(incoming="imaps imap.keel.example", outgoing="submissions smtp.keel.example", sources=("guess",)),
           [Machine(["imap.keel.example"], ("imaps", "imap")), Machine(["smtp.keel.example"], ("submissions", "submission"))]),

    Domain("mast.example", "nothing published, but mail. exists",
           spf("@ MX 10 mail.mast.example."),
           Expected(**on("mail.mast.example"), sources=("guess",)),
           [Machine(["mail.mast.example"], ("imaps", "imap", "pop3s", "pop3", "submissions", "submission"))]),

    Domain("anchor.example", "STARTTLS alone, at 143 and 587",
           spf("@ MX 10 mail.anchor.example."),
           Expected(**on("mail.anchor.example", "imap", "submission"), sources=("guess",)),
           [Machine(["mail.anchor.example"], ("imap", "submission"))]),

    Domain("cargo.example", "POP3 alone",
           spf("@ MX 10 mail.cargo.example."),
           Expected(**on("mail.cargo.example", "pop3s", "submissions"), sources=("guess",), verdicts=("pop3-only",)),
           [Machine(["mail.cargo.example"], ("pop3s", "submissions"))]),

    Domain("crew.example", "a server that takes the local part alone: one refusal finds out",
           spf("@ MX 10 mail.crew.example."),
           Expected(**on("mail.crew.example"), sources=("guess",), form="local-part", refusals=1, verdicts=("sign-in-username-form",)),
           [Machine(["mail.crew.example"])], login="alice"),

    Domain("xn--bcher-kva.example", "a domain with an umlaut, typed with it",
           spf(MX, srv("post", "_imaps", "_submissions")),
           Expected(**on("post.xn--bcher-kva.example"), sources=("srv",)),
           [Machine(["post.xn--bcher-kva.example"])], typed="alice@bücher.example", login="alice@xn--bcher-kva.example"),

    Domain("reef.example", "the first SRV target refuses connections: the second serves",
           spf(MX, *(f"{label} SRV {priority} 1 {port} {host}" for label, port in (("_imaps._tcp", 993), ("_submissions._tcp", 465))
                     for priority, host in ((10, "wreck"), (20, "post")))),
           Expected(**on("post.reef.example"), sources=("srv",), verdicts=("settings-endpoint-dead",)),
           [Machine(["wreck.reef.example"], ()), Machine(["post.reef.example"])]),

    Domain("abyss.example", "the first SRV target swallows everything: one silence is waited out, not more",
           spf(MX, *(f"{label} SRV {priority} 1 {port} {host}" for label, port in (("_imaps._tcp", 993), ("_submissions._tcp", 465))
                     for priority, host in ((10, "deep"), (20, "post")))),
           Expected(**on("post.abyss.example"), sources=("srv",)),
           [Machine(["deep.abyss.example"], (), silent=("imaps", "submissions")), Machine(["post.abyss.example"])]),

    Domain("declined.example", "implicit TLS declined by an SRV target of a dot, STARTTLS offered",
           spf(MX, "_imaps._tcp SRV 0 0 0 .", "_pop3s._tcp SRV 0 0 0 .", "_pop3._tcp SRV 0 0 0 .", "_submissions._tcp SRV 0 0 0 .",
               srv("post", "_imap", "_submission")),
           Expected(**on("post.declined.example", "imap", "submission"), sources=("srv",)),
           [Machine(["post.declined.example"], ("imap", "submission"))]),

    Domain("rope.example", "mail. is an alias of a hoster's machine, whose certificate has the domain's name too",
           spf("@ MX 10 mail.rope.example."),
           Expected(**on("mail.rope.example"), sources=("guess",)),
           [Machine(["mail.rope.example"], alias_of="box7.hosting.test")]),

    Domain("sextant.example", "servers that have IPv6 addresses alone",
           spf(MX, srv("post", "_imaps", "_submissions")),
           Expected(**on("post.sextant.example"), sources=("srv",)),
           [Machine(["post.sextant.example"], family=6)]),

    Domain("halfway.example", "an IPv6 address that leads nowhere beside an IPv4 address that works",
           spf(MX, srv("post", "_imaps", "_submissions"), "post AAAA 2001:db8:dead::1"),
           Expected(**on("post.halfway.example"), sources=("srv",)),
           [Machine(["post.halfway.example"])]),

    Domain("archipelago.example", "a wildcard leads every name to a web server, but imap. and smtp. are real",
           spf("@ MX 10 smtp.archipelago.example."),
           Expected(incoming="imaps imap.archipelago.example", outgoing="submissions smtp.archipelago.example", sources=("guess",)),
           [Machine(["imap.archipelago.example"], ("imaps",)), Machine(["smtp.archipelago.example"], ("submissions",))],
           [Site("*.archipelago.example", page_for_everything=True)]),

    Domain("renewal.example", "a certificate that is good for five days more: it works, and is mentioned",
           spf(MX, srv("post", "_imaps", "_submissions")),
           Expected(**on("post.renewal.example"), sources=("srv",), verdicts=("certificate-expires-soon",)),
           [Machine(["post.renewal.example"], certificate="expires-soon")]),

    Domain("dangling.example", "autoconfig. is an alias of a web hoster that has no certificate for it: the SRV records speak",
           spf(MX, srv("post", "_imaps", "_submissions"), "autoconfig CNAME www.webhoster.test."),
           Expected(**on("post.dangling.example"), sources=("srv",)),
           [Machine(["post.dangling.example"])]),
]
