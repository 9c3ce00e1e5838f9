"""Mail that others collected, against another reader of it: Python's email package."""
import email
import email.policy
import pathlib
import re

from vigil import need_shared

# Where the two differ, and why.
EXCEPTIONS = {
    "malformed_022.eml": "in place of a message stand words: GMime drops them, and the item's note says so",
    "rfc_001.eml": "parts that lie elsewhere (message/external-body): their headers are not taken as a file",
    "rfc_003.eml": "an alternative in text/richtext is not a file",
}


def normal(s):
    return re.sub(r"\s+", " ", s or "").strip()


def says(theirs, ours):
    """Is theirs within ours? Where Python does not tell the encoding of bytes it has U+FFFD."""
    return re.search(".".join(map(re.escape, normal(theirs).split("\ufffd"))), ours) is not None


def leaves(part):
    """Files and texts as Python's reader finds them: (name, bytes or text)."""
    if part.is_multipart():
        for p in part.get_payload():
            yield from leaves(p)
    else:
        yield part


def theirs(raw):
    m = email.message_from_bytes(raw, policy=email.policy.default)
    files, texts = [], []
    for p in leaves(m):
        kind = p.get_content_type()
        shown = kind in ("text/plain", "text/html") and p.get_content_disposition() != "attachment"
        data = p.get_payload(decode=True) or b""
        if shown and not p.get_filename():
            if kind == "text/plain":
                texts.append(data.decode(p.get_content_charset("utf-8"), "replace"))
        elif p.get_content_maintype() not in ("message",) and data:
            files.append(data)
    return m, files, texts


def differences(m, raw, line, children):
    message, files, texts = theirs(raw)
    fields = {}
    for name, value in m.json("show", line["item"]).one["metadata"].items():
        fields[name] = value if isinstance(value, list) else [value]
    text = normal(m.run("text", line["item"], code=None).out.decode())
    subject = normal(fields.get("title", [""])[0])
    if not says(str(message["subject"] or ""), subject) or (subject and not message["subject"]):
        yield f"subject: {fields.get('title')} {message['subject']!r}"
    for name in ("from", "to", "cc"):
        wanted = [a.addr_spec for a in getattr(message[name], "addresses", [])]
        found = [re.sub(r".*<(.*)>$", r"\1", v) for v in fields.get(name, [])]
        if [w for w in wanted if w != "<>"] != found:
            yield f"{name}: {found} {wanted}"
    found = sorted(m.run("cat", c).out for c in children)
    if sorted(set(files)) != sorted(set(found)):
        yield f"files: {[len(f) for f in found]} {[len(f) for f in files]}"
    for t in texts:
        if not says(t, text):
            yield f"text: {normal(t)[:80]!r}"


def test_the_shared_messages_are_read_as_another_reads_them(m):
    folder = need_shared("data/formats/mail-stalwart")
    equal = total = 0
    for line in m.json("add", *sorted(folder.glob("*.eml"))).lines:
        path = pathlib.Path(line["path"])
        if line["container"] or line["media_type"] != "message/rfc822":
            continue
        raw = path.read_bytes()
        total += 1
        children = m.json("show", line["item"]).one["children"]
        found = list(differences(m, raw, line, children))
        equal += not found
        assert bool(found) == (path.name in EXCEPTIONS), f"{path.name}: {found}"
    print(f"# {equal} of {total} messages are equal", flush=True)
    assert total == 34 and equal == total - len(EXCEPTIONS)


def test_what_is_attached_becomes_items(m):
    card = "BEGIN:VCARD\r\nFN:Ana Heron\r\nEND:VCARD\r\n"
    path = m.file("letter.eml", "From: a@example.org\nTo: b@example.org\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n"
                  "Subject: Reeds\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nsee the reed\n"
                  "--x\nContent-Type: text/vcard; name=ana.vcf\n\n" + card + "--x--\n")
    letter, attached = m.json("add", path).lines
    assert letter["media_type"] == "message/rfc822" and attached["media_type"] == "text/vcard"
    assert attached["path"].endswith("letter.eml/ana.vcf") and attached["container"] == letter["item"]
    assert m.json("find", "heron").one["item"] == attached["item"]
    assert m.json("find", "reed").one["item"] == letter["item"]
    anchors = m.run("text", letter["item"], "--anchors", "--json").out.decode()
    assert '"header":"Subject"' in anchors and '"part":"1"' in anchors
    m.verified()


def test_what_is_signed_alone_comes_out(m):
    folder = need_shared("data/formats/tika")
    path = folder / "testPKCS7_signed_data_def.p7m"
    outer, inner = m.json("add", path).lines
    assert inner["container"] == outer["item"] and 0 < inner["bytes"] < path.stat().st_size, inner
    assert m.run("cat", inner["item"]).out in path.read_bytes()
    locked = folder / "testPKCS7_enveloped_def.p7m"
    shown = m.json("show", m.add(locked)[str(locked)]["item"]).one
    assert shown["metadata"]["encrypted"] == "S/MIME" and shown["extraction"]["reason"] == "encrypted", shown
