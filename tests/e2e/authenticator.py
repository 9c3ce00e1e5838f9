"""A security key in software: what a browser and an authenticator would answer (W3C Web Authentication). No tests of its own."""
import base64
import hashlib
import json
import os
import struct

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

PRESENT, CREDENTIAL = 0x01, 0x40


def word(b):
    return base64.urlsafe_b64encode(b).rstrip(b"=").decode()


def unword(s):
    return base64.urlsafe_b64decode(s + "=" * (-len(s) % 4))


def head(kind, n):
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if n < 24:
            return bytes([kind << 5 | n])
        if n < 1 << 8 * size:
            return bytes([kind << 5 | info]) + n.to_bytes(size, "big")


def cbor(v):
    if isinstance(v, int):
        return head(0, v) if v >= 0 else head(1, -1 - v)
    if isinstance(v, bytes):
        return head(2, len(v)) + v
    if isinstance(v, str):
        return head(3, len(v.encode())) + v.encode()
    return head(5, len(v)) + b"".join(cbor(k) + cbor(x) for k, x in v.items())


class Key:
    """One credential. What a caller names differently is a lie."""

    def __init__(self, kind="ES256", site="desk.example", origin="https://desk.example"):
        self.kind, self.site, self.origin = kind, site, origin
        self.id, self.counter = os.urandom(32), 0
        if kind == "ES256":
            self.key = ec.generate_private_key(ec.SECP256R1())
            n = self.key.public_key().public_numbers()
            self.cose = {1: 2, 3: -7, -1: 1, -2: n.x.to_bytes(32, "big"), -3: n.y.to_bytes(32, "big")}
        elif kind == "EdDSA":
            self.key = ed25519.Ed25519PrivateKey.generate()
            raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
            self.cose = {1: 1, 3: -8, -1: 6, -2: self.key.public_key().public_bytes(*raw)}
        else:
            self.key = rsa.generate_private_key(65537, 2048)
            n = self.key.public_key().public_numbers()
            self.cose = {1: 3, 3: -257, -1: n.n.to_bytes(256, "big"), -2: n.e.to_bytes(3, "big")}

    def client(self, kind, asked, **lies):
        return json.dumps({"type": kind, "challenge": asked, "origin": self.origin, "crossOrigin": False, **lies}).encode()

    def data(self, flags, site=None, counter=None):
        self.counter += 1
        return hashlib.sha256((site or self.site).encode()).digest() + bytes([flags]) + \
            struct.pack(">I", self.counter if counter is None else counter)

    def make(self, asked, flags=PRESENT | CREDENTIAL, site=None, fmt="none", statement=None, tail=b"", cose=None, **lies):
        """The fields that set it up."""
        data = self.data(flags, site) + bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor(cose or self.cose) + tail
        return {"client": word(self.client("webauthn.create", asked, **lies)),
                "attestation": word(cbor({"fmt": fmt, "attStmt": statement or {}, "authData": data}))}

    def sign(self, b):
        if self.kind == "ES256":
            return self.key.sign(b, ec.ECDSA(hashes.SHA256()))
        if self.kind == "EdDSA":
            return self.key.sign(b)
        return self.key.sign(b, padding.PKCS1v15(), hashes.SHA256())

    def use(self, asked, flags=PRESENT, site=None, counter=None, kind="webauthn.get", **lies):
        """The fields that sign in."""
        client, data = self.client(kind, asked, **lies), self.data(flags, site, counter)
        return {"credential": word(self.id), "client": word(client), "data": word(data),
                "signature": word(self.sign(data + hashlib.sha256(client).digest()))}
