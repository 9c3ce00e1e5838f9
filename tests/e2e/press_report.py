"""The worked example of docs/examples/press-report: it runs, and comes to what its README shows."""
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
    text = report.read_bytes()
    for record in m.json("list", "letter").lines + m.json("list", "statement").lines + m.json("list", "figure").lines:
        for claim in m.json("show", record["record"]).one["claims"]:
            if claim.get("source_title", "").startswith("Press report"):
                assert 0 <= claim["start"] < claim["end"] <= len(text), claim
    m.verified()


def test_cites_one_file_only(m):
    other = m.file("other.txt", "another report\n")
    assert "SHA-256" in run(m, other, code=2).stderr
    assert m.json("list").lines == []
