/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/jsonevent.h"

#include <string.h>

#include "analyzer/command/jsonscan.h"
#include "common/log.h"

/* One pass over one line. */
struct reader {
	struct jsonevent *e;
	struct jsonscan in;
	unsigned depth;
	bool muted;  /* within "logsource" */
	size_t rank; /* of the time that was found: names below are better */
	size_t len;  /* of path; may be more than JSONEVENT_PATH */
	uint8_t path[JSONEVENT_PATH];
};

static const char *const times[] = { "@timestamp", "timestamp", "TimeCreated",
	"UtcTime", "EventTime", "time" };

#define TIMES (sizeof(times) / sizeof(times[0]))

static void
append(struct reader *r, struct span s)
{
	if (r->len < JSONEVENT_PATH && s.len <= JSONEVENT_PATH - r->len) {
		if (s.len > 0)
			memcpy(r->path + r->len, s.p, s.len);
	} else if (s.len > 0)
		r->len = JSONEVENT_PATH; /* and so are all below it */
	r->len += s.len;
}

static struct span
path(const struct reader *r)
{
	return span_make(r->path, r->len <= JSONEVENT_PATH ? r->len : 0);
}

static void
put_route(struct reader *r, struct span text)
{
	struct document_logsource *to = &r->e->route;
	struct span name = path(r);

	if (span_is(name, "logsource.category"))
		to->category = text;
	else if (span_is(name, "logsource.product"))
		to->product = text;
	else if (span_is(name, "logsource.service"))
		to->service = text;
}

static void
put(struct reader *r, struct span text, bool null)
{
	struct span name = path(r);
	uint32_t field;
	size_t i;

	if (r->muted) {
		put_route(r, text);
		return;
	}
	field = r->len > JSONEVENT_PATH ? FIELDS_NONE
					: fields_find(r->e->fields, name);
	view_add(&r->e->view, field == FIELDS_NONE ? VIEW_OTHER : field, text,
	    null);
	for (i = 0; i < r->rank && !null; i++)
		if (span_is(name, times[i])) {
			r->e->time = text;
			r->rank = i;
		}
}

/* An object, or an array without elements, is there. */
static void
put_present(struct reader *r)
{
	uint32_t field = r->depth == 1 || r->muted || r->len > JSONEVENT_PATH
	    ? FIELDS_NONE
	    : fields_find(r->e->fields, path(r));

	if (field != FIELDS_NONE)
		view_add_bare(&r->e->view, field);
}

static int read_value(struct reader *r);

static int
enter(struct reader *r)
{
	if (r->depth == JSONEVENT_DEPTH)
		return jsonscan_fail(&r->in,
		    tr("nested too deeply", "入れ子が深すぎます"));
	r->depth++;
	return 0;
}

static int
read_member(struct reader *r)
{
	size_t len = r->len;
	struct span key;
	int rc;

	if (jsonscan_string(&r->in, &key) == -1 ||
	    jsonscan_byte(&r->in, ':') == -1)
		return -1;
	if (r->depth > 1)
		append(r, SPAN("."));
	append(r, key);
	if (r->depth == 1 && span_is(key, "logsource") &&
	    jsonscan_peek(&r->in) == '{')
		r->e->routed = r->muted = true;
	rc = read_value(r);
	if (r->depth == 1)
		r->muted = false;
	r->len = len;
	return rc;
}

static int
read_object(struct reader *r)
{
	if (jsonscan_byte(&r->in, '{') == -1 || enter(r) == -1)
		return -1;
	put_present(r);
	if (jsonscan_peek(&r->in) != '}')
		for (;;) {
			if (read_member(r) == -1)
				return -1;
			if (jsonscan_peek(&r->in) != ',')
				break;
			(void)jsonscan_byte(&r->in, ',');
		}
	r->depth--;
	return jsonscan_byte(&r->in, '}');
}

static int
read_array(struct reader *r)
{
	if (jsonscan_byte(&r->in, '[') == -1 || enter(r) == -1)
		return -1;
	if (jsonscan_peek(&r->in) == ']')
		put_present(r);
	else
		for (;;) {
			if (read_value(r) == -1)
				return -1;
			if (jsonscan_peek(&r->in) != ',')
				break;
			(void)jsonscan_byte(&r->in, ',');
		}
	r->depth--;
	return jsonscan_byte(&r->in, ']');
}

static int
read_value(struct reader *r)
{
	struct span text;

	switch (jsonscan_peek(&r->in)) {
	case '{':
		return read_object(r);
	case '[':
		return read_array(r);
	case '"':
		if (jsonscan_string(&r->in, &text) == -1)
			return -1;
		break;
	default:
		if (jsonscan_word(&r->in, &text) == -1)
			return -1;
		if (span_is(text, "null")) {
			put(r, SPAN(""), true);
			return 0;
		}
	}
	put(r, text, false);
	return 0;
}

void
jsonevent_init(struct jsonevent *e, const struct fields *fields)
{
	*e = (struct jsonevent){ .fields = fields };
	e->arena = arena_new();
	view_init(&e->view, fields_count(fields));
}

void
jsonevent_fini(struct jsonevent *e)
{
	view_fini(&e->view);
	arena_free(e->arena);
}

int
jsonevent_read(struct jsonevent *e, struct span line)
{
	struct reader r;

	arena_reset(e->arena);
	view_clear(&e->view);
	e->routed = false;
	e->route = (struct document_logsource){ .category = { NULL, 0 } };
	e->time = span_make(NULL, 0);
	r.e = e;
	r.depth = 0;
	r.muted = false;
	r.rank = TIMES;
	r.len = 0;
	jsonscan_begin(&r.in, line, e->arena);
	if (read_object(&r) == 0 && jsonscan_end(&r.in) == 0)
		return 0;
	e->fault = r.in.fault;
	e->at = r.in.at;
	return -1;
}
