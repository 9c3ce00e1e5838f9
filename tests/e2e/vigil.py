"""What the end-to-end tests share: a home of its own, and a mechanism in it."""
import json
import os
import pathlib
import subprocess

root = pathlib.Path(__file__).resolve().parents[2]
build = pathlib.Path(os.environ.get("VIGIL_BUILD", root / "build"))
shared = root.parent / "shared"


class Skip(Exception):
    pass


def alone(test):
    test.alone = True
    return test


def sqlite_only(test):
    test.sqlite_only = True
    return test


def need_shared(path):
    where = shared / path
    if not where.exists():
        raise Skip(f"the shared material has no {path} here")
    return where


class Result:
    def __init__(self, done):
        self.code, self.out = done.returncode, done.stdout
        self.err = done.stderr.decode("utf-8", "replace")

    @property
    def lines(self):
        """The JSON objects on the standard output."""
        return [json.loads(line) for line in self.out.decode().splitlines()]

    @property
    def one(self):
        assert len(self.lines) == 1, self.out
        return self.lines[0]


class Home:
    """A person's home folder, and a place for files."""

    def __init__(self, folder):
        self.folder = folder
        self.env = {k: v for k, v in os.environ.items()
                    if not k.startswith(("VIGIL_", "XDG_"))}
        for name, below in (("HOME", "home"), ("XDG_RUNTIME_DIR", "run")):
            (folder / below).mkdir(mode=0o700)
            self.env[name] = str(folder / below)

    def vigil(self, *args, stdin=b"", code=0, program=None, timeout=300, **more):
        """Runs vigil and checks its exit code (None: any)."""
        done = subprocess.run([str(program or build / "vigil"), *map(os.fspath, args)],
                              input=stdin, capture_output=True, env=self.env, timeout=timeout,
                              cwd=self.folder, **more)
        result = Result(done)
        assert code is None or result.code == code, \
            f"vigil {' '.join(map(str, args))}: exit {result.code}, wanted {code}\n{result.err}"
        if result.code:
            assert len(result.err.strip().splitlines()) >= 1, "a failure says why"
        return result

    def file(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


class Mechanism(Home):
    def __init__(self, home, url):
        self.__dict__.update(home.__dict__)
        self.home = home
        self.url = url
        self.dir = self.folder / "mechanism"
        database = ["--database", url] if url else []
        home.vigil("init", self.dir, "--name", "example.org/test", *database)

    def run(self, command, *args, **more):
        return self.home.vigil("-C", self.dir, command, *args, **more)

    def json(self, command, *args, **more):
        return self.run(command, *args, "--json", **more)

    def add(self, *paths, **more):
        """Adds files; what came out, by path."""
        return {line["path"]: line for line in self.json("add", *paths, **more).lines}

    def verified(self):
        last = self.json("verify").lines[-1]
        assert last["ok"] is True, last
        return last


def me(m):
    return m.json("log", "--limit", "1").one["actor"]


def enter(m, name="secret"):
    """Into a compartment, which is made if there is none."""
    m.run("compartment", "add", name, me(m))


def leave(m, name="secret"):
    """Somebody else stays in it."""
    m.run("compartment", "add", name, "somebody else")
    m.run("compartment", "remove", name, me(m))
