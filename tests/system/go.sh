# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
#
# Programs over another library, Go's golang.org/x/mod; read after tests/lib.sh.
# shellcheck disable=SC2154 # T, builddir: tests/lib.sh

go_path=${KONSEKI_GOPATH:-/usr/share/gocode}

# go_there: Go and that library are.
go_there() {
	command -v go >/dev/null && [ -d "$go_path/src/golang.org/x/mod/sumdb" ]
}

# go_build PROGRAM SOURCE. What it compiles of Go itself takes half a minute, so
# it is kept for other tests.
go_build() {
	go_cache=$builddir/go-cache
	[ -w "$builddir" ] || go_cache=$T/go
	HOME=$T GO111MODULE=off GOPATH=$go_path GOCACHE=$go_cache GOFLAGS='' \
	    command go build -o "$1" "$2"
}
