/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/guess.h"

#define KINDS 8192 /* a power of two */
#define SEVERAL (UINT16_MAX - 1)
#define FAR 12 /* bytes of a message: "%ASA-6-30201", "date=2026-11" */
#define NEAR 5 /* and where these are not known */

/* A way to begin; two of the same 64 bits would only be a worse guess. */
struct entry {
	uint64_t kind; /* 0: none */
	uint16_t format;
};

struct guess {
	uint32_t n;
	struct entry entry[KINDS]; /* open addressing */
};

static uint64_t
mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

/* Up to eight bytes, all digits as 0. */
static uint64_t
eight(const uint8_t *p, size_t n)
{
	uint64_t v, other;

	v = span_load(p, n < 8 ? n : 8);
	/* Of each byte the high bit: it is no digit. */
	other = v ^ 0x3030303030303030u;
	other =
	    (((other & 0x7f7f7f7f7f7f7f7fu) + 0x7676767676767676u) | other) &
	    0x8080808080808080u;
	return v & ~(((~other & 0x8080808080808080u) >> 7) * 0x0fu);
}

static uint64_t
kind_of_app(struct span app)
{
	uint64_t k = app.len;

	if (app.len > 0)
		k = mix(k, eight(app.p, app.len));
	return app.len > 8 ? mix(k, eight(app.p + app.len - 8, 8)) : k;
}

static struct span
message(const struct header *h)
{
	return h->body[h->app.len > 0 ? HEADER_TAG : HEADER_HOST];
}

static uint64_t
kind(uint64_t k, struct span s, size_t max)
{
	s = span_sub(s, 0, max);
	k = mix(k, max);
	if (s.len > 0)
		k = mix(k, eight(s.p, s.len));
	if (s.len > 8)
		k = mix(k, eight(s.p + 8, s.len - 8));
	return k | 1;
}

/* Where it stands, or would. */
static uint32_t
place(const struct guess *g, uint64_t kind)
{
	uint32_t at = (uint32_t)(kind >> 40) & (KINDS - 1);

	while (g->entry[at].kind != 0 && g->entry[at].kind != kind)
		at = (at + 1) & (KINDS - 1);
	return at;
}

static void
learn(struct guess *g, uint64_t kind, size_t format)
{
	struct entry *e = &g->entry[place(g, kind)];

	if (e->kind == kind) {
		if (e->format != format)
			e->format = SEVERAL;
	} else if (g->n < KINDS / 2) {
		g->n++;
		*e = (struct entry){ kind, (uint16_t)format };
	}
}

static void
learn_example(struct guess *g, size_t format, struct span raw)
{
	struct header h;
	uint64_t app;

	header_parse(raw, &h);
	app = kind_of_app(h.app);
	learn(g, kind(app, message(&h), FAR), format);
	learn(g, kind(app, message(&h), NEAR), format);
}

struct guess *
guess_make(struct arena *a, struct format *const *format, size_t n)
{
	struct guess *g = arena_alloc(a, sizeof(*g));
	const struct yaml_node *example, *raw;
	size_t i;

	for (i = 0; i < n; i++) {
		example = format[i]->last ? NULL : format[i]->examples->first;
		for (; example != NULL; example = example->next) {
			raw = yaml_get(example, "raw");
			if (raw != NULL && yaml_get(example, "unknown") == NULL)
				learn_example(g, i, raw->text);
		}
	}
	return g;
}

uint16_t
guess_format(const struct guess *g, const struct header *h)
{
	uint64_t app = kind_of_app(h->app);
	const struct entry *e = &g->entry[place(g, kind(app, message(h), FAR))];

	if (e->kind == 0)
		e = &g->entry[place(g, kind(app, message(h), NEAR))];
	return e->kind != 0 && e->format != SEVERAL ? e->format : GUESS_NONE;
}
