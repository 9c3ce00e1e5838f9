"""What help, sources and documents name is there; and help says where an export writes."""
import json
import re

from vigil import alone, root


def texts(*folders):
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".c", ".h", ".md", ".py", ".schema"):
                yield path, path.read_text()


@alone
def test_documents_that_are_named_are_there(home):
    for path, text in texts("src", "share", "docs", "tests/unit", "bench"):
        for name in re.findall(r"docs/[a-z0-9/_-]+\.md", text):
            assert (root / name).is_file(), f"{path} names {name}"
    told = home.vigil("help", "--man").out.decode().replace("\\-", "-")
    assert re.findall(r"docs/[a-z/-]+\.md", told), "help names documents"
    for name in re.findall(r"docs/[a-z/-]+\.md", told):
        assert (root / name).is_file(), name


@alone
def test_links_lead_somewhere(home):
    for path, text in texts("docs"):
        for to in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (path.parent / to).exists(), f"{path} leads to {to}"


@alone
def test_commands_that_are_shown_exist(home):
    commands = {json.loads(line)["command"] for line in home.vigil("help", "--json").out.splitlines()}
    for path, text in texts("docs"):
        for name in re.findall(r"^    (?:\$ )?vigil ([a-z]+)", text, re.M):
            assert name in commands, f"{path} shows vigil {name}"


def test_an_export_keeps_its_format(m):
    m.run("new", "law", "title=Assembly Act")
    done = m.json("export", "csv", "law")
    assert done.out.decode().startswith("record,type,") and done.out.endswith(b"\r\n")
    told, = done.err.splitlines()
    assert json.loads(told)["records"] == 1
    told = " ".join(m.home.vigil("help").out.decode().split())
    assert "and nothing else; only vigil export writes its own format there" in told
    told = " ".join(m.home.vigil("help", "export").out.decode().split())
    assert "the summary goes to the standard error" in told
