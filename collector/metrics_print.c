/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/metrics.h"

#include <stddef.h>

#include "common/json.h"
#include "common/text.h"

enum scope { SITE, SOURCE, LISTENER, LOG, DISK };
enum unit { N, USEC };

/* The struct that a scope's members are of. */
#define STRUCT_SITE struct gauges
#define STRUCT_SOURCE struct roster_row
#define STRUCT_LISTENER struct gauges_listener
#define STRUCT_LOG struct gauges_log
#define STRUCT_DISK struct metrics_disk

static const struct metric {
	enum scope scope;
	const char *name, *type, *help;
	size_t offset;
	enum unit unit;
} metrics[] = {
#define METRIC(scope, name, type, member, unit, help)                          \
	{ scope, name, #type, help, offsetof(STRUCT_##scope, member), unit },
#include "collector/metrics_tbl.h"
#undef METRIC
};
#define N_METRICS (sizeof(metrics) / sizeof(metrics[0]))

static void
value(const struct metric *m, const void *base, struct buf *out)
{
	uint64_t n = gauge_get((const gauge *)((const char *)base + m->offset));

	if (m->unit == USEC)
		buf_printf(out, "%llu.%06u", (unsigned long long)(n / 1000000),
		    (unsigned)(n % 1000000));
	else
		buf_printf(out, "%llu", (unsigned long long)n);
}

static void
head(const char *name, const char *type, const char *help, struct buf *out)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* The configuration of a slot's listener, or NULL. */
static const struct site_listener *
listener(const struct metrics *m, size_t slot)
{
	uint64_t n = gauge_get(&m->gauges->listener[slot].listener);

	return n == 0 || n > m->site->n_listeners ? NULL
						  : &m->site->listeners[n - 1];
}

/* {listener="web",transport="tls"}: names are a-z, 0-9 and '-'. */
static void
listener_label(const struct site_listener *l, struct buf *out)
{
	buf_printf(out, "listener=\"%s\",transport=\"%s\"", l->name,
	    site_transport_name(l->transport));
}

/* What a sender's certificate calls him may be anything. */
static void
label(const char *name, const char *text, struct buf *out)
{
	struct span s = span_str(text);
	size_t step;

	buf_printf(out, "%s=\"", name);
	for (; s.len > 0; s = span_sub(s, step, s.len)) {
		if ((step = text_step(s)) == 0) {
			buf_byte(out, '?');
			step = 1;
			continue;
		}
		if (*s.p == '\\' || *s.p == '"')
			buf_byte(out, '\\');
		if (*s.p < ' ')
			buf_byte(out, '?');
		else
			buf_span(out, span_sub(s, 0, step));
	}
	buf_byte(out, '"');
}

/* {source="192.0.2.1",listener="web",transport="udp",log="evidence" */
static void
source_labels(const struct roster_row *r, struct buf *out)
{
	label("{source", r->peer, out);
	label(",listener", r->listener, out);
	label(",transport", r->transport, out);
	label(",log", r->log, out);
	if (r->name[0] != '\0')
		label(",name", r->name, out);
}

static void
sources_text(const struct metrics *m, const struct metric *v, struct buf *out)
{
	const struct roster_row *r = m->sources->row;

	for (; r < m->sources->row + m->sources->n; r++) {
		buf_str(out, v->name);
		source_labels(r, out);
		buf_str(out, "} ");
		value(v, r, out);
		buf_byte(out, '\n');
	}
}

static void
sources_lost_text(const struct metrics *m, struct buf *out)
{
	const struct roster_row *r = m->sources->row;
	size_t k;

	head("konseki_source_lost_total", "counter",
	    "What was lost, refused or delayed of a sender, by kind.", out);
	for (; r < m->sources->row + m->sources->n; r++)
		for (k = 0; k < TALKER_LOSSES; k++) {
			if (gauge_get(&r->lost[k]) == 0)
				continue;
			buf_str(out, "konseki_source_lost_total");
			source_labels(r, out);
			buf_printf(out, ",kind=\"%s\"} %llu\n",
			    gap_name(talker_loss(k)),
			    (unsigned long long)gauge_get(&r->lost[k]));
		}
}

static void
metric_text(const struct metrics *m, const struct metric *v, struct buf *out)
{
	const struct site_listener *l;
	size_t i;

	head(v->name, v->type, v->help, out);
	if (v->scope == SITE) {
		buf_printf(out, "%s ", v->name);
		value(v, m->gauges, out);
		buf_byte(out, '\n');
	}
	if (v->scope == SOURCE)
		sources_text(m, v, out);
	for (i = 0; v->scope == LISTENER && i < GAUGES_SLOTS; i++) {
		if ((l = listener(m, i)) == NULL)
			continue;
		buf_printf(out, "%s{", v->name);
		listener_label(l, out);
		buf_str(out, "} ");
		value(v, &m->gauges->listener[i], out);
		buf_byte(out, '\n');
	}
	for (i = 0; v->scope >= LOG && i < m->site->n_logs; i++) {
		buf_printf(out, "%s{log=\"%s\"} ", v->name,
		    m->site->logs[i].name);
		value(v,
		    v->scope == DISK ? (const void *)&m->disk[i]
				     : (const void *)&m->gauges->writer.log[i],
		    out);
		buf_byte(out, '\n');
	}
}

static void
lost_text(const struct metrics *m, struct buf *out)
{
	const struct site_listener *l;
	size_t i, k;

	head("konseki_listener_lost_total", "counter",
	    "What was lost, refused or delayed, by kind: see the g1 records.",
	    out);
	for (i = 0; i < GAUGES_SLOTS; i++) {
		if ((l = listener(m, i)) == NULL)
			continue;
		for (k = 0; k < GAP_COUNT; k++) {
			if (!gap_is_receivers((unsigned)k))
				continue;
			buf_str(out, "konseki_listener_lost_total{");
			listener_label(l, out);
			buf_printf(out, ",kind=\"%s\"} %llu\n",
			    gap_name((unsigned)k),
			    (unsigned long long)gauge_get(
				&m->gauges->listener[i].lost[k]));
		}
	}
}

void
metrics_text(const struct metrics *m, struct buf *out)
{
	size_t i;

	for (i = 0; i < N_METRICS; i++)
		metric_text(m, &metrics[i], out);
	lost_text(m, out);
	sources_lost_text(m, out);
	head("konseki_process_restarts_total", "counter",
	    "How often a process ended and was made again.", out);
	for (i = 0; i < m->n_children; i++)
		buf_printf(out,
		    "konseki_process_restarts_total{process=\"%s\"} %llu\n",
		    m->children[i],
		    (unsigned long long)gauge_get(
			&m->gauges->parent.restarts[i]));
}

/* --- JSON: the same, by scope ------------------------------------------------
 */

static void
members(enum scope scope, const void *base, struct buf *out)
{
	size_t i;

	for (i = 0; i < N_METRICS; i++) {
		if (metrics[i].scope != scope)
			continue;
		buf_printf(out, ",\"%s\":", metrics[i].name);
		value(&metrics[i], base, out);
	}
}

static void
listener_json(const struct gauges_listener *g, const struct site_listener *l,
    struct buf *out)
{
	bool some = false;
	size_t k;

	buf_str(out, "{\"name\":");
	json_quote(out, span_str(l->name));
	members(LISTENER, g, out);
	buf_str(out, ",\"lost\":{");
	for (k = 0; k < GAP_COUNT; k++) {
		if (gauge_get(&g->lost[k]) == 0)
			continue;
		buf_printf(out, "%s\"%s\":%llu", some ? "," : "",
		    gap_name((unsigned)k),
		    (unsigned long long)gauge_get(&g->lost[k]));
		some = true;
	}
	buf_str(out, "}}");
}

static void
member_str(const char *name, const char *text, struct buf *out)
{
	buf_printf(out, "\"%s\":", name);
	json_quote(out, span_str(text));
}

static void
source_json(const struct roster_row *r, struct buf *out)
{
	bool some = false;
	size_t k;

	member_str("source", r->peer, out);
	buf_byte(out, ',');
	member_str("listener", r->listener, out);
	buf_byte(out, ',');
	member_str("transport", r->transport, out);
	buf_byte(out, ',');
	member_str("log", r->log, out);
	buf_byte(out, ',');
	member_str("name", r->name, out);
	buf_byte(out, ',');
	member_str("why", r->why, out);
	members(SOURCE, r, out);
	buf_str(out, ",\"lost\":{");
	for (k = 0; k < TALKER_LOSSES; k++) {
		if (gauge_get(&r->lost[k]) == 0)
			continue;
		buf_printf(out, "%s\"%s\":%llu", some ? "," : "",
		    gap_name(talker_loss(k)),
		    (unsigned long long)gauge_get(&r->lost[k]));
		some = true;
	}
	buf_byte(out, '}');
}

static void
log_json(const struct metrics *m, size_t i, struct buf *out)
{
	uint64_t sealed = gauge_get(&m->gauges->writer.log[i].sealed);

	buf_str(out, "{\"name\":");
	json_quote(out, span_str(m->site->logs[i].name));
	members(LOG, &m->gauges->writer.log[i], out);
	members(DISK, &m->disk[i], out);
	buf_str(out, ",\"disk\":");
	json_quote(out,
	    span_str(metrics_disk_state(
		(enum disk_state)gauge_get(&m->disk[i].state))));
	if (sealed != 0 && sealed <= m->now)
		buf_printf(out, ",\"seal_age_seconds\":%llu",
		    (unsigned long long)((m->now - sealed) / 1000000));
	buf_byte(out, '}');
}

void
metrics_json(const struct metrics *m, struct buf *out)
{
	const struct site_listener *l;
	bool some = false;
	size_t i;

	buf_printf(out, "{\"at\":%llu.%06u",
	    (unsigned long long)(m->now / 1000000),
	    (unsigned)(m->now % 1000000));
	members(SITE, m->gauges, out);
	buf_str(out, ",\"listeners\":[");
	for (i = 0; i < GAUGES_SLOTS; i++) {
		if ((l = listener(m, i)) == NULL)
			continue;
		buf_str(out, some ? "," : "");
		listener_json(&m->gauges->listener[i], l, out);
		some = true;
	}
	buf_str(out, "],\"sources\":[");
	for (i = 0; i < m->sources->n; i++) {
		buf_str(out, i == 0 ? "{" : ",{");
		source_json(&m->sources->row[i], out);
		buf_byte(out, '}');
	}
	buf_str(out, "],\"logs\":[");
	for (i = 0; i < m->site->n_logs; i++) {
		buf_str(out, i == 0 ? "" : ",");
		log_json(m, i, out);
	}
	buf_str(out, "],\"restarts\":{");
	for (i = 0; i < m->n_children; i++)
		buf_printf(out, "%s\"%s\":%llu", i == 0 ? "" : ",",
		    m->children[i],
		    (unsigned long long)gauge_get(
			&m->gauges->parent.restarts[i]));
	buf_str(out, "}}\n");
}

const char *
metrics_disk_state(enum disk_state s)
{
	static const char *const names[] = { "fine", "warning", "alarm" };

	return s <= DISK_ALARM ? names[s] : "unknown";
}
