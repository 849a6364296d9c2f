/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/evchain.h"

#include <stdlib.h>

#include "common/log.h"

struct evchain {
	struct evread **log; /* NULL: cannot be opened; the last one can */
	struct evchain_options opt;
	size_t at, given; /* being read; of the record read last */
	bool run;	  /* no further than that log */
	bool *broken;	  /* those that could not be read on */
};

static void
missing(const struct evchain *c, size_t i, struct buf *why)
{
	if (c->opt.missing != NULL)
		c->opt.missing(c->opt.cookie, c->opt.dirs[i], buf_cstr(why));
	why->len = 0;
}

int
evchain_open(struct evchain **out, const struct evchain_options *opt,
    struct buf *why)
{
	struct evchain *c = calloc(1, sizeof(*c));
	size_t i;

	if (c == NULL || (c->log = calloc(opt->n, sizeof(*c->log))) == NULL)
		abort();
	c->opt = *opt;
	if ((c->broken = calloc(opt->n, sizeof(*c->broken))) == NULL)
		abort();
	for (i = 0; i < opt->n; i++) {
		if (evread_open(&c->log[i], opt->dirs[i], opt->leaves, why) ==
		    0) {
			evread_borrow(c->log[i], opt->lend);
			if (i + 1 < opt->n && evread_size(c->log[i]) == 0) {
				buf_str(why,
				    tr("nothing of it is sealed",
					"封印された記録がありません"));
				missing(c, i, why);
			}
			continue;
		}
		c->log[i] = NULL;
		if (i + 1 == opt->n) {
			evchain_close(c);
			return -1;
		}
		missing(c, i, why);
	}
	*out = c;
	return 0;
}

void
evchain_close(struct evchain *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->opt.n; i++)
		evread_close(c->log[i]);
	free(c->log);
	free(c->broken);
	free(c);
}

void
evchain_run(struct evchain *c, const struct evchain_run *run)
{
	struct evread *r = c->log[run->log];

	c->at = c->given = run->log;
	c->run = true;
	if (r == NULL)
		return;
	if (evread_at(r) != run->from)
		evread_pass(r, run->from);
	evread_bound(r, run->until);
}

struct evread *
evchain_log(struct evchain *c, size_t log)
{
	return c->broken[log] ? NULL : c->log[log];
}

static int
next_of_run(struct evchain *c, struct evread_record *rec, struct buf *why)
{
	struct evread *r = evchain_log(c, c->at);
	int rc = r == NULL ? 0 : evread_next(r, rec, why);

	if (rc >= 0 || c->at + 1 == c->opt.n)
		return rc;
	c->broken[c->at] = true;
	missing(c, c->at, why);
	return 0;
}

int
evchain_next(struct evchain *c, struct evread_record *rec, struct buf *why)
{
	int rc = 0;

	if (c->run)
		return next_of_run(c, rec, why);
	for (; c->at < c->opt.n; c->at++) {
		if (c->log[c->at] == NULL)
			continue;
		c->given = c->at;
		rc = evread_next(c->log[c->at], rec, why);
		if (rc == 1 || c->at + 1 == c->opt.n)
			return rc;
		if (rc < 0)
			missing(c, c->at, why);
	}
	return rc;
}

int
evchain_rewind(struct evchain *c, struct buf *why)
{
	size_t i;

	c->run = false;
	for (i = 0; i < c->opt.n; i++) {
		c->broken[i] = false;
		if (c->log[i] == NULL)
			continue;
		evread_bound(c->log[i], UINT64_MAX);
		if (evread_seek(c->log[i], 0, why) == 0)
			continue;
		if (i + 1 == c->opt.n)
			return -1;
		why->len = 0; /* evchain_next() meets it again */
	}
	c->at = 0;
	return 0;
}

int
evchain_refresh(struct evchain *c, struct buf *why)
{
	return evread_refresh(c->log[c->opt.n - 1], why);
}

const char *
evchain_origin(const struct evchain *c)
{
	return evread_origin(c->log[c->given]);
}

const struct evread_gaps *
evchain_gaps(const struct evchain *c)
{
	return evread_gaps(c->log[c->given]);
}

const struct evread *
evchain_newest(const struct evchain *c)
{
	return c->log[c->opt.n - 1];
}
