/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/policy.h"

#include "verify/match.h"

#define SECONDS_MAX UINT64_C(253402300799) /* the year 9999 */

/* The next item of a line; empty at its end. */
static struct span
item(struct span *line)
{
	size_t from = 0, to;
	struct span s;

	while (from < line->len && strchr(" \t", line->p[from]) != NULL)
		from++;
	for (to = from; to < line->len && strchr(" \t", line->p[to]) == NULL;)
		to++;
	s = span_sub(*line, from, to - from);
	*line = span_sub(*line, to, line->len);
	return s;
}

/* The member of that name, or p->n. */
static size_t
find(const struct policy *p, struct span name)
{
	size_t i = 0;

	while (i < p->n &&
	    (p->member[i].kind == 'l' || !span_eq(p->member[i].name, name)))
		i++;
	return i;
}

/* "<vkey> [<url>]", a key that no other has. */
static bool
take_key(struct policy *p, struct span line, uint8_t type)
{
	struct policy_member *m = &p->member[p->n];

	if (signed_key_parse(item(&line), &m->key) != 0 || m->key.type != type)
		return false;
	for (size_t i = 1; i < p->n; i++)
		if (p->member[i].kind == m->kind &&
		    memcmp(p->member[i].key.key, m->key.key, 32) == 0)
			return false;
	item(&line);
	return item(&line).len == 0;
}

/* "<k|any|all> <name>...", of members that are in no other group. */
static bool
take_group(struct policy *p, struct span line)
{
	struct span s, need = item(&line);
	uint64_t n = 0, *k = &p->member[p->n].need;

	for (; (s = item(&line)).len > 0; n++) {
		size_t i = find(p, s);

		if (i == 0 || i == p->n || p->member[i].group != 0)
			return false;
		p->member[i].group = p->n;
	}
	if (span_is(need, "any"))
		*k = 1;
	else if (span_is(need, "all"))
		*k = n;
	else if (match_number(need, k) != need.len)
		return false;
	return *k >= 1 && *k <= n;
}

static bool
take_line(struct policy *p, struct span line)
{
	struct policy_member *m = &p->member[p->n];
	struct span s = line;
	bool good;

	for (size_t i = 0; i < s.len; i++)
		if ((s.p[i] < ' ' && s.p[i] != '\t') || s.p[i] == 0x7f)
			return false;
	s = item(&line);
	if (s.len == 0 || s.p[0] == '#')
		return true;
	if (span_is(s, "quorum")) {
		p->quorum = find(p, item(&line));
		good = !p->ended && p->quorum < p->n;
		p->ended = true;
		return good && item(&line).len == 0;
	}
	if (p->n == POLICY_MEMBERS)
		return false;
	m->kind = (char)s.p[0];
	if (span_is(s, "log"))
		good = take_key(p, line, SIGNED_ED25519);
	else {
		m->name = item(&line);
		good = m->name.len > 0 && find(p, m->name) == p->n &&
		    (span_is(s, "witness")
			    ? take_key(p, line, SIGNED_COSIGNATURE)
			    : span_is(s, "group") && take_group(p, line));
	}
	p->n++;
	return good;
}

unsigned
policy_parse(struct span in, struct policy *p)
{
	unsigned line = 1;
	struct span s;

	memset(p, 0, sizeof(*p));
	p->member[p->n++].name = SPAN("none");
	for (; in.len > 0; line++) {
		const uint8_t *lf = memchr(in.p, '\n', in.len);

		s = span_sub(in, 0, lf == NULL ? in.len : (size_t)(lf - in.p));
		in = span_sub(in, s.len + 1, in.len);
		if (!take_line(p, s))
			return line;
	}
	return p->ended ? 0 : line;
}

bool
policy_covers(const struct policy *p, const struct signed_key *log)
{
	const struct signed_key *k;
	bool any = false;

	for (size_t i = 1; i < p->n; i++) {
		if (p->member[i].kind != 'l')
			continue;
		any = true;
		k = &p->member[i].key;
		if (strcmp(k->name, log->name) == 0 &&
		    memcmp(k->key, log->key, sizeof(k->key)) == 0)
			return true;
	}
	return !any;
}

/* When that witness cosigned first, in seconds, or UINT64_MAX. */
static uint64_t
cosigned(const struct signed_note *n, const struct signed_key *k)
{
	uint64_t first = UINT64_MAX, time;

	for (size_t i = 0; i < n->n; i++)
		if (signed_check(n, i, k, &time) == SAY_NONE && time < first)
			first = time;
	return first <= SECONDS_MAX ? first : UINT64_MAX;
}

/* When the group had as many of its members as it needs. */
static uint64_t
complete(const struct policy *p, size_t group, const uint64_t *at)
{
	uint64_t first = UINT64_MAX, n;

	for (size_t i = 1; i < group; i++) {
		if (p->member[i].group != group || at[i] >= first)
			continue;
		n = 0;
		for (size_t j = 1; j < group; j++)
			n += p->member[j].group == group && at[j] <= at[i];
		if (n >= p->member[group].need)
			first = at[i];
	}
	return first;
}

/* Members stand before their group. */
bool
policy_met(const struct policy *p, const struct signed_note *n, uint64_t *time)
{
	uint64_t at[POLICY_MEMBERS];

	for (size_t i = 1; i <= p->quorum; i++)
		at[i] = p->member[i].kind == 'w'
		    ? cosigned(n, &p->member[i].key)
		    : p->member[i].kind == 'g' ? complete(p, i, at)
					       : UINT64_MAX;
	if (p->quorum == 0 || at[p->quorum] == UINT64_MAX)
		return false;
	*time = at[p->quorum] * 1000000;
	return true;
}
