"""Texts in other languages: aligned, found, cited beside their originals, erased with their items."""
import json

from rest import propose_and_approve, two_people
from vigil import enter, leave, me

ENGLISH = "The heron waits by the lake.\n\nNobody saw the boats leave.\n\nIn the morning they were gone.\n"
FRENCH = "Le héron attend près du lac.\n\nPersonne n'a vu partir les bateaux.\n\nAu matin, ils avaient disparu.\n"


def letter(m):
    path = m.file("letter.txt", ENGLISH)
    return m.add(path)[str(path)]["item"]


def translate(m, item, words=FRENCH, *more, language="fr"):
    return m.json("translation", "add", item, "-", "--language", language, "--by", "A. Invented", *more,
                  stdin=words.encode()).one


def passage(text, span):
    return text.encode()[span["start"]:span["end"]].decode()


def test_add_list_read(m):
    item = letter(m)
    made = translate(m, item)
    assert (made["item"], made["status"], made["aligned"]) == (item, "draft", "lines"), made
    shown = m.json("show", item).one
    assert [t["text"] for t in shown["translations"]] == [made["text"]], shown
    assert len(shown["texts"]) == 1 and shown["language"] == "en", "the item's own text stays what it was"
    one = m.json("translation", "list", item).one
    assert (one["language"], one["translator"], one["status"], one["original"]) == \
        ("fr", "A. Invented", "draft", shown["texts"][0]["text"]), one
    assert m.json("translation", "list").one["item"] == item
    for args in ((item, "--translation", "fr"), (item, "--language", "fr"), (made["text"],)):
        assert m.run("text", *args).out.decode() == FRENCH, args
    assert m.run("text", item).out.decode() == ENGLISH
    m.run("text", item, "--translation", "de", code=3)
    plain = m.run("show", item).out.decode()
    assert "fr, draft, by A. Invented" in plain, plain
    m.verified()


def test_status_moves_on_only(m):
    item = letter(m)
    text = translate(m, item, FRENCH, "--status", "machine")["text"]
    before = m.json("log", "--limit", "1").one["index"]
    m.run("translation", "status", text, "revised", code=2)
    m.run("translation", "status", text, "perfect", code=2)
    m.run("translation", "status", text, "machine", code=2)
    m.json("translation", "status", text, "draft")
    m.json("translation", "status", text, "revised", "--reviser", "B. Invented")
    m.json("translation", "status", text, "certified")
    assert m.json("log", "--limit", "1").one["index"] == before + 3, "each is an entry, refusals are none"
    now = m.json("translation", "list", item).one
    assert (now["status"], now["reviser"]) == ("certified", "B. Invented"), now
    m.run("translation", "status", text, "draft", code=2)
    then = m.json("show", item, "--as-of", f"#{before + 1}").one["translations"][0]
    assert (then["status"], then.get("reviser")) == ("draft", None), then
    translate(m, item, FRENCH, "--status", "certified", "--reviser", "C. Invented")
    m.run("translation", "add", item, m.file("x.txt", "x"), "--language", "fr", "--by", "x", "--status",
          "revised", code=2)
    m.verified()
    old = m.json("show", item).out
    m.run("rebuild")
    assert m.json("show", item).out == old
    m.verified()


def test_found_by_its_words(m):
    item = letter(m)
    made = translate(m, item)
    hit = m.json("find", "attend").one
    assert (hit["item"], hit["text"], hit["translation"]) == (item, made["text"], "fr"), hit
    hit = m.json("find", "waits lake").one
    assert hit["item"] == item and "translation" not in hit, hit
    assert m.json("find", "lang:fr", "--texts").one["text"] == made["text"]
    m.json("extract", item)
    assert m.json("find", "bateaux").one["text"] == made["text"], "a new text of the original hides none"
    assert len(m.json("find", "lang:en OR lang:fr", "--texts").lines) == 2
    m.verified()


def test_a_citation_has_both_passages(m):
    item = letter(m)
    original = m.json("show", item).one["texts"][0]["text"]
    made = translate(m, item)
    record = m.json("new", "event", "title=Boats", "--cite", f"{made['text']}:vu partir").one["record"]
    claim = m.json("show", record).one["claims"][0]
    assert claim["text"] == made["text"] and passage(FRENCH, claim) == "vu partir", claim
    assert claim["original"]["text"] == original
    assert passage(ENGLISH, claim["original"]) == "Nobody saw the boats leave.", claim
    plain = m.run("show", record).out.decode()
    assert "a translation of bytes" in plain and original in plain, plain
    m.run("claim", record, "description=gone", "--cite", f"{item}:avaient disparu")
    claim = [c for c in m.json("show", record).one["claims"] if c["property"] == "description"][0]
    assert claim["text"] == made["text"] and passage(ENGLISH, claim["original"]).startswith("In the morning"), claim
    m.run("claim", record, "description=x", "--cite", f"{item}:says nobody", code=3)
    out = m.run("export", "jsonl", record).out.decode()
    assert any(c.get("original", {}).get("text") == original
               for line in out.splitlines() for c in json.loads(line)["claims"]), out
    translate(m, item)
    m.run("claim", record, "description=y", "--cite", f"{item}:avaient disparu", code=2)
    m.verified()
    before = m.json("show", record).out
    m.run("rebuild")
    assert m.json("show", record).out == before


def test_unlike_paragraphs_align_by_length(m):
    item = letter(m)
    merged = FRENCH.replace("lac.\n\n", "lac. ")
    made = translate(m, item, merged)
    assert made["aligned"] == "lengths", made
    record = m.json("new", "event", "title=Boats", "--cite", f"{made['text']}:partir").one["record"]
    claim = m.json("show", record).one["claims"][0]
    assert passage(ENGLISH, claim["original"]) == ENGLISH.split("\n\nIn")[0], claim
    record = m.json("new", "event", "title=Other", "--cite", f"{made['text']}:Au matin").one["record"]
    claim = m.json("show", record).one["claims"][0]
    assert passage(ENGLISH, claim["original"]) == "In the morning they were gone.", claim


def test_input_is_checked(m):
    item = letter(m)
    french = m.file("fr.txt", FRENCH)
    m.run("translation", "add", item, french, "--by", "x", code=2)
    m.run("translation", "add", item, french, "--language", "fr", code=2)
    m.run("translation", "add", item, french, "--language", "f r", "--by", "x", code=2)
    m.run("translation", "add", item, m.file("none.txt", " \n"), "--language", "fr", "--by", "x", code=2)
    m.run("translation", "add", "no such", french, "--language", "fr", "--by", "x", code=3)
    m.run("translation", "add", item, french, "--language", "fr", "--by", "x", "--of", "text_x", code=3)
    pictures = m.add(m.file("p.png", b"\x89PNG\r\n\x1a\n" + bytes(64)))
    m.run("translation", "add", list(pictures.values())[0]["item"], french, "--language", "fr", "--by", "x", code=3)
    latin = m.file("latin.txt", FRENCH.encode("windows-1252"))
    m.json("translation", "add", item, latin, "--language", "fr", "--by", "x")
    assert m.run("text", item, "--translation", "FR").out.decode() == FRENCH


def test_erased_with_its_item(m):
    item = letter(m)
    made = translate(m, item)
    record = m.json("new", "event", "title=Boats", "--cite", f"{made['text']}:partir").one["record"]
    m.json("translation", "status", made["text"], "revised", "--reviser", "B. Invented")
    two_people(m)
    propose_and_approve(m, item)
    assert m.json("find", "bateaux").lines == [] and m.json("translation", "list").lines == []
    m.run("text", made["text"], code=3)
    claim = m.json("show", record).one["claims"][0]
    assert "text" not in claim and "original" not in claim, claim
    m.verified()
    before = m.json("show", record).out
    m.run("rebuild")
    assert m.json("show", record).out == before
    m.verified()


def test_compartments_hide_it(m):
    enter(m)
    path = m.file("secret.txt", ENGLISH)
    item = m.add(path, "--compartment", "secret")[str(path)]["item"]
    made = translate(m, item)
    assert m.json("find", "bateaux").one["item"] == item
    leave(m)
    assert m.json("find", "bateaux").lines == [] and m.json("translation", "list").lines == []
    m.run("text", made["text"], code=3)
    m.run("translation", "status", made["text"], "revised", "--reviser", "x", code=3)
    assert me(m)


def test_consent_stops_it(m):
    item = letter(m)
    made = translate(m, item)
    m.run("consent", "withdraw", item)
    assert "not to be used" in m.run("new", "organisation", "name=Q", "--cite", f"{item}:heron", code=4).err
    assert "not to be used" in m.run("translation", "add", item, "-", "--language", "de", "--by", "A. Invented",
                                     stdin=b"x", code=4).err
    assert m.json("find", "bateaux").lines == []
    m.run("text", made["text"], code=4)
