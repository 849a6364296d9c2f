/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/load.h"

#include <string.h>

#include "common/buf.h"

static bool
in_list(const char *list, struct span word)
{
	const char *p = list;
	size_t len;

	for (; *p != '\0'; p += len + (p[len] == ' ')) {
		len = strcspn(p, " ");
		if (span_eq(span_make(p, len), word))
			return true;
	}
	return false;
}

int
load_keys(struct loader *ld, const struct yaml_node *n, const char *allowed)
{
	const struct yaml_node *c;

	if (n->kind != YAML_MAP)
		return load_fail(ld, n,
		    tr("a map is expected: %s",
			"ここには対応表（キー: 値）が必要です: %s"),
		    allowed);
	for (c = n->first; c != NULL; c = c->next)
		if (!in_list(allowed, c->key))
			return load_fail(ld, c,
			    tr("'%s' is not known here; "
			       "known: %s",
				"「%s」はここでは使えません。"
				"使えるもの: %s"),
			    (const char *)c->key.p, allowed);
	return 0;
}

int
load_texts(struct loader *ld, const struct yaml_node *n,
    const struct span **list, size_t *count)
{
	const struct yaml_node *c;
	struct span *out;
	size_t i = 0;

	if (n->kind == YAML_MAP)
		return load_fail(ld, n,
		    tr("a text or a list of texts is "
		       "expected",
			"文字列または文字列の並びが必要です"));
	*count = n->kind == YAML_SEQ ? n->n : 1;
	*list = out = arena_alloc(ld->a, (*count + 1) * sizeof(*out));
	if (n->kind == YAML_SCALAR) {
		out[0] = n->text;
		return 0;
	}
	for (c = n->first; c != NULL; c = c->next) {
		if (c->kind != YAML_SCALAR)
			return load_fail(ld, c,
			    tr("a text is expected", "文字列が必要です"));
		out[i++] = c->text;
	}
	return 0;
}

int
load_bool(struct loader *ld, const struct yaml_node *n, bool *value)
{
	if (yaml_bool(n, value) == 0)
		return 0;
	return load_fail(ld, n,
	    tr("yes or no is expected", "yes か no が必要です"));
}

int
load_byte(struct loader *ld, const struct yaml_node *n, uint8_t *byte)
{
	if (n->kind != YAML_SCALAR || n->text.len != 1)
		return load_fail(ld, n,
		    tr("one ASCII character is expected",
			"半角1文字が必要です"));
	*byte = n->text.p[0];
	return 0;
}

static size_t
find_slot(const struct loader *ld, struct span name)
{
	size_t i;

	for (i = 0; i < ld->nslot && !span_eq(ld->name[i], name); i++)
		;
	return i;
}

static int
add_slot(struct loader *ld, const struct yaml_node *at, struct span name,
    uint16_t *slot)
{
	size_t i = find_slot(ld, name);

	if (i == MODEL_SLOTS)
		return load_fail(ld, at,
		    tr("more than %d names in one format",
			"1つの書式に名前が%dより多くあります"),
		    MODEL_SLOTS);
	if (i == ld->nslot)
		ld->name[ld->nslot++] = name;
	*slot = (uint16_t)i;
	if (ld->use[i].line == 0)
		ld->use[i].line =
		    span_eq(at->key, name) ? at->key_line : at->line;
	return 0;
}

int
load_input(struct loader *ld, const struct yaml_node *at, struct span name,
    uint16_t *slot)
{
	size_t i = find_slot(ld, name);

	if (i < ld->nslot || ld->open) {
		if (add_slot(ld, at, name, slot) != 0)
			return -1;
		ld->use[*slot].use |= MODEL_ASKED;
		return 0;
	}
	return load_fail(ld, at,
	    tr("no parsing step gives '%.*s' a value",
		"「%.*s」に値を与える parse がありません"),
	    (int)name.len, (const char *)name.p);
}

int
load_given(struct loader *ld, const struct yaml_node *at, struct span name,
    uint16_t *slot)
{
	if (add_slot(ld, at, name, slot) != 0)
		return -1;
	ld->given[*slot] = true;
	return 0;
}

int
load_field(struct loader *ld, const struct yaml_node *at, struct span name,
    enum ecs *field)
{
	if (ecs_parse(name, field) == 0)
		return 0;
	return load_fail(ld, at,
	    tr("'%.*s' is no field of an event; they are "
	       "listed in docs/formats.md",
		"「%.*s」という項目はありません。"
		"一覧は docs/formats.md にあります"),
	    (int)name.len, (const char *)name.p);
}

static int
load_map_values(struct loader *ld, const struct yaml_node *n, struct map *m)
{
	struct names_entry *e = arena_alloc(ld->a, (n->n + 1) * sizeof(*e));
	struct span *value = arena_alloc(ld->a, (n->n + 1) * sizeof(*value));
	const struct yaml_node *c;
	uint32_t i = 0;

	if (n->n > NAMES_MAX)
		return load_fail(ld, n,
		    tr("more than %d values", "値が%d個より多くあります"),
		    NAMES_MAX);
	for (c = n->first; c != NULL; c = c->next, i++) {
		if (c->kind != YAML_SCALAR)
			return load_fail(ld, c,
			    tr("a text is expected", "文字列が必要です"));
		e[i] = (struct names_entry){ c->key, i };
		value[i] = c->text;
	}
	m->names = names_make(ld->a, e, i);
	m->n = i;
	m->value = value;
	return 0;
}

int
load_maps(struct loader *ld, const struct yaml_node *n, struct load_map **list)
{
	const struct yaml_node *c;
	struct load_map *m;

	if (n->kind != YAML_MAP)
		return load_fail(ld, n,
		    tr("maps with their names are expected",
			"名前の付いた対応表が必要です"));
	for (c = n->first; c != NULL; c = c->next) {
		m = arena_alloc(ld->a, sizeof(*m));
		m->name = m->map.name = c->key;
		if (c->kind != YAML_MAP)
			return load_fail(ld, c,
			    tr("a map is expected", "対応表が必要です"));
		if (load_map_values(ld, c, &m->map) != 0)
			return -1;
		m->next = *list;
		*list = m;
	}
	return 0;
}

int
load_fragments(struct loader *ld, const struct yaml_node *n,
    struct load_fragment **list)
{
	const struct yaml_node *c;
	struct load_fragment *f;

	if (n->kind != YAML_MAP)
		return load_fail(ld, n,
		    tr("parts of expressions with their "
		       "names are expected",
			"名前の付いた正規表現の部品が必要です"));
	for (c = n->first; c != NULL; c = c->next) {
		if (c->kind != YAML_SCALAR)
			return load_fail(ld, c,
			    tr("a text is expected", "文字列が必要です"));
		f = arena_alloc(ld->a, sizeof(*f));
		*f = (struct load_fragment){ c->key, c->text, *list,
			c->key_line, false };
		*list = f;
	}
	return 0;
}

static int
load_header(struct loader *ld, const struct yaml_node *n)
{
	static const char *const names[HEADER_LEVELS] = { "none", "pri", "time",
		"host", "syslog" };
	size_t i;

	ld->f->header = HEADER_TAG;
	if (n == NULL)
		return 0;
	for (i = 0; n->kind == YAML_SCALAR && i < HEADER_LEVELS; i++) {
		if (span_is(n->text, names[i])) {
			ld->f->header = (enum header_level)i;
			return 0;
		}
	}
	return load_fail(ld, n,
	    tr("none, pri, time, host or syslog is "
	       "expected",
		"none, pri, time, host, syslog のどれかが必要です"));
}

static int
load_absent(struct loader *ld, const struct yaml_node *n)
{
	struct format *f = ld->f;
	size_t i;

	if (load_texts(ld, n, &f->absent, &f->nabsent) != 0)
		return -1;
	for (i = 0; i < f->nabsent; i++) {
		struct span v = f->absent[i];

		if (v.len == 0 || v.len >= 64)
			continue;
		f->absent_len |= UINT64_C(1) << v.len;
		f->absent_first[v.p[0]] = true;
	}
	return 0;
}

const char *
load_no_examples(void)
{
	return tr("a format needs examples; write at its end, with a line of "
		  "the device: examples: [{raw: 'the line', event: "
		  "{konseki.kind: system}}]",
	    "書式には例が必要です。末尾に機器の行を使って examples: [{raw: "
	    "'ログの行', event: {konseki.kind: system}}] と書いてください");
}

static int
load_examples(struct loader *ld, const struct yaml_node *n)
{
	static const struct yaml_node none = { .kind = YAML_SEQ };
	const struct yaml_node *c;

	ld->f->examples = &none;
	if (ld->trial && (n == NULL || n->n == 0))
		return 0;
	if (n->kind != YAML_SEQ || n->n == 0)
		return load_fail(ld, n,
		    tr("a list of examples is expected", "例の並びが必要です"));
	for (c = n->first; c != NULL; c = c->next)
		if (load_keys(ld, c,
			"raw before received zone encoding event "
			"unknown") != 0)
			return -1;
	ld->f->examples = n;
	return 0;
}

static int
load_option(struct loader *ld, const struct yaml_node *n, const char *key,
    bool *value)
{
	const struct yaml_node *c = yaml_get(n, key);

	*value = false;
	return c == NULL ? 0 : load_bool(ld, c, value);
}

static int
load_parts(struct loader *ld, const struct yaml_node *root)
{
	struct format *f = ld->f;
	const struct yaml_node *n;

	if (load_header(ld, yaml_get(root, "header")) != 0 ||
	    load_option(ld, root, "last", &f->last) != 0 ||
	    load_option(ld, root, "unescape", &f->unescape) != 0 ||
	    load_option(ld, root, "need-case", &f->need_case) != 0)
		return -1;
	if ((n = yaml_get(root, "absent")) != NULL && load_absent(ld, n) != 0)
		return -1;
	if ((n = yaml_get(root, "maps")) != NULL &&
	    load_maps(ld, n, &ld->maps) != 0)
		return -1;
	if ((n = yaml_get(root, "fragments")) != NULL &&
	    load_fragments(ld, n, &ld->fragments) != 0)
		return -1;
	if ((n = yaml_get(root, "detect")) != NULL && load_detect(ld, n) != 0)
		return -1;
	if ((n = yaml_get(root, "parse")) != NULL && load_steps(ld, n) != 0)
		return -1;
	if ((n = yaml_get(root, "match-from")) != NULL &&
	    load_input(ld, n, n->text, &ld->match_from) != 0)
		return -1;
	if ((n = yaml_get(root, "cases")) != NULL &&
	    load_cases(ld, n, &f->cases) != 0)
		return -1;
	if ((n = yaml_get(root, "fields")) != NULL &&
	    load_fields(ld, n, &f->op, &f->nop) != 0)
		return -1;
	if ((n = yaml_get(root, "set")) != NULL &&
	    load_set(ld, n, &f->assign, &f->nassign) != 0)
		return -1;
	if (load_time(ld, yaml_get(root, "time")) != 0)
		return -1;
	n = yaml_get(root, "examples");
	if (n == NULL && !ld->trial)
		return load_fail(ld, root, "%s", load_no_examples());
	return load_examples(ld, n);
}

static int
load_name(struct loader *ld, const struct yaml_node *root, const char *key,
    const char **out)
{
	const struct yaml_node *n = yaml_get(root, key);

	if (n == NULL || n->kind != YAML_SCALAR || n->text.len == 0)
		return load_fail(ld, n != NULL ? n : root,
		    tr("'%s' is missing", "「%s」がありません"), key);
	*out = (const char *)n->text.p;
	return 0;
}

/* The file's own fragments that no expression has. */
static void
note_idle(struct loader *ld)
{
	const struct load_fragment *f;
	struct format_idle *idle;
	size_t n = 0;

	for (f = ld->fragments; f != ld->shared_fragments; f = f->next)
		n += !f->used;
	ld->f->idle = idle = arena_alloc(ld->a, (n + 1) * sizeof(*idle));
	for (f = ld->fragments; f != ld->shared_fragments; f = f->next)
		if (!f->used)
			idle[ld->f->nidle++] =
			    (struct format_idle){ f->name, f->line };
}

struct format *
load_format(struct loader *ld, const struct yaml_node *root)
{
	static const char *const own[] = {
#define SLOT(id, name) name,
#include "analyzer/format/slot_tbl.h"
#undef SLOT
	};
	struct format *f = ld->f = arena_alloc(ld->a, sizeof(*f));

	f->file = ld->file;
	ld->name = arena_alloc(ld->a, MODEL_SLOTS * sizeof(*ld->name));
	ld->given = arena_alloc(ld->a, MODEL_SLOTS * sizeof(*ld->given));
	ld->use = arena_alloc(ld->a, MODEL_SLOTS * sizeof(*ld->use));
	ld->open = false;
	ld->maps = ld->shared;
	ld->fragments = ld->shared_fragments;
	ld->match_from = SLOT_MESSAGE;
	for (ld->nslot = 0; ld->nslot < SLOT_OWN; ld->nslot++) {
		ld->name[ld->nslot] = span_str(own[ld->nslot]);
		ld->given[ld->nslot] = true;
	}
	if (load_keys(ld, root,
		"format title reference header unescape detect last "
		"need-case absent maps fragments match-from parse cases fields "
		"set time examples") != 0)
		return NULL;
	if (load_name(ld, root, "format", &f->name) != 0 ||
	    load_name(ld, root, "title", &f->title) != 0 ||
	    load_parts(ld, root) != 0)
		return NULL;
	f->reference = "";
	if (yaml_get(root, "reference") != NULL &&
	    load_name(ld, root, "reference", &f->reference) != 0)
		return NULL;
	load_step_keys(ld);
	load_op_index(ld);
	f->slot_name = ld->name;
	f->nslot = ld->nslot;
	f->slot_use = ld->use;
	note_idle(ld);
	return f;
}
