"""Chains for servers, right and wrong, made by the openssl command; and the TLS contexts that show them."""

import ctypes
import ssl
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[1:1] = [str(HERE.parent / one) for one in ("limbo", "attacks") if str(HERE.parent / one) not in sys.path]

from workshop import BETWEEN, LEAF, ROOT, Workshop, openssl  # noqa: E402

LONG_AGO, LONG = -800, 1600  # authorities outlive every leaf
SUITES = "ALL:@SECLEVEL=0"  # a server of these may be as weak as it is told to be
STATUS_CALLBACK, STATUS_RESPONSE = 63, 71  # SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB and …_OCSP_RESP


@dataclass
class Shown:
    """What a server shows, and how it speaks. `settle` is a function of its SSLContext."""
    chain: list
    settle: object = None
    staple: bytes = b""
    wants_certificate: bool = False


def staple(context, response, kept):
    """Python's ssl module has no way to say it; its OpenSSL has. The pointer stands behind the head of the Python object."""
    tls, crypto = ctypes.CDLL("libssl.so.3"), ctypes.CDLL("libcrypto.so.3")
    tls.SSL_CTX_callback_ctrl.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
    tls.SSL_ctrl.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_long, ctypes.c_void_p)
    crypto.CRYPTO_memdup.restype = ctypes.c_void_p
    crypto.CRYPTO_memdup.argtypes = (ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_int)

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
    def answer(connection, _):
        tls.SSL_ctrl(connection, STATUS_RESPONSE, len(response), crypto.CRYPTO_memdup(response, len(response), b"", 0))
        return 0

    kept.append(answer)
    pointer = ctypes.c_void_p.from_address(id(context) + object.__basicsize__)
    tls.SSL_CTX_callback_ctrl(pointer, STATUS_CALLBACK, ctypes.cast(answer, ctypes.c_void_p))


def alternative_names(host):
    return ",".join(f"DNS:{one}" for one in host.split(","))


class Shop:
    """`ca_file` is the root that Portolan is told to trust."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.workshop = Workshop(self.folder)
        self.kept = []  # what OpenSSL calls lives as long as its contexts
        self.root = self.authority("Harbour Root")
        self.issuer = self.authority("Harbour Issuer", self.root)
        self.ca_file = self.root.file

    def authority(self, name, issuer=None, holder=None, **more):
        """Those of one `holder` have one key."""
        subject = "/CN=" + name.replace("/", "\\/")
        more = {"starts": LONG_AGO, "days": LONG, **more}
        return self.workshop.make(holder or name, BETWEEN if issuer else ROOT, issuer, subject, **more)

    def leaf(self, host, issuer=None, edits=None, alone=False, holder="leaf", **more):
        """A leaf for `host`, or for several with commas between them; signed by itself where `alone`."""
        extensions = {**LEAF, "subjectAltName": alternative_names(host), "keyUsage": "critical,digitalSignature,keyEncipherment",
                      **(edits or {})}
        if alone:
            extensions["authorityKeyIdentifier"] = None
        subject = more.pop("subject", f"/CN={host.partition(',')[0][:64]}")
        signer = None if alone else issuer or self.issuer
        return self.workshop.make(holder, extensions, signer, subject=subject, days=more.pop("days", 90), **more)

    def good(self, host, **more):
        return [self.leaf(host, **more), self.issuer]

    def ocsp(self, leaf, revoked, days=3, signer=None):
        """An answer of the issuer's, or of `signer`'s in its name."""
        count = self.workshop.path("txt")
        serial = openssl("x509", "-in", leaf.file, "-noout", "-serial").stdout.decode().strip().partition("=")[2]
        state = "R\t350101000000Z\t250101000000Z" if revoked else "V\t350101000000Z\t"
        count.write_text(f"{state}\t{serial}\tunknown\t/CN=leaf\n")
        asked, told = self.workshop.path("req"), self.workshop.path("der")
        openssl("ocsp", "-issuer", self.issuer.file, "-cert", leaf.file, "-reqout", asked, "-no_nonce")
        signer = signer or self.issuer
        openssl("ocsp", "-index", count, "-CA", self.issuer.file, "-rsigner", signer.file, "-rkey", signer.key, "-reqin", asked,
                "-respout", told, "-ndays", days)
        return told.read_bytes()

    def context(self, shown):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers(SUITES)
        chain = self.workshop.path("chain")
        chain.write_text("".join(one.pem for one in shown.chain))
        if shown.wants_certificate:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.ca_file)
        if shown.settle:
            shown.settle(context)
        context.load_cert_chain(chain, shown.chain[0].key)
        if shown.staple:
            staple(context, shown.staple, self.kept)
        return context
