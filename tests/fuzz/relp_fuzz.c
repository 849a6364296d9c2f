/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <stdlib.h>

#include "collector/relp.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

#define MAX 24u

/* A frame that is whole is what its printer makes of it. */
static void
reprint(const struct relp_frame *f, const uint8_t *p)
{
	char name[RELP_COMMAND_MAX + 1] = "";
	struct relp_frame again;
	struct buf out;
	struct relp r;

	memcpy(name, f->name.p, f->name.len);
	buf_init(&out);
	relp_print(&out, f->txnr, name, f->data);
	assert(out.len <= f->len && out.p[out.len - 1] == '\n');
	assert(p[f->len - 1] == '\n');
	relp_init(&r, MAX);
	assert(relp_next(&r, out.p, out.len, &again) == 1);
	assert(again.len == out.len && again.txnr == f->txnr);
	assert(again.command == f->command && span_eq(again.data, f->data));
	buf_fini(&out);
}

static void
answers(struct span data)
{
	struct span text = { 0 };
	unsigned code = 0;

	if (relp_rsp_parse(data, &code, &text) == 0)
		assert(code <= 999 && text.len <= data.len - 3);
	if (relp_offer(data, "commands", &text)) {
		assert(text.len < data.len);
		relp_list_has(text, "syslog");
	}
}

/*
 * Two readers see the same stream, one whole and one as it trickles in: their
 * frames are the same, lie end to end, and are no larger than they may be; a
 * whole one can be printed again.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct relp_frame a, b;
	struct relp whole, slow;
	size_t step, got = 0, pos = 0;
	int rc, rc_slow;

	if (len < 1)
		return 0;
	step = 1 + p[0] % 40;
	p++;
	len--;
	relp_init(&whole, MAX);
	slow = whole;
	while ((rc = relp_next(&whole, p + pos, len - pos, &a)) != 0) {
		if (got < pos)
			got = pos;
		while (
		    (rc_slow = relp_next(&slow, p + pos, got - pos, &b)) == 0) {
			assert(got < len);
			assert(got - pos < RELP_HEAD_MAX + MAX + 1);
			got = got + step < len ? got + step : len;
		}
		assert(rc_slow == rc);
		if (rc < 0)
			return 0;
		assert(a.len > 0 && a.len <= len - pos);
		assert(a.data.len <= MAX && a.txnr <= RELP_TXNR_MAX);
		assert(!a.more || a.data.len == MAX);
		assert(a.begun == (a.name.len == 0));
		assert(b.len == a.len && b.more == a.more);
		assert(b.txnr == a.txnr && b.command == a.command);
		assert(span_eq(a.data, b.data) && span_eq(a.name, b.name));
		if (!a.more && !a.begun)
			reprint(&a, p + pos);
		answers(a.data);
		pos += a.len;
	}
	assert(len - pos < RELP_HEAD_MAX + MAX + 1);
	answers(span_make(p, len));
	return 0;
}
