"""Faults: kill -9 at any moment, flipped bytes, full disks, several at once, rollback."""
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import time

from vigil import Mechanism, Skip, alone, build, sqlite_only

ROUNDS = int(os.environ.get("VIGIL_KILL_ROUNDS", "200"))


def corpus(m, folder, n, seed):
    rng = random.Random(seed)
    words = ["council", "letter", "visit", "答复", "свобода", "law", "vote", "réponse"]
    for i in range(n):
        text = f"{folder} {i} " + " ".join(rng.choices(words, k=rng.randint(5, 400)))
        m.file(f"{folder}/{i:03}.txt", text)
    return m.folder / folder


def test_killed_at_any_moment(m):
    """What was answered is there after kill -9, and everything else is whole."""
    rng = random.Random(7)
    answered = {}
    began = time.time()
    m.add(corpus(m, "whole", 12, 999))
    whole = time.time() - began
    for i in range(ROUNDS):
        folder = corpus(m, f"in{i}", 12, i)
        adding = subprocess.Popen([build / "vigil", "-C", m.dir, "add", folder, "--json"],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=m.env)
        time.sleep(rng.uniform(0, 1.1 * whole))
        adding.send_signal(signal.SIGKILL)
        said = adding.communicate()[0].decode().splitlines()
        for line in said:
            try:
                got = json.loads(line)
            except ValueError:
                continue  # cut in the middle by the kill
            answered[got["path"]] = got
        # As many kills before the first answer as after it, however busy the machine is.
        whole *= 0.9 if said else 1.1
        shutil.rmtree(folder)
        if i % 20 == 19:
            m.verified()
    m.verified()
    listed = {x["sha256"] for x in m.json("list").lines}
    lost = [p for p, x in answered.items() if x["sha256"] not in listed]
    assert not lost and answered, (len(answered), lost)
    some = random.Random(1).sample(sorted(answered), min(10, len(answered)))
    for path in some:
        data = m.run("cat", answered[path]["item"]).out
        assert hashlib.sha256(data).hexdigest() == answered[path]["sha256"]
    m.json("rebuild")
    m.verified()


def test_two_at_once(m):
    folders = [corpus(m, f"at-once-{i}", 150, 3) for i in range(2)]
    same = corpus(m, "same", 50, 9)
    running = [subprocess.Popen([build / "vigil", "-C", m.dir, "add", f, same],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=m.env)
               for f in folders]
    for r in running:
        out, err = r.communicate()
        assert r.returncode == 0, err
    items = m.json("list").lines
    assert len(items) == len({x["sha256"] for x in items}) == 350, len(items)
    assert sorted(x["number"] for x in items) == list(range(1, 351))
    assert len(m.json("find", "council OR letter OR visit OR law", "--limit", "1000").lines) == 350
    m.verified()


def files_of(m):
    return sorted(p for p in m.dir.rglob("*") if p.is_file())


@sqlite_only
def test_flipped_bytes(m):
    """Any single byte damaged anywhere in the folder: harmless, or reported by verify."""
    m.add(corpus(m, "in", 6, 1), "--source", "An Invented Source")
    m.run("publish", "log", m.folder / "public")
    want = {x["item"]: m.run("cat", x["item"]).out for x in m.json("list").lines}
    saved = m.folder / "saved"
    shutil.copytree(m.dir, saved)
    rng = random.Random(5)
    reported = harmless = 0
    for path in files_of(m):
        size = path.stat().st_size
        spots = set(rng.sample(range(size), min(size, 12))) | {0, size - 1, size // 2}
        for at in sorted(spots):
            original = path.read_bytes()
            path.write_bytes(original[:at] + bytes([original[at] ^ (1 << rng.randrange(8))]) +
                             original[at + 1:])
            result = m.json("verify", code=None)
            if result.code == 0:
                harmless += 1
                for item, data in want.items():
                    assert m.run("cat", item).out == data, (path.name, at)
            else:
                assert result.code in (3, 5, 7), (path.name, at, result.code, result.err)
                reported += 1
            shutil.rmtree(m.dir)
            shutil.copytree(saved, m.dir)
    m.verified()
    assert reported > 20 and reported > 10 * harmless, (reported, harmless)


@sqlite_only
def test_flipped_bytes_after_a_kill(m):
    """What a killed run left in the write-ahead logs is either whole, or reported."""
    folder = corpus(m, "in", 300, 2)
    adding = subprocess.Popen([build / "vigil", "-C", m.dir, "add", folder, "-", "--json"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, env=m.env)
    answered = {json.loads(adding.stdout.readline())["sha256"] for _ in range(300)}
    adding.kill()
    adding.communicate()
    places = {name: m.folder / "saved" / name for name in ("mechanism", "home")}
    for name, saved in places.items():
        shutil.copytree(m.folder / name, saved)
    rng = random.Random(8)
    reported = 0
    for name in ("vigil.db-wal", "index.db-wal", "vigil.db", "index.db"):
        for _ in range(6):
            data = bytearray((m.dir / name).read_bytes())
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
            (m.dir / name).write_bytes(data)
            result = m.json("verify", code=None)
            assert result.code in (0, 5), (name, result.code, result.err)
            reported += result.code == 5
            if result.code == 0:
                assert answered <= {x["sha256"] for x in m.json("list").lines}, name
            for below, saved in places.items():
                shutil.rmtree(m.folder / below)
                shutil.copytree(saved, m.folder / below)
    assert reported >= 6


@sqlite_only
def test_truncated_and_missing_files(m):
    m.add(corpus(m, "in", 6, 1))
    saved = m.folder / "saved"
    shutil.copytree(m.dir, saved)
    for path in files_of(m):
        for damage in (lambda p: p.unlink(), lambda p: p.write_bytes(p.read_bytes()[:-1]),
                       lambda p: p.write_bytes(b"")):
            damage(path)
            result = m.json("verify", code=None)
            assert result.code in (3, 5, 7), (path.name, result.code)
            shutil.rmtree(m.dir)
            shutil.copytree(saved, m.dir)
    m.verified()


@sqlite_only
def test_an_older_copy_is_noticed(m):
    m.add(corpus(m, "one", 3, 1))
    saved = m.folder / "saved"
    shutil.copytree(m.dir, saved)
    m.add(corpus(m, "two", 3, 2))
    shutil.rmtree(m.dir)
    shutil.copytree(saved, m.dir)
    result = m.run("list", code=5)
    assert "checkpoint" in result.err or "behind" in result.err or "copy" in result.err, result.err
    m.run("add", m.folder / "two", code=5)


def limited(n):
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (n, n))


@sqlite_only
def test_full_disk(m):
    """Files may not grow past a limit, as on a full disk: an error, and nothing half-written."""
    m.add(m.file("small.txt", "already there"))
    big = m.file("big.bin", os.urandom(3_000_000))
    many = corpus(m, "many", 300, 4)
    for limit in (1000, 20_000, 200_000, 1_000_000):
        result = m.json("add", big, many, code=None, preexec_fn=limited(limit))
        assert result.code in (0, 7), (limit, result.code, result.err)
        m.verified()
    m.add(big, many)
    m.verified()
    assert len(m.json("list").lines) == 302


class Disk:
    """A small disk of its own, to be filled."""

    def __init__(self, where, size):
        self.where = where
        where.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", where],
                          stderr=subprocess.DEVNULL).returncode:
            raise Skip("no small disk can be mounted here")

    def fill(self, left):
        self.empty()
        free = os.statvfs(self.where)
        with open(self.where / "filling", "wb") as f:
            f.write(bytes(max(0, free.f_bavail * free.f_bsize - left)))

    def empty(self):
        (self.where / "filling").unlink(missing_ok=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", self.where], check=True)


@alone
def test_full_disk_in_earnest(home):
    """A disk that fills while something is added, rebuilt, published, erased; while a key is
    sealed: each says so, all that was there is there, and with room again each goes through."""
    ana, ben, secret = b"ana's own passphrase\n", b"ben's own passphrase\n", b"a long secret\n"
    rng = random.Random(6)
    words = ["".join(rng.choices("abcdefghijkl", k=7)) for _ in range(9000)]
    outside = home.folder
    with Disk(outside / "disk", "40m") as disk:
        for name in ("HOME", "XDG_RUNTIME_DIR"):
            home.env[name] = str(disk.where / name)
            (disk.where / name).mkdir(mode=0o700)
        home.folder = disk.where
        m = Mechanism(home, None)
        for i in range(100):
            m.file(outside / "texts" / f"{i}.txt", " ".join(rng.sample(words, 6000)))
        texts = m.file(outside / "texts" / "last.txt", "zyxwabc").parent
        m.run("person", "add", "Ana", stdin=ana)
        m.run("person", "add", "Ben", stdin=ben)
        m.add(texts)
        proposal = str(m.json("erase", str(len(m.json("list").lines)), "--reason", "r",
                              stdin=ana).one["proposal"])
        disk.fill(1_000_000)
        many = m.file(outside / "many" / "0.bin", rng.randbytes(3_000_000)).parent
        for i in range(40):
            m.file(many / f"{i}.txt", rng.randbytes(60_000))
        result = m.json("add", many, code=7)
        told = {x["path"]: x["status"] for x in result.lines}
        assert told[str(many / "0.bin")] == "failed" and len(told) == len(list(many.iterdir()))
        m.verified()
        m.run("rebuild", code=7)
        m.verified()
        assert len(m.json("find", "zyxwabc").lines) == 1
        disk.fill(200_000)
        m.run("erase", "--approve", proposal, stdin=ben, code=7)
        disk.fill(0)
        m.run("key", "seal", stdin=secret, code=7)
        m.run("publish", "log", disk.where / "public", code=7)
        disk.empty()
        m.verified()
        m.add(many)
        if m.json("find", "zyxwabc").lines:
            m.run("erase", "--approve", proposal, stdin=ben)
        assert m.json("find", "zyxwabc").lines == []
        m.json("rebuild")
        m.json("publish", "log", disk.where / "public")
        m.run("key", "seal", stdin=secret)
        m.run("unlock", stdin=secret)
        m.verified()
        m.run("lock")


def test_changing_file(m):
    """A file that changes while it is read is not taken in as if it were whole."""
    path = m.file("growing.log", os.urandom(40_000_000))
    stop = time.time() + 20
    seen = set()
    while time.time() < stop and "failed" not in seen:
        adding = subprocess.Popen([build / "vigil", "-C", m.dir, "add", path, "--json"],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=m.env)
        while adding.poll() is None:
            with open(path, "r+b") as f:
                f.seek(random.randrange(40_000_000))
                f.write(os.urandom(8))
            time.sleep(0.002)
        out, err = adding.communicate()
        seen.add("failed" if b"changed while it was read" in err else "added")
    assert "failed" in seen, seen
    m.verified()


def test_unreadable(m):
    good = m.file("good.txt", "good")
    bad = m.file("bad.txt", "bad")
    bad.chmod(0)
    if os.geteuid() == 0:
        bad = m.folder / "missing.txt"
    result = m.json("add", bad, good, code=None)
    assert result.code in (3, 4) and len(result.err.splitlines()) <= 3
    assert [x["status"] for x in result.lines if "status" in x] == ["failed", "added"]
    m.verified()
