"""Rules of RFC 5280, RFC 9525 and the CA/B baseline requirements, one edit of a good chain a row.

A row changes the extensions of the root, of intermediates (`between`, nearest the root first) or of the leaf; None leaves one out. `reason` is the rule
that must be named: empty, the chain is good.
"""

from dataclasses import dataclass, field


@dataclass
class Case:
    name: str
    reason: str = ""
    root: dict = field(default_factory=dict)
    between: list = field(default_factory=list)
    leaf: dict = field(default_factory=dict)
    make: dict = field(default_factory=dict)  # what Workshop.make takes for "root", "between" and "leaf" besides
    asked: tuple = ("DNS", "mail.example.org")
    after_days: float = 1  # when it is judged, seen from today
    at_end: int = None  # instead: so many seconds after the leaf's last
    depth: int = None
    anchor: str = "root"  # or "between": the intermediate is trusted and the root is sent
    sent: bool = True  # the intermediates


def names(text):
    return {"subjectAltName": text}


def permits(text):
    return {"nameConstraints": "critical,permitted;" + text}


def excludes(text):
    return {"nameConstraints": "critical,excluded;" + text}


AN_IP = ("IP", "192.0.2.1")
AN_IP6 = ("IP", "2001:db8::1")

CASES = [
    # the path
    Case("root and leaf"),
    Case("root, intermediate and leaf", between=[{}]),
    Case("root, three intermediates and leaf", between=[{}, {}, {}]),
    Case("the intermediate is not sent", "no-issuer", between=[{}], sent=False),
    Case("the intermediate is trusted, the root is sent", between=[{}], anchor="between"),
    Case("a path length of 0 and one intermediate below", "path-too-long", between=[{"basicConstraints": "critical,CA:TRUE,pathlen:0"}, {}]),
    Case("a path length of 0 and none below", between=[{"basicConstraints": "critical,CA:TRUE,pathlen:0"}]),
    Case("a path length that grows below", between=[{"basicConstraints": "critical,CA:TRUE,pathlen:1"}, {"basicConstraints": "critical,CA:TRUE,pathlen:2"}]),
    Case("a root's path length counts", "path-too-long", root={"basicConstraints": "critical,CA:TRUE,pathlen:0"}, between=[{}]),
    Case("a depth of 0 and no intermediate", depth=0),
    Case("a depth of 0 and one intermediate", "chain-too-deep", between=[{}], depth=0),
    Case("a depth of 1 and two intermediates", "chain-too-deep", between=[{}, {}], depth=1),
    # authorities
    Case("an intermediate without basic constraints", "not-an-authority", between=[{"basicConstraints": None}]),
    Case("an intermediate that is none", "not-an-authority", between=[{"basicConstraints": "critical,CA:FALSE"}]),
    Case("an intermediate that may not sign", "may-not-sign", between=[{"keyUsage": "critical,digitalSignature"}]),
    Case("an intermediate for clients alone", "authority-purpose", between=[{"extendedKeyUsage": "clientAuth"}]),
    Case("an intermediate for servers", between=[{"extendedKeyUsage": "serverAuth,clientAuth"}]),
    Case("a root without basic constraints", "anchor-no-authority", root={"basicConstraints": None}),
    Case("a root whose basic constraints are not critical", "basic-constraints-not-critical", root={"basicConstraints": "CA:TRUE"}),
    Case("a root that may not sign", "may-not-sign", root={"keyUsage": "critical,cRLSign"}),
    Case("a root without a name", "subject-empty", make={"root": {"subject": ""}}),
    Case("a leaf that is an authority", "authority-as-leaf", leaf={"basicConstraints": "critical,CA:TRUE"}),
    Case("a leaf that may sign and is no authority", "leaf-may-sign", leaf={"basicConstraints": "critical,CA:FALSE", "keyUsage": "critical,digitalSignature,keyCertSign"}),
    Case("a path length on a leaf", "path-length-misplaced", leaf={"basicConstraints": "critical,CA:FALSE,pathlen:0"}),
    Case("a leaf with basic constraints", leaf={"basicConstraints": "critical,CA:FALSE"}),
    Case("a leaf without key usage", leaf={"keyUsage": None}),
    # key identifiers
    Case("a critical subject key identifier", "subject-key-critical", root={"subjectKeyIdentifier": "critical,hash"}),
    Case("a root without subject key identifier", "subject-key-missing", root={"subjectKeyIdentifier": "none"}, leaf={"authorityKeyIdentifier": "DER:3006800401020304"}),
    Case("an intermediate without authority key identifier", "authority-key-missing", between=[{"authorityKeyIdentifier": "none"}]),
    Case("a leaf without authority key identifier", "authority-key-missing", leaf={"authorityKeyIdentifier": "none"}),
    Case("a leaf that names its issuer by serial number", "authority-key-fields", leaf={"authorityKeyIdentifier": "keyid:always,issuer:always"}),
    Case("a leaf that names another key", "authority-key-differs", leaf={"authorityKeyIdentifier": "DER:3006800401020304"}),
    # purpose
    Case("a leaf for clients", "purpose-missing", leaf={"extendedKeyUsage": "clientAuth"}),
    Case("a leaf without a purpose named", leaf={"extendedKeyUsage": None}),
    Case("a leaf for servers and clients", leaf={"extendedKeyUsage": "serverAuth,clientAuth"}),
    Case("a leaf for anything", "purpose-missing", leaf={"extendedKeyUsage": "anyExtendedKeyUsage"}),
    Case("a critical purpose", "purpose-critical", leaf={"extendedKeyUsage": "critical,serverAuth"}),
    Case("a root with purposes", "purpose-in-root", root={"extendedKeyUsage": "serverAuth"}),
    # names of servers
    Case("another host", "name-mismatch", leaf=names("DNS:www.example.org")),
    Case("the domain for its host", "name-mismatch", leaf=names("DNS:example.org")),
    Case("no name but the common one", "name-mismatch", leaf={"subjectAltName": None}, make={"leaf": {"subject": "/CN=mail.example.org"}}),
    Case("a wildcard", leaf=names("DNS:*.example.org")),
    Case("a wildcard for two labels", "name-mismatch", leaf=names("DNS:*.example.org"), asked=("DNS", "a.mail.example.org")),
    Case("a wildcard inside a label", "name-mismatch", leaf=names("DNS:ma*.example.org")),
    Case("a wildcard that is not the first label", "name-mismatch", leaf=names("DNS:mail.*.org")),
    Case("a wildcard for all of a public suffix", "name-mismatch", leaf=names("DNS:*.co.uk"), asked=("DNS", "example.co.uk")),
    Case("a wildcard in an internationalised label", "name-mismatch", leaf=names("DNS:xn--*-1b3c148a.example.org"), asked=("DNS", "xn--bliss-1b3c148a.example.org")),
    Case("capital letters", leaf=names("DNS:MAIL.example.org")),
    Case("an address", leaf=names("IP:192.0.2.1"), asked=AN_IP),
    Case("an IPv6 address", leaf=names("IP:2001:db8::1"), asked=AN_IP6),
    Case("another address", "name-mismatch", leaf=names("IP:192.0.2.2"), asked=AN_IP),
    Case("an address in a DNS name", "name-mismatch", leaf=names("DNS:192.0.2.1"), asked=AN_IP),
    Case("a malformed DNS name", "names-malformed", leaf=names("DNS:mail.example.org,DNS:.example.org")),
    Case("an underscore", "names-malformed", leaf=names("DNS:mail.example.org,DNS:a_b.example.org")),
    Case("critical names beside a subject", "names-criticality", leaf=names("critical,DNS:mail.example.org")),
    Case("names that are not critical without a subject", "names-criticality", make={"leaf": {"subject": ""}}),
    Case("critical names without a subject", leaf=names("critical,DNS:mail.example.org"), make={"leaf": {"subject": ""}}),
    Case("a common name that is not among the names", "common-name-apart", make={"leaf": {"subject": "/CN=www.example.org"}}),
    Case("a common name in other case", "common-name-apart", make={"leaf": {"subject": "/CN=MAIL.example.org"}}),
    Case("an address as common name, written otherwise", "common-name-apart", leaf=names("IP:192.0.2.1"), asked=AN_IP, make={"leaf": {"subject": "/CN=192.0.002.001"}}),
    Case("an address as common name", leaf=names("IP:192.0.2.1"), asked=AN_IP, make={"leaf": {"subject": "/CN=192.0.2.1"}}),
    # name constraints
    Case("a permitted domain", root=permits("DNS:example.org")),
    Case("the permitted host itself", root=permits("DNS:mail.example.org")),
    Case("not in the permitted domain", "name-not-permitted", root=permits("DNS:example.net")),
    Case("in no permitted label", "name-not-permitted", root=permits("DNS:ample.org")),
    Case("an excluded domain", "name-excluded", root=excludes("DNS:example.org")),
    Case("another excluded domain", root=excludes("DNS:example.net")),
    Case("the second name is excluded", "name-excluded", root=excludes("DNS:example.net"), leaf=names("DNS:mail.example.org,DNS:mail.example.net")),
    Case("permitted and excluded", "name-excluded", root={"nameConstraints": "critical,permitted;DNS:example.org,excluded;DNS:mail.example.org"}),
    Case("constraints of another kind", root=permits("IP:192.0.2.0/255.255.255.0")),
    Case("a permitted network", root=permits("IP:192.0.2.0/255.255.255.0"), leaf=names("IP:192.0.2.1"), asked=AN_IP),
    Case("not in the permitted network", "name-not-permitted", root=permits("IP:192.0.3.0/255.255.255.0"), leaf=names("IP:192.0.2.1"), asked=AN_IP),
    Case("an excluded network", "name-excluded", root=excludes("IP:2001:db8::/ffff:ffff::"), leaf=names("IP:2001:db8::1"), asked=AN_IP6),
    Case("a mask with holes", "constraint-malformed", root=permits("IP:192.0.2.0/255.0.255.0"), leaf=names("IP:192.0.2.1"), asked=AN_IP),
    Case("a constraint with a leading dot", "constraint-leading-dot", root=permits("DNS:.example.org")),
    Case("a constraint with a wildcard", "constraint-malformed", root=permits("DNS:*.example.org")),
    Case("a permitted mailbox that is none", "constraint-malformed", root=permits("email:a@b@example.org")),
    Case("a permitted mailbox host", root=permits("email:example.org"), leaf=names("DNS:mail.example.org,email:alice@example.org")),
    Case("a mailbox of another host", "name-not-permitted", root=permits("email:example.org"), leaf=names("DNS:mail.example.org,email:alice@example.net")),
    Case("an excluded URI host", "name-excluded", root=excludes("URI:.example.net"), leaf=names("DNS:mail.example.org,URI:https://a.example.net/")),
    Case("a wildcard that may be the excluded host", "name-excluded", root=excludes("DNS:mail.example.org"), leaf=names("DNS:*.example.org"), asked=("DNS", "www.example.org")),
    Case("a wildcard wider than what is permitted", "name-not-permitted", root=permits("DNS:mail.example.org"), leaf=names("DNS:*.example.org")),
    Case("constraints that are not critical", "constraints-not-critical", root={"nameConstraints": "permitted;DNS:example.org"}),
    Case("constraints without any", "constraints-empty", between=[{"nameConstraints": "critical,DER:3000"}]),
    Case("constraints in a leaf", "constraints-in-leaf", leaf=permits("DNS:example.org")),
    Case("an intermediate narrows what is permitted", "name-not-permitted", between=[permits("DNS:example.org"), permits("DNS:www.example.org")]),
    Case("an intermediate's own name is excluded", "name-excluded", root=excludes("DNS:evil.example.org"), between=[names("DNS:evil.example.org")]),
    Case("a subject outside of the permitted directory", "name-not-permitted", root=permits("dirName:here"), make={"root": {"lines": "[here]\nCN = somebody\n"}}),
    Case("a constrained form of name that nobody knows", "constraint-unknown", root=excludes("otherName:1.3.6.1.4.1.55738.1;UTF8:a"),
         leaf=names("DNS:mail.example.org,otherName:1.3.6.1.4.1.55738.1;UTF8:b")),
    Case("a constrained form of name that does not appear", root=excludes("otherName:1.3.6.1.4.1.55738.1;UTF8:a")),
    # other extensions
    Case("an unknown critical extension in a leaf", "unknown-critical-extension", leaf={"1.3.6.1.4.1.55738.2": "critical,DER:0500"}),
    Case("an unknown critical extension in a root", "unknown-critical-extension", root={"1.3.6.1.4.1.55738.2": "critical,DER:0500"}),
    Case("an unknown extension", leaf={"1.3.6.1.4.1.55738.2": "DER:0500"}),
    Case("an address of the issuer", leaf={"authorityInfoAccess": "caIssuers;URI:http://ca.example.org/ca.crt"}),
    Case("a critical address of the issuer", "access-critical", leaf={"authorityInfoAccess": "critical,caIssuers;URI:http://ca.example.org/ca.crt"}),
    Case("a malformed address of the issuer", "access-malformed", leaf={"authorityInfoAccess": "DER:0500"}),
    Case("malformed basic constraints", "malformed-extension", leaf={"basicConstraints": "critical,DER:0500"}),
    Case("policy constraints that are not critical", "policy-constraints-not-critical", between=[{"policyConstraints": "inhibitPolicyMapping:0"}]),
    Case("a policy is demanded and none is there", "policy-demanded", between=[{"policyConstraints": "critical,requireExplicitPolicy:0"}]),
    Case("a policy is demanded and there", between=[{"policyConstraints": "critical,requireExplicitPolicy:0", "certificatePolicies": "2.23.140.1.2.1"}],
         leaf={"certificatePolicies": "2.23.140.1.2.1"}),
    Case("another policy than the issuer's", "policy-demanded", between=[{"policyConstraints": "critical,requireExplicitPolicy:0", "certificatePolicies": "2.23.140.1.2.1"}],
         leaf={"certificatePolicies": "2.23.140.1.2.2"}),
    # dates, numbers, keys
    Case("after its end", "expired", after_days=500),
    Case("before its beginning", "not-yet-valid", after_days=-2),
    Case("the last second", at_end=0),
    Case("one second too late", "expired", at_end=1),
    Case("an expired root", "expired", make={"root": {"days": 10}}, after_days=20),
    Case("an expired intermediate", "expired", between=[{}], make={"between": {"days": 10}}, after_days=20),
    Case("a serial number of zero", "serial", make={"leaf": {"serial": "0"}}),
    Case("a negative serial number", "serial", make={"leaf": {"serial": "-5"}}),
    Case("a serial number of 21 octets", "serial", make={"leaf": {"serial": "0x7f" + 20 * "11"}}),
    Case("an RSA key of 1024 bits", "key-too-small", make={"leaf": {"key": "RSA 1024"}}),
    Case("a root with an RSA key of 1024 bits", "key-too-small", make={"root": {"key": "RSA 1024"}}),
    Case("an RSA key of 2048 bits", make={"leaf": {"key": "RSA 2048"}}),
    Case("an RSA key of 2052 bits", "rsa-size-uneven", make={"leaf": {"key": "RSA 2052"}}),
    Case("an EC key of 192 bits", "key-too-small", make={"leaf": {"key": "P-192"}}),
    Case("a curve of no public authority", "curve-uncommon", make={"leaf": {"key": "secp256k1"}}),
    Case("a curve spelled out", "explicit-curve", make={"leaf": {"key": "explicit"}}),
    Case("signed with SHA-1", "digest-weak", make={"leaf": {"digest": "sha1"}}),
    Case("signed with MD5", "digest-weak", make={"root": {"key": "RSA 2048"}, "leaf": {"digest": "md5"}}),
    Case("version 1", "version", leaf={name: None for name in ("keyUsage", "extendedKeyUsage", "subjectAltName", "subjectKeyIdentifier", "authorityKeyIdentifier")}),
]
