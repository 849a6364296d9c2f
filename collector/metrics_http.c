/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/metrics.h"

#include <string.h>

static const struct {
	const char *status, *type;
} answers[] = {
	[METRICS_TEXT] = { "200 OK", "text/plain; version=0.0.4" },
	[METRICS_JSON] = { "200 OK", "application/json" },
	[METRICS_BAD] = { "400 Bad Request", "text/plain" },
	[METRICS_UNKNOWN] = { "404 Not Found", "text/plain" },
	[METRICS_METHOD] = { "405 Method Not Allowed", "text/plain" },
	[METRICS_LARGE] = { "431 Request Header Fields Too Large",
	    "text/plain" },
};

/* Where the head ends: behind the first empty line. */
static bool
is_whole(struct span in)
{
	size_t i;

	for (i = 1; i < in.len; i++)
		if (in.p[i] == '\n' &&
		    (in.p[i - 1] == '\n' ||
			(i > 2 && in.p[i - 1] == '\r' && in.p[i - 2] == '\n')))
			return true;
	return false;
}

static struct span
word_next(struct span *line)
{
	const uint8_t *sp =
	    line->len == 0 ? NULL : memchr(line->p, ' ', line->len);
	struct span word =
	    sp == NULL ? *line : span_sub(*line, 0, (size_t)(sp - line->p));

	*line = span_sub(*line, word.len + 1, line->len);
	return word;
}

static enum metrics_request
judge(struct span line)
{
	struct span method = word_next(&line), path = word_next(&line);

	if (!span_is(line, "HTTP/1.0") && !span_is(line, "HTTP/1.1"))
		return METRICS_BAD;
	if (!span_is(method, "GET"))
		return METRICS_METHOD;
	if (span_is(path, "/metrics"))
		return METRICS_TEXT;
	return span_is(path, "/status") ? METRICS_JSON : METRICS_UNKNOWN;
}

enum metrics_request
metrics_request(struct span in)
{
	const uint8_t *lf = in.len == 0 ? NULL : memchr(in.p, '\n', in.len);
	struct span line;

	if (!is_whole(in))
		return in.len < METRICS_REQUEST_MAX ? METRICS_MORE
						    : METRICS_LARGE;
	line = span_sub(in, 0, (size_t)(lf - in.p));
	if (line.len > 0 && line.p[line.len - 1] == '\r')
		line.len--;
	return judge(line);
}

void
metrics_answer(enum metrics_request what, struct span body, struct buf *out)
{
	buf_printf(out,
	    "HTTP/1.0 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
	    "%sConnection: close\r\n\r\n",
	    answers[what].status, answers[what].type, body.len,
	    what == METRICS_METHOD ? "Allow: GET\r\n" : "");
	buf_span(out, body);
}
