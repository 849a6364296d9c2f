/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/about.h"

#include <string.h>

/* Take the first line off, without its end. */
static struct span
next_line(struct span *text)
{
	const uint8_t *end =
	    text->len == 0 ? NULL : memchr(text->p, '\n', text->len);
	size_t len = end == NULL ? text->len : (size_t)(end - text->p);
	struct span line = span_sub(*text, 0, len);

	*text = span_sub(*text, len + 1, text->len);
	if (line.len > 0 && line.p[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* A comment without its mark; false if the line is none. */
static bool
comment(struct span line, struct span *text)
{
	if (line.len == 0 || line.p[0] != '#')
		return false;
	*text =
	    span_sub(line, line.len > 1 && line.p[1] == ' ' ? 2 : 1, line.len);
	return true;
}

static bool
is_head_key(struct span line)
{
	return span_starts(line, SPAN("format:")) ||
	    span_starts(line, SPAN("title:")) ||
	    span_starts(line, SPAN("reference:"));
}

bool
about_manual(struct span file, struct span *mark)
{
	struct span line, text;

	while (file.len > 0) {
		line = next_line(&file);
		if (comment(line, &text) &&
		    span_starts(text, SPAN(ABOUT_MANUAL))) {
			if (mark != NULL)
				*mark = text;
			return true;
		}
	}
	return false;
}

void
about_head(struct span file, struct buf *out)
{
	struct span line, text;
	bool open = false;

	while (file.len > 0) {
		line = next_line(&file);
		if (comment(line, &text)) {
			if (text.len == 0 || span_starts(text, SPAN("SPDX-")) ||
			    span_starts(text, SPAN(ABOUT_MANUAL)))
				continue;
			if (open)
				buf_byte(out, ' ');
			buf_span(out, text);
			open = true;
			continue;
		}
		if (open)
			buf_byte(out, '\n');
		open = false;
		/* A long reference goes on in lines that begin with blanks. */
		if (line.len > 0 && line.p[0] != ' ' && !is_head_key(line))
			return;
	}
	if (open)
		buf_byte(out, '\n');
}
