"""Old binary documents, messages and RTF of others, read in the confined program."""
import base64

from vigil import need_shared

FILES = "data/formats"


def added(m, path):
    return m.json("add", path).lines


def extraction(m, line):
    return m.json("show", line["item"]).one["extraction"]


def test_old_documents_are_read(m):
    cases = [
        ("tika/testWORD_features.doc", "another comment", "vigil-extract ole"),
        ("tika/testWORD6.doc", "quick brown fox", "vigil-extract ole"),
        ("poi/chinese-provinces.xls", "北京市", "vigil-extract ole"),
        ("tika/testEXCEL_4.xls", "", "vigil-extract ole"),
        ("tika/testPPT_custom_props.ppt", "Test extraction properties", "vigil-extract ole"),
        ("tika/testMSG_chinese.msg", "中文測試", "vigil-extract ole"),
        ("tika/testRTF-ms932.rtf", "こんにちは", "vigil-extract rtf"),
    ]
    for name, text, program in cases:
        line = added(m, need_shared(f"{FILES}/{name}"))[0]
        said = extraction(m, line)
        assert (said["status"], said["program"]) == ("ok", program), (name, said)
        assert text in m.run("text", line["item"]).out.decode(), name
    m.verified()


def test_what_is_embedded_in_them_is_read_in_its_turn(m):
    lines = added(m, need_shared(f"{FILES}/tika/testPPT_oleWorkbook.ppt"))
    assert [l["path"].rsplit("/", 1)[1] for l in lines[:3]] == \
        ["testPPT_oleWorkbook.ppt", "picture 1.emf", "object 1.zip"], lines
    lines = added(m, need_shared(f"{FILES}/tika/testWPSAttachment.doc"))
    inner = [l for l in lines if l["path"].endswith(".xls")]
    assert inner and all(extraction(m, l)["status"] in ("ok", "empty") for l in inner), lines


def test_an_encrypted_one_says_so(m):
    for name in ("tika/testWORD_protected_passtika.doc", "tika/testEXCEL_protected_passtika.xls"):
        said = extraction(m, added(m, need_shared(f"{FILES}/{name}"))[0])
        assert said["status"] == "failed" and "encrypted" in said["why"], said


def test_a_package_in_rtf_comes_out(m):
    package = bytes.fromhex("0200") + b"a.txt\0c:\\a.txt\0\0\0\3\0\4\0\0\0tmp\0\5\0\0\0heron"
    data = bytes.fromhex("010500000200000008000000") + b"Package\0" + bytes(8) + \
        len(package).to_bytes(4, "little") + package
    rtf = b"{\\rtf1 see{\\object\\objemb{\\*\\objdata " + base64.b16encode(data) + b"}{\\result it}}}"
    lines = added(m, m.file("with.rtf", rtf))
    assert [l["path"].rsplit("/", 1)[1] for l in lines] == ["with.rtf", "a.txt"], lines
    assert m.run("cat", lines[1]["item"]).out == b"heron"
