/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/rule_file.h"

#include "analyzer/sigma/correlation_link.h"
#include "common/log.h"

/*
 * A rule file with several documents: one is the rule, a correlation; the
 * others are Sigma rules without x-konseki, its bases, which say nothing by
 * themselves.
 */

/* "%vpn.failures%" is the number of the setting, in seconds if it is a time. */
static int
read_setting(void *arg, const struct yaml_node *at, struct span name,
    struct span *text)
{
	struct rule_reader *r = arg;
	enum setting which;

	if (setting_parse(name, &which) == -1)
		return RULE_FAIL(r, at,
		    tr("there is no setting '%.*s'",
			"「%.*s」という設定はありません"),
		    (int)name.len, (const char *)name.p);
	*text = span_str(arena_printf(r->arena, "%.15g",
	    settings_number(r->settings, which)));
	return 0;
}

static int
read_base(struct rule_reader *r, const struct yaml_node *doc,
    struct rule_base *b)
{
	const struct yaml_node *n = yaml_get(doc, "detection");
	struct scope_reader s;

	if (doc->kind != YAML_MAP || n == NULL)
		return RULE_FAIL(r, doc,
		    tr("a document beside a correlation is a Sigma rule with a "
		       "name and a detection",
			"correlationと並ぶ文書はnameとdetectionのあるSigmaルー"
			"ルです"));
	if (rule_need(r, doc, "name", &b->name) == -1 ||
	    rule_read_logsource(r, yaml_get(doc, "logsource"), &b->logsource) ==
		-1)
		return -1;
	b->detection = detection_parse(n, rule_reader_of(r, SCOPE_FIELDS, &s));
	return b->detection == NULL ? -1 : 0;
}

int
rule_read_bases(struct rule_reader *r, const struct yaml_node *documents)
{
	const struct yaml_node *doc;

	r->rule->base =
	    arena_alloc(r->arena, documents->n * sizeof(*r->rule->base));
	for (doc = documents->first; doc != NULL; doc = doc->next)
		if (doc != r->root &&
		    read_base(r, doc, &r->rule->base[r->rule->nbase++]) == -1)
			return -1;
	return 0;
}

static enum correlation_found
find_base(void *arg, struct span name, uint32_t *number)
{
	const struct rule *r = ((struct rule_reader *)arg)->rule;
	size_t i;

	for (i = 0; i < r->nbase; i++) {
		if (!span_is(name, r->base[i].name))
			continue;
		*number = (uint32_t)i;
		return CORRELATION_OF_RULE;
	}
	return CORRELATION_NOBODY;
}

static uint32_t
find_field(void *arg, struct span name)
{
	enum ecs field;

	(void)arg;
	return scope_field(name, &field) == 0 ? field : CORRELATION_NONE;
}

static void
refuse(void *arg, uint32_t number, const struct yaml_error *err)
{
	struct rule_reader *r = arg;

	(void)number;
	*r->err = *err;
}

int
rule_read_correlation(struct rule_reader *r, struct yaml_node *map)
{
	const struct correlation_scope scope = { find_base, find_field, refuse,
		r };

	if (correlation_expand(map, r->arena, read_setting, r) == -1)
		return -1;
	r->rule->correlation =
	    correlation_parse(map, r->file, r->arena, r->err);
	if (r->rule->correlation == NULL)
		return -1;
	return correlation_link(&r->rule->correlation, 1, &scope, r->arena)[0]
		    .c == NULL
	    ? -1
	    : 0;
}
