/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/cover.h"

#include <string.h>
#include <strings.h>

#include "analyzer/ledger/address.h"

#define ALL_NAMED 24 /* entities of a finding: there may be more than these */

/* What is looked for, taken apart. */
struct sought {
	const char *kind; /* "" = any */
	size_t kind_len;
	const char *value;
	bool is_net; /* an address or a network, too */
	struct prefix net;
};

bool
cover_says(const struct cover *c)
{
	return (*c->rule != '\0' && strcmp(c->rule, "*") != 0) ||
	    *c->about != '\0';
}

bool
cover_rule(const char *pattern, const char *code)
{
	size_t len = strlen(pattern);

	if (len > 0 && pattern[len - 1] == '*')
		return strncmp(pattern, code, len - 1) == 0;
	return strcmp(pattern, code) == 0;
}

static struct sought
take_apart(const char *about)
{
	static const char *const kinds[] = { "host", "user", "ip", "device" };
	struct sought s = { .kind = "", .value = about };
	size_t i, len;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		len = strlen(kinds[i]);
		if (strncmp(about, kinds[i], len) == 0 && about[len] == '=') {
			s.kind = kinds[i];
			s.kind_len = len;
			s.value = about + len + 1;
		}
	}
	s.is_net = prefix_parse(span_str(s.value), &s.net) == 0;
	return s;
}

/* Spreadsheets drop the zeros in front of a number. */
static const char *
number(const char *s)
{
	if (strspn(s, "0123456789") != strlen(s))
		return s;
	while (*s == '0' && s[1] != '\0')
		s++;
	return s;
}

static bool
is_meant(const struct sought *s, const struct casebook_entity *e)
{
	struct address a;

	if (*s->kind != '\0' && strcmp(s->kind, e->kind) != 0)
		return false;
	if (strcasecmp(number(s->value), number(e->value)) == 0)
		return true;
	return s->is_net && address_parse(span_str(e->value), &a) == 0 &&
	    prefix_holds(&s->net, &a);
}

static bool
is_destination(const struct casebook_entity *e)
{
	return strcmp(e->label, "destination") == 0;
}

static bool
is_about(const char *about, const struct casebook_finding *f)
{
	const struct sought s = take_apart(about);
	bool to = false, elsewhere = false;
	size_t i;

	for (i = 0; i < f->n_entities; i++) {
		if (!is_meant(&s, &f->entities[i]))
			elsewhere |= is_destination(&f->entities[i]);
		else if (is_destination(&f->entities[i]))
			to = true;
		else
			return true;
	}
	return to && !elsewhere && f->n_entities < ALL_NAMED;
}

bool
cover_holds(const struct cover *c, const struct casebook_finding *f)
{
	return cover_says(c) && f->severity <= c->most &&
	    (*c->rule == '\0' || cover_rule(c->rule, f->rule)) &&
	    (*c->about == '\0' || is_about(c->about, f));
}
