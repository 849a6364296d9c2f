/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/say.h"

#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/word.h"
#include "common/buf.h"
#include "common/log.h"

#define VALUE_COLUMNS 80 /* of one value in a sentence */
#define LINE_COLUMNS 110 /* of a record that no row fits */

static const struct row {
	const char *kind, *variant;
	enum phase phase;
	const char *en, *ja;
} rows[] = {
#define SAY(kind, variant, phase, en, ja)                                      \
	{ kind, variant, PHASE_##phase, en, ja },
#include "analyzer/report/say_tbl.h"
#undef SAY
};

static bool
is_variant(const struct row *r, const struct event *e, enum say_direction d)
{
	bool more = event_get(e, ECS_INTERIM).len > 0;

	if (*r->variant == '\0')
		return true;
	if (strcmp(r->variant, "out-more") == 0)
		return d == SAY_OUT && more;
	if (strcmp(r->variant, "out") == 0)
		return d == SAY_OUT;
	if (strcmp(r->variant, "inside") == 0)
		return d == SAY_INSIDE;
	return span_is(event_get(e, ECS_EVENT_OUTCOME), r->variant);
}

static const struct row *
find(const struct event *e, enum say_direction d)
{
	struct span kind = event_get(e, ECS_KIND);
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (span_is(kind, rows[i].kind) && is_variant(&rows[i], e, d))
			return &rows[i];
	return NULL;
}

static bool
is_bytes(enum ecs field)
{
	return field == ECS_SOURCE_BYTES || field == ECS_DESTINATION_BYTES ||
	    field == ECS_DELTA_SENT || field == ECS_DELTA_RECEIVED;
}

/* Append the value of "{name}", of len bytes; false if it has none. */
static bool
put_field(struct buf *out, const struct event *e, const char *name, size_t len,
    struct arena *arena)
{
	struct span value;
	enum ecs field;
	uint64_t n;

	if (ecs_parse(span_make(name, len), &field) != 0)
		return false;
	value = event_get(e, field);
	if (value.len == 0)
		return false;
	if (is_bytes(field) && event_number(e, field, &n) == 0)
		buf_str(out, figure_bytes(arena, n));
	else
		buf_str(out, figure_clip(arena, value, VALUE_COLUMNS));
	return true;
}

/* Fill a template; a part in [] goes as a whole if a field in it is missing. */
static void
fill(struct buf *out, const char *t, const struct event *e, struct arena *arena)
{
	size_t mark = 0, len;
	bool part = false, whole = true;

	for (; *t != '\0'; t++) {
		if (*t == '[') {
			mark = out->len;
			part = whole = true;
		} else if (*t == ']') {
			if (!whole)
				out->len = mark;
			part = false;
		} else if (*t == '{') {
			len = strcspn(++t, "}");
			if (!put_field(out, e, t, len, arena)) {
				whole = false;
				if (!part)
					buf_byte(out, '?');
			}
			t += len;
		} else
			buf_byte(out, (uint8_t)*t);
	}
}

struct said
say_event(const struct event *e, enum say_direction d, struct arena *arena)
{
	const struct row *r = find(e, d);
	struct said said = { "", PHASE_NONE };
	struct buf text;

	if (r == NULL) { /* patients stay out of reports */
		said.text = event_get(e, ECS_PATIENT_ID).len > 0
		    ? word_of(WORD_PATIENT)
		    : figure_clip(arena,
			  figure_line(arena, e->message, e->encoding),
			  LINE_COLUMNS);
		return said;
	}
	buf_init(&text);
	fill(&text, tr(r->en, r->ja), e, arena);
	said.text = arena_str(arena, buf_view(&text));
	said.phase = r->phase;
	buf_fini(&text);
	return said;
}
