/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/scope.h"

#include <string.h>

#include "tests/tap.h"

#define EVENT                                                                  \
	"konseki.kind=login user.name=Admin source.ip=10.1.2.3 "               \
	"event.severity=5 tags=a tags=b"

/* Detections in YAML flow form; the event is EVENT. */
static const struct {
	const char *yaml;
	bool want;
} cases[] = {
	{ "{s: {user.name: admin}, condition: s}", true },
	{ "{s: {User: admin}, condition: s}", true }, /* Sigma's taxonomy */
	{ "{s: {user.name: root}, condition: s}", false },
	{ "{s: {user.name: [root, admin]}, condition: s}", true },
	{ "{s: {user.name|cased: admin}, condition: s}", false },
	{ "{s: {user.name: admin, konseki.kind: logout}, condition: s}",
	    false },
	{ "{s: [{user.name: root}, {konseki.kind: login}], condition: s}",
	    true },
	{ "{s: {user.name|contains|all: [ad, min]}, condition: s}", true },
	{ "{s: {user.name|contains|all: [ad, x]}, condition: s}", false },
	{ "{s: {user.name|startswith: ad}, condition: s}", true },
	{ "{s: {user.name|endswith: ad}, condition: s}", false },
	/* as many as are looked for at once */
	{ "{s: {user.name|contains: [q, w, e, r, t, y, u, DMI]}, condition: "
	  "s}",
	    true },
	{ "{s: {user.name|contains: [q, w, e, r, t, y, u, dmx]}, condition: "
	  "s}",
	    false },
	{ "{s: {user.name|contains|neq: [q, w, e, r, t, y, u, dmi]}, "
	  "condition: s}",
	    false },
	{ "{s: {user.email|contains|neq: [q, w, e, r, t, y, u, i]}, "
	  "condition: s}",
	    true },
	{ "{s: {user.name|contains: [q, w, e, r, t, y, u, 'a*n']}, condition: "
	  "s}",
	    true },
	{ "{s: {tags|contains: [q, w, e, r, t, y, u, b]}, condition: s}",
	    true },
	{ "{s: {source.ip|cidr: 10.0.0.0/8}, condition: s}", true },
	{ "{s: {source.ip|cidr: [192.168.0.0/16, 10.1.2.0/24]}, condition: "
	  "s}",
	    true },
	{ "{s: {user.name|cidr: 10.0.0.0/8}, condition: s}", false },
	{ "{s: {event.severity|gte: 5}, condition: s}", true },
	{ "{s: {event.severity|gt: 5}, condition: s}", false },
	{ "{s: {event.severity|lt: 5.5}, condition: s}", true },
	{ "{s: {user.name|lte: 5}, condition: s}", false },
	{ "{s: {event.severity|lt: 5.1e0}, condition: s}", true },
	{ "{s: {event.severity|gt: +50e-1}, condition: s}", false },
	{ "{s: {event.severity: 5}, condition: s}", true },
	/* numbers of YAML, written in another way; texts are as they are */
	{ "{s: {event.severity: 5.0}, condition: s}", true },
	{ "{s: {event.severity: +5.}, condition: s}", true },
	{ "{s: {event.severity: 0x5}, condition: s}", true },
	{ "{s: {event.severity: 5.01}, condition: s}", false },
	{ "{s: {event.severity: [0x50, 5x, 05, 5.0.0]}, condition: s}", false },
	{ "{s: {event.severity: '5.0'}, condition: s}", false },
	{ "{s: {event.severity|contains: 5.0}, condition: s}", false },
	{ "{s: {source.ip|startswith: 10.1}, condition: s}", true },
	{ "{s: {event.severity|lte|expand: '%outbound.hour.z%'}, condition: "
	  "s}",
	    true },
	{ "{s: {user.name|exists: true}, condition: s}", true },
	{ "{s: {user.email|exists: true}, condition: s}", false },
	{ "{s: {user.email|exists: no}, condition: s}", true },
	{ "{s: {user.email: null}, condition: s}", true },
	{ "{s: {user.name: null}, condition: s}", false },
	{ "{s: {user.email: ''}, condition: s}", false },
	{ "{s: {user.email: x}, condition: not s}", true }, /* missing */
	{ "{s: {tags: b}, condition: s}", true }, /* any of several values */
	{ "{s: {tags: c}, condition: s}", false },
	{ "{s: {message|contains: line}, condition: s}", true }, /* raw text */
	{ "{a: {user.name: admin}, b: {tags: c}, condition: a and not b}",
	    true },
	/* words without a field: in the raw text, or in any value */
	{ "{s: [RAW, other], condition: s}", true },
	{ "{s: [rawline], condition: s}", false },
	{ "{s: login, condition: s}", true },
	{ "{s: {'|all': [raw, line]}, condition: s}", true },
	{ "{s: {'|all': [raw, other]}, condition: s}", false },
	{ "{s: {'|re': 'l.ne'}, condition: s}", true },
	{ "{s: {user.name|re: '^Ad'}, condition: s}", true },
	{ "{s: {user.name|re: '^ad'}, condition: s}", false },
	{ "{s: {user.name|re|i: '^ad'}, condition: s}", true },
	{ "{s: {user.name|neq: root}, condition: s}", true },
	{ "{s: {user.name|neq: [root, admin]}, condition: s}", false },
	{ "{s: {user.email|neq: x}, condition: s}", true }, /* missing */
	{ "{s: {user.name|fieldref: User}, condition: s}", true },
	{ "{s: {user.name|fieldref: tags}, condition: s}", false },
	{ "{s: {user.name: a}, t: {user.name: admin}, condition: [s, t]}",
	    true },
	{ "{s: {user.name|base64: x}, condition: s}", false },
};

static const struct {
	const char *yaml;
	unsigned line, col;
} bad[] = {
	{ "{s: {no.such: x}, condition: s}", 1, 15 },
	{ "{s: {user.name|contains|endswith: x}, condition: s}", 1, 6 },
	{ "{s: {user.name|: x}, condition: s}", 1, 6 },
	{ "{s: {}, condition: s}", 1, 5 },
	{ "{s: {user.name: []}, condition: s}", 1, 17 },
	{ "{s: {user.name: {a: b}}, condition: s}", 1, 17 },
	{ "{s: {source.ip|cidr: here}, condition: s}", 1, 22 },
	{ "{s: {user.name|exists: maybe}, condition: s}", 1, 24 },
	{ "{s: {event.severity|gt: high}, condition: s}", 1, 25 },
	{ "{s: {event.severity|gt|expand: '%no%'}, condition: s}", 1, 32 },
	{ "{s: {user.name: a}}", 1, 1 },
	{ "{s: {user.name: a}, condition: s or t}", 1, 37 },
	{ "{s: {account.state: disabled}, condition: s}", 1, 21 },
	{ "[a]", 1, 1 },
	{ "{s: {user.name|gone: a}, condition: s}", 1, 6 },
	{ "{s: {user.name|re|contains: a}, condition: s}", 1, 6 },
	{ "{s: {user.name|re: '('}, condition: s}", 1, 20 },
	{ "{s: {user.name|re: '(a+)+$'}, condition: s}", 1, 20 },
	{ "{s: {user.name|base64: 'a*'}, condition: s}", 1, 24 },
	{ "{s: {'|gt': 5}, condition: s}", 1, 13 },
	{ "{s: {user.name: a}, timeframe: 5m, condition: s}", 1, 32 },
};

static void
make_event(struct event *e)
{
	static const char text[] = EVENT;
	const char *p = text, *eq, *end;
	enum ecs field;

	memset(e, 0, sizeof(*e));
	e->message = SPAN("the raw line itself");
	for (; *p != '\0'; p = end + (*end == ' ')) {
		eq = strchr(p, '=');
		end = p + strcspn(p, " ");
		if (ecs_parse(span_make(p, (size_t)(eq - p)), &field) == 0)
			event_add(e, field,
			    span_make(eq + 1, (size_t)(end - eq - 1)));
	}
}

static struct detection_pool pool;

static struct detection *
parse(const char *yaml, enum scope scope, struct arena *arena,
    struct yaml_error *err)
{
	static struct settings settings;
	struct scope_reader s;
	struct yaml_node *n = yaml_parse(span_str(yaml), "t.yml", arena, err);

	settings.value[SETTING_HOUR_Z] = 6;
	scope_reader_init(&s, scope, &settings);
	s.r.file = "t.yml";
	s.r.arena = arena;
	s.r.pool = &pool;
	s.r.err = err;
	return n == NULL ? NULL : detection_parse(n, &s.r);
}

int
main(void)
{
	struct arena *arena = arena_new();
	struct yaml_error err;
	struct detection *d;
	struct event e;
	struct view v;
	size_t i;

	make_event(&e);
	scope_view_init(&v);
	scope_view(&v, &e, NULL);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		d = parse(cases[i].yaml, SCOPE_FIELDS, arena, &err);
		ok(d != NULL && detection_match(d, &v) == cases[i].want,
		    "%s is %s", cases[i].yaml, cases[i].want ? "so" : "not so");
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err.what[0] = '\0';
		d = parse(bad[i].yaml, SCOPE_FIELDS, arena, &err);
		ok(d == NULL && err.line == bad[i].line &&
			err.col == bad[i].col && err.what[0] != '\0',
		    "refused %s at %u:%u: %s", bad[i].yaml, err.line, err.col,
		    err.what);
	}
	ok(parse("{s: {account.state: disabled}, condition: s}",
	       SCOPE_FACTS, arena, &err) != NULL,
	    "facts are known under when");
	ok(parse("{s: {account.dormant: yes}, condition: s}", SCOPE_FACTS,
	       arena, &err) == NULL,
	    "but not those that need history: %s", err.what);
	ok(parse("{s: {account.dormant: yes}, condition: s}", SCOPE_HISTORY,
	       arena, &err) != NULL,
	    "which are known under history");
	detection_pool_fini(&pool);
	view_fini(&v);
	arena_free(arena);
	return done();
}
