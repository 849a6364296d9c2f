/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/event/event.h"

static const struct {
	const char *name;
	enum ecs_type type;
} rows[ECS_COUNT] = {
#define ECS(id, name, type) [ECS_##id] = { name, ECS_T_##type },
#include "analyzer/event/ecs_tbl.h"
#undef ECS
};

const char *
ecs_name(enum ecs field)
{
	return rows[field].name;
}

enum ecs_type
ecs_type(enum ecs field)
{
	return rows[field].type;
}

int
ecs_parse(struct span name, enum ecs *field)
{
	size_t i;

	for (i = 0; i < ECS_COUNT; i++) {
		if (span_is(name, rows[i].name)) {
			*field = (enum ecs)i;
			return 0;
		}
	}
	return -1;
}

static const struct {
	enum ecs field;
	const char *value;
} values[] = {
#define VALUE(id, value) { ECS_##id, value },
#include "analyzer/event/value_tbl.h"
#undef VALUE
};

#define VALUES (sizeof(values) / sizeof(values[0]))

bool
ecs_allows(enum ecs field, struct span value)
{
	bool listed = false;
	size_t i;

	for (i = 0; i < VALUES; i++) {
		if (values[i].field != field)
			continue;
		if (span_is(value, values[i].value))
			return true;
		listed = true;
	}
	return !listed;
}

void
ecs_values(enum ecs field, struct buf *out)
{
	size_t i, n = 0;

	for (i = 0; i < VALUES; i++)
		if (values[i].field == field)
			buf_printf(out, "%s%s", n++ > 0 ? ", " : "",
			    values[i].value);
}
