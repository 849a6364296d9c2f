/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/example.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/sheet.h"
#include "analyzer/rule/engine.h"
#include "analyzer/rule/roster.h"
#include "common/log.h"
#include "common/num.h"
#include "common/utc.h"

#define REPEAT_MAX 20000

/* One example at work. */
struct example {
	const struct rule *rule;
	const struct yaml_node *node;
	struct arena *arena;
	struct ruleset rules;
	struct rule_home home; /* of a rule that is read for these ledgers */
	struct rule *only[1];
	struct ledgers *ledgers;
	struct calendar *calendar;
	struct prefixes internal, vpn;
	struct engine *engine;
	struct event event;
	uint64_t index;
	struct found *found;
	size_t n_found;
	unsigned line; /* of what is wrong */
	struct buf why, came, wanted;
};

/* What an expectation is held against. */
struct found {
	char id[65];
	const char *level, *key, *kind, *layers;
	struct finding_number *numbers;
	size_t n_numbers;
	bool withdrawn;
	struct found *next;
};

static int
fail(struct example *x, const char *what)
{
	buf_str(&x->why, what);
	return -1;
}

static int
bad(struct example *x, const struct yaml_node *at, const char *what)
{
	if (at != NULL)
		x->line = at->line;
	return fail(x, what);
}

/* The last delivery of a finding is what holds. */
static void
deliver(void *arg, const struct finding *f)
{
	static const char *const kinds[] = { "alert", "sheet", "unknown" };
	struct example *x = arg;
	struct found *p, **at = &x->found;
	const char *layers = "";
	size_t i;

	while (*at != NULL && strcmp((*at)->id, f->id) != 0)
		at = &(*at)->next;
	if (*at == NULL)
		*at = arena_alloc(x->arena, sizeof(**at));
	p = *at;
	for (i = 0; i < f->n_layers; i++)
		layers = arena_printf(x->arena, "%s%s%s", layers,
		    i > 0 ? " " : "", f->layers[i].code);
	memcpy(p->id, f->id, sizeof(p->id));
	p->level = finding_severity_level(f->severity);
	p->key = arena_str(x->arena, span_str(f->key));
	p->kind = kinds[f->kind];
	p->layers = layers;
	p->n_numbers = f->n_numbers;
	p->numbers = arena_alloc(x->arena, sizeof(f->numbers));
	memcpy(p->numbers, f->numbers, sizeof(f->numbers));
	p->withdrawn = f->withdrawn;
}

static struct span
text_of(const struct yaml_node *map, const char *name)
{
	const struct yaml_node *n = map == NULL ? NULL : yaml_get(map, name);

	return n == NULL ? (struct span){ NULL, 0 } : n->text;
}

static int
read_prefixes(struct example *x, const char *name, struct prefixes *ps)
{
	const struct yaml_node *list = yaml_get(x->node, name), *n;
	struct prefix p;

	if (list == NULL)
		return 0;
	for (n = list->first; n != NULL; n = n->next) {
		if (prefix_parse(n->text, &p) == -1)
			return bad(x, n,
			    tr("not a network", "ネットワークではありません"));
		prefixes_add(ps, p);
	}
	return 0;
}

static int
read_given(struct example *x)
{
	const struct yaml_node *l = yaml_get(x->node, "ledgers");
	struct span calendar = text_of(x->node, "calendar");
	struct span firmware = text_of(x->node, "firmware");
	struct span support = text_of(x->node, "support");
	struct ledger_bytes in = { .devices = text_of(l, "devices"),
		.accounts = text_of(l, "accounts"),
		.maintenance = text_of(l, "maintenance"),
		.duty = text_of(l, "duty"),
		.people = text_of(l, "people"),
		.exported = text_of(l, "exported"),
		.identities = text_of(l, "identities"),
		.networks = text_of(l, "networks"),
		.patients = text_of(l, "patients") };
	struct yaml_error err;
	struct problems ps;
	struct buf b;
	int rc;

	x->calendar = calendar.len > 0
	    ? calendar_parse(calendar, "calendar", NULL, &err)
	    : calendar_default(NULL);
	if (x->calendar == NULL)
		return fail(x, err.what);
	problems_init(&ps);
	buf_init(&b);
	x->ledgers = ledgers_parse(&in, utc_days(2026, 1, 1),
	    calendar_zone(x->calendar), &ps);
	if (x->ledgers != NULL && firmware.len > 0)
		x->rules.firmware = firmware_parse(firmware, "firmware", &ps);
	if (x->ledgers != NULL && support.len > 0)
		x->rules.support = support_parse(support, "support", &ps);
	if (ps.errors > 0) {
		problem_print(&ps.v[0], &b);
		(void)fail(x, buf_cstr(&b));
	}
	rc = ps.errors > 0 ? -1 : 0;
	problems_fini(&ps);
	buf_fini(&b);
	if (rc == -1)
		return -1;
	if (read_prefixes(x, "vpn", &x->vpn) == -1)
		return -1;
	if (yaml_get(x->node, "internal") == NULL)
		prefixes_add_private(&x->internal);
	return read_prefixes(x, "internal", &x->internal);
}

/* A rule with names of ledgers is read anew, with those of the example. */
static int
read_again(struct example *x, const struct settings *settings)
{
	struct yaml_error err;
	const struct rule *r = x->rule;

	if (r->text.len == 0)
		return 0;
	x->home.arena = x->arena;
	x->home.names =
	    roster_names(x->ledgers, &x->internal, &x->vpn, x->arena);
	x->rule = rule_parse(r->text, r->file, settings, &x->home, &err);
	return x->rule == NULL ? fail(x, err.what) : 0;
}

static void
start(struct example *x, const struct settings *settings)
{
	struct engine_config c = { .rules = &x->rules,
		.ledgers = x->ledgers,
		.calendar = x->calendar,
		.internal = &x->internal,
		.vpn = &x->vpn,
		.deliver = deliver,
		.arg = x };

	x->only[0] = (struct rule *)(uintptr_t)x->rule;
	x->rules.settings = *settings;
	x->rules.rules = x->only;
	x->rules.n = 1;
	x->engine = engine_new(&c);
}

/* "90s", "1h": how far apart repeated events are. */
static int
read_every(struct example *x, const struct yaml_node *n, int64_t *usec)
{
	static const struct {
		char unit;
		int64_t usec;
	} units[] = { { 's', UTC_SECOND }, { 'm', UTC_MINUTE },
		{ 'h', UTC_HOUR }, { 'd', UTC_DAY } };
	uint64_t count;
	size_t i;

	*usec = UTC_HOUR;
	if (n == NULL)
		return 0;
	for (i = 0; i < 4 && n->text.len > 1; i++) {
		if (n->text.p[n->text.len - 1] != units[i].unit)
			continue;
		if (num_parse(span_sub(n->text, 0, n->text.len - 1), 100000,
			&count) == -1)
			break;
		*usec = (int64_t)count * units[i].usec;
		return 0;
	}
	return bad(x, n,
	    tr("a time such as 90s, 5m, 1h or 7d",
		"90s 5m 1h 7d のような時間が必要です"));
}

/* In what is repeated "{n}" is the number of the event, from 1. */
static struct span
numbered(struct example *x, struct span text, uint64_t n)
{
	const uint8_t *at =
	    text.len == 0 ? NULL : memmem(text.p, text.len, "{n}", 3);

	if (n == 0 || at == NULL)
		return text;
	return span_str(arena_printf(x->arena, "%.*s%llu%.*s",
	    (int)(at - text.p), (const char *)text.p, (unsigned long long)n,
	    (int)(text.p + text.len - at) - 3, (const char *)at + 3));
}

static int
read_fields(struct example *x, const struct yaml_node *map, uint64_t number)
{
	const struct yaml_node *n, *v;
	enum ecs field;

	if (map == NULL || map->kind != YAML_MAP)
		return bad(x, map,
		    tr("fields are missing", "fieldsがありません"));
	for (n = map->first; n != NULL; n = n->next) {
		if (ecs_parse(n->key, &field) == -1)
			return bad(x, n,
			    tr("no such field", "その項目はありません"));
		if (n->kind == YAML_SCALAR)
			event_add(&x->event, field,
			    numbered(x, n->text, number));
		for (v = n->first; v != NULL; v = v->next)
			event_add(&x->event, field, v->text);
	}
	return 0;
}

static int
feed(struct example *x, const struct yaml_node *n)
{
	struct event_source source = { .peer = text_of(n, "peer"),
		.replay = true };
	const struct yaml_node *repeat = yaml_get(n, "repeat");
	uint64_t times = 1, i;
	const struct yaml_node *behind = yaml_get(n, "behind");
	int64_t at, every, late = 0;
	int zone;

	if (utc_parse(text_of(n, "at"), &at, &zone) == -1)
		return bad(x, n,
		    tr("at: a time such as 2026-11-20T10:00:00+09:00",
			"at: 2026-11-20T10:00:00+09:00のような日時が必要です"));
	if (repeat != NULL && num_parse(repeat->text, REPEAT_MAX, &times) == -1)
		return bad(x, repeat,
		    tr("repeat: a number", "repeat: 数が必要です"));
	if (read_every(x, yaml_get(n, "every"), &every) == -1)
		return -1;
	if (behind != NULL && read_every(x, behind, &late) == -1)
		return -1;
	source.replay = behind == NULL;
	for (i = 0; i < times; i++) {
		event_clear(&x->event);
		x->event.origin = "example";
		x->event.source = &source;
		x->event.index = x->index++;
		x->event.time = at + (int64_t)i * every;
		x->event.received = x->event.time + late;
		x->event.clock = EVENT_CLOCK_OFFSET;
		if (read_fields(x, yaml_get(n, "fields"),
			repeat == NULL ? 0 : i + 1) == -1)
			return -1;
		engine_feed(x->engine, &x->event);
	}
	return 0;
}

static bool
number_is(const struct found *f, struct span name, struct span want)
{
	size_t i;

	for (i = 0; i < f->n_numbers; i++)
		if (span_is(name, f->numbers[i].name) &&
		    span_is(want, f->numbers[i].text))
			return true;
	return false;
}

static bool
is_as(const struct found *f, const struct yaml_node *want)
{
	const struct yaml_node *n = yaml_get(want, "numbers");
	struct span s;

	if ((s = text_of(want, "level")).len > 0 && !span_is(s, f->level))
		return false;
	if ((s = text_of(want, "key")).len > 0 && !span_is(s, f->key))
		return false;
	if ((s = text_of(want, "kind")).len > 0 && !span_is(s, f->kind))
		return false;
	if ((s = text_of(want, "layers")).len > 0 && !span_is(s, f->layers))
		return false;
	for (n = n == NULL ? NULL : n->first; n != NULL; n = n->next)
		if (!number_is(f, n->key, n->text))
			return false;
	return true;
}

static void
put_found(struct buf *b, const struct found *f)
{
	size_t i;

	buf_printf(b, "%s{level: %s, kind: %s, key: %s", b->len > 0 ? " " : "",
	    f->level, f->kind, f->key);
	if (f->layers[0] != '\0')
		buf_printf(b, ", layers: %s", f->layers);
	for (i = 0; i < f->n_numbers; i++)
		buf_printf(b, "%s%s: %s", i == 0 ? ", numbers: {" : ", ",
		    f->numbers[i].name, f->numbers[i].text);
	buf_str(b, f->n_numbers > 0 ? "}}" : "}");
}

static void
put_wanted(struct buf *b, const struct yaml_node *n)
{
	const struct yaml_node *c;

	if (n->kind == YAML_SCALAR) {
		buf_span(b, n->text);
		return;
	}
	buf_byte(b, n->kind == YAML_MAP ? '{' : '[');
	for (c = n->first; c != NULL; c = c->next) {
		buf_span(b, c->key);
		buf_str(b, c->key.len > 0 ? ": " : "");
		put_wanted(b, c);
		buf_str(b, c->next != NULL ? ", " : "");
	}
	buf_byte(b, n->kind == YAML_MAP ? '}' : ']');
}

/* What came instead, for whoever writes the rule. */
static int
unexpected(struct example *x, const char *what, const struct yaml_node *want)
{
	const struct found *f;

	put_wanted(&x->wanted, want);
	for (f = x->found; f != NULL; f = f->next)
		if (!f->withdrawn)
			put_found(&x->came, f);
	if (x->came.len == 0)
		buf_str(&x->came, "none");
	return fail(x, what);
}

static int
compare(struct example *x)
{
	const struct yaml_node *finds = yaml_get(x->node, "finds"), *want;
	const struct found *f;
	size_t n = 0;

	for (f = x->found; f != NULL; f = f->next)
		n += !f->withdrawn;
	if (finds == NULL)
		return bad(x, x->node,
		    tr("finds is missing", "findsがありません"));
	if (finds->kind == YAML_SCALAR && !span_is(finds->text, "none"))
		return bad(x, finds,
		    tr("none, or a list", "none か一覧が必要です"));
	if (finds->kind == YAML_SCALAR)
		return n == 0 ? 0
			      : unexpected(x,
				    tr("something was found",
					"検知しないはずが検知しました"),
				    finds);
	for (want = finds->first; want != NULL; want = want->next) {
		for (f = x->found; f != NULL; f = f->next)
			if (!f->withdrawn && is_as(f, want))
				break;
		if (f == NULL)
			return unexpected(x,
			    tr("nothing was found as is wanted",
				"期待どおりの検知がありません"),
			    want);
	}
	if (n == finds->n)
		return 0;
	return unexpected(x,
	    tr("not so many findings as are wanted",
		"検知の件数が期待と違います"),
	    finds);
}

/* "limits: [{at: ..., limit: late, rule: VPN-01}]": what was met before. */
static int
meet(struct example *x, const struct yaml_node *n)
{
	struct span rule = text_of(n, "rule");
	enum limit which;
	int64_t at;
	int zone;

	if (utc_parse(text_of(n, "at"), &at, &zone) == -1 ||
	    limit_parse(text_of(n, "limit"), &which) == -1)
		return bad(x, n,
		    tr("a limit has at: and limit: late, groups ...",
			"limitsにはatとlimit（lateなど）が必要です"));
	engine_limit(x->engine, which, at,
	    rule.len > 0 ? arena_str(x->arena, rule) : NULL);
	return 0;
}

static int
run(struct example *x, const struct settings *settings)
{
	const struct yaml_node *events = yaml_get(x->node, "events"), *n;
	const struct yaml_node *limits = yaml_get(x->node, "limits");

	if (events == NULL || events->kind != YAML_SEQ)
		return bad(x, x->node,
		    tr("events are missing", "eventsがありません"));
	if (read_given(x) == -1 || read_again(x, settings) == -1)
		return -1;
	start(x, settings);
	for (n = events->first; n != NULL; n = n->next)
		if (feed(x, n) == -1)
			return -1;
	for (n = limits == NULL ? NULL : limits->first; n != NULL; n = n->next)
		if (meet(x, n) == -1)
			return -1;
	engine_finish(x->engine);
	return compare(x);
}

static bool
run_one(const struct rule *r, const struct yaml_node *n,
    const struct settings *settings, example_report *report, void *arg)
{
	struct example *x = calloc(1, sizeof(*x));
	struct example_verdict v = { .rule = r };

	if (x == NULL)
		abort();
	x->arena = arena_new();
	x->rule = r;
	x->node = n;
	x->line = n->line;
	v.name = arena_str(x->arena, text_of(n, "name"));
	v.good = run(x, settings) == 0;
	v.line = x->line;
	v.why = buf_cstr(&x->why);
	v.wanted = buf_view(&x->wanted);
	v.came = buf_view(&x->came);
	report(arg, &v);
	engine_free(x->engine);
	ledgers_free(x->ledgers);
	firmware_free(x->rules.firmware);
	detection_pool_fini(&x->home.pool);
	support_free(x->rules.support);
	calendar_free(x->calendar);
	prefixes_fini(&x->internal);
	prefixes_fini(&x->vpn);
	buf_fini(&x->why);
	buf_fini(&x->wanted);
	buf_fini(&x->came);
	arena_free(x->arena);
	free(x);
	return v.good;
}

unsigned
example_run(const struct rule *r, const struct settings *settings,
    example_report *report, void *arg)
{
	const struct yaml_node *n;
	unsigned failed = 0;

	for (n = r->examples->first; n != NULL; n = n->next)
		failed += !run_one(r, n, settings, report, arg);
	return failed;
}
