/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/touched.h"

#include <stdlib.h>
#include <string.h>

#define WINDOWS 256u
#define SLOTS (1u << 19) /* more than twice TOUCHED_MAX */

struct window {
	const char *user;
	int64_t from, until;
};

struct touched {
	const struct report *r;
	const struct subject *subject;
	int64_t from, until;
	struct window windows[WINDOWS];
	size_t n_windows;
	uint64_t *seen; /* hashes, 0: free; the lowest bit: of a finding */
	struct touched_sum sum;
};

struct touched *
touched_new(const struct report *r, const struct subject *subject,
    int64_t from, int64_t until)
{
	struct touched *t = arena_alloc(r->arena, sizeof(*t));

	t->r = r;
	t->subject = subject;
	t->from = from;
	t->until = until;
	return t;
}

void
touched_window(struct touched *t, const char *user, int64_t from,
    int64_t until)
{
	if (t->n_windows < WINDOWS)
		t->windows[t->n_windows++] =
		    (struct window){ user, from, until };
}

static uint64_t
hash(struct span s)
{
	uint64_t h = UINT64_C(14695981039346656037);
	size_t i;

	for (i = 0; i < s.len; i++)
		h = (h ^ s.p[i]) * UINT64_C(1099511628211);
	h = (h ^ h >> 29) * UINT64_C(0x9E3779B97F4A7C15);
	return (h & ~UINT64_C(1)) == 0 ? 2 : h & ~UINT64_C(1);
}

static void
take(struct touched *t, struct span patient, bool cited)
{
	uint64_t h = hash(patient);
	size_t i = (size_t)(h >> 20) % SLOTS;

	while (t->seen[i] != 0 && (t->seen[i] & ~UINT64_C(1)) != h)
		i = (i + 1) % SLOTS;
	if (t->seen[i] == 0) {
		if (t->sum.patients == TOUCHED_MAX) {
			t->sum.more = true;
			return;
		}
		t->sum.patients++;
		t->seen[i] = h;
	}
	if (cited && (t->seen[i] & 1) == 0) {
		t->seen[i] |= 1;
		t->sum.cited_patients++;
	}
}

static bool
is_cited(const struct touched *t, struct span user, int64_t at)
{
	size_t i;

	for (i = 0; i < t->n_windows; i++)
		if (at >= t->windows[i].from && at < t->windows[i].until &&
		    span_is(user, t->windows[i].user))
			return true;
	return false;
}

void
touched_event(struct touched *t, const struct event *e, int64_t at)
{
	struct span patient = event_get(e, ECS_PATIENT_ID);
	struct subject_names names;
	bool cited;

	if (patient.len == 0 || at < t->from || at >= t->until ||
	    span_is(event_get(e, ECS_EVENT_OUTCOME), "failure"))
		return;
	names = subject_names(e);
	names.device = SPAN(""); /* its server sees everybody */
	if (!subject_has(t->subject, &names, at))
		return;
	if (t->seen == NULL &&
	    (t->seen = calloc(SLOTS, sizeof(*t->seen))) == NULL)
		abort();
	cited = is_cited(t, names.user, at);
	if (t->sum.operations++ == 0)
		t->sum.first = report_cite_event(e);
	t->sum.cited_operations += cited;
	take(t, patient, cited);
}

struct touched_sum
touched_finish(struct touched *t)
{
	free(t->seen);
	t->seen = NULL;
	return t->sum;
}
