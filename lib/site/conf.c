/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "site/conf.h"

#include <string.h>

#include "common/log.h"
#include "site/site.h"

const struct conf_row conf_rows[] = {
#define CONF(sec, key, type, str, member, def, min, max, choices, en, ja)      \
	{ CONF_##sec, key, CONF_TYPE_##type, offsetof(struct str, member),     \
		def, CONF_MIN_##type(min), max, choices, en, ja },
#define SECTION_NUMBER(name) CONF_##name
#define CONF_MIN_SECTION(name) SECTION_NUMBER(name)
#define CONF_MIN_TEXT(n) n
#define CONF_MIN_NAME(n) n
#define CONF_MIN_ORIGIN(n) n
#define CONF_MIN_PATH(n) n
#define CONF_MIN_ADDRESS(n) n
#define CONF_MIN_ZONE(n) n
#define CONF_MIN_PERIOD(n) n
#define CONF_MIN_MAILURL(n) n
#define CONF_MIN_WEBURL(n) n
#define CONF_MIN_BOOL(n) n
#define CONF_MIN_UINT(n) n
#define CONF_MIN_CHOICE(n) n
#define CONF_MIN_STRINGS(n) n
#define CONF_MIN_NETS(n) n
#define CONF_MIN_LOGS(n) n
#define CONF_MIN_LISTENERS(n) n
#define CONF_MIN_SOURCES(n) n
#define CONF_MIN_WATCHES(n) n
#define CONF_MIN_WITNESSES(n) n
#define CONF_MIN_TSAS(n) n
#define CONF_MIN_TARGET(n) n
#define CONF_MIN_ALARM(n) n
#define CONF_MIN_FORWARDS(n) n
#include "site/conf_tbl.h"
#undef CONF
};
const size_t conf_n_rows = sizeof(conf_rows) / sizeof(conf_rows[0]);

static const struct conf_row *
row_find(enum conf_section section, struct span key)
{
	size_t i;

	for (i = 0; i < conf_n_rows; i++)
		if (conf_rows[i].section == section &&
		    span_is(key, conf_rows[i].key))
			return &conf_rows[i];
	return NULL;
}

#define DISTANCE_MAX 32u /* longer keys are near to nothing */

/* Letters to add, drop or change to make b of a (Levenshtein). */
static size_t
distance(struct span a, struct span b)
{
	size_t row[DISTANCE_MAX + 1], i, j, diag, up;

	if (a.len > DISTANCE_MAX || b.len > DISTANCE_MAX)
		return DISTANCE_MAX;
	for (j = 0; j <= b.len; j++)
		row[j] = j;
	for (i = 1; i <= a.len; i++) {
		diag = row[0];
		row[0] = i;
		for (j = 1; j <= b.len; j++) {
			up = row[j];
			if (a.p[i - 1] != b.p[j - 1])
				diag++;
			if (diag > up + 1)
				diag = up + 1;
			if (diag > row[j - 1] + 1)
				diag = row[j - 1] + 1;
			row[j] = diag;
			diag = up;
		}
	}
	return row[b.len];
}

/* The key of a section that was probably meant, or NULL. */
static const char *
nearest(enum conf_section section, struct span key)
{
	const char *best = NULL;
	size_t i, d, least = key.len / 2 + 1;

	for (i = 0; i < conf_n_rows; i++) {
		if (conf_rows[i].section != section)
			continue;
		d = distance(key, span_str(conf_rows[i].key));
		if (d < least) {
			least = d;
			best = conf_rows[i].key;
		}
	}
	return best;
}

static int
unknown(struct conf *c, enum conf_section section, const struct yaml_node *n)
{
	struct yaml_node at = *n;
	const char *near = nearest(section, n->key);
	struct buf all;
	size_t i;

	at.line = n->key_line;
	at.col = n->key_col;
	buf_init(&all);
	for (i = 0; i < conf_n_rows; i++)
		if (conf_rows[i].section == section)
			buf_printf(&all, "%s%s", all.len > 0 ? ", " : "",
			    conf_rows[i].key);
	if (near != NULL)
		yaml_fail(c->err, c->file, &at,
		    tr("unknown key '%.*s': is '%s' meant? Allowed: %s",
			"「%.*s」というキーはありません。「%s」のことですか。使"
			"えるキー: %s"),
		    (int)n->key.len, (const char *)n->key.p, near,
		    buf_cstr(&all));
	else
		yaml_fail(c->err, c->file, &at,
		    tr("unknown key '%.*s'. Allowed: %s",
			"「%.*s」というキーはありません。使えるキー: %s"),
		    (int)n->key.len, (const char *)n->key.p, buf_cstr(&all));
	buf_fini(&all);
	return -1;
}

/* logs: a map from names to sections. */
static int
fill_logs(struct conf *c, const struct conf_row *row,
    const struct yaml_node *map, struct site *site)
{
	struct conf_row name = { .key = "logs",
		.type = CONF_TYPE_NAME,
		.offset = offsetof(struct site_log, name),
		.min = 1,
		.max = SITE_NAME_MAX };
	struct yaml_node key, *n;
	struct site_log *log;

	if (map->kind != YAML_MAP || map->n < row->min || map->n > row->max)
		return yaml_fail(c->err, c->file, map,
		    tr("logs: needs a map of %u to %u logs by name, evidence "
		       "and casebook among them",
			"logs: には%u個から%u個のログを「名前: 設定」の形で書い"
			"てください（evidenceとcasebookは必須）"),
		    row->min, row->max);
	site->logs = arena_alloc(c->arena, map->n * sizeof(*site->logs));
	for (n = map->first; n != NULL; n = n->next) {
		log = &site->logs[site->n_logs++];
		key = (struct yaml_node){ .kind = YAML_SCALAR,
			.text = n->key,
			.line = n->key_line,
			.col = n->key_col };
		if (conf_value_set(c, &name, &key, log) != 0 ||
		    conf_fill(c, CONF_LOG, n, n, log) != 0)
			return -1;
	}
	return 0;
}

/* Check that seq is a list and return its items, size bytes each, zeroed. */
static void *
list_alloc(struct conf *c, const struct conf_row *row,
    const struct yaml_node *seq, size_t size)
{
	if (seq->kind == YAML_SEQ && seq->n <= row->max)
		return arena_alloc(c->arena, (seq->n + 1) * size);
	yaml_fail(c->err, c->file, seq,
	    tr("%s: needs a list of at most %u items, each beginning with '-'",
		"%s: には「-」で始まる項目を%u個まで並べてください"),
	    row->key, row->max);
	return NULL;
}

/* listeners: a list of sections. */
static int
fill_listeners(struct conf *c, const struct conf_row *row,
    const struct yaml_node *seq, struct site *site)
{
	struct site_listener *l;
	struct yaml_node *n;

	if (seq == NULL)
		return 0;
	site->listeners = list_alloc(c, row, seq, sizeof(*l));
	if (site->listeners == NULL)
		return -1;
	for (n = seq->first; n != NULL; n = n->next) {
		l = &site->listeners[site->n_listeners++];
		l->line = n->line;
		if (conf_fill(c, CONF_LISTENER, n, n, l) != 0)
			return -1;
	}
	return 0;
}

/* listeners[].sources: a list of sections. */
static int
fill_sources(struct conf *c, const struct conf_row *row,
    const struct yaml_node *seq, struct site_listener *l)
{
	struct site_source *s;
	struct yaml_node *n;

	if (seq == NULL)
		return 0;
	l->sources = list_alloc(c, row, seq, sizeof(*s));
	if (l->sources == NULL)
		return -1;
	for (n = seq->first; n != NULL; n = n->next) {
		s = &l->sources[l->n_sources++];
		if (conf_fill(c, CONF_SOURCE, n, n, s) != 0)
			return -1;
	}
	return 0;
}

/* watch: a list of sections. */
static int
fill_watches(struct conf *c, const struct conf_row *row,
    const struct yaml_node *seq, struct site *site)
{
	struct site_watch *w;
	struct yaml_node *n;

	if (seq == NULL)
		return 0;
	site->watches = list_alloc(c, row, seq, sizeof(*w));
	if (site->watches == NULL)
		return -1;
	for (n = seq->first; n != NULL; n = n->next) {
		w = &site->watches[site->n_watches++];
		w->line = n->line;
		if (conf_fill(c, CONF_WATCH, n, n, w) != 0)
			return -1;
	}
	return 0;
}

/* anchor.witnesses: a list of sections. */
static int
fill_witnesses(struct conf *c, const struct conf_row *row,
    const struct yaml_node *seq, struct site *site)
{
	struct site_witness *w;
	struct yaml_node *n;

	if (seq == NULL)
		return 0;
	site->anchor.witnesses = list_alloc(c, row, seq, sizeof(*w));
	if (site->anchor.witnesses == NULL)
		return -1;
	for (n = seq->first; n != NULL; n = n->next) {
		w = &site->anchor.witnesses[site->anchor.n_witnesses++];
		if (conf_fill(c, CONF_WITNESS, n, n, w) != 0)
			return -1;
	}
	return 0;
}

/* anchor.tsa: a list of sections. */
static int
fill_tsas(struct conf *c, const struct conf_row *row,
    const struct yaml_node *seq, struct site *site)
{
	struct site_tsa *t;
	struct yaml_node *n;

	if (seq == NULL)
		return 0;
	site->anchor.tsas = list_alloc(c, row, seq, sizeof(*t));
	if (site->anchor.tsas == NULL)
		return -1;
	for (n = seq->first; n != NULL; n = n->next) {
		t = &site->anchor.tsas[site->anchor.n_tsas++];
		if (conf_fill(c, CONF_TSA, n, n, t) != 0)
			return -1;
	}
	return 0;
}

/* forward: a list of sections. */
static int
fill_forwards(struct conf *c, const struct conf_row *row,
    const struct yaml_node *seq, struct site *site)
{
	struct site_forward *f;
	struct yaml_node *n;

	if (seq == NULL)
		return 0;
	site->forwards = list_alloc(c, row, seq, sizeof(*f));
	if (site->forwards == NULL)
		return -1;
	for (n = seq->first; n != NULL; n = n->next) {
		f = &site->forwards[site->n_forwards++];
		f->line = n->line;
		if (conf_fill(c, CONF_FORWARD, n, n, f) != 0)
			return -1;
	}
	return 0;
}

static int
fill_row(struct conf *c, const struct conf_row *row,
    const struct yaml_node *node, const struct yaml_node *parent, void *base)
{
	struct buf name;

	if (node == NULL && row->def == NULL) {
		buf_init(&name);
		conf_print_name(row, &name);
		yaml_fail(c->err, c->file, parent,
		    tr("'%s' is missing: %s", "「%s」がありません（%s）"),
		    buf_cstr(&name), tr(row->en, row->ja));
		buf_fini(&name);
		return -1;
	}
	if (row->type == CONF_TYPE_SECTION)
		return conf_fill(c, (enum conf_section)row->min, node,
		    node == NULL ? parent : node, base);
	if (row->type == CONF_TYPE_LOGS)
		return fill_logs(c, row, node, base);
	if (row->type == CONF_TYPE_LISTENERS)
		return fill_listeners(c, row, node, base);
	if (row->type == CONF_TYPE_SOURCES)
		return fill_sources(c, row, node, base);
	if (row->type == CONF_TYPE_WATCHES)
		return fill_watches(c, row, node, base);
	if (row->type == CONF_TYPE_WITNESSES)
		return fill_witnesses(c, row, node, base);
	if (row->type == CONF_TYPE_TSAS)
		return fill_tsas(c, row, node, base);
	if (row->type == CONF_TYPE_FORWARDS)
		return fill_forwards(c, row, node, base);
	return conf_value_set(c, row, node, base);
}

int
conf_fill(struct conf *c, enum conf_section section,
    const struct yaml_node *map, const struct yaml_node *parent, void *base)
{
	const struct yaml_node *n;
	size_t i;

	if (map != NULL && map->kind != YAML_MAP)
		return yaml_fail(c->err, c->file, map,
		    tr("a map of 'key: value' lines is needed here",
			"ここには「キー: 値」の行が必要です"));
	for (n = map == NULL ? NULL : map->first; n != NULL; n = n->next)
		if (row_find(section, n->key) == NULL)
			return unknown(c, section, n);
	for (i = 0; i < conf_n_rows; i++) {
		if (conf_rows[i].section != section)
			continue;
		n = map == NULL ? NULL : yaml_get(map, conf_rows[i].key);
		if (fill_row(c, &conf_rows[i], n, parent, base) != 0)
			return -1;
	}
	return 0;
}

void
conf_print_name(const struct conf_row *row, struct buf *out)
{
	static const char *const prefix[CONF_SECTION_COUNT] = {
		[CONF_ROOT] = "",
		[CONF_SITE] = "site.",
		[CONF_LOG] = "logs.NAME.",
		[CONF_WRITER] = "writer.",
		[CONF_LISTENER] = "listeners[].",
		[CONF_SOURCE] = "listeners[].sources[].",
		[CONF_WATCH] = "watch[].",
		[CONF_HANDOVER] = "handover.",
		[CONF_FORWARD] = "forward[].",
		[CONF_ANCHOR] = "anchor.",
		[CONF_RETENTION] = "retention.",
		[CONF_WITNESS] = "anchor.witnesses[].",
		[CONF_TSA] = "anchor.tsa[].",
		[CONF_RELAY] = "anchor.relay.",
		[CONF_ANALYZER] = "analyzer.",
		[CONF_LEDGERS] = "analyzer.ledgers.",
		[CONF_MAIL] = "mail.",
		[CONF_ESCALATION] = "escalation.",
		[CONF_ROLES] = "roles.",
		[CONF_REVIEW] = "review.",
	};

	buf_printf(out, "%s%s", prefix[row->section], row->key);
}
