"""Sound, video and subtitles as items: their words are found with the time at which they are said."""
import shutil
import subprocess

SUBTITLES = "1\n00:00:01,500 --> 00:00:02,000\nthe heron left\n\n2\n01:00:03,000 --> 01:00:04,000\nthe reeds stayed\n"


def anchors(m, item):
    return [(a.get("time"), a.get("part")) for a in m.json("text", item, "--anchors").lines]


def test_subtitles_have_times(m):
    item = m.json("add", m.file("talk.srt", SUBTITLES)).one["item"]
    assert m.json("find", "heron").one["item"] == item
    assert m.json("show", item).one["media_type"] == "application/x-subrip"
    assert anchors(m, item) == [("0:00:01.500", None), ("1:00:03.000", None)]
    m.verified()


def test_a_video_has_its_subtitles_and_its_attachment(m):
    if not shutil.which("ffmpeg"):
        return
    srt, note, video = m.file("s.srt", SUBTITLES[:60]), m.file("note.txt", "seen from the bridge\n"), m.file("v.mkv", "")
    subprocess.run(["ffmpeg", "-y", "-v", "error", "-f", "lavfi", "-i", "testsrc=d=3:s=64x32:r=5", "-i", srt,
                    "-attach", note, "-metadata:s:t", "mimetype=text/plain", "-c:s", "srt", "-metadata",
                    "location=+46.9481+007.4474/", video], check=True)
    video_line, note_line = m.json("add", video).lines
    assert note_line["container"] == video_line["item"]
    item = video_line["item"]
    assert anchors(m, item) == [("0:00:01.500", "subtitles 2")], anchors(m, item)
    shown = m.json("show", item).one
    assert shown["media_type"] == "video/x-matroska" and shown["extraction"]["program"] == "vigil-extract media"
    assert m.json("find", "bridge").one["item"] == note_line["item"]
    m.verified()
