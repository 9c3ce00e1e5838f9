"""The contract of the commands: what they do, their JSON fields, their exit codes."""
import base64
import hashlib
import json
import os
import pathlib
import resource
import shutil
import subprocess
import time

from vigil import Skip, alone, build, need_shared, sqlite_only


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def test_add_show_cat_text(m):
    path = m.file("in/letter.txt", "The committee asked about the visit.\n")
    got = m.add(path)[str(path)]
    assert got["status"] == "added" and got["media_type"] == "text/plain", got
    assert got["sha256"] == sha256(path.read_bytes()) and got["bytes"] == 37
    assert m.run("cat", got["item"]).out == path.read_bytes()
    assert m.run("text", got["sha256"][:10]).out == path.read_bytes()
    shown = m.json("show", got["item"]).one
    for field in ("item", "number", "sha256", "bytes", "media_type", "language", "title",
                  "acquisitions", "texts", "entries"):
        assert field in shown, field
    assert shown["number"] == 1 and shown["title"] == "letter.txt"
    assert [a["path"] for a in shown["acquisitions"]] == [str(path)]
    assert len(shown["texts"]) == 1 and shown["texts"][0]["status"] == "ok"


def test_known_bytes_are_another_acquisition(m):
    one, two = m.file("in/a.txt", "same words"), m.file("in/b.txt", "same words")
    got = m.add(one, two, "--source", "Ana Invented")
    assert got[str(one)]["status"] == "added" and got[str(two)]["status"] == "known"
    assert got[str(one)]["item"] == got[str(two)]["item"]
    shown = m.json("show", got[str(one)]["item"]).one
    assert len(shown["acquisitions"]) == 2 and len(shown["texts"]) == 1
    assert shown["acquisitions"][0]["source"] == "Ana Invented"


def test_collection_fields(m):
    path = m.file("in/x.txt", "words")
    got = m.add(path, "--source", "A. Source", "--via", "by hand", "--note", "copied from a phone",
                "--consent", "purpose=UN; recipients=OHCHR; obtained_by=B. Clerk; how=in writing;"
                " language=fr; until=2030-01-01; conditions=no name")[str(path)]
    a = m.json("show", got["item"]).one["acquisitions"][0]
    assert (a["source"], a["via"], a["note"]) == ("A. Source", "by hand", "copied from a phone")
    assert a["consent"] == {"purpose": "UN", "recipients": "OHCHR", "obtained_by": "B. Clerk",
                            "how": "in writing", "language": "fr", "until": "2030-01-01",
                            "conditions": "no name"}
    assert a["tool"].startswith("vigil ") and a["time"].endswith("Z") and a["actor"]


def test_folder_and_standard_input(m):
    m.file("in/deep/er/one.txt", "one")
    m.file("in/two.txt", "two")
    got = m.add(m.folder / "in", "-", stdin=b"from a pipe")
    assert len(got) == 3 and all(x["status"] == "added" for x in got.values())
    assert m.run("cat", got["-"]["item"]).out == b"from a pipe"


def test_numbers_count_up(m):
    paths = [m.file(f"in/{i}.txt", f"words {i}") for i in range(5)]
    got = m.add(*paths)
    listed = m.json("list").lines
    assert [x["number"] for x in listed] == [1, 2, 3, 4, 5]
    assert [x["item"] for x in listed] == [got[str(p)]["item"] for p in paths]
    assert m.json("show", "3").one["item"] == got[str(paths[2])]["item"]


def test_find_in_many_scripts(m):
    texts = {"en.txt": "The rapporteur visited Beijing in June.",
             "zh.txt": "特别报告员六月访问了北京。",
             "ru.txt": "Докладчик посетил Москву и встретился с Навальным.",
             "html.html": "<html><head><title>A page</title></head><body><p>torture is forbidden"
                          "</p><script>hidden()</script></body></html>"}
    got = m.add(*[m.file("in/" + name, text) for name, text in texts.items()])
    item = {pathlib.Path(p).name: x["item"] for p, x in got.items()}

    def found(*query):
        return {h["item"] for h in m.json("find", *query).lines}

    assert found("rapporteur") == {item["en.txt"]}
    assert found("beijing") == {item["en.txt"], item["zh.txt"]}
    assert found("北京") == {item["zh.txt"]}
    assert found("moskvu") == {item["ru.txt"]}
    assert found('"visited Beijing"') == {item["en.txt"]}
    assert found("tortur*") == {item["html.html"]}
    assert found("hidden") == set()
    assert found("beijing NOT rapporteur") == {item["zh.txt"]}
    assert found("(torture OR rapporteur) type:text/html") == {item["html.html"]}
    hit = m.json("find", "torture").one
    text = m.run("text", hit["item"]).out
    assert text[hit["start"]:hit["end"]] == b"torture" and "[torture]" in hit["snippet"], hit
    assert hit["title"] == "A page" and hit["score"] > 0 and hit["text"].startswith("text_")


def test_queries_that_are_refused(m):
    for query in ("NOT x", '"open', "(a", "a OR", "lang:", ""):
        result = m.run("find", query, code=2)
        assert result.out == b"" and len(result.err.splitlines()) == 1, result.err


def test_log_key_receipt(m):
    m.add(m.file("in/x.txt", "some words"))
    entries = m.json("log").lines
    assert [x["index"] for x in entries] == list(range(len(entries))) and len(entries) >= 3
    for field in ("index", "time", "actor", "act", "subject", "leaf"):
        assert field in entries[0]
    key = m.json("key").one
    assert key["origin"] == "example.org/test" and key["vkey"].startswith("example.org/test+")
    receipt = m.file("one.receipt", m.run("receipt", "1").out)
    offline = m.home.vigil("receipt", "--check", receipt, "--key", key["vkey"], "--json").one
    assert offline["ok"] is True and offline["index"] == 1 and offline["pinned"] is True
    assert offline["size"] == len(entries)
    unpinned = m.home.vigil("receipt", "--check", receipt, "--json").one
    assert unpinned["pinned"] is False
    with_body = m.run("receipt", "1", "--with-body").out
    assert b"item.acquire" not in receipt.read_bytes() and len(with_body) > len(receipt.read_bytes())
    # The blind opens the commitment only together with the body: alone nothing can check it.
    blind = receipt.read_bytes().index(b"blind ")
    for at in [i for i in range(0, len(receipt.read_bytes()), 7) if not blind + 6 <= i < blind + 50]:
        data = bytearray(receipt.read_bytes())
        data[at] ^= 1
        bad = m.home.vigil("receipt", "--check", m.file("bad.receipt", bytes(data)), "--key",
                           key["vkey"], code=None)
        assert bad.code in (2, 3, 5), (at, bad.code, bad.err)
    m.run("receipt", "999", code=3)


def test_publish_and_grow(m):
    out = m.folder / "public"
    m.add(m.file("in/1.txt", "one"))
    first = m.json("publish", "log", out).one
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file() and p.name != "checkpoint"}
    m.add(m.file("in/2.txt", "two"))
    second = m.json("publish", "log", out).one
    assert second["size"] > first["size"] and second["root"] != first["root"]
    assert all(p.read_bytes() == data for p, data in before.items())
    entries = b"".join(p.read_bytes() for p in out.rglob("tile/entries/*") if p.is_file())
    assert b"vigil/1\n" in entries or list(out.rglob("*.p/*"))
    hashes = m.folder / "hashes"
    m.run("publish", "log", hashes, "--hashes-only")
    assert not (hashes / "tile" / "entries").exists() and (hashes / "tile" / "0").exists()
    checkpoint = (out / "checkpoint").read_text().splitlines()
    assert checkpoint[0] == "example.org/test" and int(checkpoint[1]) == second["size"]


def test_verify_and_rebuild(m):
    m.add(*[m.file(f"in/{i}.txt", f"word{i} and more") for i in range(20)])
    said = m.verified()
    assert said["entries"] == 41 and said["objects"] == 20 and said["bytes"] > 0
    one, two = m.json("rebuild").one, m.json("rebuild").one
    assert one["ok"] is True and one["digest"] == two["digest"]
    m.verified()
    assert len(m.json("find", "word7").lines) == 1


def test_rebuild_sweeps_the_vault(m):
    """What killed programs left is removed a day later; nothing that is younger or foreign is."""
    m.add(m.file("a.txt", "kept"))
    objects = m.dir / "vault/objects"
    there = sorted(objects.rglob("*"))
    one = next(p for p in there if p.is_file())
    old, young, foreign = (one.with_name(name) for name in
                           ("0" * len(one.name), "1" * len(one.name), "notes.txt"))
    for path in (old, young, foreign):
        shutil.copy(one, path)
    for path, hours in ((one, 100), (old, 25), (young, 20), (foreign, 100)):
        os.utime(path, (time.time() - hours * 3600,) * 2)
    m.verified()
    assert old.exists()
    m.json("rebuild")
    assert sorted(objects.rglob("*")) == sorted(there + [young, foreign])
    m.verified()


def test_holds_and_consent(m):
    path = m.file("in/x.txt", "a testimony about the arrest")
    got = m.add(path, "--consent", "purpose=internal use")[str(path)]
    m.run("hold", got["item"], "--reason", "asked for by a court")
    assert m.json("show", got["item"]).one["held"] is True
    m.run("release", got["item"])
    m.run("release", got["item"], code=2)
    assert len(m.json("find", "testimony").lines) == 1
    m.run("consent", "withdraw", got["item"], "--reason", "the source asked")
    assert m.json("find", "testimony").lines == []
    m.run("cat", got["item"], code=4)
    m.run("text", got["item"], code=4)
    assert m.json("show", got["item"]).one["withdrawn"] is True
    m.run("consent", "withdraw", got["item"], code=2)
    m.verified()


def test_wrong_input(m):
    m.run("show", "nothing-such", code=3)
    m.run("cat", "0123456789abcdef", code=3)
    m.run("frobnicate", code=2)
    m.run("add", code=2)
    m.run("add", "--colour", "red", "x", code=2)
    m.run("find", "x", "--limit", "many", code=2)
    m.run("add", m.folder / "missing", code=3)
    m.run("add", m.file("x", "y"), "--consent", "weather=fine", code=2)
    m.run("init", m.dir, code=2)
    m.home.vigil("-C", m.folder / "nowhere", "list", code=3)
    m.verified()


def test_reported_and_the_rest_goes_on(m):
    good = m.file("in/good.txt", "good words")
    os.mkfifo(m.folder / "in" / "pipe")
    os.symlink("loop", m.folder / "in" / "loop")
    m.file("in/empty", b"")
    odd = os.path.join(os.fsencode(m.folder / "in"), b"n\xffme.txt")
    with open(odd, "wb") as f:
        f.write(b"a name that is not UTF-8")
    result = m.json("add", m.folder / "in", code=2)
    by_name = {x["path"].rsplit("/", 1)[1]: x for x in result.lines if "path" in x}
    assert by_name["good.txt"]["status"] == "added" and by_name["empty"]["status"] == "added"
    assert by_name["pipe"]["status"] == "failed" and "pipe" in by_name["pipe"]["error"]
    assert by_name["loop"]["status"] == "failed" and "link" in by_name["loop"]["error"]
    assert by_name["n\ufffdme.txt"]["status"] == "added"
    assert good.exists()
    m.verified()


def test_names_are_bytes(m):
    """A name that is no text keeps its bytes; one that would drive the terminal does not."""
    names = [b"n\xffme.txt", b"two\nlines", b"red\x1b[31m\x1b]0;x\x07", "turn\u202e\u009b".encode()]
    for i, name in enumerate(names):
        with open(os.path.join(os.fsencode(m.file("in/x", "").parent), name), "wb") as f:
            f.write(b"file %d" % i)
    folder = os.fsencode(m.folder / "in") + b"/"
    for line in m.json("add", m.folder / "in").lines[:-1]:
        shown = m.json("show", line["item"]).one["acquisitions"][0]
        assert shown["path"] == line["path"]
        assert shown.get("path_base64") == line.get("path_base64")
        kept = base64.b64decode(line["path_base64"]) if "path_base64" in line \
            else line["path"].encode()
        names.remove(kept[len(folder):])
        assert ("path_base64" in line) == (b"\xff" in kept)
    assert names == []
    for out in (m.run("list").out, m.run("show", "3").out, m.json("list").out):
        assert not set(out) & (set(range(32)) - {10} | {0x7f}) and b"\xc2\x9b" not in out
    assert len(m.run("list").out.splitlines()) == 5
    assert "\u202e" not in m.run("list").out.decode()
    m.json("rebuild")
    m.verified()


def test_descriptors(m):
    """Closed or broken standard descriptors: never a file of ours in their place."""
    path = m.file("a.txt", "words")

    def shell(line):
        done = subprocess.run(["bash", "-c", line, "bash", build / "vigil", m.dir, path],
                              capture_output=True, env=m.env)
        return done.returncode, done.stderr.decode()

    assert shell('"$1" -C "$2" add - <&-')[0] == 7
    assert shell('"$1" -C "$2" add "$3" >&-')[0] == 7
    assert shell('"$1" -C "$2" add "$3" 2>&-')[0] == 0
    assert shell('"$1" -C "$2" list >/dev/full')[0] == 7
    code, said = shell('"$1" -C "$2" list | true; exit ${PIPESTATUS[0]}')
    assert code in (0, 7) and said == ""
    assert [x["title"] for x in m.json("list").lines] == ["a.txt"]
    m.run("cat", "1", "--json", code=2)
    m.verified()


def test_preserved_without_extraction(m):
    """Where nothing can be extracted, files are preserved, and adding them again makes up for it."""
    alone = m.file("alone/vigil", (build / "vigil").read_bytes())
    alone.chmod(0o755)
    path = m.file("x.txt", "council")
    result = m.home.vigil("-C", m.dir, "add", path, "--json", program=alone)
    assert result.one["status"] == "added" and "texts cannot be had" in result.err
    assert m.json("find", "council").lines == []
    m.add(path)
    assert len(m.json("find", "council").lines) == 1


def test_deep_folders(m):
    path = m.folder / "in"
    path.mkdir()
    for _ in range(400):
        path = path / "d"
        path.mkdir()
    (path / "deep.txt").write_text("far below")
    assert list(m.add(m.folder / "in")) == [str(path / "deep.txt")]


@alone
def test_init_leaves_nothing_of_a_failure(home):
    for name in ("mine", "keys"):
        (home.folder / name).mkdir()
    other = home.file("keys/stick.key", "somebody else's key")
    home.vigil("init", "mine", "--database", "postgresql://nobody@/x?host=/nonexistent", code=7)
    home.vigil("init", "new", "--name", "two\nlines", code=2)
    home.env["VIGIL_KEY"] = str(other)
    home.vigil("init", "new", code=2)
    assert other.read_text() == "somebody else's key"
    assert sorted(p.name for p in home.folder.iterdir()) == ["home", "keys", "mine", "run"]
    assert list((home.folder / "mine").iterdir()) == []
    assert [p for p in (home.folder / "home").rglob("*") if p.is_file()] == []


def limited_files(size):
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@alone
def test_init_leaves_no_schema_of_a_failure(home):
    """The schema is there when the first checkpoint cannot be written: it goes again."""
    url = os.environ.get("VIGIL_TEST_PG")
    if not url:
        raise Skip("VIGIL_TEST_PG is not set")

    def schemas():
        return subprocess.run(["psql", url, "-Atc", "SELECT nspname FROM pg_namespace ORDER BY 1"],
                              check=True, capture_output=True).stdout

    before = schemas()
    for size in (0, 150, 300):
        failed = home.vigil("init", "new", "--database", url, code=7, preexec_fn=limited_files(size))
        assert size == 0 or "checkpoint" in failed.err, failed.err
        assert schemas() == before
        assert not (home.folder / "new").exists()
    home.vigil("init", "new", "--database", url)
    assert schemas() != before


@alone
def test_help(home):
    text = home.vigil("help").out.decode()
    for name in ["", *(json.loads(line)["command"] for line in
                       home.vigil("help", "--json").out.splitlines())]:
        lines = home.vigil("help", *name.split()).out.decode().splitlines()
        assert all(len(line) <= 80 for line in lines), name
    for name in ("init", "add", "find", "verify", "erase", "publish"):
        assert name in text
        assert home.vigil("help", name).out.decode().startswith("usage: vigil")
    home.vigil("help", "nonsense", code=2)
    assert b".Dt VIGIL 1" in home.vigil("help", "--man").out
    assert b"complete " in home.vigil("help", "--bash-completion").out
    assert home.vigil("--version").out.startswith(b"vigil ")
    if shutil.which("mandoc"):
        page = home.file("vigil.1", home.vigil("help", "--man").out)
        assert subprocess.run(["mandoc", "-Tlint", page], capture_output=True).stdout == b""


@alone
def test_completion(home):
    script = home.file("completion", home.vigil("help", "--bash-completion").out)
    ask = '''. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _vigil
             echo "${COMPREPLY[@]}"'''
    for words, want in ((["re"], "receipt rebuild release"), (["-C", "add", "verif"], "verify"),
                        (["key", ""], "seal"), (["person", "l"], "list"), (["publish", ""], "log"),
                        (["-C", ""], ""), (["list", "-C", ""], ""),
                        (["add", "--v"], "--via"), (["help", "era"], "erase")):
        out = subprocess.run(["bash", "-c", ask, "bash", script, "vigil", *words],
                             capture_output=True, text=True)
        assert out.stderr == "" and set(want.split()) <= set(out.stdout.split()), (words, out)
        assert want or not out.stdout.split(), (words, out)


@sqlite_only
def test_a_long_text(m):
    """Memory has a bound though all words differ, and queries mean what they mean of short texts."""
    words = [str(10_000_000 + i) for i in range(1_500_000)]
    path = m.file("long.txt", " ".join(words))
    m.add(m.file("short.txt", f"{words[1]} {words[0]} {words[-1]}"))
    adding = subprocess.Popen([build / "vigil", "-C", m.dir, "add", path], env=m.env,
                              stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(adding.pid, 0)
    adding.returncode = os.waitstatus_to_exitcode(status)
    assert adding.returncode == 0
    # The sanitizers' own memory comes on top.
    assert used.ru_maxrss < 200_000 or "asan" in str(build), used.ru_maxrss

    def found(query):
        return [hit["title"] for hit in m.json("find", query).lines]

    assert found(f"{words[0]} {words[-1]}") == ["short.txt", "long.txt"]
    for i in range(0, len(words) - 2, len(words) // 20):
        assert found(f'"{words[i]} {words[i + 1]}"') == ["long.txt"]
    assert found(f"{words[5]} NOT {words[-5]}") == []
    assert found(f"{words[0]} NOT {words[-5]}") == ["short.txt"]
    assert found(f'"{words[1]} {words[0]}"') == ["short.txt"]
    m.verified()
    m.json("rebuild")
    assert found(words[777_777]) == ["long.txt"]


def test_real_collections(m):
    """The Universal Declaration in all its languages: every text comes back as it was."""
    folder = need_shared("data/udhr/by-language")
    got = m.add(folder, timeout=600)
    assert len(got) > 400 and all(x["status"] in ("added", "known") for x in got.values())
    for name in ("eng", "rus", "cmn_hans", "bod", "uig_arab", "arb", "tha", "khm"):
        path = folder / f"{name}.txt"
        if path.exists():
            assert m.run("cat", got[str(path)]["item"]).out == path.read_bytes()
    assert len(m.json("find", "declaration", "--limit", "1000").lines) >= 1
    m.verified()
