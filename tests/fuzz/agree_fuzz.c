/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "evidence/checkpoint.h"
#include "evidence/epoch.h"
#include "evidence/logfile.h"
#include "evidence/manifest.h"
#include "evidence/record.h"
#include "verify/pin.h"
#include "verify/scan.h"
#include "verify/signed.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * The verifier shares no reader with the writer: they must take the same bytes
 * and read the same from them.
 */
static void
agree_on_note(struct span in)
{
	static struct note a;
	static struct signed_note b;
	struct checkpoint c;
	struct signed_head h;
	bool taken = checkpoint_read(in, &a, &c) == NOTE_OK;

	assert(taken == (signed_head_read(in, &b, &h) == SAY_NONE));
	if (taken)
		assert(c.size == h.size && c.epoch == h.epoch &&
		    span_eq(c.origin, h.origin) && a.n == b.n &&
		    memcmp(c.root, h.root, SHA256_LEN) == 0);
}

static void
agree_on_manifest(struct span in)
{
	static struct manifest a;
	static struct pin_manifest b;
	unsigned line;
	bool taken = manifest_parse(in, &a, &line) == 0;

	if (taken && strcmp(a.file, "segments/1970") < 0)
		return; /* no record is so old, and no folder is read */
	assert(taken == (pin_manifest_parse(in, &b) == 0));
	if (taken)
		assert(a.segment == b.segment && a.first == b.range.begin &&
		    a.last + 1 == b.range.end && a.range.n == b.range.n &&
		    memcmp(a.gzip_hash, b.gzip_hash, SHA256_LEN) == 0 &&
		    memcmp(a.range.hash, b.range.hash,
			a.range.n * SHA256_LEN) == 0);
}

static void
agree_on_log(struct span in)
{
	struct logfile a;
	struct pin b;
	unsigned line = 0;
	bool taken = logfile_parse(in, &a, &line) == 0;

	assert(pin_parse(in, &b) == (taken ? 0 : line));
	if (taken)
		assert(a.key.id == b.key.id && a.height == b.height &&
		    memcmp(a.r, b.r, SHA256_LEN) == 0);
}

static void
agree_on_epoch(struct span in)
{
	struct epoch a;
	struct pin_epoch b;

	if (epoch_parse(in, &a) != 0)
		return; /* it checks the number against the height too */
	assert(pin_epoch_parse(in, &b) == 0 && a.number == b.number &&
	    a.height == b.height && memcmp(a.key, b.key, KEY_LEN) == 0);
}

static void
agree_on_record(struct span in)
{
	const uint8_t *lf = in.len == 0 ? NULL : memchr(in.p, '\n', in.len);
	struct scan_head h;
	struct record r;
	size_t size;
	enum record_err e = record_parse(in, &r, &size);
	enum say_what why;

	if (lf == NULL || (size_t)(lf - in.p) >= RECORD_HEAD_MAX)
		return;
	why = scan_head_parse(span_make(in.p, (size_t)(lf - in.p)), &h);
	assert((why == SAY_NONE) ==
	    (e == RECORD_OK || e == RECORD_MORE || e == RECORD_BAD_END));
	assert((why == SAY_RECORD_LEN) == (e == RECORD_BAD_LEN));
	if (e == RECORD_OK)
		assert(r.rx == h.rx && r.stream == h.stream &&
		    r.body.len == h.len && r.port == h.port &&
		    record_kind_name(r.kind)[0] == h.kind);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct span in = span_make(p, len);

	agree_on_note(in);
	agree_on_manifest(in);
	agree_on_log(in);
	agree_on_epoch(in);
	agree_on_record(in);
	return 0;
}
