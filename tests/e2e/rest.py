"""At rest: a locked mechanism's folder tells nothing; keys in and out of memory; erasure."""
import hashlib
import re

from vigil import sqlite_only

SECRET = b"correct horse battery\n"
ANA, BEN = b"ana's own passphrase\n", b"ben's own passphrase\n"


def holding(folder, words):
    """Which of the words stand in any byte of any file (or file name) below the folder."""
    found = set()
    for path in folder.rglob("*"):
        data = path.name.encode() + (path.read_bytes() if path.is_file() else b"")
        for word in words:
            if word.lower() in data.lower():
                found.add((word, path.name))
    return found


def telling(content, path):
    digest = hashlib.sha256(content)
    return [b"Quindarvio", b"testimony", b"Sorvandia", path.name.encode(), b"hidden-folder",
            digest.digest(), digest.hexdigest().encode(), b"example.org", b"item.acquire",
            b"sqlite format"]


def test_locked_folder_tells_nothing(m):
    """With PostgreSQL too: there the folder holds the objects and the settings."""
    content = b"The testimony of Quindarvio about the prison in Sorvandia.\n"
    path = m.file("hidden-folder/interview-quindarvio.txt", content)
    page = m.file("hidden-folder/page.html", b"<title>Sorvandia</title><p>Quindarvio spoke")
    m.add(path, page, "--source", "Quindarvio's sister", "--note", "Sorvandia, second visit")
    assert len(m.json("find", "quindarvio").lines) == 2
    m.run("key", "seal", stdin=SECRET)
    assert holding(m.dir, telling(content, path)) == set()
    m.run("find", "quindarvio", code=4)
    m.run("add", path, code=4)
    state = m.folder / "home" / ".local"
    assert holding(state, telling(content, path)[:7]) == set()


@sqlite_only
def test_folder_in_use_tells_nothing_either(m):
    """While the databases are in use, and after a kill, their write-ahead logs are there."""
    import subprocess
    from vigil import build
    content = b"The testimony of Quindarvio about the prison in Sorvandia.\n"
    path = m.file("hidden-folder/interview-quindarvio.txt", content)
    for i in range(300):
        m.file(f"hidden-folder/{i}.txt", b"testimony %d " % i + content)
    adding = subprocess.Popen([build / "vigil", "-C", m.dir, "add", path.parent, "-", "--json",
                               "--source", "Quindarvio's sister"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=m.env)
    assert b"added" in adding.stdout.readline()  # so the first batch is committed
    adding.kill()
    adding.communicate()
    assert (m.dir / "vigil.db-wal").stat().st_size > 100_000
    assert holding(m.dir, telling(content, path)) == set()
    assert len(m.json("list").lines) > 0
    m.verified()


def test_unlock_and_lock(m):
    m.add(m.file("x.txt", "some words"))
    m.run("lock", code=2)
    m.run("unlock", code=2, stdin=SECRET)
    m.run("key", "seal", stdin=SECRET)
    m.run("list", code=4)
    m.run("unlock", stdin=b"not the passphrase\n", code=4)
    m.run("list", code=4)
    m.run("unlock", "--for", "1h", stdin=SECRET)
    assert len(m.json("list").lines) == 1
    m.run("lock")
    m.run("list", code=4)
    m.run("unlock", "--for", "1s", stdin=SECRET)
    import time
    time.sleep(1.6)
    m.run("list", code=4)
    m.run("key", "seal", stdin=SECRET + b"a new passphrase for it\n")
    m.run("unlock", stdin=SECRET, code=4)
    m.run("unlock", stdin=b"a new passphrase for it\n")
    m.verified()
    m.run("lock")


def propose_and_approve(m, name):
    proposal = m.json("erase", name, "--reason", "the source asked", stdin=ANA).one["proposal"]
    m.run("erase", "--approve", str(proposal), stdin=ANA, code=4)
    return m.json("erase", "--approve", str(proposal), stdin=BEN).one


def two_people(m):
    m.run("person", "add", "Ana", stdin=ANA)
    m.run("person", "add", "Ben", stdin=BEN)
    assert [p["name"] for p in m.json("person", "list").lines] == ["Ana", "Ben"]
    m.run("person", "add", "Ana", stdin=ANA, code=2)


def test_erasure(m):
    two_people(m)
    keep = m.file("keep.txt", "words that stay, about Sorvandia")
    path = m.file("gone.txt", "Quindarvio said so. Unique-word zyxwabc.")
    got = m.add(keep, path)
    item = got[str(path)]["item"]
    m.run("hold", item)
    m.run("erase", item, "--reason", "r", stdin=ANA, code=4)
    m.run("release", item)
    m.run("erase", item, stdin=ANA, code=2)
    m.run("erase", item, "--reason", "r", stdin=b"nobody's passphrase\n", code=4)
    done = propose_and_approve(m, item)
    m.run("show", item, code=3)
    assert m.json("find", "zyxwabc").lines == []
    entries = m.json("log", "--limit", "100").lines
    erased = [x["index"] for x in entries if x["act"] is None]
    assert len(erased) >= 4 and entries[done["entry"]]["act"] == "erasure.carry_out"
    m.run("receipt", str(erased[0]), "--with-body", code=3)
    m.verified()
    m.json("rebuild")
    m.verified()
    assert m.json("find", "zyxwabc").lines == [] and len(m.json("find", "stay").lines) == 1
    again = m.add(path)[str(path)]
    assert again["status"] == "added" and again["number"] == 3 and again["item"] != item


def test_erasing_one_of_two_acquisitions(m):
    two_people(m)
    one, two = m.file("one-quindarvio.txt", "the same"), m.file("two.txt", "the same")
    item = m.add(one, two)[str(one)]["item"]
    first = m.json("show", item).one["acquisitions"][0]["acquisition"]
    propose_and_approve(m, first)
    shown = m.json("show", item).one
    assert [a["path"] for a in shown["acquisitions"]] == [str(two)]
    assert shown["title"] == "two.txt" and m.run("cat", item).out == b"the same"
    m.verified()
    m.json("rebuild")
    m.verified()


@sqlite_only
def test_erasure_leaves_no_word_in_any_page(m):
    """Every page of both databases, decrypted: nothing of what was erased is left in it."""
    two_people(m)
    for i in range(30):
        m.file(f"many/{i}.txt", f"filler {i} " * 200)
    m.add(m.folder / "many")
    content = "Quindarvio zyxwabc Sorvandia " * 50
    path = m.file("gone-quindarvio.txt", content)
    item = m.add(path, "--source", "Quindarvio's brother", "--note", "zyxwabc")[str(path)]
    before = pages(m)
    words = [b"quindarvio", b"zyxwabc", b"zyxw", item["item"].encode(),
             bytes.fromhex(item["sha256"])]
    assert any(w in before for w in words)
    propose_and_approve(m, item["item"])
    after = pages(m)
    left = [w for w in words if w in after]
    # The entry that carried it out names the id, and nothing else does.
    assert left in ([], [item["item"].encode()]), left
    m.verified()


def pages(m):
    """All decrypted pages of the databases, as one run of lower-case bytes."""
    from vigil import build
    out = b""
    for name in ("vigil.db", "index.db"):
        out += m.home.vigil(m.dir, name, program=build / "test-pages", timeout=60).out
    assert len(out) > 10000 and b"SQLite format" in out
    return re.sub(rb"[A-Z]+", lambda x: x[0].lower(), out)
