// Verifies a pack of `medai audit export` with Go's own transparency log code
// (golang.org/x/mod/sumdb: note, tlog), the code behind Go's checksum database.
//
// Usage: GO111MODULE=off GOPATH=/usr/share/gocode go run main.go PACK KEY.vkey
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// tiles reads the tiles of a pack; C2SP leaves the height out of the path.
type tiles struct{ pack string }

func (t tiles) Height() int                     { return 8 }
func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (t tiles) path(tile tlog.Tile) string {
	return strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
}
func (t tiles) read(name string) ([]byte, error) { return os.ReadFile(filepath.Join(t.pack, name)) }
func (t tiles) ReadTiles(list []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range list {
		bytes, err := t.read(t.path(tile))
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "NOT PROVED:", err)
		os.Exit(1)
	}
}

// open reads a signed checkpoint; its first line is the log's name instead of the database's.
func open(file string, keys note.Verifiers) tlog.Tree {
	data, err := os.ReadFile(file)
	check(err)
	signed, err := note.Open(data, keys)
	check(err)
	_, rest, _ := strings.Cut(signed.Text, "\n")
	tree, err := tlog.ParseTree([]byte("go.sum database tree\n" + rest))
	check(err)
	return tree
}

func main() {
	pack, t := os.Args[1], tiles{os.Args[1]}
	var list []note.Verifier
	for _, file := range os.Args[2:] {
		line, err := os.ReadFile(file)
		check(err)
		key, err := note.NewVerifier(strings.TrimSpace(string(line)))
		check(err)
		list = append(list, key)
	}
	keys := note.VerifierList(list...)
	tree := open(filepath.Join(pack, "checkpoint"), keys)
	reader := tlog.TileHashReader(tree, t)
	root, err := tlog.TreeHash(tree.N, reader)
	check(err)
	if root != tree.Hash {
		check(fmt.Errorf("the tiles give another root"))
	}
	entry := int64(0)
	for bundle := int64(0); bundle*256 < tree.N; bundle++ {
		tile := tlog.Tile{H: 8, L: 0, N: bundle, W: 256}
		if rest := tree.N - bundle*256; rest < 256 {
			tile.W = int(rest)
		}
		name := strings.Replace(t.path(tile), "tile/0/", "tile/entries/", 1)
		data, err := t.read(name)
		check(err)
		for len(data) > 0 {
			length := int(binary.BigEndian.Uint16(data))
			proof, err := tlog.ProveRecord(tree.N, entry, reader)
			check(err)
			check(tlog.CheckRecord(proof, tree.N, tree.Hash, entry, tlog.RecordHash(data[2:2+length])))
			data = data[2+length:]
			entry++
		}
	}
	if entry != tree.N {
		check(fmt.Errorf("%d entries instead of %d", entry, tree.N))
	}
	kept, _ := os.ReadDir(filepath.Join(pack, "checkpoints"))
	for _, file := range kept {
		old := open(filepath.Join(pack, "checkpoints", file.Name()), keys)
		if strconv.FormatInt(old.N, 10) != file.Name() {
			check(fmt.Errorf("checkpoint %s is of size %d", file.Name(), old.N))
		}
		proof, err := tlog.ProveTree(tree.N, old.N, reader)
		check(err)
		check(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
	}
	fmt.Printf("%d entries, %d earlier checkpoints: all hold\n", entry, len(kept))
}
