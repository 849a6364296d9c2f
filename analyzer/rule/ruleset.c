/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/ruleset.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/io.h"
#include "common/log.h"

#define EXTENDS_MAX 4 /* profiles on profiles */

/* Paths of rule files, relative to the folder of rules. */
struct files {
	const char *dir;
	struct arena *arena;
	const char **v;
	size_t n, cap;
	struct yaml_error *err;
};

static int
fail(struct yaml_error *err, const char *path, const char *what)
{
	return yaml_fail(err, path, NULL, "%s", what);
}

static int walk(struct files *f, const char *rel, unsigned depth);

static int
take(struct files *f, const char *rel, const char *name, unsigned depth)
{
	size_t len = strlen(name);
	char path[4096], *sub;
	struct stat st;

	sub = arena_printf(f->arena, "%s/%s", rel, name);
	if (io_join(path, sizeof(path), f->dir, sub) == -1 ||
	    stat(path, &st) == -1)
		return fail(f->err, sub, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return walk(f, sub, depth + 1);
	if ((len < 5 || strcmp(name + len - 4, ".yml") != 0) &&
	    (len < 6 || strcmp(name + len - 5, ".yaml") != 0))
		return 0;
	if (f->n == RULESET_RULES)
		return fail(f->err, sub,
		    tr("too many rule files", "ルールの数が多すぎます"));
	if (f->n == f->cap) {
		f->cap = f->cap == 0 ? 64 : f->cap * 2;
		f->v = reallocarray(f->v, f->cap, sizeof(*f->v));
		if (f->v == NULL)
			abort();
	}
	f->v[f->n++] = sub;
	return 0;
}

static int
walk(struct files *f, const char *rel, unsigned depth)
{
	char path[4096];
	struct dirent *de;
	int rc = 0;
	DIR *d;

	if (depth > RULESET_DEPTH)
		return fail(f->err, rel,
		    tr("folders nested too deeply",
			"フォルダの入れ子が深すぎます"));
	if (io_join(path, sizeof(path), f->dir, rel) == -1 ||
	    (d = opendir(path)) == NULL)
		return fail(f->err, rel, strerror(errno));
	while (rc == 0 && (de = readdir(d)) != NULL)
		if (de->d_name[0] != '.')
			rc = take(f, rel, de->d_name, depth);
	closedir(d);
	return rc;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int
by_code(const void *a, const void *b)
{
	const struct rule *p = *(const struct rule *const *)a;
	const struct rule *q = *(const struct rule *const *)b;
	int c = strcmp(p->code, q->code);

	return c != 0 ? c : strcmp(p->file, q->file);
}

/* Name, length and bytes of a file go into the hash of the set. */
static int
read_file(const char *dir, const char *rel, struct buf *out, struct sha256 *h,
    struct yaml_error *err)
{
	char path[4096], head[4200];
	int len;

	out->len = 0;
	if (io_join(path, sizeof(path), dir, rel) == -1 ||
	    io_read_file(path, RULESET_FILE, out) == -1)
		return fail(err, rel, strerror(errno));
	len = snprintf(head, sizeof(head), "%s %zu\n", rel, out->len);
	if (h != NULL) {
		sha256_update(h, head, (size_t)len);
		sha256_update(h, out->p, out->len);
	}
	return 0;
}

/* The base first, so that what is nearer replaces it. */
static int
read_profile(const char *dir, const char *profile, unsigned depth,
    struct arena *arena, struct settings *s, struct sha256 *h,
    struct yaml_error *err)
{
	struct span extends;
	struct settings scratch = { .all = true };
	struct buf b;
	char rel[300];
	int rc = -1;

	snprintf(rel, sizeof(rel), "profiles/%s.yml", profile);
	if (strchr(profile, '/') != NULL || depth > EXTENDS_MAX)
		return fail(err, rel,
		    tr("no such profile", "そのプロファイルはありません"));
	buf_init(&b);
	if (read_file(dir, rel, &b, h, err) == 0 &&
	    settings_parse(buf_view(&b), rel, arena, &scratch, &extends, err) ==
		0 &&
	    (extends.len == 0 ||
		read_profile(dir, arena_str(arena, extends), depth + 1, arena,
		    s, h, err) == 0))
		rc = settings_parse(buf_view(&b), rel, arena, s, &extends, err);
	buf_fini(&b);
	return rc;
}

static int
load_settings(const char *dir, const char *profile, struct arena *arena,
    struct settings *s, struct sha256 *h, struct yaml_error *err)
{
	enum setting missing;

	*s = (struct settings){ .all = true };
	if (read_profile(dir, profile, 0, arena, s, h, err) == -1)
		return -1;
	if (settings_complete(s, &missing))
		return 0;
	return yaml_fail(err, profile, NULL,
	    tr("the setting '%s' is not set by this profile or what it "
	       "extends",
		"設定「%s」がこのプロファイルにも継承元にもありません"),
	    setting_name(missing));
}

int
ruleset_settings(const char *dir, const char *profile, struct arena *arena,
    struct settings *s, struct yaml_error *err)
{
	return load_settings(dir, profile, arena, s, NULL, err);
}

/* Ids and codes are what findings are known by: no two rules share one. */
static int
check_identity(const struct ruleset *rs, const struct rule *r,
    struct yaml_error *err)
{
	const struct rule *twin;
	bool id;
	size_t i;

	for (i = 0; i < rs->n; i++) {
		twin = rs->rules[i];
		id = strcmp(twin->id, r->id) == 0;
		if (!id && strcmp(twin->code, r->code) != 0)
			continue;
		return yaml_fail(err, r->file, id ? r->at_id : r->at_code,
		    tr("the rule of %s has this %s; each rule has its own",
			"%s のルールと %s が同じです。ルールごとに別のものを"
			"付けてください"),
		    twin->file, id ? "id" : "code");
	}
	return 0;
}

/* Nor are two told of the same layer of outbound volume. */
static const struct rule *
same_layer(const struct ruleset *rs, const struct rule *r)
{
	size_t i, k;

	for (i = 0; i < rs->n; i++)
		for (k = 0; k < RULE_LAYERS; k++)
			if (rs->rules[i]->layers[k].on && r->layers[k].on)
				return rs->rules[i];
	return NULL;
}

static void
add_rule(struct ruleset *rs, struct span text, const char *file)
{
	struct yaml_error *err = &rs->refused[rs->n_refused];
	const struct rule *twin;
	struct rule *r;

	r = rule_parse(text, file, &rs->settings, &rs->home, err);
	if (r == NULL) {
		rs->n_refused++;
		return;
	}
	if (check_identity(rs, r, err) == -1) {
		rs->n_refused++;
		return;
	}
	if ((twin = same_layer(rs, r)) != NULL) {
		(void)yaml_fail(err, file, NULL,
		    tr("has a layer that %s has already",
			"layersの一つは%sにもあります"),
		    twin->file);
		rs->n_refused++;
		return;
	}
	rs->rules[rs->n++] = r;
}

/* A code, or as "CFG-*" how it begins, off or on. */
static bool
has_code(struct rule *const *v, size_t n, const char *pattern)
{
	size_t i, len = strcspn(pattern, "*");

	for (i = 0; i < n; i++)
		if (pattern[len] == '*'
			? strncmp(v[i]->code, pattern, len) == 0
			: strcmp(v[i]->code, pattern) == 0)
			return true;
	return false;
}

/*
 * Who is inhibited by a rule that is not there would always be told.  While
 * others are refused it may be one of those.
 */
static void
check_inhibitors(struct ruleset *rs)
{
	size_t i, k, n = rs->n, refused = rs->n_refused;
	const struct yaml_node *at;
	struct rule *r;

	for (i = 0; refused == 0 && i < rs->n;) {
		r = rs->rules[i];
		at = r->inhibitors;
		for (k = 0; k < r->n_inhibited_by &&
		     has_code(rs->rules, n, r->inhibited_by[k]);
		     k++)
			at = at->next;
		if (k == r->n_inhibited_by) {
			i++;
			continue;
		}
		(void)yaml_fail(&rs->refused[rs->n_refused++], r->file, at,
		    tr("no rule has the code %s",
			"番号が%sのルールはありません"),
		    r->inhibited_by[k]);
		rs->rules[i] = rs->rules[--rs->n];
		rs->rules[rs->n] = r;
	}
}

/* What the profile leaves off goes behind the rest; both sorted. */
static void
choose(struct ruleset *rs)
{
	struct rule *r;
	size_t i, on = 0;

	for (i = 0; i < rs->n; i++) {
		r = rs->rules[i];
		if (!settings_enables(&rs->settings, r->code))
			continue;
		rs->rules[i] = rs->rules[on];
		rs->rules[on++] = r;
	}
	rs->off = rs->n - on;
	rs->n = on;
	qsort(rs->rules, rs->n, sizeof(*rs->rules), by_code);
	qsort(rs->rules + rs->n, rs->off, sizeof(*rs->rules), by_code);
}

static int
load_rules(struct ruleset *rs, const char *dir, struct sha256 *h,
    struct yaml_error *err)
{
	struct files f = { .dir = dir, .arena = rs->home.arena, .err = err };
	struct buf b;
	size_t i;
	int rc;

	buf_init(&b);
	rc = walk(&f, "detection", 0);
	if (f.n > 0)
		qsort(f.v, f.n, sizeof(*f.v), by_name);
	rs->rules = calloc(f.n + 1, sizeof(*rs->rules));
	rs->refused = calloc(f.n + 1, sizeof(*rs->refused));
	if (rs->rules == NULL || rs->refused == NULL)
		abort();
	for (i = 0; rc == 0 && i < f.n; i++) {
		rc = read_file(dir, f.v[i], &b, h, err);
		if (rc == 0)
			add_rule(rs, buf_view(&b), f.v[i]);
	}
	check_inhibitors(rs);
	choose(rs);
	free(f.v);
	buf_fini(&b);
	return rc;
}

/* A table that is not there is none; what goes by it goes without. */
static int
read_table(const char *dir, const char *rel, struct buf *b, struct sha256 *h,
    struct yaml_error *err)
{
	if (read_file(dir, rel, b, h, err) == 0)
		return 1;
	return errno == ENOENT ? 0 : -1;
}

static int
load_tables(struct ruleset *rs, const char *dir, struct sha256 *h,
    struct yaml_error *err)
{
	static const char holidays[] = "data/holidays.csv";
	static const char firmware[] = "data/firmware.csv";
	static const char support[] = "data/support.csv";
	const char *rel = holidays;
	struct problems ps;
	struct buf b, why;
	int rc;

	buf_init(&b);
	buf_init(&why);
	problems_init(&ps);
	if ((rc = read_table(dir, rel, &b, h, err)) == 1)
		rs->holidays =
		    holidays_parse(buf_view(&b), "holidays.csv", &ps);
	if (rc != -1 && ps.errors == 0 &&
	    (rc = read_table(dir, rel = firmware, &b, h, err)) == 1)
		rs->firmware =
		    firmware_parse(buf_view(&b), "firmware.csv", &ps);
	if (rc != -1 && ps.errors == 0 &&
	    (rc = read_table(dir, rel = support, &b, h, err)) == 1)
		rs->support =
		    support_parse(buf_view(&b), "support.csv", &ps);
	if (ps.errors > 0) {
		problem_print(&ps.v[0], &why);
		rc = fail(err, rel, buf_cstr(&why));
	}
	problems_fini(&ps);
	buf_fini(&b);
	buf_fini(&why);
	return rc == -1 ? -1 : 0;
}

static struct ruleset *
ruleset_new(void)
{
	struct ruleset *rs = calloc(1, sizeof(*rs));

	if (rs == NULL)
		abort();
	rs->home.arena = arena_new();
	return rs;
}

struct ruleset *
ruleset_load(const char *dir, const char *profile, struct yaml_error *err)
{
	return ruleset_load_for(dir, profile, NULL, err);
}

struct ruleset *
ruleset_load_for(const char *dir, const char *profile,
    const struct placeholders *names, struct yaml_error *err)
{
	struct ruleset *rs = ruleset_new();
	struct sha256 h;

	rs->home.names = names;
	sha256_init(&h);
	if (load_settings(dir, profile, rs->home.arena, &rs->settings, &h,
		err) == -1 ||
	    load_tables(rs, dir, &h, err) == -1 ||
	    load_rules(rs, dir, &h, err) == -1) {
		ruleset_free(rs);
		return NULL;
	}
	sha256_final(&h, rs->sha256);
	rs->home.names = NULL; /* borrowed for the load */
	return rs;
}

struct ruleset *
ruleset_empty(const struct settings *settings)
{
	struct ruleset *rs = ruleset_new();

	rs->settings = *settings;
	rs->settings.all = true;
	return rs;
}

int
ruleset_add(struct ruleset *rs, struct span text, const char *file,
    struct yaml_error *err)
{
	struct sha256 h;
	struct rule *r;

	r = rule_parse(text, file, &rs->settings, &rs->home, err);
	if (r == NULL)
		return -1;
	if (check_identity(rs, r, err) == -1)
		return -1;
	rs->rules = reallocarray(rs->rules, rs->n + 1, sizeof(*rs->rules));
	if (rs->rules == NULL)
		abort();
	rs->rules[rs->n++] = r;
	sha256_init(&h);
	sha256_update(&h, rs->sha256, sizeof(rs->sha256));
	sha256_update(&h, text.p, text.len);
	sha256_final(&h, rs->sha256);
	return 0;
}

struct ruleset *
ruleset_of(struct span text, const char *file, const struct settings *settings,
    const struct placeholders *names, struct yaml_error *err)
{
	struct ruleset *rs = ruleset_empty(settings);

	rs->home.names = names;
	if (ruleset_add(rs, text, file, err) == -1) {
		ruleset_free(rs);
		return NULL;
	}
	sha256(text, rs->sha256);
	rs->home.names = NULL; /* borrowed for the load */
	return rs;
}

void
ruleset_free(struct ruleset *rs)
{
	if (rs == NULL)
		return;
	holidays_free(rs->holidays);
	firmware_free(rs->firmware);
	support_free(rs->support);
	free(rs->rules);
	free(rs->refused);
	detection_pool_fini(&rs->home.pool);
	arena_free(rs->home.arena);
	free(rs);
}
