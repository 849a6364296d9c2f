/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/correlation.h"

static bool
is_duration(const struct yaml_node *n)
{
	return span_is(n->key, "timespan") || span_is(n->key, "within");
}

int
correlation_expand(struct yaml_node *n, struct arena *arena,
    correlation_value *value, void *arg)
{
	struct yaml_node *child;
	struct span text = n->text;

	for (child = n->first; child != NULL; child = child->next)
		if (correlation_expand(child, arena, value, arg) == -1)
			return -1;
	if (n->kind != YAML_SCALAR || text.len < 3 || text.p[0] != '%' ||
	    text.p[text.len - 1] != '%')
		return 0;
	if (value(arg, n, span_sub(text, 1, text.len - 2), &text) == -1)
		return -1;
	n->plain = true;
	n->text = span_str(arena_printf(arena, "%.*s%s", (int)text.len,
	    (const char *)text.p, is_duration(n) ? "s" : ""));
	return 0;
}
