"""Custody: what somebody forges who has the key and the database in hand is told by verify; what
is published is checked by programs of others."""
import os
import pathlib
import shutil
import subprocess

from vigil import Skip, build, root, sqlite_only

SERVER = pathlib.Path("/usr/lib/postgresql/15/bin")

# What is planted, in which database (the index has its own on SQLite), and what verify must name.
FORGERIES = [
    ("two bodies exchanged", "log", "entry",
     "UPDATE entry SET sealed = (SELECT sealed FROM kept WHERE kept.idx = 7 - entry.idx)"
     " WHERE idx IN (3, 4)", {"entry"}),
    ("two entries exchanged", "log", "entry",
     "UPDATE entry SET commitment = (SELECT commitment FROM kept WHERE kept.idx = 7 - entry.idx),"
     " sealed = (SELECT sealed FROM kept WHERE kept.idx = 7 - entry.idx) WHERE idx IN (3, 4)",
     {"entry", "log"}),
    ("an entry's day", "log", "entry",
     "UPDATE entry SET day = '2001-02-03' WHERE idx = 2", {"entry", "log"}),
    ("a body taken away", "log", "entry",
     "UPDATE entry SET sealed = NULL WHERE idx = 3", {"entry"}),
    ("an entry taken away", "log", "entry", "DELETE FROM entry WHERE idx = 3", {"entry"}),
    ("the last entry taken away", "log", "entry",
     "DELETE FROM entry WHERE idx = (SELECT max(idx) FROM kept)", {"entry"}),
    ("an entry too many", "log", "entry",
     "INSERT INTO entry SELECT idx + 1000, day, commitment, sealed FROM kept WHERE idx = 2",
     {"log"}),
    ("a tile taken away", "log", "tile", "DELETE FROM tile", {"tile"}),
    ("two keys of objects exchanged", "log", "object",
     "UPDATE object SET wrapped = (SELECT wrapped FROM kept WHERE kept.sha256 <> object.sha256"
     " ORDER BY kept.sha256 LIMIT 1)", {"object"}),
    ("an object's row taken away", "log", "object",
     "DELETE FROM object WHERE sha256 = (SELECT sha256 FROM kept ORDER BY sha256 LIMIT 1)", {"object"}),
    ("another title", "log", "item", "UPDATE item SET title = 'forged' WHERE number = 2", {"view"}),
    ("another size", "log", "item", "UPDATE item SET bytes = bytes + 1", {"view"}),
    ("an item taken away", "log", "item", "DELETE FROM item WHERE number = 2", {"view"}),
    ("another source", "log", "acquisition", "UPDATE acquisition SET source = 'forged'", {"view"}),
    ("another text's bytes", "log", "text",
     "UPDATE text SET sha256 = (SELECT sha256 FROM kept ORDER BY sha256 LIMIT 1)", {"view"}),
    ("a number given anew", "log", "counter", "UPDATE counter SET value = value - 1", {"view"}),
    ("a text out of the index", "index", "search_text",
     "DELETE FROM search_text WHERE number = (SELECT min(number) FROM kept)", {"view"}),
]


def schema(m):
    return "vigil_" + (m.dir / "mechanism").read_text().split("\n")[1].split("_")[1]


def server(m, program, *args, **more):
    if not (SERVER / program).exists():
        raise Skip(f"{program} is not here")
    done = subprocess.run([SERVER / program, m.url, *args], capture_output=True, **more)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def sql(m, where, statement):
    if m.url:
        server(m, "psql", "-q", "-v", "ON_ERROR_STOP=1", "-c",
               f'SET search_path TO "{schema(m)}"; {statement}')
    else:
        name = "index.db" if where == "index" else "vigil.db"
        m.home.vigil(m.dir, name, statement, program=build / "test-pages")


def some(m):
    m.add(*[m.file(f"in/{i}.txt", f"the letter number {i} of many") for i in range(8)],
          "--source", "An Invented Source")


def kinds(m):
    """What verify finds: the kinds of its faults."""
    lines = m.json("verify", code=5).lines
    assert [x["ok"] for x in lines if "ok" in x] == [False], lines
    return {x["kind"] for x in lines if "kind" in x}


def test_forged_rows_are_told(m):
    some(m)
    for what, where, table, statement, want in FORGERIES:
        sql(m, where, f"CREATE TABLE kept AS SELECT * FROM {table}")
        sql(m, where, statement)
        got = kinds(m)
        assert want <= got, (what, got)
        sql(m, where, f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept;"
            " DROP TABLE kept")
        m.verified()


def objects(m):
    return sorted(p for p in (m.dir / "vault" / "objects").rglob("*") if p.is_file())


def test_forged_objects_are_told(m):
    some(m)
    one, two = objects(m)[:2]
    saved = m.folder / "saved"
    for change in (lambda: one.unlink(),
                   lambda: shutil.copyfile(two, one),
                   lambda: one.rename(one.with_name(one.name[:-1] + "g")),
                   lambda: one.write_bytes(one.read_bytes()[:-1]),
                   lambda: one.write_bytes(b"")):
        shutil.copyfile(one, saved)
        change()
        assert "object" in kinds(m)
        shutil.copyfile(saved, one)
        m.verified()


def test_adding_again_mends_a_damaged_object(m):
    some(m)
    m.file("large.bin", os.urandom(5_000_000))
    m.add(m.folder / "in", m.folder / "large.bin")
    for i, path in enumerate(objects(m)):
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]) if i % 2 else data[:-1])
    assert "object" in kinds(m)
    again = m.add(m.folder / "in", m.folder / "large.bin")
    assert {x["status"] for x in again.values()} == {"known"}
    m.verified()


def test_an_older_state_of_the_server_is_noticed(m):
    """As test_an_older_copy_is_noticed, for what a backup of PostgreSQL brings back."""
    if not m.url:
        raise Skip("SQLite has its own test")
    some(m)
    dump = server(m, "pg_dump", "-n", schema(m))
    m.add(m.file("later.txt", "what came later"))
    sql(m, "log", f'DROP SCHEMA "{schema(m)}" CASCADE')
    server(m, "psql", "-q", "-v", "ON_ERROR_STOP=1", input=dump)
    for command in ("list", "verify"):
        result = m.run(command, code=5)
        assert "older copy" in result.err, result.err
    m.run("add", m.folder / "later.txt", code=5)


def go(m):
    if not shutil.which("go") or not pathlib.Path("/usr/share/gocode/src/golang.org/x/mod").exists():
        raise Skip("go and golang-golang-x-mod-dev are not here")
    return dict(m.env, GOCACHE=str(m.folder / "go"), PATH=os.environ["PATH"])


def outside(m, program, *args, code=0):
    done = subprocess.run([root / "tests" / "outside" / program, *args], env=go(m),
                          capture_output=True, timeout=300)
    assert done.returncode == code, done.stdout.decode() + done.stderr.decode()
    return done.stdout.decode()


@sqlite_only
def test_an_outsiders_program_checks_the_log(m):
    """Go's own packages for transparency logs, which share no line with ours."""
    public, seen = m.folder / "public", []
    for n in (1, 40, 120):  # the last publication has a full tile and two levels
        m.add(*[m.file(f"in{n}/{i}.txt", f"letter {n} {i}") for i in range(n)])
        m.run("publish", "log", public)
        seen.append(m.folder / f"checkpoint.{n}")
        shutil.copyfile(public / "checkpoint", seen[-1])
    vkey = m.json("key").one["vkey"]
    assert (public / "tile" / "1").exists()
    outside(m, "check_log", public, vkey, *seen)
    hashes = m.folder / "hashes"
    m.run("publish", "log", hashes, "--hashes-only")
    outside(m, "check_log", hashes, vkey, *seen)
    # Another history under the same name and key is not an extension of what was seen.
    lines = seen[0].read_text().split("\n")
    seen[0].write_text("\n".join([lines[0], "2"] + lines[2:]))
    outside(m, "check_log", public, vkey, *seen, code=1)


@sqlite_only
def test_an_outsiders_program_notices_every_change(m):
    public = m.folder / "public"
    some(m)
    m.run("publish", "log", public)
    m.add(m.file("more.txt", "one more"))
    m.run("publish", "log", public)
    said = outside(m, "try_check_log", public, m.json("key").one["vkey"])
    passed, failed = said.splitlines()[-1].split(", ")
    assert int(passed.split()[0]) > 25 and failed == "0 failed", said
