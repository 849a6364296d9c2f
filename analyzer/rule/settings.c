/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/settings.h"

#include <math.h>
#include <stdio.h>

#include "common/log.h"
#include "common/utc.h"

enum type { COUNT, NUMBER, BYTES, DURATION, PERCENT, LEVEL };

static const struct {
	const char *name;
	enum type type;
	double min, max;
} table[] = {
#define SETTING(id, name, type, min, max, ja, en) { name, type, min, max },
#include "analyzer/rule/settings_tbl.h"
#undef SETTING
};

/* A suffix and what it multiplies by. */
struct suffix {
	const char *text;
	double times;
};

static const struct suffix byte_suffixes[] = { { "", 1 }, { "kB", 1e3 },
	{ "MB", 1e6 }, { "GB", 1e9 }, { "TB", 1e12 }, { NULL, 0 } };
static const struct suffix time_suffixes[] = { { "s", 1 }, { "m", 60 },
	{ "h", 3600 }, { "d", 86400 }, { NULL, 0 } };
static const struct suffix no_suffixes[] = { { "", 1 }, { NULL, 0 } };

const char *
setting_name(enum setting s)
{
	return table[s].name;
}

int
setting_parse(struct span name, enum setting *s)
{
	size_t i;

	for (i = 0; i < SETTING_COUNT; i++) {
		if (!span_is(name, table[i].name))
			continue;
		*s = (enum setting)i;
		return 0;
	}
	return -1;
}

double
settings_number(const struct settings *s, enum setting which)
{
	return s->value[which];
}

uint64_t
settings_count(const struct settings *s, enum setting which)
{
	return (uint64_t)s->value[which];
}

int64_t
settings_usec(const struct settings *s, enum setting which)
{
	return (int64_t)(s->value[which] * (double)UTC_SECOND);
}

enum finding_severity
settings_level(const struct settings *s, enum setting which)
{
	return (enum finding_severity)s->value[which];
}

/* "12", "0.15", "100MB": digits, perhaps a fraction, a suffix. */
static int
parse_number(struct span s, const struct suffix *suffix, bool whole,
    double *value)
{
	double n = 0, unit = 1;
	bool fraction = false;
	size_t i;

	for (i = 0; i < s.len && i < 20; i++) {
		if (s.p[i] == '.' && !fraction && i > 0) {
			fraction = true;
			continue;
		}
		if (s.p[i] < '0' || s.p[i] > '9')
			break;
		n = n * 10 + (s.p[i] - '0');
		unit *= fraction ? 10 : 1;
	}
	if (i == 0 || s.p[i - 1] == '.')
		return -1;
	s = span_sub(s, i, s.len);
	while (s.len > 0 && s.p[0] == ' ')
		s = span_sub(s, 1, s.len);
	for (; suffix->text != NULL; suffix++)
		if (span_is(s, suffix->text))
			break;
	*value = n / unit * suffix->times;
	return suffix->text == NULL || (whole && floor(*value) != *value) ? -1
									  : 0;
}

static int
parse_value(enum setting which, struct span s, double *value)
{
	enum finding_severity level;
	enum type type = table[which].type;

	switch (type) {
	case LEVEL:
		if (finding_severity_parse(s, &level) == -1)
			return -1;
		*value = (double)level;
		return 0;
	case BYTES:
		return parse_number(s, byte_suffixes, true, value);
	case DURATION:
		return parse_number(s, time_suffixes, true, value);
	case COUNT:
	case NUMBER:
	case PERCENT:
		break;
	}
	return parse_number(s, no_suffixes, type == COUNT, value);
}

static const char *
expected(enum setting which)
{
	switch (table[which].type) {
	case LEVEL:
		return tr("informational, low, medium, high or critical",
		    "informational、low、medium、high、critical のいずれか");
	case BYTES:
		return tr("bytes, such as 100MB", "100MB のような量");
	case DURATION:
		return tr("a time, such as 30m", "30m のような時間");
	case PERCENT:
		return tr("a percentage", "百分率");
	case COUNT:
		return tr("a whole number", "整数");
	case NUMBER:
		break;
	}
	return tr("a number", "数");
}

struct reader {
	struct settings *s;
	const char *file;
	struct yaml_error *err;
};

static int
take(struct reader *r, enum setting which, const struct yaml_node *n)
{
	double v;

	if (n->kind != YAML_SCALAR || parse_value(which, n->text, &v) == -1)
		return yaml_fail(r->err, r->file, n,
		    tr("'%s' needs %s", "「%s」には%sが必要です"),
		    table[which].name, expected(which));
	if (v < table[which].min || v > table[which].max)
		return yaml_fail(r->err, r->file, n,
		    tr("'%s' must lie between %g and %g",
			"「%s」は%gから%gまでです"),
		    table[which].name, table[which].min, table[which].max);
	r->s->value[which] = v;
	r->s->set[which] = true;
	return 0;
}

/* Walk the maps; prefix is the dotted name so far. */
static int
read_map(struct reader *r, const struct yaml_node *map, const char *prefix)
{
	const struct yaml_node *n;
	char name[128];
	enum setting which;

	for (n = map->first; n != NULL; n = n->next) {
		snprintf(name, sizeof(name), "%s%s%.*s", prefix,
		    prefix[0] == '\0' ? "" : ".", (int)n->key.len,
		    (const char *)n->key.p);
		if (n->kind == YAML_MAP) {
			if (read_map(r, n, name) == -1)
				return -1;
			continue;
		}
		if (setting_parse(span_str(name), &which) == -1)
			return yaml_fail(r->err, r->file, n,
			    tr("there is no setting '%s'; docs/rules.md lists "
			       "them",
				"設定「%s」はありません。docs/rules.md "
				"に一覧があります"),
			    name);
		if (take(r, which, n) == -1)
			return -1;
	}
	return 0;
}

static int
read_rules(struct reader *r, const struct yaml_node *list, struct arena *arena)
{
	const struct yaml_node *n;
	size_t i = 0;

	if (list->kind == YAML_SCALAR && span_is(list->text, "all")) {
		r->s->all = true;
		return 0;
	}
	if (list->kind != YAML_SEQ)
		return yaml_fail(r->err, r->file, list,
		    tr("all, or a list of rule codes",
			"all か、ルールコードの一覧が必要です"));
	r->s->all = false;
	r->s->n_rules = list->n;
	r->s->rules = arena_alloc(arena, (list->n + 1) * sizeof(struct span));
	for (n = list->first; n != NULL; n = n->next)
		r->s->rules[i++] = arena_copy(arena, n->text);
	return 0;
}

static int
read_root(struct reader *r, const struct yaml_node *root, struct arena *arena,
    struct span *extends)
{
	static const char *const keys[] = { "profile", "title", "extends",
		"rules", "settings" };
	const struct yaml_node *n;
	size_t i;

	if (root->kind != YAML_MAP)
		return yaml_fail(r->err, r->file, root,
		    tr("a profile is a map", "プロファイルは対応表で書きます"));
	for (n = root->first; n != NULL; n = n->next) {
		for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			if (span_is(n->key, keys[i]))
				break;
		if (i == sizeof(keys) / sizeof(keys[0]))
			return yaml_fail(r->err, r->file, n,
			    tr("unknown key '%.*s'; allowed: profile, title, "
			       "extends, rules, settings",
				"キー「%.*s」はありません。使えるキー: profile "
				"title extends rules settings"),
			    (int)n->key.len, (const char *)n->key.p);
	}
	if ((n = yaml_get(root, "extends")) != NULL)
		*extends = arena_copy(arena, n->text);
	if ((n = yaml_get(root, "rules")) != NULL &&
	    read_rules(r, n, arena) == -1)
		return -1;
	if ((n = yaml_get(root, "settings")) == NULL)
		return 0;
	if (n->kind != YAML_MAP)
		return yaml_fail(r->err, r->file, n,
		    tr("a map of settings", "設定の対応表が必要です"));
	return read_map(r, n, "");
}

int
settings_parse(struct span text, const char *name, struct arena *arena,
    struct settings *s, struct span *extends, struct yaml_error *err)
{
	struct reader r = { s, name, err };
	struct arena *tree = arena_new();
	struct yaml_node *root = yaml_parse(text, name, tree, err);
	int rc;

	*extends = (struct span){ NULL, 0 };
	rc = root == NULL ? -1 : read_root(&r, root, arena, extends);
	arena_free(tree);
	return rc;
}

bool
settings_complete(const struct settings *s, enum setting *missing)
{
	size_t i;

	for (i = 0; i < SETTING_COUNT; i++) {
		if (s->set[i])
			continue;
		*missing = (enum setting)i;
		return false;
	}
	return true;
}

bool
settings_enables(const struct settings *s, const char *code)
{
	size_t i;

	for (i = 0; !s->all && i < s->n_rules; i++)
		if (span_is(s->rules[i], code))
			return true;
	return s->all;
}

void
settings_print(const struct settings *s, struct buf *out)
{
	size_t i;

	for (i = 0; i < SETTING_COUNT; i++)
		if (s->set[i])
			buf_printf(out, "%s: %.15g\n",
			    setting_name((enum setting)i),
			    settings_number(s, (enum setting)i));
}
