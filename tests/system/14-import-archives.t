#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the konseki authors
# A supplier brings logs as gzip and ZIP. Container and originals are hashed
# before the first record and both hashes recorded; each member is an import
# of its own, by its own name, Japanese of Windows too; its records laid end to
# end are the file. What is encrypted, damaged, a bomb or not what it says is
# refused with a reason, before anything of it is taken; what can be read of a
# damaged one is taken if that is wanted, and recorded as such.
. "${srcdir:-.}/tests/lib.sh"
. "$srcdir/tests/system/site.sh"
command -v python3 >/dev/null || skip_all 'no python3'
plan 57
KONSEKI_RULES=$srcdir/rules
export KONSEKI_RULES

site_make <<'END'
listeners:
  - {name: udp, transport: udp, address: 127.0.0.1, port: 0}
END
site_start
mkdir "$T/in" "$T/want"
python3 - "$T/in" "$T/want" <<'END' || exit 99
import gzip, os, struct, sys, zipfile, zlib
into, want = sys.argv[1:]
def put(name, data, folder=into):
    with open(os.path.join(folder, name), 'wb') as f:
        f.write(data)
access = 'ユーザーID,氏名,時刻\r\nabc,山田 太郎,2026/11/20 8:30:00\r\n'.encode('cp932')
server = b''.join(b'<13>line %d of a server\n' % i for i in range(20000)) + b'no end'
blob = bytes(range(256)) * 5000
for name, data in ('access', access), ('server', server), ('blob', blob):
    put(name, data, want)
g = gzip.compress(server, mtime=0)
put('server.log.gz', g)
put('two.log.gz', gzip.compress(server[:9999], mtime=0) +
    gzip.compress(server[9999:], mtime=0) + bytes(512))
put('cut.log.gz', g[:len(g) // 2])
put('trailing.log.gz', gzip.compress(b'one\n') + b'something else')
put('crc.log.gz', g[:-5] + bytes([g[-5] ^ 1]) + g[-4:])
put('bomb.gz', gzip.compress(bytes(300 << 20)))

def entry(name, data, method=8, flags=0, crc=None):
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = c.compress(data) + c.flush() if method == 8 else data
    head = struct.pack('<HHHIIIIHH', 20, flags, method, 0x5a6b7c8d,
        zlib.crc32(data) if crc is None else crc, len(packed), len(data), len(name), 0)
    return name, head, packed
def build(entries, comment=b''):
    out, directory = b'', b''
    for name, head, packed in entries:
        directory += b'PK\1\2\24\0' + head + struct.pack('<HHHII', 0, 0, 0, 0, len(out)) + name
        out += b'PK\3\4' + head + name + packed
    return out + directory + b'PK\5\6' + struct.pack('<HHHHIIH', 0, 0,
        len(entries), len(entries), len(directory), len(out), len(comment)) + comment
sjis = '電子カルテ/アクセス記録表.csv'.encode('cp932')
put('logs.zip', build([entry(sjis, access), entry(b'server/', b'', 0),
    entry('server/日本.log'.encode(), server, 8, 0x800), entry(b'blob.bin', blob, 0)],
    b'from the supplier'))
put('nested.zip', build([entry(b'inner.log.gz', g), entry(b'plain.log', b'plain\n')]))
put('tar.gz', gzip.compress(b'a.log'.ljust(257, b'\0') + b'ustar\x0000'.ljust(255, b'\0')))
put('locked.zip', build([entry(b'first.log', b'first\n'), entry(b'secret.log', b'x' * 40, 8, 1)]))
put('crc.zip', build([entry(b'good.log', b'good\n'), entry(b'bad.log', b'bad\n', 8, 0, 1)]))
z = build([entry(b'a.log', b'a\n' * 50, 0)])
put('lies.zip', z.replace(b'a.log', b'b.log', 1))
put('short.zip', z[:-30])
d = z.find(b'PK\1\2')
n = z.find(b'PK\5\6')
both = z[:n] + z[d:n] + z[n:]          # two entries, one member
put('overlap.zip', both[:-22] + struct.pack('<4sHHHHIIH', b'PK\5\6', 0, 0, 2, 2,
    2 * (n - d), d, 0))
put('method.zip', build([entry(b'a.log', b'aaaa', 14)]))
with zipfile.ZipFile(os.path.join(into, 'python.zip'), 'w', zipfile.ZIP_DEFLATED) as f:
    f.writestr('a.log', b'written by another program\n')
    with f.open('big.log', 'w', force_zip64=True) as m:
        m.write(b'ZIP64\n' * 10)
with zipfile.ZipFile(os.path.join(into, 'empty.zip'), 'w'):
    pass
END

# take ARG...: import, standard output and error in $T/said and $T/err.
take() {
	konseki --lang en import --site "$S" "$@" >"$T/said" 2>"$T/err"
}
# kept PATTERN: the bytes of the stream whose line matches.
kept() {
	konseki show --site "$S" --raw --stream \
	    "$(sed -n "/$1/s/.* stream=\([0-9]*\) .*/\1/p" "$T/said")" >"$T/kept"
}
# sum FILE
sum() {
	sha256sum "$1" | cut -d ' ' -f 1
}
records_now() {
	konseki show --site "$S" | awk '$3 == "e1"' | wc -l
}

ok 'a gzip file' take "$T/in/server.log.gz"
kept server
same 'is there unpacked, byte for byte' "$T/kept" "$T/want/server"
d1=$(records d1 | grep container=gzip)
like 'with its own name and hash' "$d1" \
    "file=server.log size=$(wc -c <"$T/want/server") sha256=$(sum "$T/want/server") "
like 'and the hash of the container' "$d1" \
    "unit=line container=gzip container-sha256=$(sum "$T/in/server.log.gz")"
like 'the casebook says so before' "$(records o1 casebook)" \
    "uid=[0-9]+ action=import log=evidence file=server.log size=[0-9]+ sha256=$(sum "$T/want/server") container=gzip container-sha256=$(sum "$T/in/server.log.gz")"
like 'and behind it' "$(records o1 casebook)" \
    'action=imported log=evidence file=server.log .* stream=[0-9]+ records=20001 first=[0-9]+ last=[0-9]+'
ok 'the same in two gzip members and padded' take --again "$T/in/two.log.gz"
kept two
same 'is the same file' "$T/kept" "$T/want/server"

ok 'a ZIP file' take --again "$T/in/logs.zip"
is 'has three files' "$(wc -l <"$T/said")" 3
like 'names of Windows are read' "$(cat "$T/said")" \
    'logs.zip:電子カルテ/アクセス記録表.csv log=evidence .* unit=csv encoding=cp932$'
for f in access:アクセス server:日本 blob:blob; do
	kept "${f#*:}"
	same "${f%:*} is there byte for byte" "$T/kept" "$T/want/${f%:*}"
done
d1=$(records d1 | grep container=zip)
like 'the file by its name' "$d1" 'file=%E3%82%A2%E3%82%AF%E3%82%BB%E3%82%B9%E8%A8%98%E9%8C%B2%E8%A1%A8.csv '
like 'and the name as it stands in the container' "$d1" \
    "container-sha256=$(sum "$T/in/logs.zip") member=%93d%8Eq%83J%83%8B%83e/"
is 'each of the three' "$(echo "$d1" | grep -c "container-sha256=$(sum "$T/in/logs.zip")")" 3
ok 'a ZIP file with a packed file in it' take "$T/in/nested.zip"
like 'is taken, and it is said that nothing in that is read' "$(cat "$T/err")" \
    'nested.zip:inner.log.gz: this is an archive .* nothing in it is analysed'
is 'of that one alone' "$(grep -c 'this is an archive' "$T/err")" 1
ok 'so is a tar' take "$T/in/tar.gz"
like 'with that word' "$(cat "$T/err")" 'tar.gz: this is an archive'
like 'and in Japanese' "$(konseki --lang ja import --preview --site "$S" \
    "$T/in/nested.zip" 2>&1)" '警告: .*nested.zip:inner.log.gz: 中身が圧縮'
ok 'a ZIP file of another program, ZIP64 in it' take "$T/in/python.zip"
is 'two files' "$(wc -l <"$T/said")" 2

# refused FILE REASON
refused() {
	before=$(records_now)
	ok "$1 is refused" ! take "$T/in/$1"
	like 'for that reason' "$(cat "$T/err")" "$2"
	is 'and nothing of it is taken' "$(records_now)" "$before"
}
refused locked.zip 'secret.log: it is encrypted'
refused crc.zip 'bad.log: .* checksum .* nothing of this file was imported'
refused lies.zip 'a member is not what the directory says'
refused short.zip 'its directory is missing at its end'
refused overlap.zip 'two members share the same bytes'
refused method.zip 'a.log: it is packed in a way that konseki does not read'
refused trailing.log.gz 'other bytes follow'
ok 'an empty ZIP file is refused' ! take "$T/in/empty.zip"
ok 'a truncated gzip file is refused' ! take "$T/in/cut.log.gz"
like 'and it is said what to do' "$(cat "$T/err")" 'the copy is not whole.*--damaged'
ok 'what can be read of it is taken if that is wanted' take --damaged "$T/in/cut.log.gz"
kept cut
ok 'it is the start of the file' sh -c "[ -s '$T/kept' ] &&
    cmp -n $(wc -c <"$T/kept") '$T/kept' '$T/want/server'"
like 'and it is recorded that it is not whole' "$(records d1 | grep file=cut.log)" ' damage=truncated'
ok 'a bomb is refused' ! take "$T/in/bomb.gz"
like 'as one' "$(cat "$T/err")" 'more than 300 times its size.*--large'
site_stop
verified
