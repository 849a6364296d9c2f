// SPDX-License-Identifier: Apache-2.0
// Copyright the konseki authors
// prove PIN inclusion FILE | prove PIN consistency FILE OLD-NOTE |
// prove PIN tiles DIR: another library's opinion of what `konseki prove` makes.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"os"
	"strings"
)

func must[T any](v T, err error) T {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	return v
}

// A tree in a signed note, which the log's key must have signed.
func open(text string) (tree tlog.Tree) {
	var key, origin, root string
	fmt.Sscanf(string(must(os.ReadFile(os.Args[1]))), "ev1 log\norigin %s\nkey %s\n", &origin, &key)
	n := must(note.Open([]byte(text), note.VerifierList(must(note.NewVerifier(key)))))
	must(fmt.Sscanf(n.Text, origin+"\n%d\n%s\n", &tree.N, &root))
	tree.Hash = must(tlog.ParseHash(root))
	return
}

type dir string // of C2SP tlog-tiles, whose paths name no height

func (d dir) Height() int                     { return 8 }
func (d dir) SaveTiles([]tlog.Tile, [][]byte) {}
func (d dir) ReadTiles(tiles []tlog.Tile) (out [][]byte, err error) {
	for _, t := range tiles {
		out = append(out, must(os.ReadFile(string(d)+"/tile/"+strings.TrimPrefix(t.Path(), "tile/8/"))))
	}
	return
}

func tiles(d dir) string {
	tree := open(string(must(os.ReadFile(string(d) + "/checkpoint"))))
	reader := tlog.TileHashReader(tree, d)
	var entries []byte
	for i := int64(0); i < tree.N; i++ {
		if len(entries) == 0 { // the bundle has the name of the tile of leaves
			t := tlog.Tile{H: 8, L: 0, N: i / 256, W: 256}
			if tree.N-i < 256 {
				t.W = int(tree.N - i)
			}
			entries = must(os.ReadFile(string(d) + "/tile/entries/" + strings.TrimPrefix(t.Path(), "tile/8/0/")))
		}
		n := 2 + int(binary.BigEndian.Uint16(entries))
		if h := must(reader.ReadHashes([]int64{tlog.StoredHashIndex(0, i)})); h[0] != tlog.RecordHash(entries[2:n]) {
			return fmt.Sprint("record ", i)
		}
		entries = entries[n:]
	}
	if len(entries) > 0 || must(tlog.TreeHash(tree.N, reader)) != tree.Hash {
		return "another tree"
	}
	return fmt.Sprint("ok ", tree.N)
}

func main() {
	if os.Args[2] == "tiles" {
		fmt.Println(tiles(dir(os.Args[3])))
		return
	}
	head, signed, _ := strings.Cut(string(must(os.ReadFile(os.Args[3]))), "\n\n")
	tree, proof, index, extra := open(signed), []tlog.Hash{}, int64(0), []byte(nil)
	for _, line := range strings.Split(head, "\n") {
		if word, value, found := strings.Cut(line, " "); word == "extra" {
			extra = must(base64.StdEncoding.DecodeString(value))
		} else if found {
			fmt.Sscan(value, &index)
		} else if line != "c2sp.org/tlog-proof@v1" {
			proof = append(proof, must(tlog.ParseHash(line)))
		}
	}
	if os.Args[2] == "inclusion" {
		must(0, tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(extra)))
	} else {
		old := open(string(must(os.ReadFile(os.Args[4]))))
		must(0, tlog.CheckTree(proof, tree.N, tree.Hash, index, old.Hash))
	}
	fmt.Println("ok", index, tree.N)
}
