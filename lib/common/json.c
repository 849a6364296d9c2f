/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/json.h"

#include "common/text.h"

/* Length of the run at the start of s that goes out as it is. */
static size_t
json_run(struct span s)
{
	size_t i = 0, n;

	while (i < s.len) {
		if (s.p[i] < 0x20 || s.p[i] == '"' || s.p[i] == '\\')
			break;
		n = s.p[i] < 0x80 ? 1 : text_step(span_sub(s, i, 4));
		if (n == 0)
			break;
		i += n;
	}
	return i;
}

static void
json_escape(struct buf *out, uint8_t c)
{
	static const char from[] = "\"\\\n\t\r\b\f", to[] = "\"\\ntrbf";
	const char *at;

	if (c >= 0x80) {
		buf_str(out, "\xEF\xBF\xBD");
		return;
	}
	at = c == 0 ? NULL : strchr(from, c);
	if (at != NULL) {
		buf_byte(out, '\\');
		buf_byte(out, (uint8_t)to[at - from]);
	} else
		buf_printf(out, "\\u%04x", c);
}

void
json_quote(struct buf *out, struct span s)
{
	size_t n;

	buf_byte(out, '"');
	while (s.len > 0) {
		n = json_run(s);
		buf_append(out, s.p, n);
		if (n < s.len)
			json_escape(out, s.p[n++]);
		s = span_sub(s, n, s.len);
	}
	buf_byte(out, '"');
}
