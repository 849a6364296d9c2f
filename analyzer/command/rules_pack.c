/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/rules_pack.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/command/command.h"
#include "analyzer/command/events.h"
#include "analyzer/rule/roster.h"
#include "common/io.h"
#include "common/log.h"
#include "site/site.h"

/* Of a site whose ledgers cannot be read no name stands for anything. */
static int
load_rules(struct rules_pack *p, struct yaml_error *err)
{
	struct grounds *g = &p->grounds;

	p->arena = arena_new();
	if (p->site != NULL && grounds_load_ledgers(g, p->site) == 0)
		p->names = roster_names(g->ledgers, &g->internal, &g->vpn,
		    p->arena);
	p->all = ruleset_load_for(p->dir, p->profile, p->names, err);
	return p->all == NULL ? -1 : 0;
}

int
rules_pack_take(struct rules_pack *p, struct grounds *g)
{
	*g = p->grounds;
	p->grounds = (struct grounds){ .ledgers = NULL };
	return g->ledgers == NULL
	    ? -1
	    : grounds_load_calendar(g, p->site, p->all->holidays);
}

static int
load(struct rules_pack *p, const struct rules_call *c)
{
	struct yaml_error err;
	size_t i;

	if (c->site != NULL && (p->site = command_site(c->site)) == NULL)
		return -1;
	p->dir = c->dir != NULL ? c->dir
	    : p->site != NULL	? events_rules(p->site)
				: command_rules();
	p->profile = c->profile != NULL ? c->profile
	    : p->site != NULL		? p->site->analyzer.profile
					: "default";
	if (load_rules(p, &err) == -1) {
		yaml_report(&err);
		log_error(tr("the rules are those of %s",
			      "ルールのフォルダーは %s です"),
		    p->dir);
		return -1;
	}
	for (i = 0; i < p->all->n_refused; i++)
		yaml_report(&p->all->refused[i]);
	return 0;
}

static void
take(struct rules_pack *p, const struct rule *r)
{
	p->rule = reallocarray(p->rule, p->n + 1, sizeof(*p->rule));
	if (p->rule == NULL)
		abort();
	p->rule[p->n++] = r;
}

static void
take_file(struct rules_pack *p, const char *path)
{
	struct yaml_error err;
	struct ruleset *rs;
	struct buf text;

	buf_init(&text);
	if (io_read_file(path, RULESET_FILE, &text) == -1) {
		log_errno(tr("'%s' is no code of a rule, nor a file that can "
			     "be read (see 'konseki rules list')",
			      "「%s」というコードのルールも、読めるファイルも"
			      "ありません（konseki rules list で一覧）"),
		    path);
		p->wrong++;
	} else if ((rs = ruleset_of(buf_view(&text), path, &p->all->settings,
			p->names, &err)) == NULL) {
		yaml_report(&err);
		p->wrong++;
	} else {
		p->file = reallocarray(p->file, p->nfile + 1, sizeof(*p->file));
		if (p->file == NULL)
			abort();
		p->file[p->nfile++] = rs;
		take(p, rs->rules[0]);
	}
	buf_fini(&text);
}

static void
take_named(struct rules_pack *p, const char *name)
{
	const struct rule *r;
	size_t i;

	for (i = 0; i < p->all->n + p->all->off; i++) {
		r = p->all->rules[i];
		if (strcmp(r->code, name) != 0 && strcmp(r->file, name) != 0)
			continue;
		take(p, r);
		return;
	}
	take_file(p, name);
}

static int
by_code(const void *a, const void *b)
{
	return strcmp((*(const struct rule *const *)a)->code,
	    (*(const struct rule *const *)b)->code);
}

int
rules_pack_open(struct rules_pack *p, const struct rules_call *c, char **name,
    int n)
{
	size_t i;
	int k;

	*p = (struct rules_pack){ .site = NULL };
	if (load(p, c) == -1)
		return -1;
	for (k = 0; k < n; k++)
		take_named(p, name[k]);
	if (n > 0)
		return 0;
	p->wrong = p->all->n_refused;
	for (i = 0; i < p->all->n + p->all->off; i++)
		take(p, p->all->rules[i]);
	if (p->n > 0)
		qsort(p->rule, p->n, sizeof(*p->rule), by_code);
	return 0;
}

void
rules_pack_close(struct rules_pack *p)
{
	size_t i;

	for (i = 0; i < p->nfile; i++)
		ruleset_free(p->file[i]);
	free(p->file);
	free(p->rule);
	ruleset_free(p->all);
	grounds_free(&p->grounds);
	if (p->arena != NULL)
		arena_free(p->arena);
	if (p->site != NULL)
		site_free(p->site);
}

bool
rules_pack_on(const struct rules_pack *p, const struct rule *r)
{
	return settings_enables(&p->all->settings, r->code);
}
