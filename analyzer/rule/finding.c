/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/finding.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/hex.h"
#include "common/json.h"
#include "common/sha256.h"
#include "common/utc.h"

static const struct {
	const char *level, *ja, *en;
} severities[] = {
#define SEVERITY(id, level, ja, en) { level, ja, en },
#include "analyzer/rule/severity_tbl.h"
#undef SEVERITY
};

const char *
finding_severity_level(enum finding_severity s)
{
	return severities[s].level;
}

const char *
finding_severity_ja(enum finding_severity s)
{
	return severities[s].ja;
}

const char *
finding_severity_en(enum finding_severity s)
{
	return severities[s].en;
}

int
finding_severity_parse(struct span level, enum finding_severity *s)
{
	size_t i;

	for (i = 0; i < sizeof(severities) / sizeof(severities[0]); i++) {
		if (!span_is(level, severities[i].level))
			continue;
		*s = (enum finding_severity)i;
		return 0;
	}
	return -1;
}

enum finding_severity
finding_severity_raise(enum finding_severity s, unsigned n,
    enum finding_severity cap)
{
	if (s >= cap)
		return s;
	return n >= (unsigned)cap - (unsigned)s
	    ? cap
	    : (enum finding_severity)((unsigned)s + n);
}

/* Lengths go before the texts, so that no two triples hash alike. */
void
finding_identify(struct finding *f)
{
	uint8_t digest[SHA256_LEN];
	struct buf b;

	buf_init(&b);
	buf_printf(&b, "%zu:%s %zu:%s %" PRId64, strlen(f->rule_id), f->rule_id,
	    strlen(f->key), f->key, f->from);
	sha256(buf_view(&b), digest);
	buf_fini(&b);
	hex_print(digest, sizeof(digest), f->id);
	f->id[64] = '\0';
}

static struct finding_number *
add_number(struct finding *f, const char *layer, const char *name,
    const char *unit)
{
	static struct finding_number spare;
	struct finding_number *n = f->n_numbers < FINDING_NUMBERS
	    ? &f->numbers[f->n_numbers++]
	    : &spare;

	n->layer = layer;
	n->name = name;
	n->unit = unit;
	return n;
}

void
finding_count(struct finding *f, const char *layer, const char *name,
    const char *unit, uint64_t value)
{
	struct finding_number *n = add_number(f, layer, name, unit);

	snprintf(n->text, sizeof(n->text), "%" PRIu64, value);
}

void
finding_figure(struct finding *f, const char *layer, const char *name,
    const char *unit, double value, int decimals)
{
	struct finding_number *n = add_number(f, layer, name, unit);

	snprintf(n->text, sizeof(n->text), "%.*f", decimals, value);
}

void
finding_entity(struct finding *f, const char *kind, const char *value,
    const char *label)
{
	size_t i;

	if (value[0] == '\0' || f->n_entities == FINDING_ENTITIES)
		return;
	for (i = 0; i < f->n_entities; i++)
		if (strcmp(f->entities[i].kind, kind) == 0 &&
		    strcmp(f->entities[i].value, value) == 0)
			return;
	f->entities[f->n_entities++] =
	    (struct finding_entity){ kind, value, label };
}

static void
member(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, ",\"%s\":", name);
	json_quote(out, span_str(value));
}

static void
member_time(struct buf *out, const char *name, int64_t usec)
{
	char text[UTC_TEXT];

	member(out, name, utc_print(usec, 0, text));
}

static void
member_hash(struct buf *out, const char *name, const uint8_t hash[32])
{
	char text[65];

	hex_print(hash, 32, text);
	text[64] = '\0';
	member(out, name, text);
}

static void
print_layers(const struct finding *f, struct buf *out)
{
	size_t i;

	buf_str(out, ",\"layers\":[");
	for (i = 0; i < f->n_layers; i++) {
		buf_printf(out, "%s{\"code\":", i > 0 ? "," : "");
		json_quote(out, span_str(f->layers[i].code));
		member(out, "title_ja", f->layers[i].title_ja);
		member(out, "title_en", f->layers[i].title_en);
		member(out, "severity",
		    severities[f->layers[i].severity].level);
		buf_byte(out, '}');
	}
	buf_str(out, "],\"attack\":[");
	for (i = 0; i < f->n_attack; i++) {
		if (i > 0)
			buf_byte(out, ',');
		json_quote(out, span_str(f->attack[i]));
	}
	buf_byte(out, ']');
}

static void
print_numbers(const struct finding *f, struct buf *out)
{
	size_t i;

	buf_str(out, ",\"numbers\":[");
	for (i = 0; i < f->n_numbers; i++) {
		buf_printf(out, "%s{\"name\":", i > 0 ? "," : "");
		json_quote(out, span_str(f->numbers[i].name));
		buf_printf(out, ",\"value\":%s", f->numbers[i].text);
		if (f->numbers[i].unit[0] != '\0')
			member(out, "unit", f->numbers[i].unit);
		if (f->numbers[i].layer[0] != '\0')
			member(out, "layer", f->numbers[i].layer);
		buf_byte(out, '}');
	}
	buf_str(out, "],\"entities\":[");
	for (i = 0; i < f->n_entities; i++) {
		buf_printf(out, "%s{\"kind\":", i > 0 ? "," : "");
		json_quote(out, span_str(f->entities[i].kind));
		member(out, "value", f->entities[i].value);
		member(out, "label", f->entities[i].label);
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

static void
print_cites(const struct finding *f, struct buf *out)
{
	size_t i;

	buf_printf(out, ",\"evidence\":{\"records\":%" PRIu64, f->n_evidence);
	if (f->n_evidence > 0)
		buf_printf(out, ",\"first\":%" PRIu64 ",\"last\":%" PRIu64,
		    f->index_first, f->index_last);
	buf_str(out, ",\"cited\":[");
	for (i = 0; i < f->n_cites; i++) {
		buf_printf(out, "%s{\"origin\":", i > 0 ? "," : "");
		json_quote(out, span_str(f->cites[i].origin));
		buf_printf(out, ",\"index\":%" PRIu64, f->cites[i].index);
		member_hash(out, "leaf", f->cites[i].leaf);
		member_time(out, "time", f->cites[i].time);
		buf_byte(out, '}');
	}
	buf_str(out, "]}");
}

void
finding_print_json(const struct finding *f, struct buf *out)
{
	static const char *const kinds[] = { "alert", "sheet", "unknown" };

	buf_str(out, "{\"id\":");
	json_quote(out, span_str(f->id));
	member(out, "kind", kinds[f->kind]);
	member(out, "rule", f->rule);
	member(out, "rule_id", f->rule_id);
	member(out, "version", f->version);
	member(out, "title_ja", f->title_ja);
	member(out, "title_en", f->title_en);
	member(out, "severity", severities[f->severity].level);
	member(out, "severity_ja", severities[f->severity].ja);
	member(out, "first_to", f->first_to);
	member(out, "key", f->key);
	member_time(out, "from", f->from);
	member_time(out, "until", f->until);
	member_time(out, "first", f->first);
	buf_printf(out, ",\"replay\":%s", f->replay ? "true" : "false");
	print_layers(f, out);
	print_numbers(f, out);
	print_cites(f, out);
	member(out, "what_ja", f->what_ja);
	member(out, "what_en", f->what_en);
	member(out, "why_ja", f->why_ja);
	member(out, "why_en", f->why_en);
	member(out, "do_ja", f->do_ja);
	member(out, "do_en", f->do_en);
	member_hash(out, "rules", f->rules_sha256);
	member_hash(out, "ledgers", f->ledgers_sha256);
	member_hash(out, "calendar", f->calendar_sha256);
	buf_str(out, "}\n");
}
