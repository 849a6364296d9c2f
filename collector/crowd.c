/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* A hash table with a secret seed, as addresses are the sender's choice. */
#include "collector/crowd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/seed.h"

#define BUCKETS 1024u /* a power of two */

struct crowd_one {
	struct crowd_one *same; /* in the bucket */
	unsigned n;
	struct pace pace;
	char address[ENDPOINT_TEXT];
};

void
crowd_init(struct crowd *c)
{
	c->buckets = NULL;
	c->seed = seed_new(c);
}

void
crowd_fini(struct crowd *c)
{
	struct crowd_one *one;
	size_t i;

	for (i = 0; c->buckets != NULL && i < BUCKETS; i++)
		while ((one = c->buckets[i]) != NULL) {
			c->buckets[i] = one->same;
			free(one);
		}
	free(c->buckets);
	c->buckets = NULL;
}

/* Where the address is, or would be; there must be buckets. */
static struct crowd_one **
find(const struct crowd *c, const char *address)
{
	uint64_t h = seed_text(c->seed, address);
	struct crowd_one **p;

	for (p = &c->buckets[h >> 40 & (BUCKETS - 1)]; *p != NULL;
	     p = &(*p)->same)
		if (strcmp((*p)->address, address) == 0)
			break;
	return p;
}

struct pace *
crowd_add(struct crowd *c, const char *address)
{
	struct crowd_one **p;

	if (c->buckets == NULL)
		c->buckets = calloc(BUCKETS, sizeof(*c->buckets));
	if (c->buckets == NULL)
		return NULL;
	p = find(c, address);
	if (*p != NULL && (*p)->n == 0)
		c->n_left--;
	if (*p == NULL && (*p = calloc(1, sizeof(**p))) != NULL)
		snprintf((*p)->address, ENDPOINT_TEXT, "%s", address);
	if (*p == NULL)
		return NULL;
	(*p)->n++;
	return &(*p)->pace;
}

static void
forget(struct crowd_one **p)
{
	struct crowd_one *one = *p;

	*p = one->same;
	free(one);
}

void
crowd_remove(struct crowd *c, const char *address, uint64_t now)
{
	struct crowd_one **p = c->buckets == NULL ? NULL : find(c, address);

	if (p == NULL || *p == NULL || (*p)->n == 0 || --(*p)->n > 0)
		return;
	if (pace_ahead(&(*p)->pace, now) && c->n_left < CROWD_LEFT)
		c->n_left++;
	else
		forget(p);
}

void
crowd_sweep(struct crowd *c, uint64_t now)
{
	struct crowd_one **p;
	size_t i;

	for (i = 0; c->n_left > 0 && i < BUCKETS; i++)
		for (p = &c->buckets[i]; *p != NULL;)
			if ((*p)->n == 0 && !pace_ahead(&(*p)->pace, now)) {
				forget(p);
				c->n_left--;
			} else
				p = &(*p)->same;
}

unsigned
crowd_count(const struct crowd *c, const char *address)
{
	const struct crowd_one *one =
	    c->buckets == NULL ? NULL : *find(c, address);

	return one == NULL ? 0 : one->n;
}

unsigned
crowd_most(const struct crowd *c, char address[ENDPOINT_TEXT])
{
	const struct crowd_one *one, *most = NULL;
	size_t i;

	for (i = 0; c->buckets != NULL && i < BUCKETS; i++)
		for (one = c->buckets[i]; one != NULL; one = one->same)
			if (one->n > 0 && (most == NULL || one->n > most->n))
				most = one;
	snprintf(address, ENDPOINT_TEXT, "%s",
	    most == NULL ? "" : most->address);
	return most == NULL ? 0 : most->n;
}
