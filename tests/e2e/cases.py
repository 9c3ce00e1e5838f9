"""A case, element by element: claims for and against with what they cite, exculpatory marks, gaps; and what leaves."""
from records import invent_states
from vigil import enter, leave

TEXT = "The guards shot two men.\nThe men were armed and shot first.\n"


def new(m, *args):
    return m.json("new", *args).one["record"]


def element(case, code):
    return next(e for e in case["elements"] if e["element"] == code)


def old_town(m):
    """A case of murder with a killing, one claim for and one against."""
    invent_states(m)
    file = m.file("report.txt", TEXT)
    item = m.add(file, "--consent", "purpose=trial; recipients=Court of Freedonia")[str(file)]["item"]
    event = new(m, "event", "title=Shooting in the old town")
    case = new(m, "case", "reference=C-1", "title=Old town", "crimes=CAH.a", f"events={event}", f"items={item}")
    claims = [m.json("claim", event, f"description={words}", "--source", source, "--cite", f"{item}:{words}",
                     "--credibility", "2").one["claims"][0]
              for source, words in (("A witness", "The guards shot two men."),
                                    ("The ministry", "The men were armed and shot first."))]
    proof = new(m, "element_proof", f"case={case}", "element=CAH.a.1", f"for={claims[0]}", f"against={claims[1]}",
                "gap=Who gave the order?")
    mark = new(m, "exculpatory_mark", f"case={case}", f"claim={claims[1]}", "why=They may have been attacked.")
    question = new(m, "open_question", f"case={case}", "text=Where was the commander?")
    return case, event, item, claims, proof, mark, question


def test_for_against_and_gaps_under_each_element(m):
    case, event, item, claims, proof, mark, question = old_town(m)
    got = m.json("case", "C-1").one
    assert got["record"] == case and got["title"] == "Old town"
    assert [(e["value"], e["title"]) for e in got["events"]] == [(event, "Shooting in the old town")]
    assert [i["value"] for i in got["items"]] == [item]
    assert [(q["record"], q["text"]) for q in got["questions"]] == [(question, "Where was the commander?")]
    assert [(x["record"], x["on"]) for x in got["exculpatory"]] == [(mark, [claims[1]])]
    assert [e["element"] for e in got["elements"]] == [f"CAH.context.{n}" for n in range(1, 6)] + ["CAH.a.1"]
    assert [e["gap"] for e in got["elements"]] == [True] * 5 + [False] and got["gaps"] == 5
    assert {e["kind"] for e in got["elements"][:5]} == {"context"}
    murder = element(got, "CAH.a.1")
    assert murder["kind"] == "crime" and murder["under"] == "CAH"
    (ground,), (contrary,) = murder["for"], murder["against"]
    assert (ground["claim"], ground["proof"], ground["standing"]) == (claims[0], proof, "stands")
    assert ground["source_title"] == "A witness" and ground["credibility"] == 2 and ground["origins"] == 1
    assert (ground["item"], ground["start"], ground["end"]) == (item, 0, 24) and not ground["exculpatory"]
    assert contrary["source_title"] == "The ministry" and contrary["exculpatory"] is True
    assert TEXT[contrary["start"]:contrary["end"]] == "The men were armed and shot first."
    assert murder["proofs"][0]["missing"] == ["Who gave the order?"]
    people = m.run("case", "Old town").out.decode()
    for words in ("CAH.context.2  The attack was widespread", "GAP: no claim for it", "missing: Who gave the order?",
                  f"for      {claims[0]}", f"A witness says, {item} bytes 0-24, credibility 2; 1 origin",
                  "(Shooting in the old town), exculpatory", "question: Where was the commander?", "gaps: 5"):
        assert words in people, people
    # What is withdrawn supports nothing; the case as it stood keeps it.
    before = int(m.json("log", "--limit", "1").one["index"])
    m.run("withdraw", claims[0], "--reason", "misread")
    got = m.json("case", "C-1").one
    assert element(got, "CAH.a.1")["gap"] is True and got["gaps"] == 6
    assert element(got, "CAH.a.1")["for"][0]["standing"] == "withdrawn"
    assert m.json("case", "C-1", "--as-of", f"#{before}").one["gaps"] == 5
    assert "event" in m.run("case", event, code=2).err
    m.run("case", "C-2", code=3)
    m.verified()


def test_what_leaves_obeys_consent(m):
    case, event, item, claims, _, _, _ = old_town(m)
    for to, seen in (("Court of Sylvania", False), ("Court of Freedonia", True)):
        done = m.json("case", case, "--to", to, "--purpose", "trial")
        murder = element(done.one, "CAH.a.1")
        assert bool(murder["for"]) is seen and bool(murder["against"]) is seen, done.out
        assert (murder["withheld"], done.one["withheld"]) == ((0, 0) if seen else (2, 4)), done.out
        # The item of the case and the claim that the mark names are withheld, too.
        assert [i["value"] for i in done.one["items"]] == [item] * seen
        assert done.one["exculpatory"][0]["on"] == claims[1:] * seen
        assert all((c.encode() in done.out) is seen for c in claims), done.out
    given = m.json("given", item).lines
    assert [(g["what"], g["recipient"]) for g in given] == [("case", "Court of Freedonia")]
    assert sorted(g["recipient"] for g in m.json("given", case).lines) == ["Court of Freedonia", "Court of Sylvania"]
    assert "Court of Freedonia" in m.run("consent", "withdraw", item).out.decode()
    m.verified()


def test_a_name_of_a_claim_leads_to_one(m):
    case, event, item, claims, proof, _, _ = old_town(m)
    size = m.json("log", "--limit", "1").one["index"]
    for what, code in (("against=c999.0", 3), ("for=garbage", 2), ("against=c1", 2)):
        assert "claim" in m.run("claim", proof, what, code=code).err
    m.run("finding", "propose", "It was so.", "--for", "c999.0", code=3)
    m.run("new", "exculpatory_mark", "why=x", "claim=c999.0", code=3)
    # In a compartment of others: to the letter like what is not there.
    enter(m, "witnesses")
    hidden = m.json("claim", event, "description=secret", "--compartment", "witnesses").one["claims"][0]
    leave(m, "witnesses")
    told = m.run("claim", proof, f"for={hidden}", code=3).err
    assert told.replace(hidden, "c999.0") == m.run("claim", proof, "for=c999.0", code=3).err
    # A table names claims, too: its row fails, and nothing else.
    made = m.json("import", "csv", m.file("proofs.csv", "case,element,for\n"
                                          f"{case},CAH.context.1,{claims[0]}\n{case},CAH.context.2,c999.0\n"),
                  "--type", "element_proof", code=None)
    assert b"c999.0" in made.out + made.err.encode()
    got = m.json("case", case).one
    assert element(got, "CAH.context.1")["gap"] is False and element(got, "CAH.context.2")["gap"] is True
    assert int(size) < int(m.json("log", "--limit", "1").one["index"])
