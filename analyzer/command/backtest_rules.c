/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/backtest_rules.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/fact.h"
#include "analyzer/sigma/detection_tree.h"
#include "analyzer/sigma/witness.h"
#include "common/io.h"
#include "common/log.h"

#define SET_FILE "--set"

/* ---- settings ---- */

/* --profile: a file, if it is called so, else one of the pack. */
static int
load_profile(struct backtest_rules *r, const char *name)
{
	const char *dir = r->pack.dir;
	size_t len = strlen(name);
	struct yaml_error err;
	struct span extends;
	struct buf text;
	int rc;

	if (len < 5 || strcmp(name + len - 4, ".yml") != 0) {
		rc = ruleset_settings(dir, name, r->arena, &r->settings, &err);
	} else {
		buf_init(&text);
		rc = io_read_file(name, RULESET_FILE, &text);
		if (rc == -1) {
			log_errno("%s", name);
			buf_fini(&text);
			return -1;
		}
		/* First what it extends, then itself over it. */
		rc = settings_parse(buf_view(&text), name, r->arena,
		    &r->settings, &extends, &err);
		if (rc == 0)
			rc = ruleset_settings(dir,
			    extends.len > 0 ? arena_str(r->arena, extends)
					    : "default",
			    r->arena, &r->settings, &err);
		if (rc == 0)
			rc = settings_parse(buf_view(&text), name, r->arena,
			    &r->settings, &extends, &err);
		buf_fini(&text);
	}
	if (rc == -1)
		yaml_report(&err);
	return rc;
}

/* One --set NAME=VALUE. */
static int
change(struct backtest_rules *r, const char *set)
{
	const char *value = strchr(set, '=');
	struct yaml_error err;
	struct span extends;
	enum setting which;
	char *text;

	if (value == NULL ||
	    setting_parse(span_make(set, (size_t)(value - set)), &which) ==
		-1 ||
	    strchr(value, '\n') != NULL) {
		log_error(tr("--set takes NAME=VALUE with a setting's name "
			     "(docs/rules.md lists them), not '%s'",
			      "--set は 設定の名前=値 の形で指定してください"
			      "（一覧は docs/rules.md）: '%s'"),
		    set);
		return -1;
	}
	text = arena_printf(r->arena, "settings:\n  %s: %s\n",
	    setting_name(which), value + 1);
	if (settings_parse(span_str(text), SET_FILE, r->arena, &r->settings,
		&extends, &err) == 0)
		return 0;
	yaml_report(&err);
	return -1;
}

static int
load_settings(struct backtest_rules *r, const struct rules_call *c)
{
	int i;

	if (c->profile == NULL)
		r->settings = r->pack.all->settings;
	else if (load_profile(r, c->profile) == -1)
		return -1;
	for (i = 0; i < c->nset; i++)
		if (change(r, c->set[i]) == -1)
			return -1;
	return 0;
}

static bool
is_changed(const struct backtest_rules *r)
{
	const double *a = r->settings.value;
	const double *b = r->pack.all->settings.value;
	size_t i;

	for (i = 0; i < SETTING_COUNT; i++)
		if (a[i] < b[i] || a[i] > b[i])
			return true;
	return false;
}

/* ---- rules ---- */

static bool
is_of_pack(const struct backtest_rules *r, const struct rule *rule)
{
	const struct ruleset *all = r->pack.all;
	size_t i;

	for (i = 0; i < all->n + all->off; i++)
		if (all->rules[i] == rule)
			return true;
	return false;
}

/* The one of the pack that a file is to take the place of, or NULL. */
static const struct rule *
twin(const struct backtest_rules *r, const struct rule *rule)
{
	const struct ruleset *all = r->pack.all;
	size_t i;

	for (i = 0; i < all->n + all->off; i++)
		if (strcmp(all->rules[i]->id, rule->id) == 0 ||
		    strcmp(all->rules[i]->code, rule->code) == 0)
			return all->rules[i];
	return NULL;
}

/* Its file once more, with the settings of the set. */
static int
add(const struct backtest_rules *r, struct ruleset *to,
    const struct rule *rule)
{
	char path[4096];
	struct yaml_error err;
	struct buf text;
	int rc = -1;

	if (!is_of_pack(r, rule))
		rc = snprintf(path, sizeof(path), "%s", rule->file) <
			(int)sizeof(path)
		    ? 0
		    : -1;
	else
		rc = io_join(path, sizeof(path), r->pack.dir, rule->file);
	buf_init(&text);
	to->home.names = r->pack.names;
	if (rc == -1 || io_read_file(path, RULESET_FILE, &text) == -1) {
		log_errno("%s", rule->file);
		rc = -1;
	} else if (ruleset_add(to, buf_view(&text), rule->file, &err) == -1) {
		yaml_report(&err);
		rc = -1;
	}
	to->home.names = NULL;
	buf_fini(&text);
	return rc;
}

/* The rules that are named, or those that are on. */
static int
add_tried(struct backtest_rules *r, bool named)
{
	const struct rule *rule;
	size_t i;

	r->tried = ruleset_empty(&r->settings);
	r->tried->firmware = r->pack.all->firmware; /* borrowed */
	for (i = 0; i < r->pack.n; i++) {
		rule = r->pack.rule[i];
		if ((named || settings_enables(&r->settings, rule->code)) &&
		    add(r, r->tried, rule) == -1)
			return -1;
	}
	return 0;
}

static void
free_set(struct ruleset *rs)
{
	if (rs != NULL)
		rs->firmware = NULL; /* the pack's */
	ruleset_free(rs);
}

static int
add_before(struct backtest_rules *r, bool named)
{
	const struct settings *now = &r->pack.all->settings;
	const struct rule *rule, *other;
	bool changed = is_changed(r);
	size_t i;

	r->before = ruleset_empty(now);
	r->before->firmware = r->pack.all->firmware;
	for (i = 0; i < r->pack.n; i++) {
		rule = r->pack.rule[i];
		if (is_of_pack(r, rule)) {
			if (!(named ? changed
				    : settings_enables(now, rule->code)))
				continue;
		} else if ((other = twin(r, rule)) != NULL)
			rule = other;
		else if (!changed)
			continue;
		if (add(r, r->before, rule) == -1)
			return -1;
	}
	if (r->before->n > 0 || !named)
		return 0;
	free_set(r->before);
	r->before = NULL;
	return 0;
}

/* ---- what events must have ---- */

static bool
asks_history(const struct detection *d)
{
	const struct alternative *a;
	const struct item *it;
	size_t i;

	for (i = 0; d != NULL && i < d->n; i++)
		for (a = d->selections[i].first; a != NULL; a = a->next)
			for (it = a->first; it != NULL; it = it->next)
				if (!it->keyword && it->field >= ECS_COUNT &&
				    fact_needs_history(
					(enum fact)(it->field - ECS_COUNT)))
					return true;
	return false;
}

/*
 * What comes of an event hangs on it, and others that fit, alone: not on which
 * hours have records at all, as where a baseline is asked for.
 */
static bool
is_stateless(const struct rule *rule)
{
	const struct rule_raise *x;

	if (rule->detector != RULE_EVENTS || rule->detection == NULL ||
	    rule->correlation != NULL || rule->history != NULL ||
	    rule->baseline.measure != RULE_MEASURE_NONE ||
	    rule->coverage.on || asks_history(rule->when) ||
	    asks_history(rule->unsure))
		return false;
	for (x = rule->raises; x != NULL; x = x->next)
		if (x->followed != NULL || asks_history(x->when))
			return false;
	return true;
}

/* Of fields alone. */
static bool
is_of_fields(const struct witnesses *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (w->v[i].kind == WITNESS_ANYWHERE)
			return false;
	return true;
}

static bool
add_wants(struct backtest_rules *r, const struct rule *rule)
{
	struct witness_lists lists;
	const struct witnesses *w;
	struct narrow_want *v;
	size_t i, n = r->wants.n;

	if (!is_stateless(rule))
		return false;
	witness_find(rule->detection, NULL, ECS_COUNT, 0, r->arena, &lists);
	for (i = 0; i < lists.n && !is_of_fields(&lists.v[i]); i++)
		;
	if (i == lists.n)
		return false;
	w = &lists.v[i];
	v = arena_alloc(r->arena, (n + w->n) * sizeof(*v));
	if (n > 0)
		memcpy(v, r->wants.v, n * sizeof(*v));
	for (i = 0; i < w->n; i++) {
		v[n + i].field = (enum ecs)w->v[i].field;
		v[n + i].whole = w->v[i].kind == WITNESS_EXACT;
		v[n + i].text = w->v[i].kind == WITNESS_PRESENT
		    ? span_make(NULL, 0)
		    : w->v[i].text;
	}
	r->wants = (struct backtest_wants){ v, n + w->n };
	return true;
}

static void
find_wants(struct backtest_rules *r)
{
	const struct ruleset *sets[2] = { r->tried, r->before };
	size_t i, k;

	for (k = 0; k < 2; k++)
		for (i = 0; sets[k] != NULL && i < sets[k]->n; i++)
			if (!add_wants(r, sets[k]->rules[i])) {
				r->wants.n = 0;
				return;
			}
}

int
backtest_rules_open(struct backtest_rules *r, const struct rules_call *c)
{
	struct rules_call pack = *c;

	r->arena = arena_new();
	pack.profile = NULL; /* what is in force */
	if (rules_pack_open(&r->pack, &pack, c->arg, c->narg) == -1 ||
	    r->pack.wrong > 0 || load_settings(r, c) == -1 ||
	    add_tried(r, c->narg > 0) == -1 || add_before(r, c->narg > 0) == -1)
		return -1;
	find_wants(r);
	return 0;
}

void
backtest_rules_close(struct backtest_rules *r)
{
	free_set(r->tried);
	free_set(r->before);
	rules_pack_close(&r->pack);
	if (r->arena != NULL)
		arena_free(r->arena);
}
