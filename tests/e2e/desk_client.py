"""A desk that is served, and browsers that speak to it. No tests of its own."""
import contextlib
import html
import http.client
import os
import re
import signal
import socket
import subprocess
import urllib.parse

import vigil

PASSPHRASE = "correct horse battery"
ROLES = ["submitter", "analyst", "reviewer", "coordinator", "protection", "administrator"]
# What a plain text without translations has not (desk_reading.py has it all).
NOT_OF_A_TEXT = ["/items/{id}/picture", "/items/{id}/look", "/items/{id}/translations/{text}",
                 # nor a mechanism without any: desk_administration.py
                 "/disclosures/{disclosure}/approve", "/disclosures/{disclosure}/package", "/schema/{name}"]
FORM = "application/x-www-form-urlencoded"


class Answer:
    def __init__(self, got):
        self.status, self.body = got.status, got.read()
        self.headers = got.getheaders()

    def header(self, name):
        return next((v for n, v in self.headers if n.lower() == name.lower()), None)

    @property
    def text(self):
        return self.body.decode()

    @property
    def to(self):
        return self.header("Location")


class Desk:
    """vigil serve, for a mechanism."""

    def __init__(self, m, *options):
        self.m = m
        self.errors = open(m.folder / "serve.err", "ab")
        self.process = subprocess.Popen(
            [str(vigil.build / "vigil"), "-C", str(m.dir), "serve", "--listen", "127.0.0.1:0", *options],
            stdout=subprocess.PIPE, stderr=self.errors, env=m.env, cwd=m.folder)
        line = self.process.stdout.readline().decode()
        found = re.search(r":(\d+)/$", line.strip())
        assert found, (line, (m.folder / "serve.err").read_text())
        self.port = int(found[1])

    def connect(self, timeout=60):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def raw(self, data, timeout=20):
        """What comes back for these bytes, until the connection ends or nothing more comes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as s:
            s.sendall(data)
            s.settimeout(2)
            got = b""
            with contextlib.suppress(socket.timeout, ConnectionError):
                while piece := s.recv(65536):
                    got += piece
            return got

    def end(self, how=signal.SIGTERM):
        """The exit code."""
        if self.process.poll() is None:
            os.kill(self.process.pid, how)
        code = self.process.wait(30)
        self.process.stdout.close()
        self.errors.close()
        return code

    def said(self):
        return (self.m.folder / "serve.err").read_text()


@contextlib.contextmanager
def serving(m, *options):
    desk = Desk(m, *options)
    try:
        yield desk
    finally:
        code = desk.end()
    assert code in (0, -signal.SIGKILL), (code, desk.said())
    assert "the table of routes does not say" not in desk.said(), desk.said()


class Browser:
    """Keeps cookies, and finds the token of the last page. It follows nothing by itself."""

    def __init__(self, desk, name=None):
        self.desk, self.cookies, self.token = desk, {}, ""
        if name:
            self.sign_in(name)

    def ask(self, method, path, body=None, headers=None):
        c = self.desk.connect()
        cookie = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} if self.cookies else {}
        c.request(method, path, body, {**cookie, **(headers or {})})
        got = Answer(c.getresponse())
        c.close()
        for name, value in got.headers:
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
                if "Max-Age=0" in value:
                    del self.cookies[key]
        token = re.search(rb'name="token" value="([0-9a-f]+)"', got.body)
        if token:
            self.token = token[1].decode()
        return got

    def get(self, path, **headers):
        return self.ask("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path, fields, token=None, headers=None):
        body = urllib.parse.urlencode({"token": self.token if token is None else token, **fields}, doseq=True)
        return self.ask("POST", path, body, {"Content-Type": FORM, **(headers or {})})

    def sign_in(self, name, passphrase=PASSPHRASE, to="/"):
        self.get("/sign-in")
        got = self.post("/sign-in", {"name": name, "passphrase": passphrase, "to": to})
        if got.status == 303:
            self.get("/")
        return got


def let_in(m, name, role, passphrase=PASSPHRASE):
    m.run("login", "add", name, "--role", role, stdin=(passphrase + "\n").encode())


def words(page):
    """What a person reads, without the markup."""
    return html.unescape(re.sub(r"<[^>]*>", " ", page))
