// SPDX-License-Identifier: Apache-2.0
// Copyright the konseki authors
// sumdb LOG: another library's opinion of a log: the checkpoint is signed by
// the key in `log`, and the records in the segments give its root.
package main

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"io"
	"os"
	"path/filepath"
)

func must[T any](v T, err error) T {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	return v
}

func main() {
	var size, index, length, s, next int64
	var key, root, origin, kind, rx, flags string
	var salt, hashes = []byte{}, []tlog.Hash{}
	reader := tlog.HashReaderFunc(func(at []int64) (out []tlog.Hash, err error) {
		for _, i := range at {
			out = append(out, hashes[i])
		}
		return
	})
	fmt.Sscanf(string(must(os.ReadFile(os.Args[1]+"/log"))), "ev1 log\norigin %s\nkey %s\n", &origin, &key)
	fmt.Sscanf(must(note.Open(must(os.ReadFile(os.Args[1]+"/checkpoint")),
		note.VerifierList(must(note.NewVerifier(key))))).Text, origin+"\n%d\n%s\n", &size, &root)
	for _, name := range must(filepath.Glob(os.Args[1] + "/segments/*/*.ev1.gz")) {
		in, seq, stream := bufio.NewReader(must(gzip.NewReader(must(os.Open(name))))), map[int64]int64{}, int64(0)
		must(fmt.Fscanf(in, "evseg1 "+origin+" %d %d salt=%x\n", &next, &s, &salt))
		for n := 5; index < size; index++ {
			if n, _ = fmt.Fscanf(in, "%s %s %d %s %d\n", &kind, &rx, &stream, &flags, &length); n < 5 {
				break // the next segment
			}
			body := must(io.ReadAll(io.LimitReader(in, length+1)))[:length]
			if n, _ = fmt.Sscanf(string(body), "stream=%d next=%d", &s, &next); kind == "d1" && n == 2 {
				seq[s] = next
			}
			inner := sha256.Sum256(body)
			nonce := sha256.Sum256(binary.BigEndian.AppendUint64(append([]byte("ev1 nonce"), salt...), uint64(index)))
			line := fmt.Sprintf("%s %d %s %d:%d %s %d %x", kind, index, rx, stream, seq[stream], flags, length, sha256.Sum256(append(nonce[:16], inner[:]...)))
			hashes = append(hashes, must(tlog.StoredHashes(index, []byte(line), reader))...)
			seq[stream], seq[0] = seq[stream]+1, 0
		}
	}
	fmt.Println(size, root, index == size && must(tlog.TreeHash(size, reader)).String() == root)
}
