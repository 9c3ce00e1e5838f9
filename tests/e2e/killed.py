"""kill -9 while something is changed: erasing, rebuilding, sealing the key, publishing."""
import filecmp
import os
import random
import shutil
import signal
import subprocess
import time

from vigil import build, sqlite_only

ROUNDS = max(1, int(os.environ.get("VIGIL_KILL_ROUNDS", "200")) // 40)
ANA, BEN = b"ana's own passphrase\n", b"ben's own passphrase\n"


def killed(m, after, *args, stdin=b""):
    """Runs vigil and kills it; true if it had answered before."""
    p = subprocess.Popen([build / "vigil", "-C", m.dir, *args], stdin=subprocess.PIPE, env=m.env,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        p.stdin.write(stdin)
        p.stdin.close()
        p.wait(after)
    except (subprocess.TimeoutExpired, BrokenPipeError):
        pass
    p.send_signal(signal.SIGKILL)
    return p.wait() == 0


def moments(m, begins, *args, stdin=b""):
    """Random times to kill at, spread over the part of a whole run that changes something."""
    began = time.time()
    m.run(*args, stdin=stdin)
    whole = time.time() - began
    rng = random.Random(3)
    return [rng.uniform(begins * whole, 1.05 * whole) for _ in range(ROUNDS)]


def some(m, n):
    for i in range(n):
        m.file(f"in/{i}.txt", f"word{i} of the council " * (20 + i))
    m.add(m.folder / "in")


def test_killed_while_rebuilding(m):
    some(m, 60)
    want = m.json("rebuild").one["digest"]
    for after in moments(m, 0, "rebuild") * 2:
        killed(m, after, "rebuild")
        m.verified()
        assert len(m.json("find", "council", "--limit", "100").lines) == 60
    assert m.json("rebuild").one["digest"] == want


def test_killed_while_publishing(m):
    some(m, 200)
    public, whole = m.folder / "public", m.folder / "whole"
    for after in moments(m, 0, "publish", "log", whole) * 3:
        shutil.rmtree(public, ignore_errors=True)
        killed(m, after, "publish", "log", public)
        m.run("publish", "log", public)
        names = [str(p.relative_to(whole)) for p in whole.rglob("*") if p.is_file()]
        assert sorted(names) == sorted(str(p.relative_to(public)) for p in public.rglob("*")
                                       if p.is_file())
        assert filecmp.cmpfiles(whole, public, names, shallow=False)[1:] == ([], [])


@sqlite_only
def test_killed_while_sealing_the_key(m):
    old = b"the first passphrase\n"
    m.add(m.file("x.txt", "some words"))
    times = moments(m, 0.5, "key", "seal", stdin=old)
    for i, after in enumerate(times * 2):
        new = b"passphrase number %d\n" % i
        answered = killed(m, after, "key", "seal", stdin=old + new)
        m.run("unlock", stdin=old, code=None)
        if m.run("list", code=None).code:
            m.run("unlock", stdin=new)
            old = new
        else:
            assert not answered, "it said that the key is sealed anew"
        m.verified()
        m.run("lock")
    m.run("unlock", stdin=old)
    m.run("lock")


def propose(m, item):
    return str(m.json("erase", item, "--reason", "r", stdin=ANA).one["proposal"])


def test_killed_while_erasing(m):
    m.run("person", "add", "Ana", stdin=ANA)
    m.run("person", "add", "Ben", stdin=BEN)
    some(m, ROUNDS + 40)
    items = [x["item"] for x in m.json("list").lines]
    times = moments(m, 0.6, "erase", "--approve", propose(m, items[0]), stdin=BEN)
    for item, after in zip(items[1:], times):
        word = m.json("show", item).one["title"].replace(".txt", "")
        proposal = propose(m, item)
        answered = killed(m, after, "erase", "--approve", proposal, stdin=BEN)
        m.verified()
        there = m.run("show", item, code=None).code == 0
        assert not (there and answered)
        assert len(m.json("find", f"word{word}").lines) == there
        if there:
            m.run("erase", "--approve", proposal, stdin=BEN)
        assert m.json("find", f"word{word}").lines == []
    assert len(m.json("list").lines) == 39
    m.json("rebuild")
    m.verified()
