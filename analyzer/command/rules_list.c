/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/command/rules_pack.h"
#include "common/io.h"
#include "common/json.h"
#include "common/log.h"

/* konseki rules list: the rules, and in which profiles they are on. */

#define PROFILES 32 /* columns of the table */
#define NAME 64

struct profile {
	char name[NAME];
	struct settings settings;
};

struct list {
	struct rules_pack pack;
	struct arena *arena;
	struct profile *profile; /* by name */
	size_t n;
	int code, attack; /* widths */
	struct buf out;
};

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct profile *)a)->name,
	    ((const struct profile *)b)->name);
}

static int
add_profile(struct list *l, const char *name)
{
	struct profile *p = &l->profile[l->n];
	struct yaml_error err;

	snprintf(p->name, sizeof(p->name), "%s", name);
	if (ruleset_settings(l->pack.dir, name, l->arena, &p->settings, &err) ==
	    -1) {
		yaml_report(&err);
		return -1;
	}
	l->n++;
	return 0;
}

/* All that there are, by name. */
static int
find_profiles(struct list *l)
{
	char path[4096], name[NAME];
	struct dirent *de;
	size_t len;
	int rc = 0;
	DIR *d;

	if (io_join(path, sizeof(path), l->pack.dir, "profiles") == -1 ||
	    (d = opendir(path)) == NULL) {
		log_errno("%s", l->pack.dir);
		return -1;
	}
	while (rc == 0 && l->n < PROFILES && (de = readdir(d)) != NULL) {
		len = strlen(de->d_name);
		if (de->d_name[0] == '.' || len < 5 || len - 4 >= NAME ||
		    strcmp(de->d_name + len - 4, ".yml") != 0)
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)(len - 4),
		    de->d_name);
		rc = add_profile(l, name);
	}
	closedir(d);
	qsort(l->profile, l->n, sizeof(*l->profile), by_name);
	return rc;
}

/* "T1078,T1133", or nothing. */
static size_t
put_attack(const struct rule *r, struct buf *out)
{
	size_t i, from = out->len;

	for (i = 0; i < r->n_attack; i++)
		buf_printf(out, "%s%s", i > 0 ? "," : "", r->attack[i]);
	return out->len - from;
}

static void
measure(struct list *l)
{
	size_t i, n;

	l->code = (int)strlen("CODE");
	l->attack = (int)strlen("ATT&CK");
	for (i = 0; i < l->pack.n; i++) {
		n = strlen(l->pack.rule[i]->code);
		l->code = (int)n > l->code ? (int)n : l->code;
		l->out.len = 0;
		n = put_attack(l->pack.rule[i], &l->out);
		l->attack = (int)n > l->attack ? (int)n : l->attack;
	}
}

static void
put_head(struct list *l)
{
	size_t i;

	l->out.len = 0;
	buf_printf(&l->out,
	    tr("%-*s  LEVEL        FIRST    ", "%-*s  重大度  最初に   "),
	    l->code, tr("CODE", "CODE"));
	for (i = 0; i < l->n; i++)
		buf_printf(&l->out, "  %s", l->profile[i].name);
	buf_printf(&l->out, tr("  %-*s  TITLE\n", "  %-*s  名称\n"), l->attack,
	    "ATT&CK");
}

static void
put_row(struct list *l, const struct rule *r)
{
	int pad;
	size_t i;

	l->out.len = 0;
	buf_printf(&l->out, tr("%-*s  %-11s  %-9s", "%-*s  %s    %-9s"),
	    l->code, r->code,
	    tr(finding_severity_en(r->level), finding_severity_ja(r->level)),
	    r->first_to);
	for (i = 0; i < l->n; i++)
		buf_printf(&l->out, "  %-*s", (int)strlen(l->profile[i].name),
		    settings_enables(&l->profile[i].settings, r->code) ? "on"
								       : "-");
	buf_str(&l->out, "  ");
	pad = l->attack - (int)put_attack(r, &l->out);
	buf_printf(&l->out, "%*s  %s\n", pad, "", tr(r->title_en, r->title_ja));
}

static void
member(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, ",\"%s\":", name);
	json_quote(out, span_str(value));
}

static void
put_json(struct list *l, const struct rule *r)
{
	struct buf *out = &l->out;
	size_t i;

	out->len = 0;
	buf_str(out, "{\"code\":");
	json_quote(out, span_str(r->code));
	member(out, "level", finding_severity_level(r->level));
	member(out, "title", tr(r->title_en, r->title_ja));
	member(out, "first", r->first_to);
	buf_str(out, ",\"attack\":[");
	for (i = 0; i < r->n_attack; i++) {
		buf_str(out, i > 0 ? "," : "");
		json_quote(out, span_str(r->attack[i]));
	}
	buf_str(out, "],\"profiles\":{");
	for (i = 0; i < l->n; i++) {
		buf_str(out, i > 0 ? "," : "");
		json_quote(out, span_str(l->profile[i].name));
		buf_str(out,
		    settings_enables(&l->profile[i].settings, r->code)
			? ":true"
			: ":false");
	}
	buf_byte(out, '}');
	member(out, "file", r->file);
	buf_str(out, "}\n");
}

static int
list(struct list *l, const struct rules_call *c)
{
	size_t i;

	if (rules_pack_open(&l->pack, c, NULL, 0) == -1 ||
	    (c->profile != NULL ? add_profile(l, c->profile)
				: find_profiles(l)) == -1)
		return 1;
	measure(l);
	if (!c->json) {
		put_head(l);
		fwrite(l->out.p, 1, l->out.len, stdout);
	}
	for (i = 0; i < l->pack.n; i++) {
		if (c->json)
			put_json(l, l->pack.rule[i]);
		else
			put_row(l, l->pack.rule[i]);
		fwrite(l->out.p, 1, l->out.len, stdout);
	}
	return fflush(stdout) != 0 || l->pack.wrong > 0;
}

int
rules_list(struct rules_call *c)
{
	struct list l = { .n = 0 };
	int status;

	if (c->narg != 0)
		return RULES_USAGE;
	l.arena = arena_new();
	l.profile = calloc(PROFILES, sizeof(*l.profile));
	if (l.profile == NULL)
		abort();
	status = list(&l, c);
	buf_fini(&l.out);
	free(l.profile);
	arena_free(l.arena);
	rules_pack_close(&l.pack);
	return status;
}
