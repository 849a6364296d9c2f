/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/predecessor.h"

#include <inttypes.h>
#include <string.h>

#include "common/cursor.h"
#include "common/hex.h"
#include "evidence/checkpoint.h"
#include "evidence/record.h"

const char *
predecessor_why_name(enum predecessor_why why)
{
	static const char *const names[] = {
#define PREDECESSOR_WHY(id, name) name,
#include "evidence/predecessor_tbl.h"
#undef PREDECESSOR_WHY
	};

	return names[why];
}

void
predecessor_print(const struct predecessor *p, struct buf *out)
{
	char root[2 * SHA256_LEN];
	struct buf found;

	hex_print(p->root, SHA256_LEN, root);
	buf_printf(out,
	    "ev1 predecessor\norigin %s\nwhy %s\nuid %" PRIu32 "\nat %" PRIu64
	    "\nsize %" PRIu64 "\nroot %.*s\n",
	    p->origin, predecessor_why_name(p->why), p->uid, p->at, p->size,
	    (int)sizeof(root), root);
	buf_init(&found);
	record_word(&found, "found", span_str(p->found));
	buf_span(out, buf_view(&found));
	buf_byte(out, '\n');
	buf_fini(&found);
}

static int
why_parse(struct span s, enum predecessor_why *why)
{
	unsigned i;

	for (i = 0; i < PREDECESSOR_WHY_COUNT; i++)
		if (span_is(s, predecessor_why_name((enum predecessor_why)i))) {
			*why = (enum predecessor_why)i;
			return 0;
		}
	return -1;
}

/* "found=" and an escaped sentence, printed again to be sure of its form. */
static int
found_parse(struct span line, struct predecessor *p)
{
	struct buf value, again;
	int rc = -1;

	buf_init(&value);
	buf_init(&again);
	if (record_word_get(line, "found", &value) == 1 &&
	    value.len < sizeof(p->found) &&
	    (value.len == 0 || memchr(value.p, '\0', value.len) == NULL)) {
		record_word(&again, "found", buf_view(&value));
		if (span_eq(buf_view(&again), line)) {
			if (value.len > 0)
				memcpy(p->found, value.p, value.len);
			rc = 0;
		}
	}
	buf_fini(&again);
	buf_fini(&value);
	return rc;
}

int
predecessor_parse(struct span in, struct predecessor *p)
{
	struct cursor c = cursor_make(in);
	struct span origin, why, found;

	memset(p, 0, sizeof(*p));
	cursor_expect(&c, SPAN("ev1 predecessor\norigin "));
	origin = cursor_until(&c, '\n');
	cursor_expect(&c, SPAN("why "));
	why = cursor_until(&c, '\n');
	cursor_expect(&c, SPAN("uid "));
	p->uid = (uint32_t)cursor_decimal(&c, UINT32_MAX);
	cursor_expect(&c, SPAN("\nat "));
	p->at = cursor_decimal(&c, RECORD_RX_MAX);
	cursor_expect(&c, SPAN("\nsize "));
	p->size = cursor_decimal(&c, CHECKPOINT_SIZE_MAX);
	cursor_expect(&c, SPAN("\nroot "));
	cursor_hex(&c, p->root, SHA256_LEN);
	cursor_expect(&c, SPAN("\n"));
	found = cursor_until(&c, '\n');
	if (!cursor_done(&c) || !checkpoint_origin_ok(origin) ||
	    why_parse(why, &p->why) != 0 || found_parse(found, p) != 0)
		return -1;
	memcpy(p->origin, origin.p, origin.len);
	return 0;
}
