/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/usage.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "analyzer/rule/grow.h"
#include "common/buf.h"

struct account_use {
	struct usage_day *days; /* by day */
	size_t n, cap;
};

struct usage {
	struct index *by_account, *by_source;
	struct account_use *accounts;
	size_t n_accounts, cap_accounts;
	int64_t *firsts; /* of (account, source) */
	size_t n_firsts, cap_firsts;
	struct buf key;
	uint64_t forgotten;
};

struct usage *
usage_new(void)
{
	struct usage *u = calloc(1, sizeof(*u));

	if (u == NULL)
		abort();
	u->by_account = index_new();
	u->by_source = index_new();
	buf_init(&u->key);
	return u;
}

void
usage_free(struct usage *u)
{
	size_t i;

	if (u == NULL)
		return;
	for (i = 0; i < u->n_accounts; i++)
		free(u->accounts[i].days);
	free(u->accounts);
	free(u->firsts);
	index_free(u->by_account);
	index_free(u->by_source);
	buf_fini(&u->key);
	free(u);
}

static struct account_use *
account_put(struct usage *u, struct span account)
{
	uint32_t i = index_get(u->by_account, account);

	if (i != INDEX_NONE)
		return &u->accounts[i];
	if (u->n_accounts == USAGE_ACCOUNTS)
		return NULL;
	grow(&u->accounts, u->n_accounts, &u->cap_accounts,
	    sizeof(*u->accounts));
	*index_put(u->by_account, account) = (uint32_t)u->n_accounts;
	u->accounts[u->n_accounts] = (struct account_use){ NULL, 0, 0 };
	return &u->accounts[u->n_accounts++];
}

/* The position of a day, or where it would go. */
static size_t
search(const struct account_use *a, int64_t day)
{
	size_t lo = 0, hi = a->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (a->days[mid].day < day)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Which of two uses at the same instant is the first does not depend on
 * which came first. */
static bool
earlier(const struct usage_cite *a, const struct usage_cite *b)
{
	int c;

	if (a->time != b->time)
		return a->time < b->time;
	c = strcmp(a->origin, b->origin);
	return c != 0 ? c < 0 : a->index < b->index;
}

static void
note_day(struct account_use *a, int64_t day, bool privileged,
    const struct usage_cite *cite)
{
	size_t i = search(a, day);
	struct usage_day *d;

	if (i == a->n || a->days[i].day != day) {
		grow(&a->days, a->n, &a->cap, sizeof(*a->days));
		memmove(a->days + i + 1, a->days + i,
		    (a->n - i) * sizeof(*a->days));
		a->n++;
		a->days[i] = (struct usage_day){ day, 0, false, *cite };
	}
	d = &a->days[i];
	d->count++;
	d->privileged |= privileged;
	if (earlier(cite, &d->first))
		d->first = *cite;
}

/* By how much of the address it is found: one address, or its network. */
static struct span
source_key(struct span account, const struct address *source, size_t bytes,
    struct buf *b)
{
	const uint8_t n = (uint8_t)bytes;

	b->len = 0;
	buf_append(b, &n, 1);
	buf_append(b, source->b, bytes);
	buf_span(b, account);
	return buf_view(b);
}

static size_t
network_bytes(const struct address *source)
{
	return address_is_v4(source) ? 14 : 4;
}

static void
note_source(struct usage *u, struct span account, const struct address *source,
    size_t bytes, int64_t time)
{
	struct span key = source_key(account, source, bytes, &u->key);
	uint32_t i = index_get(u->by_source, key);

	if (i == INDEX_NONE) {
		if (u->n_firsts == USAGE_SOURCES) {
			u->forgotten++;
			return;
		}
		grow(&u->firsts, u->n_firsts, &u->cap_firsts,
		    sizeof(*u->firsts));
		*index_put(u->by_source, key) = i = (uint32_t)u->n_firsts++;
		u->firsts[i] = time;
	}
	if (time < u->firsts[i])
		u->firsts[i] = time;
}

void
usage_note(struct usage *u, struct span account, int64_t day, bool privileged,
    const struct usage_cite *cite, const struct address *source)
{
	struct account_use *a = account_put(u, account);

	if (a == NULL) {
		u->forgotten++;
		return;
	}
	note_day(a, day, privileged, cite);
	if (source == NULL)
		return;
	note_source(u, account, source, sizeof(source->b), cite->time);
	note_source(u, account, source, network_bytes(source), cite->time);
}

const struct usage_day *
usage_days(const struct usage *u, struct span account, size_t *n)
{
	uint32_t i = index_get(u->by_account, account);

	*n = i == INDEX_NONE ? 0 : u->accounts[i].n;
	return i == INDEX_NONE ? NULL : u->accounts[i].days;
}

bool
usage_last_before(const struct usage *u, struct span account, int64_t day,
    int64_t *last)
{
	uint32_t i = index_get(u->by_account, account);
	size_t at;

	if (i == INDEX_NONE)
		return false;
	at = search(&u->accounts[i], day);
	if (at == 0)
		return false;
	*last = u->accounts[i].days[at - 1].day;
	return true;
}

static bool
first(const struct usage *u, struct span account, const struct address *source,
    size_t bytes, int64_t *time)
{
	struct buf b;
	uint32_t i;

	buf_init(&b);
	i = index_get(u->by_source, source_key(account, source, bytes, &b));
	buf_fini(&b);
	if (i == INDEX_NONE)
		return false;
	*time = u->firsts[i];
	return true;
}

bool
usage_first_from(const struct usage *u, struct span account,
    const struct address *source, int64_t *time)
{
	return first(u, account, source, sizeof(source->b), time);
}

bool
usage_first_near(const struct usage *u, struct span account,
    const struct address *source, int64_t *time)
{
	return first(u, account, source, network_bytes(source), time);
}

uint64_t
usage_forgotten(const struct usage *u)
{
	return u->forgotten;
}
