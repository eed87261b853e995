"""The lab's own certification authority, made by the openssl command: good certificates, and every kind of bad one."""

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

CONFIG = """
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[ca]
default_ca = past
[past]
database = {folder}/index.txt
serial = {folder}/serial
new_certs_dir = {folder}
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
"""


@dataclass(frozen=True)
class Certificate:
    key: Path
    chain: Path  # what the server sends

    def spki(self):
        """SHA-256 of the public key, as --accept-certificate takes it."""
        public = openssl("x509", "-in", self.chain, "-pubkey", "-noout")
        return hashlib.sha256(openssl("pkey", "-pubin", "-outform", "DER", stdin=public)).hexdigest()


def openssl(*arguments, stdin=None):
    done = subprocess.run(["openssl", *map(str, arguments)], input=stdin, capture_output=True, timeout=60)
    if done.returncode:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stderr.decode(errors='replace')}")
    return done.stdout


class Authority:
    """A root that Portolan is told to trust (`ca_file`), an issuing authority below it, and a pair of strangers."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self.config = folder / "openssl.cnf"
        self.config.write_text(CONFIG.format(folder=folder))
        (folder / "index.txt").touch()
        (folder / "serial").write_text("1000\n")
        self._authority("root", "Small Internet Root")
        self._authority("issuer", "Small Internet Issuer", "root")
        self._authority("strange-root", "Strange Root")
        self._authority("stranger", "Strange Issuer", "strange-root")
        self.ca_file = folder / "root.pem"

    def _new_key(self, name, subject, *more):
        openssl("req", "-config", self.config, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", self.folder / f"{name}.key", "-subj", f"/CN={subject}", *more)

    def _signed_by(self, issuer):
        return () if issuer is None else ("-CA", self.folder / f"{issuer}.pem", "-CAkey", self.folder / f"{issuer}.key")

    def _authority(self, name, subject, issuer=None):
        self._new_key(name, subject, "-x509", "-days", "400", "-extensions", "authority", "-out", self.folder / f"{name}.pem",
                      *self._signed_by(issuer))

    def issue(self, label, names, kind="good"):
        """A server certificate for `names`. Kinds: good, expired, expires-soon, self-signed, wrong-name, unknown-issuer, incomplete-chain,
        30-in-the-chain (the leaf and 29 authorities below the root)."""
        leaf = self.folder / f"{label}.leaf.pem"
        chain = self.folder / f"{label}.pem"
        shown = [f"customer-{label}.hosting.test"] if kind == "wrong-name" else names
        extensions = ("-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in shown),
                      "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=serverAuth")
        issuer = {"self-signed": None, "unknown-issuer": "stranger"}.get(kind, "issuer")
        between = []
        for number in range(28 if kind == "30-in-the-chain" else 0):
            self._authority(f"{label}-link{number}", f"Link {number}", issuer)
            between.insert(0, issuer := f"{label}-link{number}")
        if kind == "expired":
            request = self.folder / f"{label}.csr"
            self._new_key(label, shown[0], "-out", request, *extensions)
            openssl("ca", "-batch", "-config", self.config, "-in", request, "-out", leaf, "-notext", "-startdate", "20240101000000Z",
                    "-enddate", "20240401000000Z", "-cert", self.folder / "issuer.pem", "-keyfile", self.folder / "issuer.key")
        else:
            self._new_key(label, shown[0], "-x509", "-days", "5" if kind == "expires-soon" else "90", "-out", leaf,
                          *extensions, *self._signed_by(issuer))
        sent = leaf.read_text()
        if issuer and kind != "incomplete-chain":
            sent += "".join((self.folder / f"{one}.pem").read_text() for one in (*between, "issuer" if between else issuer))
        chain.write_text(sent)
        return Certificate(self.folder / f"{label}.key", chain)
