/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/buf.h"
#include "evidence/member.h"
#include "evidence/segment.h"
#include "evidence/tree.h"
#include "verify/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * The input, deflated as one member, is a segment: the verifier's pass over it
 * and the reader of the analyzer see the same records and leaves.
 */
struct seen {
	struct merkle range;
	bool begun, closed;
};

static void
put(void *cookie, const struct scan_fact *f)
{
	struct seen *s = cookie;

	if (f->kind == SCAN_BEGIN) {
		merkle_init(&s->range, f->u.head.first);
		s->begun = true;
	}
	if (f->added.end > f->added.begin)
		assert(merkle_merge(&s->range, &f->added) == 0);
	assert(f->times.low > f->times.high || f->times.high <= SCAN_RX_MAX);
	s->closed = f->kind == SCAN_END && f->u.end.closed;
}

static void
read_again(struct span file, struct tree_range *range)
{
	struct segment *s = segment_new();
	struct segment_record rec;
	uint8_t leaf[SHA256_LEN];

	segment_feed(s, file);
	while (segment_next(s, &rec) == SEGMENT_RECORD) {
		if (range->end == range->begin)
			tree_range_init(range, rec.index);
		record_leaf(&rec.r, rec.index, rec.seq, segment_head(s)->salt,
		    leaf);
		tree_range_append(range, leaf);
	}
	segment_free(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static const char path[] = "segments/2026-11-20/000000000000.ev1.gz";
	static char dir[] = "/tmp/scan_fuzz.XXXXXX";
	static struct folder folder;
	struct scan *scan = scan_new();
	struct member *m = member_new();
	struct tree_range range = { 0 };
	struct seen seen = { .begun = false };
	struct scan_job job = { .dir = &folder,
		.path = path + sizeof("segments/2026-11-20"),
		.sealed = UINT64_MAX,
		.put = put,
		.cookie = &seen };
	struct buf file;
	int fd;

	if (folder.fd == 0 &&
	    (mkdtemp(dir) == NULL || folder_init(&folder, AT_FDCWD, dir) != 0))
		abort();
	buf_init(&file);
	member_begin(m, 1, &file);
	if (len > 0)
		member_write(m, span_make(p, len), true, &file);
	member_free(m);
	buf_append(&file, member_empty, MEMBER_EMPTY_LEN);
	fd = openat(folder.fd, job.path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert(fd >= 0 && write(fd, file.p, file.len) == (ssize_t)file.len);
	close(fd);
	scan_run(scan, &job);
	scan_free(scan);
	unlinkat(folder.fd, job.path, 0);
	read_again(buf_view(&file), &range);
	if (seen.closed) /* else the last records may not be said */
		assert(seen.range.end == range.end && seen.range.n == range.n &&
		    memcmp(seen.range.hash, range.hash, range.n * SHA256_LEN) ==
			0);
	buf_fini(&file);
	return 0;
}
