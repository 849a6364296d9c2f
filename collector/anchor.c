/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/anchor.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "collector/anchor_tsa.h"
#include "collector/anchor_witness.h"
#include "collector/anchored.h"
#include "collector/carrier.h"
#include "collector/outlet_dir.h"
#include "collector/outlet_web.h"
#include "common/confine.h"
#include "common/io.h"

#define RETRY_S 60u /* after a token that was not to be had */
#define CARRY_S 10u /* of segments in one round */
#define LAST_S 5u   /* and in the last */
#define OUTLETS 2   /* folder and relay */
#define ANEW_S 10u  /* of its life, before it is made anew */

/* What is due at times, for each log. */
struct place {
	struct anchored log;
	struct anchor_witness witness[SITE_WITNESSES_MAX];
	uint64_t witness_at[SITE_WITNESSES_MAX];
	size_t n_witnesses;
	struct anchor_tsa tsa[SITE_TSAS_MAX];
	uint64_t tsa_at[SITE_TSAS_MAX];
	size_t n_tsas;
	struct carrier carrier[OUTLETS];
	size_t n_carriers;
};

struct anchor {
	const struct site *site;
	int control;
	struct client *writer;
	struct outlet_dir folder;
	struct outlet_web relay;
	uint64_t carry_at; /* monotonic usec, as all times here */
	uint64_t anew_at;  /* from then on it may ask for that */
	struct place place[SITE_LOGS_MAX];
};

static void
carrier_add(struct place *p, struct outlet *outlet)
{
	p->carrier[p->n_carriers++] =
	    (struct carrier){ .log = &p->log, .outlet = outlet };
}

static void
place_init(struct anchor *a, size_t number)
{
	const struct site *site = a->site;
	struct place *p = &a->place[number];
	size_t i;

	p->log = (struct anchored){ .conf = &site->logs[number],
		.number = number,
		.cache = site->cache,
		.dir = -1,
		.control = a->control,
		.writer = a->writer };
	for (i = 0; i < site->anchor.n_witnesses; i++)
		if (anchor_witness_init(&p->witness[p->n_witnesses], &p->log,
			&site->anchor.witnesses[i]) == 0)
			p->n_witnesses++;
	for (i = 0; i < site->anchor.n_tsas; i++)
		anchor_tsa_init(&p->tsa[p->n_tsas++], &p->log,
		    &site->anchor.tsas[i]);
	if (*site->anchor.copy != '\0')
		carrier_add(p, &a->folder.outlet);
	if (*site->anchor.relay.url != '\0')
		carrier_add(p, &a->relay.outlet);
}

static bool
is_told(const struct anchor *a, int ms)
{
	struct pollfd control = { .fd = a->control, .events = POLLIN };

	return poll(&control, 1, ms) > 0;
}

/* Before anything goes out: does anybody know more of a log than it does? */
static void
ask_first(struct anchor *a)
{
	size_t i, j;

	for (i = 0; i < a->site->n_logs; i++) {
		struct place *p = &a->place[i];

		if (anchored_open(&p->log) != 0)
			continue;
		for (j = 0; j < p->n_witnesses && !is_told(a, 0); j++)
			anchor_witness_ask(&p->witness[j]);
		if (*a->site->anchor.copy != '\0')
			outlet_dir_ask(&a->folder, &p->log);
	}
	(void)send(a->control, "asked", 5, MSG_NOSIGNAL); /* as tell_rolled() */
}

/* until: as for carrier_run().  0, or -1. */
static int
carry(struct anchor *a, uint64_t until, bool last)
{
	struct carrier *c;
	size_t i, j;
	int rc = 0;

	for (i = 0; i < a->site->n_logs; i++)
		for (j = 0; j < a->place[i].n_carriers; j++) {
			c = &a->place[i].carrier[j];
			/* The parent does not wait for one that is away. */
			if (last && c->failed && c->outlet == &a->relay.outlet)
				continue;
			if (carrier_run(c, until) != 0)
				rc = -1;
		}
	return rc;
}

static uint64_t
after(unsigned seconds)
{
	return carrier_now() + (uint64_t)seconds * 1000000u;
}

/* What is due of one log; times that are near go into *next. */
static void
place_run(struct anchor *a, struct place *p, uint64_t *next)
{
	size_t i;

	if (p->log.rolled || anchored_open(&p->log) != 0)
		return;
	for (i = 0; i < p->n_witnesses && !is_told(a, 0); i++) {
		if (carrier_now() >= p->witness_at[i]) {
			anchor_witness_run(&p->witness[i]);
			p->witness_at[i] = after(p->witness[i].conf->every_s);
		}
		if (p->witness_at[i] < *next)
			*next = p->witness_at[i];
	}
	for (i = 0; i < p->n_tsas && !is_told(a, 0); i++) {
		unsigned s = p->tsa[i].conf->every_s;

		if (carrier_now() >= p->tsa_at[i])
			p->tsa_at[i] =
			    after(anchor_tsa_run(&p->tsa[i]) == 0 || s < RETRY_S
				    ? s
				    : RETRY_S);
		if (p->tsa_at[i] < *next)
			*next = p->tsa_at[i];
	}
}

/* Everything that is due.  Return milliseconds until there is more, or -1. */
static int
turn(struct anchor *a)
{
	uint64_t next = UINT64_MAX, now;
	size_t i;

	for (i = 0; i < a->site->n_logs; i++)
		place_run(a, &a->place[i], &next);
	if (a->place[0].n_carriers > 0) {
		if (carrier_now() >= a->carry_at) {
			(void)carry(a, after(CARRY_S),
			    false); /* said, and tried again */
			a->carry_at = after(a->site->anchor.every_s);
		}
		if (a->carry_at < next)
			next = a->carry_at;
	}
	/* While it waits it holds nothing of the logs. */
	for (i = 0; i < a->site->n_logs; i++)
		anchored_close(&a->place[i].log);
	now = carrier_now();
	if (next == UINT64_MAX)
		return -1;
	return next <= now ? 0 : (int)((next - now) / 1000 + 1);
}

static struct anchor *
anchor_new(const struct anchor_options *opt)
{
	struct anchor *a = calloc(1, sizeof(*a));
	size_t i;

	if (a == NULL)
		return NULL;
	a->site = opt->site;
	a->control = opt->control;
	a->anew_at = after(ANEW_S);
	if (opt->writer >= 0 &&
	    client_adopt(&a->writer, opt->writer) != CLIENT_OK) {
		free(a);
		return NULL;
	}
	outlet_dir_init(&a->folder, opt->site->anchor.copy);
	outlet_web_init(&a->relay, opt->site);
	for (i = 0; i < opt->site->n_logs; i++)
		place_init(a, i);
	return a;
}

static void
anchor_free(struct anchor *a)
{
	size_t i;

	for (i = 0; i < a->site->n_logs; i++)
		anchored_close(&a->place[i].log);
	client_close(a->writer);
	free(a);
}

size_t
anchor_ask(const struct anchor_options *opt)
{
	struct anchor *a = anchor_new(opt);
	size_t i, n = 0;

	if (a == NULL)
		return 0;
	ask_first(a);
	for (i = 0; i < opt->site->n_logs; i++)
		n += a->place[i].log.rolled;
	anchor_free(a);
	return n;
}

/* Whether a file is there that it should read and cannot: only a new one can.
 * Not at once: what keeps it out may be another's doing. */
static bool
is_shut_out(const struct anchor *a)
{
	const struct site *site = a->site;
	bool shut = confine_shuts(site->anchor.relay.secret_file) ||
	    confine_shuts(site->anchor.relay.ca);
	size_t i;

	for (i = 0; !shut && i < site->anchor.n_witnesses; i++)
		shut = confine_shuts(site->anchor.witnesses[i].ca);
	for (i = 0; !shut && i < site->anchor.n_tsas; i++)
		shut = confine_shuts(site->anchor.tsas[i].ca) ||
		    confine_shuts(site->anchor.tsas[i].https_ca);
	return shut && carrier_now() >= a->anew_at;
}

int
anchor_run(const struct anchor_options *opt)
{
	struct anchor *a = anchor_new(opt);
	int ms, rc;

	if (a == NULL)
		return 1;
	ask_first(a);
	do {
		ms = turn(a);
		if (is_shut_out(a)) {
			(void)send(a->control, "anew", 4, MSG_NOSIGNAL);
			anchor_free(a);
			return 0;
		}
	} while (!is_told(a, ms));
	rc = carry(a, after(LAST_S), true);
	anchor_free(a);
	return rc == 0 ? 0 : 1;
}
