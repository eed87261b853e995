"""Servers that are badly, oddly or very well set up, named as badssl.com names its web sites; and what Portolan must say of each."""

import ssl
from dataclasses import dataclass

from shop import Shown, alternative_names, openssl  # first: it says where the others lie

import old_servers  # noqa: E402


@dataclass(frozen=True)
class Host:
    name: str
    meaning: str
    shows: object  # a function of (shop, host name) that returns Shown; or what plays where the handshake is due
    code: str = ""  # the error; empty: it is taken
    detail: str = ""
    said: str = ""  # a part of what the verdict quotes
    also: tuple = ()  # codes of warnings and notices that must be there; no others about the certificate may
    revocation: str = "not-checked"
    notes: tuple = ()  # of the chain
    host: str = "{name}"  # how the machine is called, below the domain


def good(**more):
    return lambda shop, host: Shown(shop.good(host, **more))


def speaking(settle, **more):
    return lambda shop, host: Shown(shop.good(host, **more), settle)


def versions(lowest, highest):
    def settle(context):
        context.minimum_version, context.maximum_version = lowest, highest
    return settle


def suites(text, version=ssl.TLSVersion.TLSv1_2):
    def settle(context):
        context.maximum_version = version
        context.set_ciphers(text + ":@SECLEVEL=0")
    return settle


def alone(shop, host):
    return Shown([shop.leaf(host, alone=True)])


def for_name(name):
    return lambda shop, host: Shown(shop.good(name.format(host=host.partition(",")[0])))


def stranger(name):
    """An authority that nobody knows, which made this certificate on the way."""
    def shows(shop, host):
        root = shop.authority(name, holder="stranger")
        return Shown([shop.leaf(host, root), root])
    return shows


def below(**more):
    """A leaf below an intermediate that is made as told."""
    def shows(shop, host):
        between = shop.authority("Weak Issuer", shop.root, **more)
        return Shown([shop.leaf(host, between), between])
    return shows


def md5(shop, host):
    """ECDSA has no form with MD5."""
    issuer = shop.authority("RSA Issuer", shop.root, key="RSA 2048")
    return Shown([shop.leaf(host, issuer, digest="md5"), issuer])


def without_intermediate(shop, host):
    return Shown([shop.leaf(host)])


def reversed_chain(shop, host):
    """The root stands before the issuer."""
    second = shop.authority("Second Issuer", shop.issuer)
    return Shown([shop.leaf(host, second), shop.issuer, second])


def with_root(shop, host):
    return Shown([*shop.good(host), shop.root])


def no_subject(shop, host):
    return Shown(shop.good(host, subject="", edits={"subjectAltName": "critical," + alternative_names(host)}))


def names(count):
    def shows(shop, host):
        more = [f"h{i}.many.badssl.example" for i in range(count)] + host.split(",")
        lines = "[names]\n" + "".join(f"DNS.{i} = {one}\n" for i, one in enumerate(more))
        return Shown(shop.good(host, edits={"subjectAltName": "@names"}, lines=lines))
    return shows


def links(count):
    """`count` certificates, the leaf and the root counted."""
    def shows(shop, host):
        chain = [shop.root]
        for i in range(count - 2):
            chain.append(shop.authority(f"Link {i}", chain[-1], holder="link"))
        return Shown([shop.leaf(host, chain[-1]), *chain[::-1]])
    return shows


def stapled(revoked, **more):
    def shows(shop, host):
        chain = shop.good(host)
        signer = more.get("signer")
        return Shown(chain, staple=shop.ocsp(chain[0], revoked, signer=shop.authority(signer) if signer else None))
    return shows


def diffie_hellman(shop, host):
    file = shop.workshop.path("dh")
    openssl("dhparam", "-dsaparam", "-out", file, 1024)

    def settle(context):
        suites("DHE-RSA-AES128-GCM-SHA256")(context)
        context.load_dh_params(str(file))
    return Shown(shop.good(host, key="RSA 2048"), settle)


def wants_certificate(version):
    def shows(shop, host):
        return Shown(shop.good(host), versions(ssl.TLSVersion.TLSv1_2, version), wants_certificate=True)
    return shows


def knows_no_name(context):
    context.sni_callback = lambda *_: ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME


TLS10, TLS11, TLS12, TLS13 = (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
MISMATCH = "certificate-name-mismatch"
UNTRUSTED, WEAK, OLD, HANDSHAKE = "certificate-untrusted-issuer", "certificate-weak", "tls-version-too-old", "tls-handshake-failed"
INTERCEPTORS = ("Avast Web/Mail Shield Root", "Superfish, Inc.", "eDellRoot", "DSDTestProvider", "Preact-CLI", "webpack-dev-server CA",
                "FortiGate CA", "Zscaler Root CA", "Hotel Captive Portal")
ISSUED = {"authorityInfoAccess": "caIssuers;URI:http://issuer.example/issuer.der"}

HOSTS = [
    # the basics
    Host("sha256", "a good chain", good()),
    Host("expired", "ended yesterday", good(starts=-91), "certificate-expired"),
    Host("not-yet-valid", "begins the day after tomorrow", good(starts=2), "certificate-not-yet-valid"),
    Host("expires-soon", "ends in 5 days", good(days=5), also=("certificate-expires-soon",)),
    Host("wrong-host", "made out to another name", for_name("www.{host}"), MISMATCH),
    Host("mx-name", "made out to the name for incoming mail from other servers", for_name("mx.badssl.example"), MISMATCH),
    Host("shared-hoster", "made out to the hoster's own server", for_name("server7.hoster.example"), MISMATCH),
    Host("wildcard-too-deep", "a wildcard for one label above", for_name("*.example"), MISMATCH),
    Host("self-signed", "nobody vouches", alone, "certificate-self-signed"),
    Host("untrusted-root", "an authority that nobody knows", stranger("Nobody's Root"), UNTRUSTED, notes=("root-sent",)),
    Host("revoked", "withdrawn, and the server says so itself (stapled OCSP)", stapled(True), "certificate-revoked", revocation="revoked"),
    Host("not-revoked", "a stapled answer: good", stapled(False), revocation="good"),
    Host("stranger-says-revoked", "a stapled answer of somebody else counts for nothing", stapled(True, signer="Meddler")),
    # chains
    Host("incomplete-chain", "the intermediate is missing", without_intermediate, "certificate-incomplete-chain"),
    Host("reversed-chain", "in the wrong order", reversed_chain, notes=("reversed",)),
    Host("root-sent", "the root as well", with_root, notes=("root-sent",)),
    Host("30-certificates", "as long as is read", links(30), notes=("root-sent",)),
    # names
    Host("no-common-name", "names in the extension alone", good(subject="/O=Harbour")),
    Host("no-subject", "no subject at all", no_subject),
    Host("no-san", "a common name alone: clients of today do not look at it", good(edits={"subjectAltName": None}), MISMATCH),
    Host("1000-sans", "a thousand names", names(1000)),
    Host("10000-sans", "ten thousand names", names(10000)),
    Host("idn", "a name beyond ASCII", good(), host="xn--n1aae7f7o"),
    Host("long-name", "a label of 60 letters", good(), host="a-very-long-label-that-fills-nearly-all-there-is-in-one-of-them"),
    # weak
    Host("sha1-2017", "signed with SHA-1", good(digest="sha1"), WEAK, said="SHA1"),
    Host("sha1-intermediate", "the intermediate is signed with SHA-1", below(digest="sha1"), WEAK, said="Weak Issuer"),
    Host("md5", "signed with MD5", md5, WEAK, said="MD5"),
    Host("rsa512", "a key of 512 bits", speaking(suites("ECDHE-RSA-AES128-GCM-SHA256"), key="RSA 512"), WEAK, said="512"),
    Host("rsa1024", "a key of 1,024 bits", good(key="RSA 1024"), WEAK, said="1024"),
    Host("rsa1024-intermediate", "the intermediate's key has 1,024 bits", below(key="RSA 1024"), WEAK, said="Weak Issuer"),
    # sound
    Host("sha384", "signed with SHA-384", good(digest="sha384")),
    Host("sha512", "signed with SHA-512", good(digest="sha512")),
    Host("rsa2048", "a key of 2,048 bits", good(key="RSA 2048")),
    Host("rsa3072", "a key of 3,072 bits", good(key="RSA 3072")),
    Host("rsa4096", "a key of 4,096 bits", good(key="RSA 4096")),
    Host("rsa8192", "a key of 8,192 bits", good(key="RSA 8192")),
    Host("ecc256", "a key on P-256", good(key="P-256")),
    Host("ecc384", "a key on P-384", good(key="P-384")),
    Host("extended-validation", "a policy is named", good(edits={"certificatePolicies": "2.23.140.1.1"})),
    Host("no-sct", "no proof of certificate transparency: mail programs want none", good(edits=ISSUED)),
    Host("for-clients", "made for something else", good(edits={"extendedKeyUsage": "clientAuth"}), "certificate-purpose"),
    # somebody on the way
    *(Host(name.split()[0].split("/")[0].strip(",").lower(), f"interception: {name}", stranger(name), UNTRUSTED, "interception", said=name,
           notes=("root-sent",))
      for name in INTERCEPTORS),
    # client certificates
    Host("client-cert-missing", "wants a certificate of the client (TLS 1.3)", wants_certificate(TLS13), HANDSHAKE,
         "client-certificate-wanted", said="(116)"),
    Host("client", "wants a certificate of the client (TLS 1.2)", wants_certificate(TLS12), HANDSHAKE, "client-certificate-wanted"),
    Host("unrecognized-name", "does not know the name that it is asked for", speaking(knows_no_name), HANDSHAKE, "alert",
         said="unrecognized_name (112)"),
    # ciphers
    Host("rc4", "RC4 alone", old_servers.RC4, HANDSHAKE, "weak-cipher", said="RC4-SHA (0x0005)"),
    Host("rc4-md5", "RC4 with MD5 alone", old_servers.RC4_MD5, OLD, said="TLS 1.0, RC4-MD5 (0x0004)"),
    Host("export", "suites for export alone", old_servers.EXPORT, HANDSHAKE, "weak-cipher", said="EXP-RC4-MD5 (0x0003)"),
    Host("3des", "3DES alone", old_servers.TRIPLE_DES, HANDSHAKE, "weak-cipher", said="DES-CBC3-SHA (0x000a)"),
    Host("null", "no encryption at all", old_servers.NULL, HANDSHAKE, "weak-cipher", said="NULL-SHA256 (0x003b)"),
    Host("cbc", "CBC alone", speaking(suites("ECDHE-RSA-AES128-SHA"), key="RSA 2048")),
    Host("static-rsa", "no forward secrecy", speaking(suites("AES128-GCM-SHA256"), key="RSA 2048")),
    Host("dh1024", "Diffie-Hellman of 1,024 bits", diffie_hellman),
    # versions
    Host("ssl-v2", "SSL 2.0 alone", old_servers.SSL2, OLD, said="SSLv2"),
    Host("ssl-v3", "SSL 3.0 alone", old_servers.SSL3, OLD, said="SSLv3"),
    Host("tls-v1-0", "TLS 1.0 alone", speaking(versions(TLS10, TLS10), key="RSA 2048"), OLD, said="TLS 1.0"),
    Host("tls-v1-1", "TLS 1.0 and 1.1 alone", speaking(versions(TLS10, TLS11), key="RSA 2048"), OLD, said="TLS 1.1"),
    Host("tls-v1-2", "TLS 1.2 alone", speaking(versions(TLS12, TLS12))),
    Host("mozilla-modern", "TLS 1.3 alone", speaking(versions(TLS13, TLS13))),
    Host("mozilla-old", "TLS 1.0 to 1.3", speaking(versions(TLS10, TLS13), key="RSA 2048")),
]
