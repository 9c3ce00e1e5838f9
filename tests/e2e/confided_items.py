"""Items in compartments: a name that is withheld stays so in the file that it came in."""
import io
import zipfile

from records import invent_states, show, values
from vigil import enter, leave


def new(m, *args):
    return m.json("new", *args).one["record"]


def seen(m, item, number):
    """By which doors the item is there: the exit codes, or what lists have of it."""
    return {"cat": m.run("cat", item, code=None).code,
            "number": m.run("cat", str(number), code=None).code,
            "text": m.run("text", item, code=None).code,
            "show": m.run("show", item, code=None).code,
            "list": item in [line["item"] for line in m.json("list").lines],
            "find": [line["item"] for line in m.json("find", "quindarvio", "--texts").lines],
            "source": [line["item"] for line in m.json("find", "source:paper", "--texts").lines]}


def test_what_came_into_a_compartment_is_missing_for_others(m):
    path = m.file("in/statement.txt", "It was Quindarvio who told.\n")
    m.run("add", path, "--compartment", "secret", code=3)
    enter(m)
    made = m.add(path, "--compartment", "secret", "--source", "A paper")[str(path)]
    item, text = made["item"], m.json("show", made["item"]).one["texts"][0]["text"]
    assert m.json("show", item).one["acquisitions"][0]["compartment"] == "secret"
    there = seen(m, item, made["number"])
    assert there == {"cat": 0, "number": 0, "text": 0, "show": 0, "list": True,
                     "find": [item], "source": [item]}, there
    leave(m)
    gone = {"cat": 3, "number": 3, "text": 3, "show": 3, "list": False, "find": [],
            "source": []}
    assert seen(m, item, made["number"]) == gone, seen(m, item, made["number"])
    entries = m.verified()["entries"]
    missing = "item_00000000000000000000000000"
    for name in (item, made["sha256"], made["sha256"][:12], text, str(made["number"])):
        for args in (("show",), ("hold",), ("release",), ("consent", "withdraw"), ("extract",), ("cat",)):
            reason = ("--reason", "x") if args[0] in ("hold", "consent") else ()
            err = m.run(*args, name, *reason, code=3).err
            other = m.run(*args, missing, *reason, code=3).err
            assert err.replace(name, "X") == other.replace(missing, "X"), (err, other)
    assert m.verified()["entries"] == entries
    m.run("rebuild")
    m.verified()
    assert seen(m, item, made["number"]) == gone


def test_bytes_that_are_held_in_confidence_are_added_like_any(m):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as z:
        z.writestr("Quindarvio.txt", "Told by Quindarvio.\n")
    path = m.file("in/Quindarvio's.zip", inner.getvalue())
    enter(m)
    hidden = m.json("add", path, "--compartment", "secret", "--source", "Quindarvio").lines
    assert [line["status"] for line in hidden] == ["added", "added"]
    leave(m)
    assert m.json("list").lines == []
    innocent = m.file("in/other.zip", inner.getvalue())
    mine = m.json("add", innocent).lines
    assert [line["status"] for line in mine] == ["added", "added"], mine
    other = m.run("add", m.file("in/again.zip", inner.getvalue())).out
    assert b"0 items added" in other and b"1 known already" in other, other
    shown = m.run("show", mine[0]["item"]).out
    assert b"other.zip" in shown and b"Quindarvio's" not in shown and b"only for" not in shown
    assert len(m.json("show", mine[0]["item"]).one["acquisitions"]) == 2
    titles = [line["title"] for line in m.json("list").lines]
    assert titles == ["other.zip", "Quindarvio.txt"], titles
    assert [line["item"] for line in m.json("find", "quindarvio", "--texts").lines] == \
        [mine[1]["item"]]
    assert m.json("find", "source:quindarvio", "--texts").lines == []
    assert m.json("show", mine[1]["item"]).one["acquisitions"][0]["container"] == mine[0]["item"]
    m.verified()


def test_people_are_told_no_less_of_what_was_held_in_confidence(m):
    path = m.file("in/a.txt", "Words.\n")
    plain = m.run("add", m.file("in/b.txt", "Other words.\n")).out.replace(b"13", b"7")
    enter(m)
    m.run("add", path, "--compartment", "secret")
    leave(m)
    assert m.run("add", path).out == plain


def test_what_cites_a_confided_item_is_confided(m):
    path = m.file("in/statement.txt", "It was Quindarvio who told.\n")
    enter(m)
    item = m.add(path, "--compartment", "secret")[str(path)]["item"]
    law = new(m, "law", "title=Act")
    m.run("claim", law, "title=Hidden Act", "--cite", f"{item}:Quindarvio")
    m.run("claim", law, "title=Open Act", "--cite", f"{item}:Quindarvio", "--compartment", "")
    assert values(show(m, law), "title") == ["Act", "Hidden Act", "Open Act"]
    leave(m)
    shown = show(m, law)
    assert values(shown, "title") == ["Act", "Open Act"] and shown["withheld"] == 1, shown
    for out in (m.run("show", law, "--json").out, m.run("show", law).out,
                m.run("history", law, "--json").out, m.run("export", "jsonl", law).out,
                m.run("timeline", law, "--json").out):
        assert item.encode() not in out, out
    m.run("consent", "withdraw", item, code=3)


def test_what_an_import_confides_its_file_does_not_tell(m):
    m.run("letter", "open", "reference=JL-1", "kind=OPEN", "subject=S")
    table = m.file("in/e.csv", "organisation,country,representative\n"
                               "Association A,France,Quindarvio\nAssociation B,Spain,Zyxwabc\n")
    m.run("letter", "import-endorsements", "JL-1", table)
    enter(m, "other")
    # Chosen by somebody who may not choose it for what the schema confides, it is confided all the same.
    last = None
    for more in ((), ("--compartment", ""), ("--compartment", "other")):
        last = m.json("import", "csv", "--type", "endorsement", table, "letter=JL-1", *more,
                      code=None).lines[-1]
    roster = m.json("letter", "roster", "JL-1").lines[-1]
    assert roster["organisations"] >= 2, roster
    assert m.json("list").lines == []
    assert m.json("find", "quindarvio", "--texts").lines == []
    for name in ("1", last["item"]):
        for command in ("cat", "text", "show"):
            m.run(command, name, code=3)
    enter(m, "representatives")
    shown = m.json("show", last["item"]).one
    assert {a["compartment"] for a in shown["acquisitions"]} == {"representatives"}, shown
    assert {a["path"] for a in shown["acquisitions"]} == {str(table)}
    assert b"Zyxwabc" in m.run("cat", "1").out
    assert m.json("find", "quindarvio", "--texts").lines != []
    m.run("import", "csv", "--type", "endorsement", table, "letter=JL-1", "--compartment", "")
    leave(m, "representatives")
    assert b"Zyxwabc" in m.run("cat", "1").out, "a member opened it"


def test_an_import_in_confidence_is_preserved_in_confidence(m):
    enter(m)
    item = m.json("import", "csv", "--type", "law", m.file("in/l.csv", "title\nQuindarvio\n"),
                  "--compartment", "secret").lines[-1]["item"]
    plain = m.json("import", "csv", "--type", "law", m.file("in/p.csv", "title\nOpen Act\n"))
    leave(m)
    m.run("cat", item, code=3)
    assert m.json("list").lines[0]["item"] == plain.lines[-1]["item"]
    assert m.run("cat", plain.lines[-1]["item"]).out == b"title\nOpen Act\n"
    # Nobody has it for two compartments.
    entries = m.verified()["entries"]
    schema = ("type strange\n  label en \"strange\"\n  property one text one\n"
              "    label en \"one\"\n    confidential secret\n"
              "  property two text one\n    label en \"two\"\n    confidential other\n")
    m.run("schema", "add", m.file("strange.schema", schema))
    table = m.file("in/t.csv", "one,two\na,b\n")
    err = m.run("import", "csv", "--type", "strange", table, code=2).err
    assert '"secret"' in err and '"other"' in err, err
    assert m.verified()["entries"] == entries + 1
