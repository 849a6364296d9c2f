/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/timeline_priv.h"
#include "analyzer/report/word.h"
#include "common/utc.h"

/* What one record tells: places, clocks, and its fields for other programs. */
#define ENTITY_BYTES 150u /* it becomes part of a file's name */

const char *
timeline_basis_name(enum timeline_basis b)
{
	switch (b) {
	case TIMELINE_DEVICE:
		return word_of(WORD_BASIS_DEVICE);
	case TIMELINE_RECEIVED:
		return word_of(WORD_BASIS_RECEIVED);
	case TIMELINE_PERSON:
		return word_of(WORD_BASIS_PERSON);
	}
	return "";
}

/* The number of the ledger, else the name or address itself. */
static const char *
key_of(const struct report *r, struct span key)
{
	const struct device *d = report_device(r, key);

	return figure_clip(r->arena, d != NULL && d->id.len > 0 ? d->id : key,
	    60);
}

/* Which device it happened to, and who was on the other side. */
static void
set_places(struct timeline_row *row, const struct report *r,
    const struct event *e, const struct subject_names *n)
{
	enum say_direction d = report_direction(r, e);
	struct span to = n->destination, own = report_observer(e), device;
	struct span peer = n->source;

	if (own.len == 0 && e->source != NULL)
		own = e->source->peer;
	row->outwards = n->traffic && (d == SAY_OUT || to.len == 0);
	device = n->traffic ? to : own;
	if (row->outwards) {
		device = n->source;
		peer = to;
	}
	row->device = report_device_text(r, device);
	row->device_key = key_of(r, device);
	row->peer = report_device_text(r, peer);
	row->peer_key = key_of(r, peer);
	row->user = row->user_key = figure_clip(r->arena, n->user, 60);
}

/* Of a patient only who did what from where leaves the IT room. */
static bool
is_kept(enum ecs field, bool patient)
{
	static const enum ecs plain[] = { ECS_KIND, ECS_EVENT_OUTCOME,
		ECS_USER_NAME, ECS_SOURCE_IP, ECS_HOST_NAME,
		ECS_OBSERVER_NAME };
	size_t i;

	if (!patient)
		return field != ECS_MESSAGE && field != ECS_TIMESTAMP &&
		    field != ECS_EVENT_CREATED && field != ECS_EVENT_ID &&
		    field != ECS_EVENT_KIND && field != ECS_TAGS;
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (field == plain[i])
			return true;
	return false;
}

static const char *
fields(const struct report *r, const struct event *e)
{
	bool patient = event_get(e, ECS_PATIENT_ID).len > 0;
	uint8_t order[EVENT_FIELDS];
	size_t i, mark, n = event_order(e, order);
	const char *s;
	struct buf b;
	enum ecs f;

	buf_init(&b);
	for (i = 0; i < n;) {
		mark = b.len;
		f = e->f[order[i]].field;
		buf_printf(&b, ",\"%s\":", ecs_name(f));
		i += event_print_values(e, order + i, n - i, &b);
		if (!is_kept(f, patient))
			b.len = mark;
	}
	s = arena_str(r->arena, buf_view(&b));
	buf_fini(&b);
	return s;
}

void
timeline_row_event(const struct report *r, const struct event *e, int64_t at,
    const struct subject_names *n, struct timeline_row *row)
{
	const struct event_source *from = e->source;

	*row = (struct timeline_row){
		.time = at,
		.basis = e->clock != EVENT_CLOCK_NONE && at == e->time
		    ? TIMELINE_DEVICE
		    : TIMELINE_RECEIVED,
		.kind = arena_str(r->arena, event_get(e, ECS_KIND)),
		.time_text = figure_clip(r->arena, e->time_text, 60),
		.has_clock = e->clock != EVENT_CLOCK_NONE,
		.live = from != NULL && !from->replay &&
		    !span_is(from->transport, "import"),
		.mark = e->mark,
		.clock = e->time,
		.received = e->received,
		.cite = report_cite_event(e),
		.replay = from != NULL && from->replay,
		.ecs = fields(r, e),
	};
	set_places(row, r, e, n);
}

/* What is known of the clock, behind a comma each. */
static const char *
doubts(const struct report *r, const struct timeline_row *row)
{
	static const struct {
		uint8_t mark;
		enum word word;
	} all[] = {
		{ EVENT_MARK_UNSET, WORD_CLOCK_UNSET },
		{ EVENT_MARK_UNSYNCED, WORD_CLOCK_UNSYNCED },
		{ EVENT_MARK_ZONE, WORD_CLOCK_ZONE },
		{ EVENT_MARK_YEAR, WORD_CLOCK_YEAR },
		{ EVENT_MARK_UPTIME, WORD_CLOCK_UPTIME },
	};
	const char *s = "";
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (row->mark & all[i].mark)
			s = arena_printf(r->arena, "%s%s%s", s,
			    tr(", ", "、"), word_of(all[i].word));
	return s;
}

const char *
timeline_error(const struct report *r, const struct timeline_row *row)
{
	int64_t off = row->received - row->clock;
	const char *far;

	if (row->basis == TIMELINE_PERSON)
		return "";
	if (!row->has_clock)
		far = word_of(WORD_ERROR_BEFORE);
	else if (!row->live)
		far = word_of(WORD_ERROR_UNKNOWN);
	else
		far = arena_printf(r->arena, "±%s",
		    figure_length(r->arena,
			(off < 0 ? -off : off) + UTC_SECOND - 1));
	return arena_printf(r->arena, "%s%s", far, doubts(r, row));
}

int
timeline_entity(char *text, struct timeline_options *opt)
{
	static const char *const kinds[] = { "host", "user", "ip", "device" };
	char *eq = strchr(text, '=');
	size_t i;

	if (eq == NULL || eq[1] == '\0' || strlen(eq + 1) > ENTITY_BYTES)
		return -1;
	*eq = '\0';
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(text, kinds[i]) == 0) {
			opt->entity_kind = kinds[i];
			opt->entity = eq + 1;
			return 0;
		}
	*eq = '=';
	return -1;
}

const char *
timeline_entity_name(const struct report *r, const struct timeline *t)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789.-_";
	char *s = arena_printf(r->arena, "%s-%s", t->entity_kind, t->entity);
	char *p;

	for (p = s; *p != '\0'; p++)
		if (strchr(plain, *p) == NULL)
			*p = '_';
	return s;
}
