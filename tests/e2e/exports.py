"""What leaves: exports that come back as they were, consent for one recipient, embargo, compartments, what
was withheld is in no byte; what was given is listed and called back; disclosures by two people."""
import csv
import hashlib
import io
import json
import os
import pathlib
import re
import subprocess
import unicodedata
import zipfile

from records import invent_states
from vigil import root

COURT = "Court of Freedonia"
CONSENT = f"purpose=trial, research; recipients={COURT}; conditions=no names in public"


class Other:
    """A second mechanism of the same person."""

    def __init__(self, m, name="other"):
        self.m, self.dir = m, m.folder / name
        database = ["--database", m.url] if m.url else []
        m.home.vigil("init", self.dir, "--name", "example.org/other", *database)

    def run(self, command, *args, **more):
        return self.m.home.vigil("-C", self.dir, command, *args, **more)

    def json(self, command, *args, **more):
        return self.run(command, *args, "--json", **more)


def new(m, *args):
    return m.json("new", *args).one["record"]


def item(m, name, text, *args):
    path = m.file(name, text)
    return m.add(path, *args)[str(path)]["item"]


def summary(result):
    return json.loads(result.err.strip().splitlines()[-1])


def export(m, *args, **more):
    """The bytes, and what stderr tells of them."""
    done = m.json("export", *args, **more)
    return done.out, summary(done)


def table(out):
    return list(csv.DictReader(io.StringIO(out.decode(), newline="")))


def said(m, record):
    """What is claimed of a record: property, value as typed, stance."""
    return sorted((c["property"], c["typed"], c["stance"])
                  for c in m.json("show", record).one["claims"])


# ---- consent ----

def a_secret(m):
    """A law that rests on what only one court may have for a trial, and one that anybody may."""
    free = item(m, "free.txt", "The Assembly Act was enacted.\n")
    secret = item(m, "secret.txt", "A witness tells of the Hidden Act.\n", "--consent", CONSENT)
    open_law = new(m, "law", "title=Assembly Act", "--cite", free)
    hidden = new(m, "law", "title=Hidden Act", "summary=whispered words", "--cite", secret)
    m.run("claim", open_law, "summary=overheard words", "--cite", secret)
    return free, secret, open_law, hidden


def test_consent_for_one_recipient(m):
    free, secret, open_law, hidden = a_secret(m)
    words = (b"Hidden", b"whispered", b"overheard", hidden.encode(), secret.encode())
    cases = [
        ([], False), (["--to", COURT], False), (["--purpose", "trial"], False),
        (["--to", "Court of Sylvania", "--purpose", "trial"], False),
        (["--to", COURT, "--purpose", "publication"], False),
        (["--to", COURT, "--purpose", "trial, publication"], False),
        (["--to", f"{COURT}, Court of Sylvania", "--purpose", "trial"], False),
        (["--to", "court of  FREEDONIA", "--purpose", "Trial"], True),
        (["--to", COURT, "--purpose", "research, trial"], True),
    ]
    for form in ("csv", "jsonl", "ftm", "esf"):
        for how, all_of_it in cases:
            out, told = export(m, form, *how)
            found = [w for w in words if w in out]
            if form == "esf":
                found = [w for w in words for n in zipfile.ZipFile(io.BytesIO(out)).namelist()
                         if w in zipfile.ZipFile(io.BytesIO(out)).read(n)]
            if form in ("ftm", "esf"):
                assert not found and told["records"] == 0, (form, how, told)
                assert told["left_out_records"] == 1 + all_of_it, (form, how, told)
                continue
            assert bool(found) == all_of_it, (form, how, found)
            withheld = (0, 0) if all_of_it else (3, 1)
            assert (told["withheld"], told["withheld_records"]) == withheld, (form, how, told)
            assert told["records"] == 1 + all_of_it and told["claims"] == 1 + 3 * all_of_it
            assert told["conditions"] == (["no names in public"] if all_of_it else [])
            assert told["sha256"] == hashlib.sha256(out).hexdigest()
            assert told["bytes"] == len(out) and told["complete"] is True
    for form in ("csv", "jsonl"):
        out, told = export(m, form, "law", "title=Hidden Act", "--to", "Court of Sylvania")
        assert told["records"] == 0 and b"Hidden" not in out
        assert told["withheld"] == 0, "that something was looked for and is withheld is told by nothing"
    m.verified()
    m.run("rebuild")


def test_any_acquisition_that_stands_allows(m):
    free, secret, open_law, hidden = a_secret(m)
    m.run("add", m.folder / "secret.txt", "--consent", "recipients=Court of Sylvania")
    out, told = export(m, "jsonl", "--to", "Court of Sylvania", "--purpose", "anything")
    assert b"whispered" in out and told["withheld"] == 0 and told["conditions"] == []
    out, told = export(m, "jsonl", "--to", COURT, "--purpose", "trial")
    assert b"whispered" in out and told["conditions"] == ["no names in public"]
    acquisitions = [a["acquisition"] for a in m.json("show", secret).one["acquisitions"]]
    m.run("consent", "withdraw", acquisitions[0])
    assert b"whispered" not in export(m, "jsonl", "--to", COURT, "--purpose", "trial")[0]
    assert b"whispered" in export(m, "jsonl", "--to", "Court of Sylvania")[0]
    m.run("add", m.folder / "secret.txt", "--consent", "until=2001-01-01")
    assert b"whispered" not in export(m, "jsonl", "--to", COURT)[0]


def test_embargo(m):
    free, secret, open_law, hidden = a_secret(m)
    m.run("hold", free, "--reason", "asked for by the court")
    assert b"Assembly" in export(m, "csv", "law")[0]
    m.run("hold", free, "--reason", "not before the hearing", "--embargo")
    for how in ([], ["--to", COURT, "--purpose", "trial"]):
        out, told = export(m, "jsonl", "law", *how)
        assert b"Assembly" not in out and told["withheld"] >= 1
    assert "Assembly Act" in str(said(m, open_law)), "inside it is read as before"
    assert "nothing that rests on it leaves" in m.run("show", free).out.decode()
    m.run("release", free)
    assert b"Assembly" in export(m, "csv", "law")[0]
    m.verified()


def test_compartments(m):
    me = m.json("log", "--limit", "1").one["actor"]
    m.run("compartment", "add", "witnesses", me)
    law = new(m, "law", "title=Assembly Act")
    m.run("claim", law, "summary=told in confidence", "--compartment", "witnesses")
    assert b"confidence" in export(m, "csv")[0]
    out, told = export(m, "csv", "--to", COURT)
    assert b"confidence" not in out and told["withheld"] == 1, "the court is no member"
    m.run("compartment", "add", "witnesses", COURT)
    assert b"confidence" in export(m, "csv", "--to", COURT)[0]
    m.run("compartment", "remove", "witnesses", me)
    for form in ("csv", "jsonl"):
        for to in ([], ["--to", COURT]):
            out, told = export(m, form, *to)
            assert b"confidence" not in out and told["withheld"] == 1


def test_withheld_titles(m):
    """Titles of what a claim leads to, and of who says it, obey as well."""
    secret = item(m, "secret.txt", "x\n", "--consent", CONSENT)
    who = new(m, "source", "name=Hidden Voice", "--cite", secret)
    party = new(m, "party", "name=Hidden Party", "--cite", secret)
    new(m, "letter", "reference=L-1", f"from={party}", "--source", who)
    shown = json.loads(export(m, "jsonl", "letter", "--to", COURT, "--purpose", "trial")[0])
    assert "Hidden Voice" in str(shown) and "Hidden Party" in str(shown)
    out, told = export(m, "jsonl", "letter")
    assert b"Hidden" not in out and told["withheld"] == 0 and told["records"] == 1
    m.run("consent", "withdraw", secret)
    assert "Hidden" not in m.run("show", "L-1").out.decode(), "a title that may not be used names nothing"


# ---- given ----

def test_what_was_given_is_called_back(m):
    free, secret, open_law, hidden = a_secret(m)
    export(m, "csv")
    export(m, "jsonl", "law", "--to", COURT, "--purpose", "trial")
    export(m, "csv", hidden, "--to", COURT, "--purpose", "research")
    given = m.json("given").lines
    assert [(g["format"], g["recipient"], g["purpose"], g["records"], g["items"]) for g in given] == [
        ("csv", "", "", 1, 1), ("jsonl", COURT, "trial", 2, 2), ("csv", COURT, "research", 1, 1)], given
    assert [g["entry"] for g in m.json("given", secret).lines] == [g["entry"] for g in given[1:]]
    assert [g["entry"] for g in m.json("given", open_law).lines] == [g["entry"] for g in given[:2]]
    assert m.json("given", "--to", "court of freedonia").lines == given[1:]
    assert m.json("given", "--to", "Court of Sylvania").lines == []
    lines = m.json("consent", "withdraw", secret, "--reason", "the source asked").lines
    assert lines[0]["item"] == secret and lines[1:] == given[1:], lines
    assert COURT in m.run("consent", "withdraw", free).out.decode()
    out, told = export(m, "csv", "--to", COURT, "--purpose", "trial")
    assert told["records"] == 0 and told["withheld"] == 4
    m.verified()
    before = m.json("given").lines
    m.run("rebuild")
    assert m.json("given").lines == before


def test_large_exports_are_traceable(m):
    """More than one entry can hold: every record and item is found again."""
    rows = "".join(f"B-{n},source {n}\n" for n in range(9000))
    done = m.json("import", "csv", m.file("many.csv", "record number,name\n" + rows), "--type",
                  "source").lines[-1]
    out, told = export(m, "jsonl", "source")
    assert told["records"] == 9000 and told["items"] == 1 and told["complete"] is True, told
    assert told["sha256"] == hashlib.sha256(out).hexdigest()
    first, last = (json.loads(line) for line in (out.splitlines()[0], out.splitlines()[-1]))
    for record in (first, last):
        assert [g["entry"] for g in m.json("given", record["record"]).lines] == [told["entry"]]
    one = m.json("given", first["claims"][0]["item"]).one
    assert (one["records"], one["complete"], one["sha256"]) == (9000, True, told["sha256"])
    entries = [e["act"] for e in m.json("log", "--from", str(told["entry"])).lines]
    assert entries[0] == "give" and entries[-1] == "give.end" and len(entries) > 3, entries
    m.verified()
    m.run("rebuild")
    assert m.json("given").one == one


def test_what_broke_off_says_so(m):
    """A full disk, and a reader that has gone."""
    for n in range(3):
        new(m, "source", f"name=source {n}")
    m.run("export", "csv", "-o", m.folder / "no" / "such" / "folder.csv", code=None)
    assert m.json("given").lines == [], "nothing left"
    with open("/dev/full", "wb") as full:
        done = subprocess.run([str(pathlib.Path(os.environ.get("VIGIL_BUILD", root / "build")) / "vigil"),
                               "-C", str(m.dir), "export", "csv"], stdout=full,
                              stderr=subprocess.PIPE, env=m.env)
    assert done.returncode != 0
    assert [g["complete"] for g in m.json("given").lines] == [False]
    path = m.folder / "whole.csv"
    told = summary(m.json("export", "csv", "-o", path))
    assert told["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert not path.with_name("whole.csv.partial").exists()


def test_rosters_and_findings_leave(m):
    invent_states(m)
    secret = item(m, "secret.txt", "x\n", "--consent", CONSENT)
    m.run("letter", "open", "reference=JL-1", "kind=OPEN", "subject=A mechanism")
    m.run("letter", "endorse", "JL-1", "--organisation", "Lake Watch", "--country", "XAB", "--by", "Ana")
    m.run("letter", "endorse", "JL-1", "--organisation", "River Bar", "--country", "XAA", "--by", "Bo",
          "--cite", secret)
    assert len(m.json("letter", "roster", "JL-1").lines) == 3 and m.json("given").lines == []
    done = m.json("letter", "roster", "JL-1", "--to", "everyone", "--purpose", "publication")
    assert b"River" not in done.out and b"Lake Watch" in done.out
    # Of the endorsement that rests on the secret: letter, organisation, country, date; and who signed for each.
    assert summary(done)["withheld"] == done.lines[-1]["withheld"] == 4 + 2, done.lines[-1]
    assert (done.lines[-1]["organisations"], done.lines[-1]["experts"]) == (1, 0), "what is withheld is not there"
    done = m.json("letter", "roster", "JL-1", "--to", COURT, "--purpose", "trial")
    assert b"River" in done.out and summary(done)["withheld"] == 2, summary(done)
    assert summary(done)["conditions"] == ["no names in public"]
    assert summary(done)["sha256"] == hashlib.sha256(done.out).hexdigest()
    law = new(m, "law", "title=Order Act", "--cite", secret)
    claim = m.json("show", law).one["claims"][0]["claim"]
    finding = m.json("finding", "propose", "The Act was passed", "--for", claim).one["record"]
    done = m.json("finding", "show", finding, "--to", "everyone")
    assert b"Order Act" not in done.out and claim.encode() not in done.out
    assert summary(done)["withheld"] == 1
    done = m.json("finding", "show", finding, "--to", COURT, "--purpose", "trial")
    assert b"Order Act" in done.out
    assert [g["what"] for g in m.json("given", secret).lines] == ["roster", "finding"]
    m.verified()


# ---- tables ----

ODD = ["plain", "a|bar", "back\\slash", "both \\| of them", "comma, here", 'quote "this"', "line\nbreak",
       "=1+1", "+1", "-1", "@x", "Пример", "例え", "مثال"]


def test_csv_comes_back(m):
    invent_states(m)
    law = new(m, "law", "title=en:Assembly Act", "state=XAA", "enacted=2020-06~", "number=L-1",
              "topics=one", "topics=two")
    for n, words in enumerate(ODD):
        new(m, "letter", f"reference=L {n}", f"subject=en::{words}" if words.startswith("en") else
            f"subject=:{words}", "kind=AL", "state=Freedonia", f"sent=2020-0{n % 9 + 1}", "asks=a|b", "asks=c",
            f"concerns={law}")
    new(m, "event", "title=March", "place=Old town @ 41.31,69.24 ~500m", "estimated_victims=12..20",
        "began=2020-06-01/2020-06-03")
    out, told = export(m, "csv")
    assert told["records"] == 2 + len(ODD) and told["left_out"] == 0
    rows = {r["record"]: r for r in table(out)}
    assert rows[law]["topics"] == "one|two" and rows[law]["enacted"] == "2020-06~"
    names = out.decode().splitlines()[0].split(",")
    assert names[:2] == ["record", "type"] and len(names) == len(set(names))
    path = m.file("all.csv", out)
    done = m.json("import", "csv", path).lines[-1]
    assert done["failed"] == 0 and done["made"] == 0, done
    other = Other(m)
    other.run("schema", "add", m.folder / "states.schema")
    done = other.json("import", "csv", path).lines[-1]
    assert done["failed"] == 0 and done["made"] == len(rows), done
    # The same but for ids, which are another mechanism's.
    again, _ = export(other, "csv")
    assert nameless(table(again)) == nameless(table(out))
    done = other.json("import", "csv", path).lines[-1]
    assert (done["made"], done["updated"], done["failed"]) == (0, 0, 0), done


def nameless(rows):
    """Rows with ids in the order in which they stand."""
    text = json.dumps(rows)
    ids = {r["record"]: f"#{n}" for n, r in enumerate(rows)}
    return re.sub(r"rec_[0-9a-z]{26}", lambda found: ids[found.group()], text)


def test_csv_says_what_it_leaves_out(m):
    law = new(m, "law", "title=Assembly Act")
    m.run("claim", law, "title=Act on Assembly", "--source", "A Paper")
    m.run("claim", law, "enacted=2020", "--denies", "--source", "A Ministry")
    out, told = export(m, "csv", "law")
    assert told["left_out"] == 1 and told["claims"] == 2
    row = table(out)[0]
    assert row["title"] == "Assembly Act|Act on Assembly" and row["enacted"] == ""
    out, told = export(m, "jsonl", "law")
    assert told["left_out"] == 0 and [c["stance"] for c in json.loads(out)["claims"]].count("denies") == 1


def test_csv_for_spreadsheets(m):
    for n, words in enumerate(("=1+1", "+1", "-1", "@x", "plain")):
        new(m, "source", f"name=:{words}", f"record_number=S-{n}")
    assert sorted(r["name"] for r in table(export(m, "csv")[0])) == ["+1", "-1", "=1+1", "@x", "plain"]
    out, _ = export(m, "csv", "--for-spreadsheets")
    assert sorted(r["name"] for r in table(out)) == ["'+1", "'-1", "'=1+1", "'@x", "plain"]


def test_which_records(m):
    invent_states(m)
    laws = [new(m, "law", f"title=Act {n}", f"state={s}", f"enacted={y}")
            for n, (s, y) in enumerate((("XAA", 2019), ("XAA", 2020), ("XAB", 2020)))]
    letter = new(m, "letter", "reference=L-1", "state=XAA")

    def ids(*args):
        return [json.loads(line)["record"] for line in export(m, "jsonl", *args)[0].splitlines()]

    assert ids("law") == laws and set(ids()) == set(laws + [letter])
    assert ids("law", "state=Freedonia") == laws[:2] and ids("law", "enacted=2020") == laws[1:]
    assert ids("law", "state=XAA", "enacted=2020") == [laws[1]] and ids(letter) == [letter]
    assert ids("dealing") and ids("law", "--as-of", "2001") == []
    m.run("export", "csv", "law", "colour=red", code=2)
    m.run("export", "xml", code=2)
    m.run("same", laws[0], laws[1])
    shown = [json.loads(line) for line in export(m, "jsonl", "law")[0].splitlines()]
    assert [len(s["claims"]) for s in shown] == [4, 3, 3], "each with its own claims"
    assert shown[0]["same"] == [laws[1]]
    shown = json.loads(export(m, "jsonl", laws[2])[0])
    told = m.json("show", laws[2]).one
    for names in (told, *told["claims"]):
        for name in ("label", "property_label", "state"):  # for people, and reckoned; what leaves has codes
            names.pop(name, None)
    assert shown == told


# ---- FollowTheMoney ----

# The shape of its own fixtures, with invented people.
ENTITIES = [
    {"id": "person-1", "schema": "Person",
     "properties": {"name": ["Ana Invented", "Ана Придуманная"], "birthDate": ["1964-08"],
                    "nationality": ["xx"], "addressEntity": ["addr-1"], "unheardOf": ["kept", "as it came"]},
     "caption": "Ana Invented", "datasets": ["one", "two"], "referents": [],
     "first_seen": "2022-01-01T00:00:00", "score": 0.75, "target": True, "nothing": None,
     "nested": {"a": [1, 2.5, {"b": "c"}]}},
    {"id": "own-1", "schema": "Ownership",
     "properties": {"owner": ["person-1", "nobody-knows-whom"], "asset": ["company-1"],
                    "percentage": ["51"], "startDate": ["2011-05-06"]}},
    {"id": "company-1", "schema": "Company",
     "properties": {"name": ["ACME, \"Limited\" | Sons"], "jurisdiction": ["xa"]}},
    {"id": "addr-1", "schema": "Address", "properties": {"full": ["1 Lake Road\nOld Town"], "country": ["xa"]}},
    {"id": "bare", "schema": "Thing" if False else "LegalEntity", "properties": {}},
]


def entities(lines):
    """As a set: values have no order."""
    found = {}
    for line in lines:
        e = json.loads(line) if isinstance(line, (str, bytes)) else line
        rest = {k: v for k, v in e.items() if k != "properties" and v not in (None, [])}
        props = {k: sorted(set(v)) for k, v in e["properties"].items() if v}
        assert e["id"] not in found
        found[e["id"]] = (rest, props)
    return found


def ftm_there_and_back(m, data):
    path = m.file("entities.ftm.json", "".join(json.dumps(e, ensure_ascii=False) + "\n" for e in data))
    done = m.json("import", "ftm", path).lines[-1]
    assert done["failed"] == 0, done
    out, told = export(m, "ftm")
    assert told["left_out"] == 0, told
    got, want = entities(out.splitlines()), entities(data)
    assert got.keys() == want.keys(), got.keys() ^ want.keys()
    for one in want:
        assert got[one] == want[one], (one, got[one], want[one])


def test_ftm_comes_back(m):
    ftm_there_and_back(m, ENTITIES)
    other = new(m, "law", "title=X")
    out, told = export(m, "ftm")
    assert told["left_out_records"] == 2 - 1 + sum(
        1 for s in m.json("list", "source").lines), told
    assert other.encode() not in out


def ftm_types():
    """Types of the shipped schema: their properties (kind, argument), inherited ones too."""
    types, name, at = {}, None, None
    for line in (root / "share/schema/followthemoney.schema").read_text().splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "type":
            name = words[1]
            types[name] = {"is": [], "abstract": False, "own": {}, "map": None}
        elif words[0] == "is":
            types[name]["is"] = words[1:]
        elif words[0] == "abstract":
            types[name]["abstract"] = True
        elif words[0] == "property":
            at = words[1]
            types[name]["own"][at] = words[2:]
        elif words[:2] == ["map", "ftm"] and line.startswith("  map"):
            types[name]["map"] = words[2]

    def all_of(t):
        found = {}
        for wider in types[t]["is"]:
            found.update(all_of(wider))
        found.update(types[t]["own"])
        return found

    def below(t, wider):
        return t == wider or any(below(w, wider) for w in types[t]["is"])

    return types, all_of, below


def test_ftm_every_type_and_property(m):
    types, all_of, below = ftm_types()
    concrete = [t for t in types if types[t]["map"] and not types[t]["abstract"]]
    assert len(concrete) > 50
    odd = unicodedata.normalize("NFD", "éü가") + " Ω𝔘 \u200d\u202e|\\\""
    data, n_properties = [], 0
    for t in concrete:
        properties = {}
        for name, kind in all_of(t).items():
            if name.startswith("ftm_"):
                continue
            n_properties += 1
            if kind[0] == "link":
                fit = [c for c in concrete if not kind[1:] or any(below(c, w) for w in kind[1:] if w in types)]
                properties[name] = [f"id-{fit[0]}", f"id-{fit[-1]}", f"gone-{name}"]
            else:
                properties[name] = [f"{name} of {t}", odd, "2020-01-0X", " padded ", "fr:deux", "0", "-0.50"]
        data.append({"id": f"id-{t}", "schema": types[t]["map"], "properties": properties,
                     "odd": {"text": odd, "numbers": [1.5, -2e10, 3]}})
    assert n_properties > 1000
    ftm_there_and_back(m, data)


# ---- the Events Standard Formats ----

def test_esf_comes_back(m):
    invent_states(m)
    event = new(m, "event", "record_number=E-1", "title=March | in \\ June", "country=XAA", "began=2020-06~",
                "ended=2020-06-03", "violations=" + term(m, "violation"))
    person = new(m, "person", "record_number=P-1", "name=Ana Invented")
    new(m, "act", "record_number=A-1", f"event={event}", f"victim={person}", "kind=" + term(m, "act-type"),
        "began=2020", "remarks=fr:un deux")
    new(m, "arrest", "record_number=A-2", f"event={event}", f"victim={person}", "kind=" + term(m, "act-type"))
    new(m, "information", f"event={event}", "remarks=no number of its own")
    out, told = export(m, "esf")
    z = zipfile.ZipFile(io.BytesIO(out))
    assert z.testzip() is None
    files = {n: table(z.read(n)) for n in z.namelist()}
    assert set(files) == {"event.csv", "person.csv", "act.csv", "arrest.csv", "information.csv"}, files.keys()
    assert files["event.csv"][0]["initial_date_type"] == "estimated"
    assert files["event.csv"][0]["final_date_type"] == "exact"
    assert files["act.csv"][0]["initial_date_type"] == "part unknown"
    assert files["act.csv"][0]["victim"] == "P-1" and files["act.csv"][0]["event"] == "E-1"
    other = Other(m)
    other.run("schema", "add", m.folder / "states.schema")
    done = other.json("import", "esf", m.file("all.zip", out)).lines[-1]
    assert done["failed"] == 0 and done["made"] == 5, done
    for kind in ("event", "person", "act", "arrest", "information"):
        def plain(which):
            found = [json.loads(line) for line in export(which, "jsonl", kind)[0].splitlines()]
            return sorted(sorted((c["property"], c.get("target") or c["typed"]) for c in r["claims"]
                                 if not (c["property"] == "record_number" and c["typed"].startswith("rec_")))
                          for r in found if r["type"] == kind)
        assert plain(other) == plain(m), kind


def test_a_mistyped_type_is_no_query(m):
    new(m, "party", "name=Guard of the lake")
    before = m.json("verify").lines[-1]["entries"]
    wrong = m.run("export", "csv", "partty", code=3)
    assert "party" in wrong.err and not wrong.out, wrong.err
    assert m.json("verify").lines[-1]["entries"] == before
    assert len(table(export(m, "csv", "lake")[0])) == 1


def test_esf_names_what_it_has_no_file_for(m):
    side, hill = new(m, "party", "name=Lake Guard"), new(m, "party", "name=Hill Guard")
    event = new(m, "event", "title=At the lake", "record_number=E-1", f"parties={side}", f"parties={hill}")
    person = new(m, "person", "name=Ana Invented")
    act = new(m, "killing", "kind=life.force", "record_number=A-1", f"event={event}", f"responsible_group={side}", f"victim={person}")
    new(m, "involvement", "record_number=I-1", f"act={act}", f"perpetrator={side}")
    out, _ = export(m, "esf")
    files = {n: table(zipfile.ZipFile(io.BytesIO(out)).read(n)) for n in zipfile.ZipFile(io.BytesIO(out)).namelist()}
    assert files["involvement.csv"][0]["perpetrator"] == "Lake Guard", files
    other = Other(m)
    path = m.file("all.zip", out)
    for made in (6, 0):
        done = other.json("import", "esf", path).lines[-1]
        assert (done["failed"], done["made"]) == (0, made), done
    titles = sorted(r["title"] for r in other.json("list", "party").lines)
    assert titles == ["Hill Guard", "Lake Guard"], titles
    assert len(other.json("list", "involvement", "perpetrator=Lake Guard").lines) == 1
    assert len(other.json("list", "killing", "victim=Ana Invented", "responsible_group=Lake Guard").lines) == 1
    # Of a part of the archive, what is not in it is named.
    out, _ = export(m, "esf", "killing")
    row = table(zipfile.ZipFile(io.BytesIO(out)).read("killing.csv"))[0]
    assert (row["event"], row["victim"]) == ("At the lake", "Ana Invented"), row


def term(m, vocabulary):
    """Some term of a shipped vocabulary."""
    for path in sorted((root / "share/schema").glob("*.schema")):
        inside = False
        for line in path.read_text().splitlines():
            if line.startswith("vocabulary "):
                inside = line.split()[1] == vocabulary
            elif inside and line.strip().startswith("term "):
                return line.split()[1]
    raise AssertionError(vocabulary)


# ---- disclosures ----

ANA, BO = b"a passphrase of Ana's\n", b"quite another of Bo's\n"


def two_people(m):
    m.run("person", "add", "ana", stdin=ANA)
    m.run("person", "add", "bo", stdin=BO)


def a_request(m, granted=True):
    request = new(m, "request", "reference=R-1", f"from={COURT}", "purpose=trial", "received=2026-01-02",
                  "mandate_check=met", "fair_trial_check=met", "death_penalty_check=met",
                  "assurances_check=met", "consent_check=met", "reasons=all conditions are met")
    if granted:
        m.run("move", request, "assessed")
        m.run("move", request, "granted")
    return request


def propose(m, *items, **more):
    return m.json("disclosure", "propose", "R-1", *items, "--to", COURT, "--purpose", "trial",
                  "--conditions", "to be returned", "--as", "ana", stdin=ANA, **more)


def test_a_disclosure_by_two(m):
    two_people(m)
    request = a_request(m, granted=False)
    free = item(m, "free.txt", "anybody may have this\n")
    secret = item(m, "secret.txt", "for the court\n", "--consent", CONSENT)
    never = item(m, "never.txt", "for nobody else\n", "--consent", "recipients=Court of Sylvania")
    assert "before it was granted" in propose(m, free, code=2).err
    m.run("move", request, "assessed")
    m.run("move", request, "granted")
    propose(m, never, code=4)
    done = propose(m, free, secret, never).one
    assert (done["items"], done["withheld"]) == (2, 1)
    out = m.folder / "handed over"
    approve = ["disclosure", "approve", done["record"], "--out", out]
    m.run(*approve, "--as", "ana", stdin=ANA, code=4)
    m.run(*approve, "--as", "bo", stdin=ANA, code=4)
    assert not out.exists()
    m.run(*approve, "--as", "bo", stdin=BO)
    m.run("disclosure", "approve", done["record"], "--out", m.folder / "again", "--as", "bo", stdin=BO, code=2)
    listed = (out / "list.json").read_bytes()
    assert hashlib.sha256(listed).hexdigest() == done["sha256"]
    assert never.encode() not in listed and json.loads(listed)["withheld"] == 1
    for i in json.loads(listed)["items"]:
        data = (out / "items" / i["item"]).read_bytes()
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (i["sha256"], i["bytes"])
    assert sorted(os.listdir(out / "items")) == sorted([free, secret])
    receipts = list((out / "receipts").iterdir())
    assert len(receipts) == 2
    for receipt in receipts:
        m.home.vigil("receipt", "--check", receipt)
    signed = json.loads((out / "signatures.json").read_text())
    assert [s["name"] for s in signed["signatures"]] == ["ana", "bo"]
    assert len({s["public_key"] for s in signed["signatures"]}) == 2
    for s in signed["signatures"]:
        assert json.loads(s["statement"])["sha256"] == done["sha256"]
        check_signature(m, s)
    states = [c["typed"] for c in m.json("show", "R-1").one["claims"] if c["property"] == "status"]
    assert states[-1].startswith("disclosed"), states
    given = m.json("given", secret).one
    assert (given["what"], given["recipient"], given["sha256"]) == ("disclosure", COURT, done["sha256"])
    assert m.json("consent", "withdraw", secret).lines[1:] == [given]
    m.run("disclosure", "write", done["record"], "--out", m.folder / "again", code=4)
    m.verified()
    m.run("rebuild")


def check_signature(m, s):
    """By a program of others."""
    key = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00" + b64(s["public_key"])
    m.file("key.der", key), m.file("said", s["statement"]), m.file("sig", b64(s["signature"]))
    done = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey",
                           m.folder / "key.der", "-rawin", "-in", m.folder / "said", "-sigfile",
                           m.folder / "sig"], capture_output=True)
    assert done.returncode == 0, done


def b64(s):
    import base64
    return base64.b64decode(s)


def test_a_frozen_list_is_what_it_was(m):
    two_people(m)
    a_request(m)
    items = [item(m, f"{n}.txt", f"number {n}\n") for n in range(3)]
    out = m.folder / "out"
    for change in (["consent", "withdraw", items[0]], ["hold", items[1], "--embargo"]):
        proposed = propose(m, *items[1:] if change[0] == "hold" else items).one["record"]
        m.run(*change)
        m.run("disclosure", "approve", proposed, "--out", out, "--as", "bo", stdin=BO, code=4)
        assert not out.exists()
    m.run("release", items[1])
    proposed = propose(m, *items[1:]).one["record"]
    n = m.json("erase", items[2], "--reason", "asked for", "--as", "ana", stdin=ANA).one["proposal"]
    m.run("erase", "--approve", str(n), "--as", "bo", stdin=BO)
    m.run("disclosure", "approve", proposed, "--out", out, "--as", "bo", stdin=BO, code=4)
    assert m.json("given").lines == [] and not out.exists()
    m.verified()
