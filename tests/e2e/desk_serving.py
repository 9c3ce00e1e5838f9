"""The desk as a server: figures, how often one may ask, connections that say little, its end."""
import re
import signal
import socket
import time
import urllib.error
import urllib.request

from desk_client import Browser, let_in, serving


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def figures(port):
    """{name{labels}: value}; each family says what it is before its values."""
    got = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics")
    assert got.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    text, ret, told = got.read().decode(), {}, set()
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            told.add(line.split()[2])
        elif not line.startswith("#"):
            name, value = line.rsplit(" ", 1)
            assert re.sub(r"_(bucket|sum|count)$", "", name.split("{")[0]) in told, line
            ret[name] = float(value)
    return ret


def test_figures(m):
    let_in(m, "inga", "analyst")
    port = free_port()
    with serving(m, "--watch", f"127.0.0.1:{port}") as desk:
        before = figures(port)
        b = Browser(desk, "inga")
        assert b.get("/nothing").status == 404
        assert Browser(desk).post("/sign-in", {}, token="0").status == 400
        Browser(desk).sign_in("inga", "not this one")
        after = figures(port)
        grown = {k: after[k] - before[k] for k in after if after[k] != before[k]}
        assert grown['vigil_answers_total{status="4xx"}'] == 3, grown
        assert grown["vigil_sign_ins_failed_total"] == 1, grown
        assert grown["vigil_answer_seconds_count"] == sum(
            v for k, v in grown.items() if k.startswith("vigil_answers_total")), grown
        counts = [v for k, v in after.items() if k.startswith("vigil_answer_seconds_bucket")]
        assert counts == sorted(counts) and counts[-1] == after["vigil_answer_seconds_count"]
        assert after["vigil_log_entries"] == len(m.json("log", "--limit", "100000").lines)
        assert 1e6 < after["process_resident_memory_bytes"] < 1e9
        assert "inga" not in str(after) and "127.0.0.1" not in str(after)
        # On the pages' own port nobody is told; on this one there is nothing else.
        assert Browser(desk).get("/metrics").to.startswith("/sign-in") and b.get("/metrics").status == 404
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as got:
            assert got.read() == b"well\n"
        for path in ("/", "/people", "/static/style.css"):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}")
                assert False, path
            except urllib.error.HTTPError as e:
                assert e.code == 404


def test_who_asks_too_often_waits(m):
    with serving(m, "--behind-proxy", "--rate", "3") as desk:
        def ask(address):
            return Browser(desk).get("/sign-in", X_Forwarded_For=address)

        got = [ask("203.0.113.7") for _ in range(60)]
        well = [g.status for g in got].count(200)
        assert 30 <= well <= 45 and {g.status for g in got} == {200, 429}, well
        refused = next(g for g in got if g.status == 429)
        assert refused.header("Retry-After") == "1"
        assert ask("203.0.113.8").status == 200
        # All of a network of IPv6 is one address; a header that the guest forged does not count.
        assert [ask(f"2001:db8::{i:x}").status for i in range(60)].count(429) > 10
        assert ask("198.51.100.1, 203.0.113.7").status in (200, 429)
        time.sleep(1.2)
        assert ask("203.0.113.7").status == 200
    for wrong in ("-1", "x", "", "1000000"):
        m.run("serve", "--rate", wrong, code=2)


def test_who_says_little_is_not_waited_for(m):
    port = free_port()
    with serving(m, "--patience", "2", "--watch", f"127.0.0.1:{port}") as desk:
        drip = [socket.create_connection(("127.0.0.1", desk.port)) for _ in range(20)]
        kept = socket.create_connection(("127.0.0.1", desk.port))
        request = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\n\r\n".encode()
        began, gone = time.time(), 0
        for s in drip:
            s.sendall(b"GET / HTTP/1.1\r\nX: ")
        while gone < len(drip):
            assert time.time() - began < 15, gone
            time.sleep(0.3)
            kept.sendall(request)    # one that asks is served, however long it lasts
            assert b" 200 " in kept.recv(65536)
            for s in [s for s in drip if s.fileno() >= 0]:
                try:
                    s.sendall(b"a")
                    s.settimeout(0.001)
                    if s.recv(1) == b"":
                        raise ConnectionResetError
                except TimeoutError:
                    pass
                except OSError:
                    s.close()
                    gone += 1
        assert time.time() - began > 2
        assert figures(port)["vigil_connections_ended_slow_total"] >= 20
        kept.close()


def test_its_end(m):
    let_in(m, "inga", "analyst")
    with serving(m) as desk:
        b = Browser(desk, "inga")
        assert b.get("/").status == 200
        assert desk.end(signal.SIGTERM) == 0
    assert "no address" in m.run("serve", "--listen", "127.0.0.1:0", "--watch", "300.0.0.1:9", code=2).err
