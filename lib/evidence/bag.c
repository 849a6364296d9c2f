/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/bag.h"

#include "common/hex.h"
#include "common/text.h"

void
bag_declaration_print(struct buf *out)
{
	buf_str(out,
	    "BagIt-Version: 1.0\n"
	    "Tag-File-Character-Encoding: UTF-8\n");
}

static bool
one_line(struct span s)
{
	return (s.len == 0 ||
		   (memchr(s.p, '\n', s.len) == NULL &&
		       memchr(s.p, '\r', s.len) == NULL)) &&
	    text_trim(s).len == s.len;
}

int
bag_info_print(const char *label, struct span value, struct buf *out)
{
	struct span name = span_str(label);

	if (name.len == 0 || !one_line(name) || !one_line(value) ||
	    memchr(label, ':', name.len) != NULL)
		return -1;
	buf_span(out, name);
	buf_str(out, ": ");
	buf_span(out, value);
	buf_byte(out, '\n');
	return 0;
}

void
bag_manifest_print(const uint8_t hash[SHA256_LEN], struct span path,
    struct buf *out)
{
	char hex[2 * SHA256_LEN];
	size_t i;

	hex_print(hash, SHA256_LEN, hex);
	buf_append(out, hex, sizeof(hex));
	buf_str(out, "  ");
	for (i = 0; i < path.len; i++)
		if (path.p[i] == '%' || path.p[i] == '\r' || path.p[i] == '\n')
			buf_printf(out, "%%%02X", path.p[i]);
		else
			buf_byte(out, path.p[i]);
	buf_byte(out, '\n');
}
