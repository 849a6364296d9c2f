/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/estate.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>

#define SLOT 1024

struct slot {
	uint32_t len; /* of words */
	uint8_t words[SLOT - 4];
};

/*
 * Whether a stream is open stands apart from its words: a successor looks at
 * all of them, and to read a page of shared memory is to have it.
 */
struct estate {
	uint64_t size[RINGMSG_LOGS];
	struct estate_sums sums[RINGMSG_LOGS];
	uint32_t log[RINGMSG_STREAMS]; /* number plus 1; 0: not open */
	struct slot slot[RINGMSG_STREAMS];
};

struct estate *
estate_new(void)
{
	void *p = mmap(NULL, sizeof(struct estate), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

void
estate_free(struct estate *e)
{
	if (e != NULL)
		munmap(e, sizeof(*e));
}

void
estate_open(struct estate *e, uint32_t stream, uint32_t log, struct span words)
{
	struct slot *s = &e->slot[stream];
	size_t len = words.len;

	assert(stream < RINGMSG_STREAMS && log < RINGMSG_LOGS);
	if (len > sizeof(s->words))
		for (len = sizeof(s->words); len > 0; len--)
			if (words.p[len] == ' ')
				break;
	memcpy(s->words, words.p, len);
	s->len = (uint32_t)len;
	e->log[stream] = log + 1;
}

bool
estate_get(const struct estate *e, uint32_t stream, uint32_t *log,
    struct span *words)
{
	const struct slot *s = &e->slot[stream];

	assert(stream < RINGMSG_STREAMS);
	if (e->log[stream] == 0)
		return false;
	*log = e->log[stream] - 1;
	*words = span_make(s->words, s->len);
	return true;
}

void
estate_end(struct estate *e, uint32_t stream)
{
	assert(stream < RINGMSG_STREAMS);
	e->log[stream] = 0;
}

void
estate_set_size(struct estate *e, uint32_t log, uint64_t size)
{
	assert(log < RINGMSG_LOGS);
	e->size[log] = size;
}

uint64_t
estate_size(const struct estate *e, uint32_t log)
{
	assert(log < RINGMSG_LOGS);
	return e->size[log];
}

struct estate_sums *
estate_sums(struct estate *e, uint32_t log)
{
	assert(log < RINGMSG_LOGS);
	return &e->sums[log];
}

void
estate_follow(struct estate *e, const struct estate *before)
{
	size_t i;

	memcpy(e->sums, before->sums, sizeof(e->sums));
	for (i = 0; i < RINGMSG_LOGS; i++)
		memset(&e->sums[i].told, 0, sizeof(e->sums[i].told));
}
