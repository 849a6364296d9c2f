/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/watch_cell.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "analyzer/command/events.h"
#include "analyzer/command/inputs.h"
#include "analyzer/ledger/file.h"
#include "common/arena.h"
#include "common/confine.h"
#include "common/confine_tbl.h"
#include "common/log.h"
#include "common/text_table.h"
#include "site/succession.h"

#define PLACES 96u /* beside the generations of logs */

/* Patterns become code (PCRE2). */
static const struct confine_call matcher_calls[] = {
	CALLS_NEW_CODE,
	CALLS_PROCESS,
	CALLS_READ_FILES,
};

static const struct confine_call summing_calls[] = {
	CALLS_NEW_CODE,
	CALLS_PROCESS,
	CALLS_WRITE_FILES,
};

/* The resolver loads libraries and runs in a thread. */
static const struct confine_call notifier_calls[] = {
	CALLS_NEW_CODE,
	CALLS_ASK_NETWORK,
	CALLS_PROCESS,
	CALLS_THREADS,
	CALLS_READ_FILES,
	CALLS_SOCKETS,
	CALLS_LOCAL,
	CALLS_NETWORK,
};

/* What the notifiers have they got from it, and what makes and ends them;
 * tgkill: one that aborts sends the signal to itself. */
static const struct confine_call keeper_calls[] = {
	CALLS_NEW_CODE,
	CALLS_ASK_NETWORK,
	ALLOW(tgkill),
	CALLS_PROCESS,
	ALLOW_BITS(clone, 0, NAMESPACES, 0),
	CALLS_THREADS,
	CALLS_READ_FILES,
	CALLS_SOCKETS,
	CALLS_LOCAL,
	CALLS_NETWORK,
	ALLOW(fork),
	ALLOW(wait4),
	ALLOW(kill),
	ALLOW(rt_sigtimedwait),
	ALLOW(prctl),
	ALLOW(prlimit64),
	ALLOW(setrlimit),
	ALLOW(landlock_create_ruleset),
	ALLOW(landlock_add_rule),
	ALLOW(landlock_restrict_self),
	ALLOW(capget),
	ALLOW(capset),
};

/* Where the resolver and TLS look for what they need. */
static const char *const outward[] = { PLACES_OUTWARD };

enum role { MATCHER, NOTIFIER, SUMMING };

struct places {
	struct confine_place *v;
	size_t n, max;
};

static void
place(struct places *p, const char *path)
{
	if (*path == '\0')
		return;
	if (p->n == p->max)
		abort();
	p->v[p->n++] = (struct confine_place){ path, CONFINE_READ };
}

static void
place_site(struct places *p, const struct site *site, struct arena *arena)
{
	const char *const *dirs, *ledgers[INPUTS_LEDGERS];
	const char *names[LEDGER_NAMES];
	const struct site_log *l;
	size_t k, n;
	unsigned i;

	for (l = site->logs; l < site->logs + site->n_logs; l++) {
		dirs = succession_dirs(site, l, arena);
		for (i = 0; i < l->generation; i++)
			place(p, dirs[i]);
	}
	place(p, events_rules(site));
	inputs_ledgers(site, ledgers);
	for (i = 0; i < INPUTS_LEDGERS; i++) {
		n = ledger_file_names(ledgers[i], arena, names);
		for (k = 0; k < n; k++)
			if (k == 0 || access(names[k], F_OK) == 0)
				place(p, names[k]);
	}
	place(p, site->analyzer.calendar);
	place(p, site->anchor.copy); /* what logs are verified with */
}

/*
 * An editor puts a new file in the place of a ledger; that one can be read only
 * if its folder may be.  One that holds ledgers alone is called so.
 */
static void
place_ledgers(struct places *p, const struct site *site, struct arena *arena)
{
	const char *files[INPUTS_LEDGERS];
	static const char own[] = "/ledgers";
	size_t i, n = sizeof(own) - 1;

	inputs_ledgers(site, files);
	for (i = 0; i < INPUTS_LEDGERS; i++) {
		struct span path = span_str(files[i]);

		while (path.len > 0 && path.p[path.len - 1] != '/')
			path.len--;
		if (path.len > n &&
		    memcmp(path.p + path.len - 1 - n, own, n) == 0)
			place(p, arena_str(arena, path));
	}
}

static void
place_outward(struct places *p, const struct site *site)
{
	size_t i;

	place(p, site->run);
	place(p, site->analyzer.contacts);
	place(p, site->mail.ca);
	place(p, site->mail.password_file);
	place(p, site->escalation.webhook_ca);
	place(p, site->escalation.webhook_auth_file);
	place(p, site->escalation.cef_ca);
	for (i = 0; i < sizeof(outward) / sizeof(outward[0]); i++)
		place(p, outward[i]);
}

static int
files(const struct site *site, enum role role)
{
	struct places p = { .max = PLACES };
	struct confine_files f = { .connect = role == NOTIFIER };
	struct arena *arena;
	size_t i;
	int rc;

	for (i = 0; i < site->n_logs; i++)
		p.max += site->logs[i].generation;
	p.v = calloc(p.max, sizeof(p.v[0]));
	if (p.v == NULL)
		return -1;
	arena = arena_new();
	place_site(&p, site, arena);
	if (role == NOTIFIER)
		place_outward(&p, site);
	else
		place_ledgers(&p, site, arena);
	if (role == SUMMING)
		p.v[p.n++] = (struct confine_place){ site->cache,
			CONFINE_WRITE };
	f.places = p.v;
	f.n = p.n;
	rc = confine_files(&f);
	arena_free(arena);
	free(p.v);
	return rc;
}

static int
cannot(void)
{
	log_errno(tr("cannot give up what is not needed",
	    "不要な権限を放棄できません"));
	return -1;
}

static int
enter(const struct site *site, enum role role, const struct confine_call *calls,
    size_t n)
{
	(void)text_table_init(); /* of files; who needs them says if not */
	if (confine_begin() == 0 && files(site, role) == 0 &&
	    confine_calls(calls, n, 0) == 0)
		return 0;
	return cannot();
}

int
watch_cell_matcher(const struct site *site)
{
	return enter(site, MATCHER, matcher_calls,
	    sizeof(matcher_calls) / sizeof(matcher_calls[0]));
}

int
watch_cell_summing(const struct site *site)
{
	return enter(site, SUMMING, summing_calls,
	    sizeof(summing_calls) / sizeof(summing_calls[0]));
}

int
watch_cell_notifier(const struct site *site)
{
	return enter(site, NOTIFIER, notifier_calls,
	    sizeof(notifier_calls) / sizeof(notifier_calls[0]));
}

int
watch_cell_keeper(void)
{
	if (confine_begin() == 0 &&
	    confine_calls(keeper_calls,
		sizeof(keeper_calls) / sizeof(keeper_calls[0]), EPERM) == 0)
		return 0;
	return cannot();
}
