/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/repeat.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "common/sha256.h"

#define TAIL 48u /* bytes at a line's end, where no relay writes */

struct repeat {
	struct index *recent, *older; /* two generations */
	uint64_t n;
};

struct repeat *
repeat_new(void)
{
	struct repeat *p = calloc(1, sizeof(*p));

	if (p == NULL)
		abort();
	p->recent = index_new();
	p->older = index_new();
	return p;
}

void
repeat_free(struct repeat *p)
{
	if (p == NULL)
		return;
	index_free(p->recent);
	index_free(p->older);
	free(p);
}

/* What a relay makes anew, and what the analysis adds. */
static bool
is_header(enum ecs field)
{
	static const enum ecs fields[] = { ECS_SYSLOG_FACILITY,
		ECS_SYSLOG_SEVERITY, ECS_SYSLOG_PRIORITY, ECS_SYSLOG_HOSTNAME,
		ECS_LOG_LEVEL, ECS_EVENT_CREATED, ECS_EVENT_ID };
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (field == fields[i])
			return true;
	return false;
}

/* Formats do not make a field of every word: the end of the line itself. */
static struct span
tail(struct span line)
{
	while (line.len > 0 && line.p[line.len - 1] <= ' ')
		line.len--;
	return line.len <= TAIL ? line : span_sub(line, line.len - TAIL, TAIL);
}

void
repeat_digest(const struct event *e, uint8_t digest[REPEAT_DIGEST])
{
	uint8_t sum[SHA256_LEN];
	uint8_t order[EVENT_FIELDS];
	size_t i, n = event_order(e, order);
	struct span end = tail(e->message);
	struct sha256 sha;

	sha256_init(&sha);
	sha256_update(&sha, &e->time, sizeof(e->time));
	sha256_update(&sha, end.p, end.len);
	for (i = 0; i < n; i++) {
		const struct event_field *f = &e->f[order[i]];
		const uint32_t head[2] = { (uint32_t)f->field,
			(uint32_t)f->value.len };

		if (is_header(f->field))
			continue;
		sha256_update(&sha, head, sizeof(head));
		sha256_update(&sha, f->value.p, f->value.len);
	}
	sha256_final(&sha, sum);
	memcpy(digest, sum, REPEAT_DIGEST);
}

bool
repeat_seen(struct repeat *p, const struct event *e)
{
	uint8_t sum[REPEAT_DIGEST];
	struct span key = span_make(sum, sizeof(sum));
	uint32_t *slot;

	if (e->clock == EVENT_CLOCK_NONE)
		return false;
	repeat_digest(e, sum);
	slot = index_put(p->recent, key);
	if (*slot != INDEX_NONE || index_get(p->older, key) != INDEX_NONE) {
		*slot = 1;
		p->n++;
		return true;
	}
	*slot = 1;
	if (index_count(p->recent) >= REPEAT_MAX) {
		index_free(p->older);
		p->older = p->recent;
		p->recent = index_new();
	}
	return false;
}

uint64_t
repeat_count(const struct repeat *p)
{
	return p->n;
}
