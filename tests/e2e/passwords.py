"""Encrypted files: noted as such, and tried again with a password."""
import hashlib
import json
import struct

from vigil import need_shared

PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def rc4(key, data):
    s, j, out, a, b = list(range(256)), 0, bytearray(), 0, 0
    for i in range(256):
        j = (j + s[i] + key[i % len(key)]) & 255
        s[i], s[j] = s[j], s[i]
    for byte in data:
        a = (a + 1) & 255
        b = (b + s[a]) & 255
        s[a], s[b] = s[b], s[a]
        out.append(byte ^ s[(s[a] + s[b]) & 255])
    return bytes(out)


def locked_pdf(words, user, owner):
    """A page of text under the standard security handler, revision 2 (ISO 32000-1, 7.6)."""
    def padded(s):
        return (s.encode() + PAD)[:32]
    ident, rights = b"0123456789abcdef", -4
    o = rc4(hashlib.md5(padded(owner)).digest()[:5], padded(user))
    key = hashlib.md5(padded(user) + o + struct.pack("<i", rights) + ident).digest()[:5]
    stream = rc4(hashlib.md5(key + struct.pack("<I", 4)[:3] + b"\0\0").digest()[:10],
                 f"BT /F1 12 Tf 72 700 Td ({words}) Tj ET".encode())
    bodies = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
              b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
              b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
              b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
              b"<</Filter/Standard/V 1/R 2/Length 40/P %d/O<%s>/U<%s>>>" %
              (rights, o.hex().encode(), rc4(key, PAD).hex().encode())]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for i, body in enumerate(bodies):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (i + 1, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % p for p in places)
    out += b"trailer<</Size %d/Root 1 0 R/Encrypt 6 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(bodies) + 1, ident.hex().encode(), ident.hex().encode(), start)
    return bytes(out)


def extraction(m, item):
    return m.json("show", item).one["extraction"]


def test_zip_archives_of_others_open_with_their_password(m):
    folder = need_shared("data/formats/zip-libzip")
    for name, password in (("encrypt-aes128.zip", "foofoofoo"), ("encrypt-aes192.zip", "foofoofoo"),
                           ("encrypt-aes256.zip", "foofoofoo"), ("encrypt.zip", "foo")):
        item = m.add(folder / name)[str(folder / name)]["item"]
        shown = m.json("show", item).one
        assert shown["metadata"]["encrypted"] == "ZIP" and "are encrypted (ZIP)" in shown["extraction"]["why"], shown
        wrong = m.file("wrong", "not this one\n")
        told = m.json("extract", item, "--password-file", wrong, code=4).one
        assert told["failed"] == 1 and told["reasons"][0]["reason"] == "encrypted", told
        assert "does not open" in extraction(m, item)["why"]
        right = m.file("right", f"{password}\r\nand a second line\n")
        lines = m.json("extract", item, "--password-file", right).lines
        assert lines[-1]["failed"] == 0 and lines[-1]["embedded"] == len(lines) - 1 > 0, lines
        shown = m.json("show", item).one
        assert "encrypted" not in shown["metadata"] and shown["children"], shown
    m.verified()


def test_what_cannot_be_opened_says_so(m):
    seven = need_shared("data/formats/tika/test7Z_protected_passTika.7z")
    rar = need_shared("data/formats/archives/test_read_format_rar5_encrypted_filenames.rar")
    for path, kind in ((seven, "7-Zip"), (rar, "RAR")):
        item = m.add(path)[str(path)]["item"]
        assert m.json("show", item).one["metadata"]["encrypted"] == kind
        m.json("extract", item, "--password-file", "-", stdin=b"passTika", code=4)
        assert "only its own program can undo" in extraction(m, item)["why"]
        assert m.json("show", item).one["metadata"]["encrypted"] == kind


def test_office_documents_of_others_open_with_their_password(m):
    folder = need_shared("data/formats/tika")
    for name, password, words in (("testEXCEL_protected_passtika.xlsx", "tika", b"This is an Encrypted Excel spreadsheet."),
                                  ("protected_normal_case.docx", "password", b"This is a sample Word document")):
        item = m.add(folder / name)[str(folder / name)]["item"]
        shown = m.json("show", item).one
        assert shown["metadata"]["encrypted"] == "yes" and shown["extraction"]["reason"] == "encrypted", shown
        m.run("extract", item, "--password-file", m.file("wrong", "not this one\n"), code=4)
        assert "the password does not open it" in extraction(m, item)["why"]
        m.run("extract", item, "--password-file", m.file("right", password))
        shown = m.json("show", item).one
        assert "encrypted" not in shown["metadata"] and "openxmlformats" in shown["metadata"]["format"], shown
        assert words in m.run("text", item).out
    readable = folder / "protect.xlsx"  # only changing it is locked, with Excel's own password
    item = m.add(readable)[str(readable)]["item"]
    assert extraction(m, item)["status"] == "ok" and len(m.run("text", item).out) > 100
    m.verified()


def test_a_pdf_opens_with_either_password(m):
    path = m.file("letter.pdf", locked_pdf("the heron waits", "user key", "owner key"))
    item = m.add(path)[str(path)]["item"]
    assert "only a password opens" in extraction(m, item)["why"]
    m.run("extract", item, "--password-file", "-", stdin=b"guess\n", code=4)
    assert "the password does not open it" in extraction(m, item)["why"]
    for password in (b"user key\n", b"owner key"):
        told = m.json("extract", item, "--password-file", "-", stdin=password).one
        assert told["texts"] == 1, told
    assert m.run("text", item).out.strip() == b"the heron waits"
    assert m.json("find", "heron").one["item"] == item
    m.verified()


def test_the_password_is_kept_nowhere(m):
    path = m.file("letter.pdf", locked_pdf("the heron waits", "Secret-Heron-77", "x"))
    item = m.add(path)[str(path)]["item"]
    done = m.run("extract", item, "--password-file", "-", stdin=b"Secret-Heron-77\n")
    said = done.out + done.err.encode() + m.json("show", item).out + b"".join(
        m.json("receipt", str(i), "--with-body").out for i in range(m.json("log", "--limit", "1").one["index"] + 1))
    assert b"Secret-Heron" not in said
    for bad, word in ((b"\n", "empty"), (b"x" * 2000, "at most")):
        assert word in m.run("extract", item, "--password-file", "-", stdin=bad, code=2).err
    m.run("extract", item, "--password-file", m.folder / "missing", code=3)


def test_sums_tell_why_and_of_what(m):
    files = [m.file("a.txt", "some words"), m.file("p.png", b"\x89PNG\r\n\x1a\n" + bytes(64)), m.file("empty", b""),
             m.file("l.pdf", locked_pdf("x", "a", "b")), m.file("bad.pdf", b"%PDF-1.4\nnothing else"),
             m.file("o.bin", bytes(range(256)) * 9)]
    done = m.run("add", *files)
    assert all(len(line) <= 80 for line in done.out.decode().splitlines()), done.out
    for words in ("6 items added", "1 with text", "3 failed", "encrypted", "damaged", "application/pdf 1",
                  "no reader for the type", "application/octet-stream 1"):
        assert words in done.out.decode(), (words, done.out)
    bad = {line["path"]: line["item"] for line in m.json("add", *files).lines}
    failed = m.run("extract", bad[str(files[4])], bad[str(files[0])], code=2)
    assert "1 of 2 items" in failed.err, failed.err
    m.run("extract", bad[str(files[3])], code=4)
    told = m.json("extract", "--all").lines[-1]
    reasons = {r["reason"]: r for r in told["reasons"]}
    assert reasons["encrypted"]["media_types"] == {"application/pdf": 1} and reasons["encrypted"]["failure"], told
    assert reasons["damaged"]["items"] == 2 and not reasons["no reader for the type"]["failure"], told
    assert told["texts"] + told["pictures"] + told["without_text"] + told["failed"] == told["items"] == 6, told
    sums = json.loads(m.json("add", files[0]).err.splitlines()[-1])
    assert (sums["added"], sums["known"], sums["texts"], sums["reasons"]) == (0, 1, 0, []), sums
