"""The desk under load, beside nginx where there is a peer: called by bench/run."""
import contextlib
import hashlib
import http.client
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import threading
import time
import urllib.parse

PASSPHRASE = "correct horse battery"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUERIES = ["peace", "climate AND justice", '"human rights"', "developm*", "nuclear NOT weapons", "svobod*", "和平", "terrorism"]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Desk:
    def __init__(self, build, v):
        self.v = v
        subprocess.run([build / "vigil", "-C", v.folder / "m", "login", "add", "inga", "--role", "analyst"],
                       input=PASSPHRASE.encode() + b"\n", env={**os.environ, **v.env}, check=True, capture_output=True)
        self.process = subprocess.Popen([build / "vigil", "-C", v.folder / "m", "serve", "--listen", "127.0.0.1:0"],
                                        stdout=subprocess.PIPE, env={**os.environ, **v.env})
        self.port = int(re.search(rb":(\d+)/", self.process.stdout.readline())[1])

    def ask(self, method, path, body=None, headers=None):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        c.request(method, path, body, headers or {})
        got = c.getresponse()
        return got, got.read()

    def sign_in(self):
        """The cookie, and what forms bring back."""
        cookies = lambda got: "; ".join(v.split(";")[0] for k, v in got.getheaders() if k.lower() == "set-cookie")
        token = lambda page: re.search(rb'name="token" value="([0-9a-f]+)"', page)[1].decode()
        got, page = self.ask("GET", "/sign-in")
        fields = {"token": token(page), "name": "inga", "passphrase": PASSPHRASE, "to": "/"}
        got, _ = self.ask("POST", "/sign-in", urllib.parse.urlencode(fields), {**FORM, "Cookie": cookies(got)})
        cookie = next(v.split(";")[0] for k, v in got.getheaders()
                      if k.lower() == "set-cookie" and v.startswith("vigil="))
        return cookie, token(self.ask("GET", "/me", None, {"Cookie": cookie})[1])

    def memory(self, what="VmRSS"):
        """MB"""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{what}:\s+(\d+) kB", status)[1]) / 1000

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


@contextlib.contextmanager
def nginx(folder, files):
    """The same bytes, from files."""
    (folder / "www").mkdir(parents=True)
    for name, content in files.items():
        (folder / "www" / name).write_bytes(content)
    port, temp = free_port(), " ".join(f"{k}_temp_path {folder}/{k};" for k in
                                       ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "conf").write_text(
        f"worker_processes {os.cpu_count()}; daemon off; pid {folder}/pid; error_log {folder}/log;\n"
        "events { worker_connections 4096; }\n"
        f"http {{ access_log off; sendfile on; keepalive_requests 100000000; open_file_cache max=100; {temp}\n"
        f"server {{ listen 127.0.0.1:{port} backlog=4096; root {folder}/www; }} }}\n")
    process = subprocess.Popen(["nginx", "-c", str(folder / "conf")], stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


def wrk(port, path, cookie=None):
    """Answers a second."""
    header = ["-H", f"Cookie: {cookie}"] if cookie else []
    out = subprocess.run(["wrk", "-t1", "-c64", "-d3", *header, f"http://127.0.0.1:{port}{path}"],
                         capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in out, out
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])


def bench_answers(tmp, desk, table, row, cookie):
    pages = {"a static file": ("/static/style.css", None), "the list of States": ("/states", cookie),
             "what is due": ("/due", cookie), "one's own login": ("/me", cookie), "home": ("/", cookie),
             "a search": ("/find?q=peace", cookie)}
    files = {f"f{i}": desk.ask("GET", path, None, {"Cookie": c} if c else {})[1]
             for i, (path, c) in enumerate(pages.values())}
    table("The desk: answers a second, beside nginx with the same bytes out of a file (wrk, 64 connections, in turn)",
          "page", "bytes", "vigil serve", "nginx", "times as fast (median of 5)")
    with nginx(tmp / "nginx", files) as port:
        for i, (what, (path, c)) in enumerate(pages.items()):
            pairs = [(wrk(desk.port, path, c), wrk(port, f"/f{i}")) for _ in range(5)]
            row(what, len(files[f"f{i}"]), *(f"{statistics.median(p[k] for p in pairs):,.0f}" for k in (0, 1)),
                statistics.median(a / b for a, b in pairs))
    print("\nStatic at least 1, a page with live data at least 0.5.")


def bench_people(desk, v, texts, tmp, table, row, cookie):
    """Fifty people who think for three seconds between pages, while an intake runs."""
    times, lock, end = [], threading.Lock(), time.time() + 60

    def person(n):
        time.sleep(3 * n / 50)
        i = n
        while time.time() < end:
            began = time.monotonic()
            got, _ = desk.ask("GET", "/find?" + urllib.parse.urlencode({"q": QUERIES[i % len(QUERIES)]}), None, {"Cookie": cookie})
            with lock:
                times.append((time.monotonic() - began) * 1000)
            assert got.status == 200
            i += 1
            time.sleep(3)

    def intake():
        some = [p.read_bytes() for p in sorted(texts.glob("*.txt"))[:500]]
        for i in range(1000):
            if time.time() > end:
                return
            copy = tmp / f"copy{i}"
            copy.mkdir()
            for n, content in enumerate(some):
                (copy / f"{n}.txt").write_bytes(b"%d " % i + content)
            v.run("add", copy)
            shutil.rmtree(copy)

    threads = [threading.Thread(target=person, args=(n,)) for n in range(50)] + [threading.Thread(target=intake)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    times.sort()
    table("The desk: search pages, 50 people with three seconds between pages, while files are taken in", "what", "ms")
    row("pages", len(times))
    row("median", times[len(times) // 2])
    row("99th percentile (under 150)", times[len(times) * 99 // 100])
    row("slowest", times[-1])


def bench_idle(desk, table, row, n=10_000):
    """Connections that have asked once and say nothing more."""
    ask = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\n\r\n".encode()
    before, kept = desk.memory(), []
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, n + 100), hard))
    for _ in range(n):
        s = socket.create_connection(("127.0.0.1", desk.port))
        s.sendall(ask)
        kept.append(s)
    answered = sum(b" 200 " in s.recv(4096) for s in kept)
    table("The desk: connections that do nothing", "what", "")
    row("connections, answered once each", answered)
    row("memory before, MB", before)
    row("memory with them, MB (under 200)", desk.memory())
    for s in kept:
        s.close()


class Stream:
    """Bytes that are made as they are read, and their hash."""

    def __init__(self, head, size, tail):
        self.block = os.urandom(1 << 20)
        self.head, self.left, self.tail, self.hash = head, size, tail, hashlib.sha256()
        self.length = len(head) + size + len(tail)

    def __iter__(self):
        yield self.head
        while self.left:
            piece = self.block[:min(self.left, len(self.block))]
            self.hash.update(piece)
            self.left -= len(piece)
            yield piece
        yield self.tail


def bench_upload(desk, table, row, cookie, token, size=5_000_000_000):
    part = lambda name, value: (f'--bench-b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n').encode()
    head = (part("token", token) + b'--bench-b\r\nContent-Disposition: form-data; name="files"; filename="large.bin"\r\n'
            b"Content-Type: application/octet-stream\r\n\r\n")
    s = Stream(head, size, b"\r\n--bench-b--\r\n")
    pathlib.Path(f"/proc/{desk.process.pid}/clear_refs").write_text("5")    # forgets the peak of signing in
    before, began = desk.memory(), time.monotonic()
    got, page = desk.ask("POST", "/intake", iter(s), {"Cookie": cookie, "Content-Length": str(s.length),
                                                      "Content-Type": "multipart/form-data; boundary=bench-b"})
    took = time.monotonic() - began
    right = s.hash.hexdigest().encode() in page
    table("The desk: a file of 5 GB by a form", "what", "")
    row("answer, and the right SHA-256", f"{got.status}, {'yes' if right else 'NO'}")
    row("MB a second", size / 1e6 / took)
    row("memory before, MB", before)
    row("the most memory it had, MB (50 more at most)", desk.memory("VmHWM"))
