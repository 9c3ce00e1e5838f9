"""Lists by conditions: dates that may mean many days, numbers, links and what leads back over them; copies of items."""
from records import invent_states


def new(m, *args):
    return m.json("new", *args).one["record"]


def titles(m, *args):
    return sorted(r["title"] for r in m.json("list", *args).lines)


def test_dates_are_compared_for_sure(m):
    invent_states(m)
    for title, enacted in (("a", "2019"), ("b", "2020-06"), ("c", "2020-06-15"), ("d", "2020-XX-15"), ("e", "../2018")):
        new(m, "law", "state=XAA", f"title={title}", f"enacted={enacted}")
    new(m, "law", "state=XAA", "title=f")
    assert titles(m, "law", "enacted<2020") == ["a", "e"]
    assert titles(m, "law", "enacted<=2020-06") == ["a", "b", "c", "e"]
    assert titles(m, "law", "enacted<2020-06-15") == ["a", "e"], "June 2020 may be later"
    assert titles(m, "law", "enacted>2019") == ["b", "c", "d"]
    assert titles(m, "law", "enacted>=2020-06-15") == ["c"]
    assert titles(m, "law", "enacted=2020") == ["b", "c", "d"]
    assert titles(m, "law", "enacted!=2020") == ["a", "e", "f"]
    assert titles(m, "law", "enacted=") == ["f"]
    assert titles(m, "law", "enacted=*", "enacted<2020") == ["a", "e"]
    assert m.json("list", "law", "enacted>2019", "--count").one == {"count": 3}
    rows = m.json("list", "law", "enacted>2019", "--columns", "title,enacted").lines
    assert rows[0]["values"] == {"title": ["b"], "enacted": ["2020-06"]}, rows[0]


def test_links_lead_on_and_back(m):
    invent_states(m)
    law = new(m, "law", "state=XAA", "title=On gatherings", "enacted=2019")
    other = new(m, "law", "state=XAB", "title=On harbours", "enacted=2019")
    new(m, "provision", f"law={law}", "number=4", "concern=vague")
    new(m, "provision", f"law={other}", "number=1")
    letter = new(m, "letter", "kind=OL", "reference=OL XAA 1/2020", "state=XAA", "sent=2020-01-02", f"concerns={law}")
    assert titles(m, "provision", "law.state=Freedonia") == titles(m, "provision", f"law={law}") != []
    assert [r["record"] for r in m.json("list", "letter", "concerns.enacted<2020").lines] == [letter]
    back = next(p["reverse"] for p in m.json("type", "provision").one["properties"] if p["property"] == "law")
    assert titles(m, "law", f"{back}.concern=vague") == ["On gatherings"]
    assert titles(m, "law", f"{back}.concern=") == ["On harbours"]
    wrong = m.run("list", "law", "provisons.concern=vague", code=2).err
    assert "provisons" in wrong
    assert "neither a date nor a number" in m.run("list", "law", "title<b", code=2).err
    assert "no link" in m.run("list", "law", "title.x=b", code=2).err
    m.run("list", "law", "enacted<2020-13", code=2)
    m.run("list", "law", "enacted", code=2)


def test_conditions_see_what_the_viewer_sees(m):
    invent_states(m)
    item = next(iter(m.add(m.file("note.txt", "The law is of 2019.\n")).values()))["item"]
    new(m, "law", "state=XAA", "title=On gatherings")
    made = new(m, "law", "title=On harbours")
    m.run("claim", made, "state=XAA", "--cite", item)
    assert titles(m, "law", "state=XAA") == ["On gatherings", "On harbours"]
    m.run("consent", "withdraw", item)
    assert titles(m, "law", "state=XAA") == ["On gatherings"]
    assert titles(m, "law", "state=") == ["On harbours"]


def origins(m, claim):
    return m.json("corroborate", claim).one["origins"]


def test_copies_have_one_origin(m):
    invent_states(m)
    items = [line["item"] for line in m.add(*(m.file(f"{n}.txt", f"Report {n}: three were held.\n")
                                              for n in "abc")).values()]
    event = new(m, "event", "title=At the bridge")
    claims = [m.json("claim", event, "estimated_victims=3", "--source", f"Outlet {n}", "--cite", i).one["claims"][0]
              for n, i in zip("abc", items)]
    assert origins(m, claims[0]) == 3
    m.run("copy", items[1], "--of", items[0])
    assert origins(m, claims[0]) == 2
    m.run("copy", items[2], "--of", items[1])
    assert origins(m, claims[0]) == 1
    assert m.json("show", items[2]).one["copy_of"] == items[0]
    assert "copy of" in m.run("show", items[2]).out.decode()
    assert "not the other way" in m.run("copy", items[0], "--of", items[2], code=2).err
    assert "already" in m.run("copy", items[2], "--of", items[0], code=2).err
    m.run("copy", items[0], "--of", items[0], code=2)
    m.run("copy", items[0], "--undo", code=2)
    m.run("copy", "item_none", "--of", items[0], code=3)
    assert origins(m, claims[0]) == 1, "what is refused changes nothing"
    m.run("copy", items[1], "--undo", "--reason", "a report of its own")
    assert origins(m, claims[0]) == 2, "the third is now a copy of the second"
    m.verified()
    m.run("rebuild")
    assert origins(m, claims[0]) == 2


def test_what_rests_on_one_item_has_one_origin(m):
    items = [line["item"] for line in m.add(*(m.file(f"{n}.txt", f"Report {n}: three were held.\n")
                                              for n in "ab")).values()]
    event = new(m, "event", "title=At the bridge")

    def says(*args):
        return m.json("claim", event, "estimated_victims=3", *args).one["claims"][0]

    first = says("--source", "A", "--cite", items[0])
    says("--source", "B", "--cite", items[0])
    assert origins(m, first) == 1, "two sources by way of one item"
    says("--cite", items[0])
    assert origins(m, first) == 1, "the mechanism has it from there, too"
    says("--source", "C", "--cite", items[1])
    told = m.json("corroborate", first).one
    assert (told["claims"], told["sources"], told["origins"]) == (4, 3, 2)
    assert sum(line["origin"] for line in told["tree"]) == 2
    m.run("copy", items[1], "--of", items[0])
    assert origins(m, first) == 1
    says("--source", "D")
    says()
    assert origins(m, first) == 3
    m.run("new", "source", "name=F")
    m.run("new", "source", "name=E", "origin=A", "origin=F")
    says("--source", "E")
    assert origins(m, first) == 4, "E has it from A, who counts already, and from F"


def test_order_does_not_matter_to_origins(m):
    items = [line["item"] for line in m.add(*(m.file(f"{n}.txt", f"Report {n}.\n") for n in "ab")).values()]
    said = [("A", items[0]), ("B", items[0]), ("B", items[1])]
    for turn in (said, said[::-1], [said[1], said[2], said[0]]):
        event = new(m, "event", "title=At the bridge")
        claims = [m.json("claim", event, "estimated_victims=3", "--source", source, "--cite", item).one["claims"][0]
                  for source, item in turn]
        assert origins(m, claims[0]) == 1


def test_links_say_the_same_if_they_lead_to_one(m):
    one, other = (new(m, "organisation", f"name=P{n}") for n in "AB")
    said = new(m, "statement", "text=No comment.")
    claim = m.json("claim", said, f"by={one}", "--source", "A").one["claims"][0]
    m.run("claim", said, f"by={other}", "--source", "B")
    assert origins(m, claim) == 1
    m.run("same", one, other)
    told = m.json("corroborate", claim).one
    assert (told["claims"], told["origins"]) == (2, 2)


def test_places(m):
    """By name, whatever stands beside it, and by coordinates within what is known of them."""
    places = {"A": "Bangui city", "B": "BANGUI @ 4.36,18.55", "C": "Bangassou @ 4.7411,22.8184 ~2000m",
              "D": "4.3601,18.5501", "E": "Banguinois", "F": "Port-au-Prince"}
    for title, place in places.items():
        m.run("new", "event", f"title={title}", f"place={place}")

    def found(condition):
        titles = [r["title"] for r in m.json("list", "event", condition).lines]
        kept = [l["title"] for l in m.json("export", "jsonl", "event", condition, code=None).lines if "title" in l]
        assert sorted(kept) == sorted(titles), (condition, kept, titles)
        return "".join(sorted(titles))
    for condition, wanted in (("place=bangui", "AB"), ("place=Bangui city", "A"), ("place=Bangui town", ""),
                              ("place=port au prince", "F"), ("place=4.36,18.55", "B"),
                              ("place=4.36,18.55 ~50m", "BD"), ("place=4.75,22.82 ~10m", "C"),
                              ("place=4.75,22.9", ""), ("place=Bangui @ 4.36,18.55", "B"),
                              ("place!=bangui", "CDEF"), ("place=*", "ABCDEF"), ("place=", "")):
        assert found(condition) == wanted, (condition, found(condition))


def test_exports_obey_every_relation(m):
    for title, began in (("A", "2001"), ("B", "2002-05"), ("C", "2003")):
        m.run("new", "event", f"title={title}", f"began={began}", *(["grouping=x"] if title != "B" else []))
    for conditions, wanted in ((["began<2002"], "A"), (["began>=2002"], "BC"), (["began=2002"], "B"),
                               (["grouping="], "B"), (["grouping=*", "began>2001"], "C"), (["grouping!=x"], "B")):
        found = [r["title"] for r in m.json("export", "jsonl", "event", *conditions).lines if "title" in r]
        assert "".join(sorted(found)) == wanted, (conditions, found)
