"""Records and claims as people make them: types, new, claim, withdraw, history, same, split."""
import json

from vigil import enter, leave


def values(shown, name):
    return [c["typed"] for c in shown["claims"] if c["property"] == name]


def invent_states(m):
    """Two States that are on no map."""
    m.run("schema", "add", m.file("states.schema", "vocabulary state\n  term XAA en \"Freedonia\"\n"
                                                   "  term XAB en \"Sylvania\"\n"))


def show(m, record, *args, **more):
    return m.json("show", record, *args, **more).one


def test_a_record_rests_on_passages(m):
    invent_states(m)
    text = "The law was enacted in June.\nThe ministry denies it.\n"
    item = m.add(m.file("in/report.txt", text))[str(m.folder / "in/report.txt")]["item"]
    made = m.json("new", "law", "title=Assembly Act", "state=XAA",
                  "enacted=2020-06~", "--source", "The Morning Paper",
                  "--cite", f"{item}:The law was enacted in June.").one
    assert len(made["claims"]) == 3 and made["record"].startswith("rec_")
    law = made["record"]
    m.run("claim", law, "enacted=2020-06", "--denies", "--source", "Ministry of Justice",
          "--cite", f"{item}:29-52", "--credibility", "3")
    shown = show(m, law)
    assert shown["type"] == "law" and shown["title"] == "Assembly Act"
    first = next(c for c in shown["claims"] if c["typed"] == "2020-06~")
    assert (first["start"], first["end"], first["item"]) == (0, 28, item)
    assert first["source_title"] == "The Morning Paper" and first["stance"] == "asserts"
    denial = next(c for c in shown["claims"] if c["stance"] == "denies")
    assert text.encode()[denial["start"]:denial["end"]].decode() == "The ministry denies it."
    assert denial["credibility"] == 3 and denial["source_title"] == "Ministry of Justice"
    people = m.run("show", law).out.decode()
    assert "The Morning Paper says" in people and "Ministry of Justice denies" in people
    # A source that was named twice is one record.
    m.run("claim", law, "title=Act on Assembly", "--source", "The Morning Paper")
    sources = m.json("list", "source").lines
    assert sorted(s["title"] for s in sources) == ["Ministry of Justice", "The Morning Paper"]


def test_nothing_is_overwritten(m):
    law = m.json("new", "law", "title=First name").one["record"]
    before = int(m.json("log", "--limit", "1").one["index"])
    claim = m.json("claim", law, "title=Second name").one["claims"][0]
    assert values(show(m, law), "title") == ["First name", "Second name"]
    assert m.run("withdraw", claim, code=2).err.count("--reason") == 1
    m.run("withdraw", claim, "--reason", "misread")
    assert values(show(m, law), "title") == ["First name"]
    assert len(m.json("history", law).one["claims"]) == 2
    assert values(show(m, law, "--as-of", f"#{before + 1}"), "title") == ["First name", "Second name"]
    assert values(show(m, law, "--as-of", f"#{before}"), "title") == ["First name"]
    assert show(m, law, "--as-of", "2100-01")["claims"]
    m.run("withdraw", claim, "--reason", "again", code=2)
    m.verified()
    m.run("rebuild")
    assert values(show(m, law), "title") == ["First name"]


def test_merge_and_split(m):
    a = m.json("new", "organisation", "name=Lake Watch").one["record"]
    b = m.json("new", "organisation", "name=LAKE WATCH e.V.").one["record"]
    was = [show(m, r) for r in (a, b)]
    m.run("same", a, b)
    assert values(show(m, b), "name") == ["Lake Watch", "LAKE WATCH e.V."]
    m.run("same", b, a, code=2)
    m.run("same", a, a, code=2)
    m.run("split", b, a)
    for r, old in zip((a, b), was):
        assert show(m, r) == old
    m.run("split", a, b, code=2)
    law = m.json("new", "law", "title=X").one["record"]
    assert "cannot be the same" in m.run("same", a, law, code=2).err


def test_what_is_refused(m):
    law = m.json("new", "law", "title=X").one["record"]
    own = m.file("own.schema", "type dealing\n  is letter\n")
    entries = m.verified()["entries"]
    for args, word in [
            (("new", "lwa", "title=x"), "law"),
            (("new", "law", "titel=x"), "title"),
            (("new", "event", "remarks=x"), "title: this is left out, and event must have it"),
            (("new", "finding"), "proposition: this is left out, and finding must have it"),
            (("claim", law, "enacted=2020-13"), "month"),
            (("claim", law, "state=Atlantis"), "state"),
            (("claim", law, "status=enacted"), "vigil move"),
            (("claim", law, "title=x", "--cite", "item_01jd3vbench000000000000000"), "item"),
            (("claim", law, "title=x", "--credibility", "7"), "credibility"),
            (("claim", law, "title=x", "--credibility", "0"), "1 (confirmed)"),
            (("claim", law, "title=  "), "no value"),
            (("claim", law, "title=x", "--source", "A", "--source", "B"), "--source stands twice"),
            (("claim", law, "title=x", "--source", "A", "--source=B"), "--source stands twice"),
            (("show", "nobody knows this"), "neither an item nor a record"),
            (("show", law, "--as-of", "#99999"), "no entry 99999 yet, the newest is"),
            (("list", "law", "--as-of", "99999"), "no entry 99999 yet"),
            (("schema", "add", own), "own.schema:2: type dealing"),
            (("claim", "rec_01jd3vbench000000000000000", "title=x"), "record"),
            (("show", law, "--as-of", "someday"), "as of"),
            (("type", "lettre"), "letter"),
            (("withdraw", "c1", "--reason", "x"), "c1204.0")]:
        err = m.run(*args, code=None).err
        assert word in err, (args, err)
    assert m.verified()["entries"] == entries


def test_own_schema(m):
    own = m.file("own.schema", "type well\n  label en \"Well\"\n  title name\n"
                               "  property name text one\n  property depth number metres\n")
    m.run("schema", "add", own)
    assert "well" in [t["type"] for t in m.json("types").lines]
    well = m.json("new", "well", "name=North", "depth=~12 metres").one["record"]
    assert values(show(m, well), "depth") == ["~12 metres"]
    own.write_text("type well\n  is nothing\n")
    assert "own.schema:2" in m.run("schema", "add", own, code=2).err
    assert show(m, well)["title"] == "North"
    m.verified()


def test_compartments(m):
    law = m.json("new", "law", "title=X").one["record"]
    actor = m.json("log", "--limit", "1").one["actor"]
    m.run("compartment", "add", "witnesses", actor)
    m.run("compartment", "remove", "witnesses", actor, code=2)  # the last one
    m.run("claim", law, "title=Secret name", "--compartment", "witnesses")
    shown = show(m, law)
    assert values(shown, "title") == ["X", "Secret name"] and shown["withheld"] == 0
    m.run("compartment", "add", "witnesses", "somebody else")
    m.run("compartment", "remove", "witnesses", actor)
    shown = show(m, law)
    assert values(shown, "title") == ["X"] and shown["withheld"] == 1
    assert b"Secret" not in m.run("history", law).out
    m.run("compartment", "add", "witnesses", actor, code=3)
    assert values(show(m, law), "title") == ["X"]


def test_types_are_told(m):
    letter = m.json("type", "letter").one
    names = [p["property"] for p in letter["properties"]]
    for name in ("reference", "kind", "state", "from", "sent", "subject"):
        assert name in names, name
    assert letter["procedure"] == "letter"
    assert "clock" in m.run("type", "letter").out.decode()
    assert json.dumps(m.json("types").lines).count('"type"') > 60


def test_lists_by_value(m):
    invent_states(m)
    for n, state in enumerate(("XAA", "XAB", "XAA")):
        m.run("new", "law", f"title=Act {n}", f"state={state}", f"enacted=20{n + 10}-03")
    titles = [r["title"] for r in m.json("list", "law", "state=freedonia").lines]
    assert titles == ["Act 0", "Act 2"], titles
    assert [r["title"] for r in m.json("list", "law", "enacted=2011").lines] == ["Act 1"]
    assert [r["title"] for r in m.json("list", "law", "state=XAA", "enacted=2012").lines] == ["Act 2"]
    assert len(m.json("list", "law").lines) == 3


def head(m):
    return m.json("log", "--limit", "1").one["index"]


def test_what_came_later_is_not_seen_before(m):
    made = m.json("new", "law", "title=X").one
    before = head(m)
    was = show(m, made["record"]), m.json("history", made["record"]).one
    m.run("withdraw", made["claims"][0], "--reason", "misread")
    for then, command in zip(was, ("show", "history")):
        assert m.json(command, made["record"], "--as-of", f"#{before}").one == then
        assert "withdrawn" not in m.run(command, made["record"], "--as-of", f"#{before}").out.decode()
    assert "withdrawn" in m.json("history", made["record"]).one["claims"][0]


def test_history_says_who_when_and_why(m):
    a, b = (m.json("new", "organisation", f"name={n}").one for n in ("Lake Watch", "LAKE WATCH"))
    actor = m.json("log", "--limit", "1").one["actor"]
    m.run("same", a["record"], b["record"], "--reason", "one address")
    m.run("split", a["record"], b["record"], "--reason", "two registers")
    m.run("withdraw", b["claims"][0], "--reason", "a misprint")
    link = next(c for c in m.json("history", a["record"]).one["claims"] if c["property"] == "same_as")
    assert (link["made"]["by"], link["made"]["reason"]) == (actor, "one address")
    assert (link["unmade"]["by"], link["unmade"]["reason"]) == (actor, "two registers")
    day = link["unmade"]["time"][:10]
    people = m.run("history", a["record"]).out.decode()
    assert f"made by {actor} on {link['made']['time'][:10]} (entry {link['entry']}): one address" in people
    assert f"withdrawn by {actor} on {day} (entry {link['withdrawn']}): two registers" in people
    assert ": a misprint" in m.run("history", b["record"]).out.decode()
    m.run("rebuild")
    assert m.run("history", a["record"]).out.decode() == people


def test_a_merge_says_whose_claims_are(m):
    a, b = (m.json("new", "organisation", f"name={n}").one["record"] for n in ("Lake Watch", "LAKE WATCH"))
    assert "subject" not in show(m, a)["claims"][0]
    m.run("same", a, b)
    named = {c["typed"]: c["subject"] for c in show(m, b)["claims"] if c["property"] == "name"}
    assert named == {"Lake Watch": a, "LAKE WATCH": b}
    people = m.run("show", b).out.decode()
    assert f", of {a}" in people and f", of {b}" in people


def test_a_merge_is_corroborated(m):
    a, b, c = (m.json("new", "organisation", f"name={n}").one["record"] for n in ("One", "Two", "Three"))
    was = [show(m, r)["claims"] for r in (a, b)]
    claim = m.json("same", a, b, "--source", "Registry").one["claims"][0]
    m.run("same", b, a, "--source", "Neighbour")
    m.run("same", a, b)
    for again in ((a, b), (b, a), (a, a)):
        assert "already" in m.run("same", *again, code=2).err
        assert "already" in m.run("same", *again, "--source", "Registry", code=2).err
    told = m.json("corroborate", claim).one
    assert (told["claims"], told["origins"]) == (3, 3)
    m.run("same", b, c, "--source", "Registry")
    assert "by way of others" in m.run("same", a, c, "--source", "Neighbour", code=2).err
    assert m.json("corroborate", claim).one["claims"] == 3, "who says something of another pair"
    m.run("split", b, c)
    m.run("split", a, b, "--reason", "no more")
    assert [show(m, r)["claims"] for r in (a, b)] == was
    m.run("split", a, b, code=2)
    m.verified()


def test_a_source_stands_with_its_grade(m):
    source = m.json("new", "source", "name=The Wire", "reliability=B").one
    law = m.json("new", "law", "title=X", "--source", "The Wire").one["record"]
    before = head(m)
    m.run("claim", source["record"], "reliability=D")
    assert show(m, law)["claims"][0]["reliability"] == "D"
    assert "The Wire [D] says" in m.run("show", law).out.decode()
    assert show(m, law, "--as-of", f"#{before}")["claims"][0]["reliability"] == "B"
    assert "The Wire [B] says" in m.run("history", law, "--as-of", f"#{before}").out.decode()
    other = m.json("new", "source", "name=Wire Service", "reliability=E").one["record"]
    m.run("same", source["record"], other)
    assert m.json("history", law).one["claims"][0]["reliability"] == "E"
    secret = m.json("new", "source", "name=Alias").one["record"]
    enter(m, "witnesses")
    m.run("claim", secret, "reliability=A", "--compartment", "witnesses")
    leave(m, "witnesses")
    m.run("claim", law, "title=Y", "--source", "Alias")
    told = next(c for c in show(m, law)["claims"] if c["typed"] == "Y")
    assert "reliability" not in told, told


def test_a_merged_pair_is_one_in_lists(m):
    ids = [m.json("new", "organisation", f"name=Name {n}", "country=" + c).one["record"]
           for n, c in enumerate(("FRA", "DEU", "DEU", "PER"))]

    def listed(*conditions):
        rows = m.json("list", "organisation", *conditions).lines
        assert m.json("list", "organisation", *conditions, "--count").one["count"] == len(rows)
        return [r["record"] for r in rows]

    assert listed() == ids and listed("country=DEU") == ids[1:3]
    before = head(m)
    m.run("same", ids[2], ids[0])
    assert listed() == [ids[0], ids[1], ids[3]]
    assert m.json("list", "organisation").lines[0]["records"] == 2
    assert listed("country=DEU") == [ids[1], ids[0]], "it is German by its other record"
    m.run("same", ids[1], ids[2])
    assert listed() == [ids[0], ids[3]] and listed("country=DEU") == [ids[0]]
    assert listed("name=Name 2") == [ids[0]]
    row = m.json("list", "organisation", "country=DEU", "--columns", "name").one
    assert row["values"]["name"] == ["Name 0", "Name 1", "Name 2"]
    assert m.json("list", "organisation", "--count", "--as-of", f"#{before}").one["count"] == 4
    m.run("split", ids[1], ids[2])
    m.run("split", ids[2], ids[0])
    assert listed() == ids


def test_a_schema_leaves_no_record_behind(m):
    head_, depth = "type well\n  title name\n  property name text one\n", "  property depth number metres\n"
    colours = "  property colour term colour\nvocabulary colour\n  term red\n  term blue\n"
    own = m.file("own.schema", head_ + depth + colours)
    m.run("schema", "add", own)
    well = m.json("new", "well", "name=W1", "depth=12 metres", "colour=red").one
    entries = head(m)
    for text, words in [("type spring\n  property name text one\n", "type well any more, and 1 record is"),
                        (head_ + colours, "depth of well would be gone, and 1 claim is"),
                        (head_ + depth.replace("number metres", "text") + colours, "of another kind, and 1 claim is"),
                        (head_ + depth + colours.replace("  term red\n", ""), "\"red\" any more, and 1 claim says")]:
        own.write_text(text)
        assert words in m.run("schema", "add", own, code=2).err
    other = m.file("other.schema", "type well\n  property depth text\n")
    assert "of another kind" in m.run("schema", "add", other, code=2).err
    assert head(m) == entries and show(m, "W1")["title"] == "W1"
    own.write_text(head_ + depth + colours.replace("term blue", "term green"))
    m.run("schema", "add", own)
    m.run("withdraw", well["claims"][1], "--reason", "not measured")
    own.write_text(head_ + colours)
    m.run("schema", "add", own)
    m.run("withdraw", well["claims"][0], well["claims"][2], "--reason", "no well")
    own.write_text("type spring\n  property name text one\n")
    m.run("schema", "add", own)
    assert m.json("history", well["record"]).one["claims"], "what it was can still be seen by its id"
    assert "well" in m.run("history", well["record"]).out.decode()


def test_one_value_is_written_once(m):
    law = m.json("new", "law", "title=X", "title=X", "concern=vague", "concern=Vague").one
    assert len(law["claims"]) == 2
    assert values(show(m, law["record"]), "title") == ["X"] and len(values(show(m, law["record"]), "concern")) == 1
    assert len(m.json("claim", law["record"], "title=Y", "title=y", "concern=vague").one["claims"]) == 3


def test_vocabularies_and_own_files_are_told(m):
    right = m.json("type", "right").one
    terms = {t["code"]: t for t in right["terms"]}
    assert right["vocabulary"] == "right" and any(t["rests"] for t in right["terms"])
    narrow = next(t for t in right["terms"] if "broader" in t)
    assert narrow["broader"] in terms
    people = m.run("type", "right").out.decode()
    assert "[rests on " in people and f"    {narrow['code']} " in people
    gone = [t for t in m.json("type", "state").one["terms"] if "until" in t]
    assert {t["code"] for t in gone} > {"DDR"} and "[until " in m.run("type", "state").out.decode()
    names = [v["vocabulary"] for v in m.json("types", "--vocabularies").lines]
    assert "right" in names and "letter-kind" in names
    assert "right " in m.run("types", "--vocabularies").out.decode()
    types = m.run("types").out.decode()
    abstract = next(t["type"] for t in m.json("types").lines if t["abstract"])
    assert any(line.startswith(abstract + " ") and "[abstract" in line for line in types.splitlines())
    assert f"and {len(names)} vocabularies" in types
    assert "letter" in m.run("type", "lettre", code=2).err
    assert m.json("schema", "list").lines == []
    text = "vocabulary state\n  term XAA en \"Freedonia\"\n"
    m.run("schema", "add", m.file("own.schema", text))
    assert [f["file"] for f in m.json("schema", "list").lines] == ["own.schema"]
    assert m.run("schema", "show", "own.schema").out.decode() == text
    assert m.json("schema", "show", "own.schema").one["text"] == text
    assert "schema list" in m.run("schema", "show", "other.schema", code=3).err
    m.run("schema", "list", "own.schema", code=2)


def test_labels_come_in_the_language_of_the_person(m):
    law = m.json("new", "law", "title=X", "state=DEU", "concern=vague").one["record"]
    m.run("new", "letter", "kind=AL", "state=DEU", "reference=AL DEU 1", "sent=2020-01-01")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        m.env.pop(name, None)
    english = m.json("type", "law").one["label"]
    french = m.json("type", "law", "--labels", "fr").one["label"]
    assert english != french
    country = {lang: show(m, law, "--labels", lang) for lang in ("en", "fr", "es", "pt-BR")}
    labels = {lang: next(c for c in r["claims"] if c["property"] == "state") for lang, r in country.items()}
    assert {c["typed"] for c in labels.values()} == {"DEU"}, "codes stay"
    assert (labels["en"]["label"], labels["fr"]["label"], labels["es"]["label"]) == \
        ("Germany", "Allemagne", "Alemania"), labels
    assert labels["pt-BR"]["label"] == "Germany", "English where there is no other"
    m.env["LANG"] = "fr_FR.UTF-8"
    assert "Allemagne (DEU)" in m.run("show", law).out.decode()
    assert "Allemagne (DEU)" in m.run("history", law).out.decode()
    assert m.json("type", "law").one["label"] == french
    assert m.run("list", "law", "--columns", "state").out.decode().endswith("Allemagne\n")
    assert m.json("list", "law", "--columns", "state").one["values"]["state"] == ["DEU"]
    assert m.json("list", "law").one["label"] == french and french in m.run("list", "law").out.decode()
    clock = {lang: m.json("due", "--all", "--labels", lang).lines[0]["label"] for lang in ("en", "fr")}
    assert clock["en"] != clock["fr"] and clock["fr"] in m.run("due", "--all").out.decode()
    assert "Allemagne" in m.run("cooperation", "DEU").out.decode()
    told = {lang: m.json("timeline", "DEU", "--labels", lang).lines[0]["label"] for lang in ("en", "fr")}
    assert told["en"] != told["fr"] and told["fr"] in m.run("timeline", "DEU").out.decode()
    m.env["LC_MESSAGES"] = "es_ES.UTF-8"
    assert "Alemania" in m.run("show", law).out.decode()
    m.env["LC_ALL"] = "C"
    assert "Germany" in m.run("show", law).out.decode()
    assert "--labels takes a language" in m.run("show", law, "--labels", "../x", code=2).err


def test_a_state_that_had_ended_is_told(m):
    said = m.run("new", "vote", "state=DDR", "position=yes", "date=2001-05-01")
    assert "state DDR is not used for what is later than 1990" in said.err and b"rec_" in said.out
    for args in (("state=DDR", "date=1989-05-01"), ("state=DDR",), ("state=DEU", "date=2001-05-01")):
        assert m.run("new", "vote", "position=yes", *args).err == ""
