"""The worked example of docs/examples/press-report: it runs, and comes to what its README shows."""
import json
import re
import subprocess

import vigil

example = vigil.root / "docs/examples/press-report"


def normal(text):
    """Ids numbered in the order in which they appear."""
    seen = {}

    def number(found):
        return f"{found[1]}_{seen.setdefault(found[0], len(seen) + 1):026}"
    return re.sub(r"\b(rec|item)_[0-9a-z]{26}", number, text)


def shown():
    """What the README says comes out: all that is set in after the last heading."""
    text = (example / "README.md").read_text().split("## What comes out")[1]
    return "\n".join(line[4:] for line in text.splitlines() if line.startswith("    ") or not line)


def run(m, report, code=0):
    done = subprocess.run([example / "run", report, m.dir], capture_output=True, text=True,
                          env={**m.env, "VIGIL": str(vigil.build / "vigil")})
    assert done.returncode == code, done.stderr
    return done


def test_comes_to_what_the_readme_shows(m):
    report = vigil.need_shared("data/press/report-2020-09-09.txt")
    got = normal(run(m, report).stdout).strip()
    assert got == shown().strip(), f"the README of the example should say:\n{got}"
    m.verified()


CUT = 2657  # here the report ends, within a word; what follows it is the site's


def whole_words(text, start, end):
    """Does a span begin and end where words do?"""
    words = text[start:end].decode()  # and at characters
    before, after = text[:start].decode()[-1:], text[end:].decode()[:1]
    return (words == words.strip() and not (before.isalnum() and words[0].isalnum())
            and not (words[-1].isalnum() and after.isalnum()))


def test_every_statement_cites_its_bytes(m):
    report = vigil.need_shared("data/press/report-2020-09-09.txt")
    run(m, report)
    texts = {m.json("show", str(n)).one["item"]: path.read_bytes()
             for n, path in enumerate((report, example / "notes.txt"), 1)}
    cited, speakers = [], {}
    for record in (json.loads(line) for line in m.run("export", "jsonl").out.splitlines()):
        for claim in record["claims"]:
            text = texts[claim["item"]]
            assert 0 <= claim["start"] < claim["end"] <= len(text), claim
            assert whole_words(text, claim["start"], claim["end"]) or claim["end"] == CUT, \
                (claim, text[claim["start"]:claim["end"]])
            cited.append(claim)
            if record["type"] != "source":
                speakers.setdefault(claim["source_title"], set()).add(claim["item"])
    assert len(cited) == 99, len(cited)
    # What the report says cites the report, what others say the notes.
    assert len(speakers) == 7
    for name, items in speakers.items():
        assert items == {list(texts)[not name.startswith("Press report")]}, name
    # The register, and not the June call, has the letter that came after it.
    letter, = m.json("list", "letter", "reference=OL CHN 17/2020").lines
    told = [c["source_title"] for c in m.json("show", letter["record"]).one["claims"] if c["typed"] == "2020-09-01"]
    assert told == ["The experts' register of what they sent"]


def test_cites_one_file_only(m):
    other = m.file("other.txt", "another report\n")
    assert "SHA-256" in run(m, other, code=2).stderr
    assert m.json("list").lines == []
