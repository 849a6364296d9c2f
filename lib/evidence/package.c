/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/package.h"

#include <inttypes.h>

#include "common/hex.h"
#include "common/text.h"

const char *
package_kind_name(enum package_kind kind)
{
	return kind == PACKAGE_WHOLE ? "whole" : "excerpt";
}

bool
package_text_ok(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (s.p[i] < ' ' || s.p[i] == 0x7f)
			return false;
	return s.len > 0 && s.len <= PACKAGE_TEXT_MAX && text_is_utf8(s) &&
	    text_trim(s).len == s.len;
}

static void
line(struct buf *out, const char *key, struct span value)
{
	buf_str(out, key);
	buf_byte(out, ' ');
	buf_span(out, value);
	buf_byte(out, '\n');
}

static void
gone_print(const struct package_gone *g, struct buf *out)
{
	buf_printf(out, "gone %" PRIu64 " %" PRIu64 " %" PRIu64, g->segment,
	    g->first, g->last);
	if (g->record == PACKAGE_UNSAID)
		buf_str(out, " -\n");
	else
		buf_printf(out, " %" PRIu64 "\n", g->record);
}

void
package_print(const struct package *p, struct buf *out)
{
	size_t i;

	buf_str(out, "ev1 package\n");
	line(out, "origin", p->origin);
	line(out, "kind", span_str(package_kind_name(p->kind)));
	buf_printf(out,
	    "created %" PRIu64 "\nsize %" PRIu64 "\nrecords %" PRIu64
	    " %" PRIu64 "\n",
	    p->created, p->size, p->first, p->last);
	if (p->kind == PACKAGE_EXCERPT)
		buf_printf(out, "bodies %" PRIu64 " %" PRIu64 "\n", p->shown,
		    p->withheld);
	for (i = 0; i < p->n_gone; i++)
		gone_print(&p->gone[i], out);
	line(out, "why", p->why);
	line(out, "authority", p->authority);
	line(out, "for", p->recipient);
}

void
package_print_name(const struct package *p, struct buf *out)
{
	size_t i;

	for (i = 0; i < p->origin.len; i++)
		buf_byte(out, p->origin.p[i] == '/' ? '-' : p->origin.p[i]);
	buf_printf(out, "-%" PRIu64 "-%" PRIu64, p->first, p->last);
}

static void
hex(struct buf *out, const uint8_t *p, size_t len)
{
	hex_print(p, len, (char *)buf_reserve(out, 2 * len));
	out->len += 2 * len;
}

void
package_print_note(const struct package *p, const uint8_t hash[SHA256_LEN],
    struct buf *out)
{
	buf_str(out, "konseki package\n");
	buf_span(out, p->origin);
	buf_byte(out, '\n');
	hex(out, hash, SHA256_LEN);
	buf_printf(out, "\n%" PRIu64 "\n", p->created);
}

void
package_print_excerpt(const struct package *p, struct buf *out)
{
	buf_str(out, "evx1 ");
	buf_span(out, p->origin);
	buf_printf(out, " %" PRIu64 "\n", p->size);
}

void
package_print_shown(const uint8_t nonce[16], struct span leaf, struct span body,
    struct buf *out)
{
	buf_str(out, "r ");
	hex(out, nonce, 16);
	buf_byte(out, ' ');
	buf_span(out, leaf);
	buf_byte(out, '\n');
	buf_span(out, body);
	buf_byte(out, '\n');
}

void
package_print_withheld(struct span leaf, struct buf *out)
{
	line(out, "w", leaf);
}

void
package_print_hidden(const struct tree_range *range, struct buf *out)
{
	uint64_t index;
	unsigned level;
	size_t i;

	for (i = 0; i < range->n; i++) {
		tree_range_node(range->begin, range->end, i, &level, &index);
		buf_printf(out, "h %u %" PRIu64 " ", level, index);
		hex(out, range->hash[i], SHA256_LEN);
		buf_byte(out, '\n');
	}
}
