// An outsider's check of a published log: with the Go project's packages for signed
// notes and transparency logs, and none of Vigil's code.
//
//	check_log FOLDER VKEY [CHECKPOINT...]
//
// FOLDER is what "vigil publish log" wrote, or a mirror of it; each CHECKPOINT a file
// with an earlier signed head that was kept. Every hash in every tile is computed anew
// from the leaves and compared, so that no proof made from these tiles rests on a hash
// that was not traced to the root. Then inclusion is proved for the entries, and
// consistency between all sizes that were published. The first fault ends it: exit 1.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8 // of a tile: 256 hashes

// Inclusion is proved for every entry of a log of up to so many; in larger ones for as
// many, evenly spread, with the first and the last.
const proved = 4096

type publication struct {
	dir     string
	key     note.Verifier
	head    tlog.Tree
	hashes  memory         // all stored hashes, computed from the leaves
	sizes   map[int64]bool // that were published
	tiles   int
	bundles int
}

// memory holds hashes by their storage index.
type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x >= int64(len(m)) {
			return nil, fmt.Errorf("hash %d is beyond the log", x)
		}
		out[i] = m[x]
	}
	return out, nil
}

// files reads tiles as they were published.
type files struct{ dir string }

func (f files) Height() int                                { return height }
func (f files) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, t := range tiles {
		data, err := os.ReadFile(filepath.Join(f.dir, tilePath(t)))
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

// The package writes "tile/8/0/000" and "tile/8/data/000"; in tlog-tiles the height is
// not named, and data are entries.
func tilePath(t tlog.Tile) string {
	p := strings.TrimPrefix(t.Path(), "tile/8/")
	if t.L < 0 {
		p = "entries" + strings.TrimPrefix(p, "data")
	}
	return "tile/" + p
}

func parsePath(path string) (tlog.Tile, error) {
	p := strings.TrimPrefix(path, "tile/")
	if strings.HasPrefix(p, "entries/") {
		p = "data" + strings.TrimPrefix(p, "entries")
	}
	return tlog.ParseTilePath("tile/8/" + p)
}

func readCheckpoint(path string, key note.Verifier) (tlog.Tree, error) {
	var t tlog.Tree
	msg, err := os.ReadFile(path)
	if err != nil {
		return t, err
	}
	n, err := note.Open(msg, note.VerifierList(key))
	if err != nil {
		return t, fmt.Errorf("%s: %w", path, err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 || lines[0] != key.Name() {
		return t, fmt.Errorf("%s: no checkpoint of %s", path, key.Name())
	}
	if t.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil || t.N < 0 || strconv.FormatInt(t.N, 10) != lines[1] {
		return t, fmt.Errorf("%s: size %q", path, lines[1])
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return t, fmt.Errorf("%s: root %q", path, lines[2])
	}
	copy(t.Hash[:], root)
	return t, nil
}

// The package says that the root of an empty tree is zeros; RFC 6962 says otherwise.
func (p *publication) root(size int64) (tlog.Hash, error) {
	if size == 0 {
		return sha256.Sum256(nil), nil
	}
	return tlog.TreeHash(size, p.hashes)
}

// The hashes of one tile's leaves: from the entries, where they are published.
func (p *publication) leaves(t tlog.Tile) ([]tlog.Hash, error) {
	tile, err := os.ReadFile(filepath.Join(p.dir, tilePath(t)))
	if err != nil {
		return nil, err
	}
	if len(tile) != t.W*tlog.HashSize {
		return nil, fmt.Errorf("%s: %d bytes", tilePath(t), len(tile))
	}
	var fromTile []tlog.Hash
	for i := 0; i < t.W; i++ {
		fromTile = append(fromTile, *(*tlog.Hash)(tile[i*tlog.HashSize:]))
	}
	data := t
	data.L = -1
	bundle, err := os.ReadFile(filepath.Join(p.dir, tilePath(data)))
	if errors.Is(err, fs.ErrNotExist) && !p.hasEntries() {
		return fromTile, nil
	}
	if err != nil {
		return nil, err
	}
	entries, err := parseBundle(bundle, t.W)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", tilePath(data), err)
	}
	return entries, nil
}

func (p *publication) hasEntries() bool {
	_, err := os.Stat(filepath.Join(p.dir, "tile/entries"))
	return err == nil
}

func parseBundle(b []byte, width int) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for i := 0; i < width; i++ {
		if len(b) < 2 || len(b)-2 < int(binary.BigEndian.Uint16(b)) {
			return nil, errors.New("cut short")
		}
		n := 2 + int(binary.BigEndian.Uint16(b))
		out = append(out, tlog.RecordHash(b[2:n]))
		b = b[n:]
	}
	if len(b) > 0 {
		return nil, errors.New("more than its entries")
	}
	return out, nil
}

// Computes every stored hash from the leaves, and the root from these.
func (p *publication) recompute() error {
	for n := int64(0); n < p.head.N; n += 1 << height {
		w := min(p.head.N-n, 1<<height)
		leaves, err := p.leaves(tlog.Tile{H: height, L: 0, N: n >> height, W: int(w)})
		if err != nil {
			return err
		}
		for i, leaf := range leaves {
			more, err := tlog.StoredHashesForRecordHash(n+int64(i), leaf, p.hashes)
			if err != nil {
				return err
			}
			p.hashes = append(p.hashes, more...)
		}
	}
	root, err := p.root(p.head.N)
	if err == nil && root != p.head.Hash {
		err = errors.New("the entries do not give the root that was signed")
	}
	return err
}

// Is everything there that a log of this size must publish?
func (p *publication) complete() error {
	for level := 0; p.head.N>>(height*level) > 0; level++ {
		hashes := p.head.N >> (height * level)
		for n := int64(0); n<<height < hashes; n++ {
			t := tlog.Tile{H: height, L: level, N: n, W: int(min(hashes-n<<height, 1<<height))}
			if _, err := os.Stat(filepath.Join(p.dir, tilePath(t))); err != nil {
				return err
			}
		}
	}
	return nil // entries: recompute has read them all
}

// Compares one file, full or partial, of whatever size it was published for.
func (p *publication) checkFile(path string) error {
	t, err := parsePath(path)
	if err != nil {
		return fmt.Errorf("%s: no tile has this name", path)
	}
	data, err := os.ReadFile(filepath.Join(p.dir, path))
	if err != nil {
		return err
	}
	level := t.L
	if level < 0 {
		level = 0
	}
	end := (t.N<<height + int64(t.W)) << (height * level)
	if end > p.head.N {
		return fmt.Errorf("%s: beyond the log's %d entries", path, p.head.N)
	}
	if t.L < 0 {
		p.bundles++
		return p.checkBundle(path, t, data)
	}
	p.tiles++
	if t.L == 0 {
		p.sizes[end] = true
	}
	want, err := tlog.ReadTileData(t, p.hashes)
	if err == nil && !bytes.Equal(data, want) {
		err = fmt.Errorf("%s: not the hashes of its entries", path)
	}
	return err
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func (p *publication) checkBundle(path string, t tlog.Tile, data []byte) error {
	leaves, err := parseBundle(data, t.W)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for i, leaf := range leaves {
		if leaf != p.hashes[tlog.StoredHashIndex(0, t.N<<height+int64(i))] {
			return fmt.Errorf("%s: entry %d is not what the log holds", path, i)
		}
	}
	return nil
}

func (p *publication) checkFiles() error {
	return filepath.WalkDir(filepath.Join(p.dir, "tile"), func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && p.head.N == 0 {
			return nil // an empty log has no tiles
		}
		if err != nil || d.IsDir() {
			return err
		}
		path, err = filepath.Rel(p.dir, path)
		if err != nil {
			return err
		}
		return p.checkFile(path)
	})
}

// Proofs as a client makes them: from the tiles, under the signed root.
func (p *publication) proveInclusion() error {
	reader := tlog.TileHashReader(p.head, files{p.dir})
	step := p.head.N/proved + 1
	for n := int64(0); n < p.head.N; n += step {
		if n+step >= p.head.N {
			n = p.head.N - 1
		}
		proof, err := tlog.ProveRecord(p.head.N, n, reader)
		if err != nil {
			return fmt.Errorf("entry %d: %w", n, err)
		}
		leaf := p.hashes[tlog.StoredHashIndex(0, n)]
		if err := tlog.CheckRecord(proof, p.head.N, p.head.Hash, n, leaf); err != nil {
			return fmt.Errorf("entry %d: %w", n, err)
		}
	}
	return nil
}

func (p *publication) proveConsistency(old tlog.Tree) error {
	if old.N == 0 || old.N == p.head.N {
		root, err := p.root(old.N)
		if err == nil && root != old.Hash {
			err = fmt.Errorf("size %d: another root was signed", old.N)
		}
		return err
	}
	if old.N > p.head.N {
		return fmt.Errorf("size %d was signed, but the log has only %d entries", old.N, p.head.N)
	}
	proof, err := tlog.ProveTree(p.head.N, old.N, tlog.TileHashReader(p.head, files{p.dir}))
	if err != nil {
		return fmt.Errorf("size %d: %w", old.N, err)
	}
	if err := tlog.CheckTree(proof, p.head.N, p.head.Hash, old.N, old.Hash); err != nil {
		return fmt.Errorf("size %d: %w", old.N, err)
	}
	return nil
}

func (p *publication) check(kept []string) error {
	var err error
	if p.head, err = readCheckpoint(filepath.Join(p.dir, "checkpoint"), p.key); err != nil {
		return err
	}
	p.sizes = map[int64]bool{p.head.N: true}
	for _, step := range []func() error{p.recompute, p.complete, p.checkFiles, p.proveInclusion} {
		if err := step(); err != nil {
			return err
		}
	}
	for size := range p.sizes {
		root, err := p.root(size)
		if err != nil {
			return err
		}
		if err := p.proveConsistency(tlog.Tree{N: size, Hash: root}); err != nil {
			return err
		}
	}
	for _, path := range kept {
		old, err := readCheckpoint(path, p.key)
		if err != nil {
			return err
		}
		if err := p.proveConsistency(old); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		p.sizes[old.N] = true
	}
	return nil
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: check_log FOLDER VKEY [CHECKPOINT...]")
		os.Exit(2)
	}
	key, err := note.NewVerifier(os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "check_log: the key:", err)
		os.Exit(2)
	}
	p := publication{dir: os.Args[1], key: key}
	if err := p.check(os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, "check_log:", err)
		os.Exit(1)
	}
	var sizes []int64
	for s := range p.sizes {
		sizes = append(sizes, s)
	}
	sort.Slice(sizes, func(i, j int) bool { return sizes[i] < sizes[j] })
	fmt.Printf("%s: %d entries, %d tiles and %d bundles checked, %d sizes consistent, root %s\n",
		key.Name(), p.head.N, p.tiles, p.bundles, len(sizes),
		base64.StdEncoding.EncodeToString(p.head.Hash[:]))
}
