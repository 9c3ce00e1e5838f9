"""Tables of others become records: by columns, by mappings, from FollowTheMoney, Uwazi and the Events Standard
Formats; twice is once, a trial writes nothing, strict is all or nothing; and the real tables, against
figures taken from them here."""
import collections
import csv
import gzip
import io
import json
import zipfile

from vigil import Mechanism, need_shared

STATES = ("vocabulary state\n  term XAA en \"Freedonia\"\n  term XAB en \"Sylvania\"\n"
          "  term XAC en \"Osterlich\"\n")
UN = "data/un"


def invent_states(m):
    m.run("schema", "add", m.file("states.schema", STATES))


def imported(m, *args, **more):
    """The last line of an import, and the lines before it. Rows that fail are in the exit code."""
    more.setdefault("code", None)
    done = m.json("import", *args, **more)
    lines = done.lines
    assert done.code == (2 if lines[-1].get("failed") or "error" in lines[-1] else 0), (done.code, done.err)
    return lines[-1], lines[:-1]


def claims(m, record, *args):
    shown = m.json("show", record, *args).one
    found = collections.defaultdict(list)
    for c in shown["claims"]:
        found[c["property"]].append(c)
    return found


def typed(m, record, name):
    return [c["typed"] for c in claims(m, record)[name]]


def records(m, *args):
    return [line["record"] for line in m.json("list", *args).lines]


def size(m):
    return m.verified()["entries"]


def zipped(m, name, files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as z:
        for path, content in files.items():
            z.writestr(path, content)
    return m.file(name, packed.getvalue())


LAWS = ("Title;STATE;enacted;Number;remark on it\n"
        "\"Assembly; Act\";Freedonia;2020-06~;A-1;x\n"
        "Press Act;XAB;2021;A-2;\n"
        "Act on Lakes;Osterlich;;A-3;y\n")


def test_columns_by_name_and_label(m):
    invent_states(m)
    path = m.file("laws.csv", LAWS)
    before = size(m)
    last, rows = imported(m, "csv", "--type", "law", "--dry-run", path)
    assert (last["made"], last["failed"], last["written"]) == (3, 0, False), last
    assert [r["outcome"] for r in rows] == ["made"] * 3, rows
    assert size(m) == before and not m.json("list").lines
    told = m.run("import", "csv", "--type", "law", "--dry-run", path)
    assert "nothing was written" in told.out.decode() and "remark on it" in told.err
    last, rows = imported(m, "csv", "--type", "law", path, "--source", "The Gazette", "kind=act")
    assert not rows and (last["rows"], last["made"], last["claims"], last["left"]) == (3, 3, 14, 2), last
    assert [r["title"] for r in m.json("list", "law").lines] == ["Assembly; Act", "Press Act", "Act on Lakes"]
    act = claims(m, records(m, "law", "number=A-1")[0])
    enacted = act["enacted"][0]
    assert enacted["item"] == last["item"] and enacted["source_title"] == "The Gazette"
    text = m.run("text", last["item"]).out
    assert text[enacted["start"]:enacted["end"]].decode().startswith("\"Assembly; Act\";Freedonia")
    # The same again says nothing new, and makes nothing but an acquisition.
    before = size(m)
    last, rows = imported(m, "csv", "--type", "law", path, "--source", "The Gazette", "kind=act")
    assert (last["made"], last["updated"], last["unchanged"], last["claims"]) == (0, 0, 3, 0), last
    assert size(m) == before + 1
    # What the source says otherwise takes the place of what it said; others' words stay.
    m.run("claim", records(m, "law", "number=A-2")[0], "enacted=2019", "--source", "A Visitor")
    newer = m.file("newer.csv", LAWS.replace(";2021;", ";2022;"))
    last, _ = imported(m, "csv", "--type", "law", newer, "--source", "The Gazette", "kind=act")
    assert (last["updated"], last["unchanged"], last["claims"]) == (1, 2, 1), last
    assert typed(m, records(m, "law", "number=A-2")[0], "enacted") == ["2019", "2022"]
    m.run("rebuild")
    assert typed(m, records(m, "law", "number=A-2")[0], "enacted") == ["2019", "2022"]
    m.verified()


def test_rows_alike_are_not_one(m):
    """Without a key only the same row of the same file is the same record."""
    ahmed = m.json("new", "person", "name=Ahmed", "sex=male", "--source", "Fam").one["record"]
    path = m.file("h.csv", "sex\nmale\nmale\nfemale\nfemale\n")
    args = ("csv", "--type", "person", path, "--source", "Hospital")
    assert imported(m, *args, "--dry-run")[0]["made"] == 4
    last, _ = imported(m, *args)
    assert (last["made"], last["unchanged"]) == (4, 0), last
    assert len(records(m, "person")) == 5 and len(claims(m, ahmed)["sex"]) == 1
    for more in (("--dry-run",), ()):
        last, rows = imported(m, *args, *more)
        assert (last["made"], last["updated"], last["unchanged"], last["claims"]) == (0, 0, 4, 0), last
    # Another source says the same of the same: of the records that the rows made.
    last, _ = imported(m, *args[:-1], "Morgue")
    assert (last["made"], last["updated"]) == (0, 4), last
    assert sorted(len(claims(m, r)["sex"]) for r in records(m, "person")) == [1, 2, 2, 2, 2]
    # What the command says besides takes the place of what it said before.
    assert imported(m, *args, "remarks=seen by a cook")[0]["updated"] == 4
    assert imported(m, *args, "remarks=seen by a cook")[0]["unchanged"] == 4
    # A row put before the others is another file.
    last, _ = imported(m, "csv", "--type", "person", m.file("h.csv", "sex\nmale\nmale\n"), "--source", "Hospital")
    assert last["made"] == 2, last
    # Files without passages: each row in its turn.
    packed = zipped(m, "people.zip", {"import.csv": "Title,Sex\nA,male\nA,male\nA,female\n"})
    for made, same in ((3, 0), (0, 3)):
        last, _ = imported(m, "uwazi", "--type", "person", packed)
        assert (last["made"], last["unchanged"]) == (made, same), last
    m.verified()


def test_rows_with_ids_stay_apart(m):
    for _ in range(3):
        m.run("new", "person", "sex=male")
    out = m.run("export", "csv", "person").out
    other = Mechanism(m.home.__class__(m.file("other/x", "").parent), None)
    path = other.file("p.csv", out)
    for made, same in ((3, 0), (0, 3)):
        last, _ = imported(other, "csv", path)
        assert (last["made"], last["unchanged"]) == (made, same), last
    # An id that comes twice is one record.
    lines = out.decode().splitlines(keepends=True)
    last, _ = imported(other, "csv", other.file("q.csv", "".join(lines + lines[1:2])))
    assert (last["made"], last["unchanged"]) == (3, 1), last


def test_rows_that_fail_are_named(m):
    invent_states(m)
    path = m.file("laws.csv", "title,state,enacted\nA,Freedonia,2020-13\nB,Freedomia,2020\nC,XAA,2020\n"
                              "D,XAA,2020,too,many\n")
    before = size(m)
    failed = m.run("import", "csv", "--type", "law", "--strict", path, code=2)
    for words in ("row 1 (enacted): enacted:", "month", "row 2 (state)", "did you mean", "row 4"):
        assert words in failed.err, failed.err
    # The file is preserved, and nothing else.
    assert len(m.json("list").lines) == 1 and not records(m, "law")
    last, rows = imported(m, "csv", "--type", "law", path)
    assert (last["made"], last["failed"]) == (1, 3), last
    assert [(r["row"], r["column"]) for r in rows] == [(1, "enacted"), (2, "state"), (4, None)], rows
    assert size(m) > before
    for args, word in [(("--type", "lwa"), "law"), (("--mapping", "ga-vots"), "ga-votes"),
                       ((), "--type"), (("--type", "party", "--mapping", "ga-votes"), "mapping"),
                       (("--type", "law", "staet=XAA"), "state"), (("--type", "dealing"), "narrower")]:
        assert word in m.run("import", "csv", path, *args, code=2).err, args
    assert "folder" in m.run("import", "csv", "--type", "law", m.folder, code=2).err
    m.run("import", "xml", path, code=2)


def test_all_that_is_wrong_is_told(m):
    invent_states(m)
    rows = "".join(f"Act {n},Freedonia,2020\n" for n in range(30))
    path = m.file("laws.csv", "title,state,enacted\nA,Atlantis,2020-13\n" + rows)
    tried = m.run("import", "csv", "--type", "law", "--dry-run", path, code=2)
    out = tried.out.decode()
    assert [l.split(":")[0] for l in out.splitlines()[:-1]] == [f"row {n}" for n in range(2, 32)], out
    assert "30 records would be made, 0 would be updated" in out and "nothing was written" in out, out
    for words in ("row 1 (state)", "row 1 (enacted)", "1 row failed"):
        assert words in tried.err, tried.err
    assert "did you mean" not in tried.err, tried.err
    strict = m.run("import", "csv", "--type", "law", "--strict", path, code=2)
    assert "30 records would be made" in strict.out.decode()
    last, failed = imported(m, "csv", "--type", "law", path)
    assert (last["made"], last["failed"]) == (30, 1) and [r["column"] for r in failed] == ["state", "enacted"], failed
    assert "others are imported" in m.run("import", "csv", "--type", "law", path, code=2).err
    # A table of something else is refused, and what it may have meant is offered.
    before = size(m)
    wrong = m.run("import", "csv", "--type", "law", m.file("no.csv", "titel;Staat;xyzzy\nA;B;C\n"), code=2)
    for words in ("titel", "\"title\"", "xyzzy", "vigil type law"):
        assert words in wrong.err, wrong.err
    assert not records(m, "law", "title=A") and size(m) <= before + 2
    # Of a table of many types it is said once what none of them knows.
    mixed = "type,title,name,number,oddity\nlaw,B,,B-1,x\nparty,,Guard,,\nlaw,C,,C-1,y\n"
    told = m.run("import", "csv", m.file("mixed.csv", mixed)).err
    assert told.count("left out") == 1 and "oddity" in told and "\"number\"" not in told, told
    # What every row lacks is said once, before them.
    header = "iso2,member,state party,year ratification or accession,signatory,no action,status,note\n"
    treaty = m.file("my-treaty.csv", header + "XA,Freedonia,1,1990,0,0,State Party,\n" * 3)
    failed = m.run("import", "csv", treaty, code=2)
    assert failed.err.count("treaty=") == 1 and "row 1" not in failed.err, failed.err
    assert imported(m, "csv", treaty, "treaty=Lake Treaty")[0]["made"] > 0


def test_hostile_tables(m):
    wide = "title," + ",".join(f"c{i}" for i in range(10_000)) + "\nA," + "x," * 9_999 + "x\n"
    last, rows = imported(m, "csv", "--type", "law", m.file("wide.csv", wide))
    assert "failed" in last and last["failed"] + last["made"] == 1 or last.get("error"), last
    long = "title,summary\nA," + "x" * 1_000_000 + "\nB," + "y" * 600_000 + "\nC,z\n"
    last, rows = imported(m, "csv", "--type", "law", m.file("long.csv", long))
    assert (last["rows"], last["made"], last["failed"]) == (3, 2, 1), last
    assert rows[0]["row"] == 1, rows
    loops = "record,type,title,part_of,name\nrec_01jd3vbench000000000000001,party,,rec_01jd3vbench000000000000002,PA\n" \
            "rec_01jd3vbench000000000000002,party,,rec_01jd3vbench000000000000001,PB\n" \
            "rec_01jd3vbench000000000000003,party,,rec_01jd3vbench000000000000003,PC\n" \
            "rec_01jd3vbench000000000000004,party,,rec_01jd3vbench000000000000009,PD\n"
    last, rows = imported(m, "csv", m.file("loops.csv", loops))
    assert (last["made"], last["failed"]) == (4, 1) and rows[0]["row"] == 4, (last, rows)
    parts = {n: claims(m, n)["part_of"][0]["target"] for n in ("PA", "PB", "PC")}
    assert parts == {"PA": "PB", "PB": "PA", "PC": "PC"}
    for broken in (b"\x00\x01\x02", b"", b"\"", b"\xff\xfe"):
        m.run("import", "csv", "--type", "law", m.file("broken.csv", broken), code=None)
    m.verified()


def test_own_mappings(m):
    invent_states(m)
    own = m.file("own.schema",
                 "mapping sessions\n  label en \"Sessions\"\n  columns held who what state\n  may page\n  drops page\n"
                 "  record body body\n    property name constant \"Lake Council\"\n"
                 "  record said statement\n    when what speech\n    property by record speaker\n")
    assert "own.schema:" in m.run("schema", "add", own, code=2).err
    own.write_text("mapping sessions\n  label en \"Sessions\"\n  columns held who what state\n  may page\n  drops page\n"
                   "  record speaker party\n    property name template \"{who} of {state}\" \"{who}\"\n"
                   "  record said statement\n    when what speech\n    needs by\n    property by record speaker\n"
                   "    property state column state\n      value F XAA\n      optional\n"
                   "    property date column held\n      form date\n    property text template \"spoke on {held}\"\n")
    m.run("schema", "add", own)
    path = m.file("s.csv", "held;who;what;state\n2020/06/00;Envoy;speech;F\n2020/06/02;Guest;speech;\n"
                           "2020/06/03;Guest;lunch;F\n")
    last, _ = imported(m, "csv", path)
    assert (last["rows"], last["made"], last["failed"]) == (3, 5, 0), last
    said = records(m, "statement")
    assert typed(m, said[0], "date") == ["2020-06"] and typed(m, said[0], "state") == ["XAA"]
    assert claims(m, said[0])["by"][0]["target"] == "Envoy of F"
    assert imported(m, "csv", "--mapping", "sessions", path)[0]["unchanged"] == 3


def test_compartments_are_obeyed(m):
    letter = m.json("new", "letter", "reference=OL 1").one["record"]
    m.run("compartment", "add", "representatives", "somebody else")
    path = m.file("e.csv", "organisation,representative\nLake Watch,N. N.\n")
    last, _ = imported(m, "csv", "--type", "endorsement", path, f"letter={letter}")
    assert last["made"] == 2, last
    shown = m.json("show", records(m, "endorsement")[0]).one
    assert shown["withheld"] == 1 and not any(c["property"] == "representative" for c in shown["claims"])
    assert imported(m, "csv", "--type", "endorsement", path, f"letter={letter}")[0]["unchanged"] == 1


def test_what_is_required_a_row_has(m):
    m.run("schema", "add", m.file("own.schema", "type lake\n  label en \"lake\"\n  is record\n  title name\n"
                                  "  key name\n  property name text one required\n    label en \"name\"\n"
                                  "  property depth text one required\n    label en \"depth\"\n"))
    path = m.file("lakes.csv", "name,depth\nOne,9\nTwo,\n,7\n")
    last, rows = imported(m, "csv", "--type", "lake", path)
    assert (last["made"], last["failed"]) == (1, 2), (last, rows)
    assert "no depth" in rows[0]["why"] and "no name" in rows[1]["why"], rows
    # What is there already needs not say it again; what holds for all rows is said.
    assert imported(m, "csv", "--type", "lake", m.file("one.csv", "name\nOne\n"))[0]["failed"] == 0
    assert imported(m, "csv", "--type", "lake", m.file("three.csv", "name\nThree\n"), "depth=3")[0]["made"] == 1
    m.verified()


def test_endorsements_from_a_file(m):
    invent_states(m)
    letter = m.json("new", "letter", "reference=OL 2").one["record"]
    m.run("letter", "open", letter)
    path = m.file("e.csv", "Organisation;Country;Signatory\nLake Watch;Freedonia;A. A.\nWatch e.V.;;\n"
                           "\"Union; of Fishers\";Sylvania;\n;XAA;\n")
    tried = m.json("letter", "import-endorsements", letter, path, "--dry-run").lines[-1]
    assert (tried["added"], tried["failed"], tried["dry_run"]) == (3, 1, True), tried
    done = m.json("letter", "import-endorsements", letter, path).lines
    assert (done[-1]["added"], done[-1]["failed"]) == (3, 1), done
    roster = m.json("letter", "roster", letter).lines
    assert roster[-1]["organisations"] == 3, roster
    assert not m.json("list").lines, "the table names representatives"
    assert "item" not in claims(m, roster[0]["record"])["organisation"][0]
    again = m.json("letter", "import-endorsements", letter, path).lines[-1]
    assert (again["added"], again["known"]) == (0, 3), again
    m.run("letter", "import-endorsements", letter, m.file("x.csv", "a,b\n1,2\n"), code=2)


ENTITIES = [
    {"id": "o-1", "schema": "Ownership", "properties": {"asset": ["c-1"], "owner": ["p-1", "gone"],
                                                        "startDate": ["2020-0"]},
     "datasets": ["x"], "target": False, "score": 0.25, "nested": {"a": {"b": [1, {"c": True}]}}},
    {"id": "c-1", "schema": "Company", "properties": {"name": ["Lake", "en:Sea", "Сейм"], "odd": ["y", "z"]},
     "first_seen": "2020-01-01T00:00:00", "caption": "Lake"},
    {"id": "p-1", "schema": "Person", "properties": {"name": ["Somebody"]}},
]


def test_followthemoney_comes_in_whole(m):
    path = m.file("e.json", "".join(json.dumps(e) + "\n" for e in ENTITIES))
    last, rows = imported(m, "ftm", path)
    assert (last["rows"], last["made"], last["failed"]) == (3, 3, 0) and not rows, (last, rows)
    owner = claims(m, "o-1")
    assert owner["asset"][0]["target"] == "Lake" and owner["owner"][0]["target"] == "Somebody"
    assert json.loads(owner["ftm_other"][0]["value"]["text"]) == {"owner": ["gone"]}
    more = {k: v for k, v in ENTITIES[0].items() if k not in ("id", "schema", "properties")}
    assert json.loads(owner["ftm_more"][0]["value"]["text"]) == more
    names = [c["value"]["text"] for c in claims(m, "c-1")["name"]]
    assert names == ["Lake", "en:Sea", "Сейм"]
    before = size(m)
    last, _ = imported(m, "ftm", path)
    assert (last["made"], last["updated"], last["claims"]) == (0, 0, 0) and size(m) == before + 1, last
    # A fragment adds to its entity; what came as something else keeps both names.
    fragment = {"id": "p-1", "schema": "LegalEntity", "properties": {"country": ["xx"]}, "datasets": ["y"]}
    last, _ = imported(m, "ftm", m.file("f.json", json.dumps(fragment)))
    assert (last["made"], last["updated"]) == (0, 1), last
    person = claims(m, "p-1")
    assert [c["typed"] for c in person["country"]] == ["xx"] and len(person["name"]) == 1
    assert json.loads(person["ftm_more"][0]["value"]["text"]) == {"datasets": ["y"], "schema": "LegalEntity"}
    bad = m.file("bad.json", json.dumps({"id": "q", "schema": "Persn", "properties": {}}) + "\n"
                 + json.dumps({"schema": "Person"}) + "\n" + json.dumps({"id": "t", "schema": "Thing"}) + "\n")
    last, rows = imported(m, "ftm", bad)
    assert last["failed"] == 3 and ["Persn" in rows[0]["why"], "id" in rows[1]["why"],
                                    "as such" in rows[2]["why"]] == [True] * 3, rows


def test_entities_leave_as_they_came(m):
    def as_set(entities):
        return {json.dumps({**e, "properties": {k: sorted(v) for k, v in e["properties"].items()}},
                           sort_keys=True) for e in entities}

    path = m.file("e.json", "".join(json.dumps(e) + "\n" for e in ENTITIES))
    imported(m, "ftm", path)
    out = m.run("export", "ftm", "--to", "a partner", "--purpose", "test")
    assert as_set(out.lines) == as_set(ENTITIES), out.out


def test_uwazi_with_its_files(m):
    invent_states(m)
    path = zipped(m, "export.zip", {
        "import.csv": "title,title__fr,state,enacted,topics,file,attachments\n"
                      "Assembly Act,Loi sur les réunions,Freedonia,2020/06/01,press|lakes,act.txt,a.txt|b.txt\n"
                      "Press Act,,Sylvania,2020/07/01,,none.txt,\n",
        "act.txt": "The text of the act.\n", "a.txt": "First attachment.\n", "docs/b.txt": "Second attachment.\n"})
    last, rows = imported(m, "uwazi", "--type", "law", "--dry-run", path)
    assert (last["made"], last["failed"], last["written"]) == (1, 1, False), (last, rows)
    assert not m.json("list").lines
    last, rows = imported(m, "uwazi", "--type", "law", path)
    assert (last["made"], last["failed"]) == (1, 1) and rows[0]["row"] == 2, (last, rows)
    act = claims(m, records(m, "law")[0])
    assert [c["typed"] for c in act["title"]] == ["Assembly Act", "fr:Loi sur les réunions"]
    assert [c["typed"] for c in act["enacted"]] == ["2020-06-01"]
    assert [c["typed"] for c in act["topics"]] == ["press", "lakes"]
    texts = sorted(m.run("text", c["value"]["item"]).out.decode() for c in act["material"])
    assert texts == ["First attachment.\n", "Second attachment.\n", "The text of the act.\n"], texts
    assert imported(m, "uwazi", "--type", "law", path)[0]["unchanged"] == 1
    m.verified()


def test_uwazi_as_it_exports(m):
    """Capitalised columns, paths and addresses of files, ranges, places, templates."""
    invent_states(m)
    path = zipped(m, "own.zip", {
        "import.csv": "Title,Template,Date added,Documents,Attachments,Geolocation,began,Country,chain,Parties\n"
                      "March,Event,2020/01/01,/files/1.pdf,https://host.example/api/files/2.txt,4.36|18.55,"
                      "2020-01-01~2020-02-01,Freedonia,,Guard\n"
                      "Sit-in,suceso,2020/01/01,,,,2020/03/01~,Sylvania,,\n"
                      "Guard,Party,2020/01/01,,,,,,,\n"
                      "Thing,Denuncia,2020/01/01,,,,,,,\n",
        "1.pdf": "First text.\n", "files/2.txt": "Second text.\n"})
    last, rows = imported(m, "uwazi", path, code=None)
    assert (last["made"], last["failed"]) == (3, 1) and "Denuncia" in rows[0]["why"], (last, rows)
    events = records(m, "event")
    march = claims(m, events[0])
    assert [c["typed"] for c in march["began"]] == ["2020-01-01/2020-02-01"]
    assert typed(m, events[1], "began") == ["2020-03-01/.."]
    assert "4.36,18.55" in march["place"][0]["typed"], march["place"]
    texts = sorted(m.run("text", c["value"]["item"]).out.decode() for c in march["material"])
    assert texts == ["First text.\n", "Second text.\n"], texts
    assert march["parties"][0]["target"] == "Guard" and records(m, "party", "name=Guard")
    last, _ = imported(m, "uwazi", path, "--type", "Denuncia=law,other=event")
    assert (last["made"], last["unchanged"], last["failed"]) == (1, 3, 0), last
    assert len(records(m, "law")) == 1
    # --type holds for all.
    assert imported(m, "uwazi", path, "--type", "statement", code=None)[0]["made"] > 0
    none = zipped(m, "none.zip", {"import.csv": "Title\nA\n"})
    assert "Template" in m.run("import", "uwazi", none, code=None).err


def test_events_standard_formats(m):
    files = {
        "act.csv": "act_record_number,victim,event,type_of_act,initial_date,initial_date_type\n"
                   "A1,P1,E1,killing in armed conflict,2009-00-00,part unknown\n"
                   "A2,P1,E1,torture,2009-03-01,estimated\n",
        "event.csv": "event_record_number,event_title,geographical_term,initial_date\n"
                     "E1,Raid on the lake,Freedonia|Africa,2009-03\n",
        "involvement.csv": "involvement_record_number,perpetrator,event,act\nI1,P2,E1,A1\nI2,P2,E1,A9\n",
        "killing.csv": "killing_record_number,autopsy_results\nA1,\n",
        "person.csv": "person_record_number,person_name\nP1,Somebody\nP2,Somebody Else\n",
        "unheard.csv": "a,b\n1,2\n",
    }
    invent_states(m)
    path = zipped(m, "esf.zip", files)
    last, rows = imported(m, "esf", path)
    assert (last["made"], last["failed"]) == (7, 2), (last, rows)
    assert sorted((r["table"], r["row"]) for r in rows) == [("involvement", 2), ("unheard", 1)], rows
    event = records(m, "event")[0]
    assert typed(m, event, "country") == ["XAA"] and len(typed(m, event, "region")) == 1
    acts = {typed(m, r, "record_number")[0]: r for r in records(m, "act")}
    assert m.json("show", acts["A1"]).one["type"] == "killing"
    assert typed(m, acts["A1"], "began") == ["2009"] and typed(m, acts["A2"], "began") == ["2009-03-01~"]
    involved = claims(m, records(m, "involvement")[0])
    assert involved["perpetrator"][0]["target"] == "Somebody Else"
    assert involved["act"][0]["value"]["link"] == acts["A1"]
    last, _ = imported(m, "esf", path)
    assert (last["made"], last["updated"], last["claims"]) == (0, 0, 0), last
    # One file alone.
    last, _ = imported(m, "esf", m.file("person.csv", files["person.csv"] + "P3,A Third\n"))
    assert (last["made"], last["unchanged"]) == (1, 2), last
    m.verified()


def test_exports_come_back(m):
    invent_states(m)
    a = m.json("new", "party", "name=Lake | Watch", "country=XAA", "began=2020-06~").one["record"]
    m.run("claim", a, "other_names=back\\slash", "other_names=fr:Veille", "--source", "A Visitor")
    m.run("new", "party", "name=Other", f"part_of={a}")
    leaves = ("--to", "a partner", "--purpose", "test")
    out = m.run("export", "csv", "party", *leaves).out
    before = size(m)
    last, rows = imported(m, "csv", m.file("own.csv", out))
    assert (last["made"], last["updated"], last["failed"]) == (0, 0, 0), (last, rows, out)
    assert last["unchanged"] == 2 and size(m) == before + 2  # with an acquisition and its text


# ---- the real tables ----

def read_csv(path):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def test_votes_of_the_general_assembly(m):
    calls, votes = need_shared(f"{UN}/ga-roll-calls.csv"), need_shared(f"{UN}/ga-votes.csv.gz")
    rows = read_csv(votes)
    path = votes
    if m.url:  # slower there: the first sessions tell as much
        rows = rows[:20_000]
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
        path = m.file("votes.csv", text.getvalue())
    # Votes before their roll calls, or after: the same.
    last, failures = imported(m, "csv", path, timeout=900)
    assert last["failed"] == 0 and not failures, failures[:5]
    numbers = {r["rcid"] for r in rows}
    assert (last["rows"], last["made"]) == (len(rows), len(rows) + len(numbers)), last
    last, failures = imported(m, "csv", calls)
    assert last["failed"] == 0 and last["updated"] >= len(numbers), (last, failures[:5])
    year = {r["rcid"]: r["date"][:4] for r in read_csv(calls)}
    positions = collections.defaultdict(dict)
    for r in rows:
        positions[r["country"]][r["rcid"]] = r["vote"]
    for one, other in (("Cuba", "United States"), ("Yugoslavia", "Czechoslovakia")):
        want = collections.Counter()
        for call, position in positions[one].items():
            if call in positions[other]:
                want[year[call], "both"] += 1
                want[year[call], "same"] += position == positions[other][call]
        got = {}
        *years, total = m.json("agreement", one, other).lines
        for line in years:
            got[line["year"], "both"] = line["both"]
            got[line["year"], "same"] = line["same"]
        assert {k: v for k, v in got.items() if v} == {k: v for k, v in want.items() if v}
        assert total["both"] == sum(v for k, v in want.items() if k[1] == "both") > 0, total
    # What no longer exists keeps its code, whatever the data call it.
    day = {r["rcid"]: r["date"] for r in read_csv(calls)}
    for code, name, wanted in (("SUN", "Russia", lambda d: d < "1991-12-26"), ("RUS", "Russia", lambda d: d >= "1991-12-26"),
                               ("SCG", "Yugoslavia", lambda d: d >= "2003-02-04"),
                               ("YUG", "Yugoslavia", lambda d: d < "2003-02-04")):
        assert len(records(m, "vote", f"state={code}")) == sum(wanted(day[c]) for c in positions[name]), code
    cooperation = m.json("cooperation", "YUG", "--to", "1950").lines[-1]
    want = sum(year[c] <= "1950" for c in positions["Yugoslavia"])
    assert json.dumps(cooperation).count(f"{want}"), cooperation
    vote = claims(m, records(m, "vote", "state=YUG")[0])
    call = claims(m, vote["roll_call"][0]["value"]["link"])
    assert call["on"] or not call["symbol"]
    again, _ = imported(m, "csv", calls)
    assert (again["made"], again["updated"], again["unchanged"]) == (0, 0, len(year)), again


def test_ratifications(m):
    bound = {}
    for name in ("cat", "cedaw", "crc", "iccpr", "icerd", "icescr"):
        path = need_shared(f"{UN}/treaties/hr_status_{name}.csv")
        rows = read_csv(path)
        bound[name] = {r["iso2"]: r["year ratification or accession"] for r in rows
                       if r["status"] == "state party"}
        last, failures = imported(m, "csv", path)
        assert last["failed"] == 0 and not failures, failures
        assert imported(m, "csv", path)[0]["unchanged"] == len(rows)
    for name, parties in bound.items():
        found = records(m, "ratification", f"treaty={name.upper()}", "kind=bound")
        assert len(found) == len(parties), name
        until = records(m, "ratification", f"treaty={name.upper()}", "kind=bound", "date=../1980-12-31")
        assert len(until) == sum(y != "" and int(y) <= 1980 for y in parties.values()), name
    # The same rows in a file that does not tell the treaty by its name.
    other = m.file("status.csv", need_shared(f"{UN}/treaties/hr_status_cat.csv").read_bytes())
    assert "treaty=NAME" in m.run("import", "csv", other, code=2).err
    assert imported(m, "csv", other, "treaty=CAT")[0]["unchanged"] > 180


def test_events_of_armed_violence(m):
    path = need_shared(f"{UN}/ucdp-ged-car.csv")
    rows = read_csv(path)
    last, failures = imported(m, "csv", path)
    assert (last["rows"], last["failed"], last["left"]) == (len(rows), 0, 0), (last, failures[:5])
    events = records(m, "event")
    assert len(events) == len(rows)
    best = sum(int(c["value"]["number"]) for e in events for c in claims(m, e)["estimated_victims"]
               if "qualifier" not in c["value"]) if not m.url else None
    assert best is None or best == sum(int(r["best"]) for r in rows)
    for kind in ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"):
        assert len(records(m, "killing", f"kind=life.conflict")) == \
            sum(int(r[k]) > 0 for r in rows for k in ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"))
        break
    by_actor = records(m, "event", "parties=LRA")
    assert len(by_actor) == sum("LRA" in (r["side_a"], r["side_b"]) for r in rows)
    by_place = records(m, "event", "place=Bambari town @")
    assert len(by_place) == sum(r["where_coordinates"] == "Bambari town" for r in rows)
    in_2013 = records(m, "event", "began=2013")
    assert len(in_2013) == sum(r["date_start"][:4] == "2013" and
                               (r["date_prec"] == "1" or r["date_end"][:4] == "2013") for r in rows)
    assert imported(m, "csv", path)[0]["unchanged"] == len(rows)


def test_one_sided_violence(m):
    path = need_shared(f"{UN}/ucdp-onesided-221.csv")
    rows = read_csv(path)
    last, failures = imported(m, "csv", path)
    assert (last["rows"], last["failed"]) == (len(rows), 0), (last, failures[:5])
    actor = "Government of Sudan"
    found = records(m, "event", f"parties={actor}")
    mine = [r for r in rows if r["actor_name"] == actor]
    assert len(found) == len(mine)
    best = [c["value"]["number"] for e in found for c in claims(m, e)["estimated_victims"]
            if "qualifier" not in c["value"]]
    assert sum(map(int, best)) == sum(int(r["best_fatality_estimate"]) for r in mine)
    assert records(m, "killing", "responsible_state=SDN")
    assert imported(m, "csv", path)[0]["unchanged"] == len(rows)
