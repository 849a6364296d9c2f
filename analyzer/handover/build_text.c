/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/handover/build_priv.h"
#include "common/hex.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/bag.h"
#include "evidence/epoch.h"

/* Lines of the files in analyzer/handover/text, as the Makefile quotes them. */
static const char *const readme_ja[] = {
#include "readme-ja.inc"
	NULL
};
static const char *const readme_en[] = {
#include "readme-en.inc"
	NULL
};
static const char *const verify_sh[] = {
#include "verify-sh.inc"
	NULL
};

/* What stands between two @ in a text. */
struct filling {
	const char *name;
	struct buf value;
};

enum {
	FILL_ORIGIN,
	FILL_SITE,
	FILL_NAME,
	FILL_KIND,
	FILL_CREATED,
	FILL_RECORDS,
	FILL_TIMES,
	FILL_SIZE,
	FILL_WHY,
	FILL_AUTHORITY,
	FILL_FOR,
	FILL_CMS,
	FILL_EPOCH,
	FILL_BUILD,
	FILL_COUNT
};

static const char *const fill_names[FILL_COUNT] = { "ORIGIN", "SITE", "NAME",
	"KIND", "CREATED", "RECORDS", "TIMES", "SIZE", "WHY", "AUTHORITY",
	"FOR", "CMS", "EPOCH", "BUILD" };

/* What begins a line that only packages of that kind have. */
static const char *const kind_marks
    [] = { [PACKAGE_WHOLE] = "@WHOLE@", [PACKAGE_EXCERPT] = "@EXCERPT@" };

static void
kind_print(const struct built *b, bool ja, struct buf *out)
{
	const struct package *p = &b->package;

	if (p->kind == PACKAGE_WHOLE) {
		buf_printf(out,
		    ja ? "セグメント全体（%" PRIu64 "個）"
		       : "whole segments (%" PRIu64 ")",
		    b->segments);
		return;
	}
	buf_printf(out,
	    ja ? "抜粋（本文あり%" PRIu64 "件、本文なし%" PRIu64 "件"
	       : "an excerpt (%" PRIu64 " records with their content, %" PRIu64
		 " without",
	    p->shown, p->withheld);
	if (b->hidden > 0)
		buf_printf(out,
		    ja ? "、ハッシュ値のみ%" PRIu64 "件"
		       : ", %" PRIu64 " only as hashes",
		    b->hidden);
	buf_str(out, ja ? "）" : ")");
}

void
built_print_what(const struct built *b, bool ja, int zone, struct buf *out)
{
	kind_print(b, ja, out);
	gone_print(&b->gone, ja, zone, out);
}

static void
fill_make(const struct building *g, bool ja, struct buf v[FILL_COUNT])
{
	const struct package *p = &g->b->package;
	char a[UTC_TEXT], b[UTC_TEXT];
	int zone = g->o->site->zone;

	buf_span(&v[FILL_ORIGIN], p->origin);
	buf_str(&v[FILL_SITE],
	    *g->o->site->name != '\0' ? g->o->site->name : "-");
	buf_str(&v[FILL_NAME], buf_cstr(&g->b->name));
	built_print_what(g->b, ja, zone, &v[FILL_KIND]);
	buf_str(&v[FILL_CREATED], utc_print((int64_t)p->created, zone, a));
	buf_printf(&v[FILL_RECORDS], "%" PRIu64 "-%" PRIu64, p->first, p->last);
	buf_printf(&v[FILL_TIMES], "%s - %s",
	    utc_print((int64_t)g->b->low, zone, a),
	    utc_print((int64_t)g->b->high, zone, b));
	buf_printf(&v[FILL_SIZE], "%" PRIu64, p->size);
	buf_span(&v[FILL_WHY], p->why);
	buf_span(&v[FILL_AUTHORITY], p->authority);
	buf_span(&v[FILL_FOR], p->recipient);
	buf_str(&v[FILL_CMS],
	    *g->o->certificate != '\0' ? (ja ? "あり" : "yes")
				       : (ja ? "なし" : "no"));
	buf_printf(&v[FILL_EPOCH], "%" PRIu32, g->shelf.log.seconds);
	buf_str(&v[FILL_BUILD], PACKAGE_STRING);
}

/* A line with its @NAMES@ filled in; any other @ stays. */
static void
line_fill(const char *line, const struct buf v[FILL_COUNT], struct buf *out)
{
	size_t len, i;

	while (*line != '\0') {
		for (i = 0; *line == '@' && i < FILL_COUNT; i++) {
			len = strlen(fill_names[i]);
			if (strncmp(line + 1, fill_names[i], len) == 0 &&
			    line[len + 1] == '@')
				break;
		}
		if (*line == '@' && i < FILL_COUNT) {
			buf_span(out, buf_view(&v[i]));
			line += strlen(fill_names[i]) + 2;
		} else
			buf_byte(out, (uint8_t)*line++);
	}
	buf_byte(out, '\n');
}

/* The line without its mark; NULL if it is for packages of another kind. */
static const char *
line_of(const char *line, size_t kind)
{
	size_t len;

	for (size_t i = 0; i < sizeof(kind_marks) / sizeof(*kind_marks); i++) {
		len = strlen(kind_marks[i]);
		if (strncmp(line, kind_marks[i], len) == 0)
			return i == kind ? line + len : NULL;
	}
	return line;
}

static int
text_put(struct building *g, const char *path, const char *const *lines,
    bool ja)
{
	struct buf v[FILL_COUNT], out;
	const char *line;
	size_t i;
	int rc;

	buf_init(&out);
	for (i = 0; i < FILL_COUNT; i++)
		buf_init(&v[i]);
	fill_make(g, ja, v);
	for (; *lines != NULL; lines++)
		if ((line = line_of(*lines, g->b->package.kind)) != NULL)
			line_fill(line, v, &out);
	rc = pack_put(g->pack, path, buf_view(&out), g->why);
	for (i = 0; i < FILL_COUNT; i++)
		buf_fini(&v[i]);
	buf_fini(&out);
	return rc;
}

static int
keys_put(struct building *g)
{
	const struct logfile *l = &g->shelf.log;
	char r[2 * SHA256_LEN];
	struct buf log, hand, root;
	int rc;

	buf_init(&log);
	buf_init(&hand);
	buf_init(&root);
	note_key_print(&l->key, &log);
	buf_byte(&log, '\n');
	note_key_print(&g->key.public, &hand);
	buf_byte(&hand, '\n');
	hex_print(l->r, SHA256_LEN, r);
	buf_append(&root, r, sizeof(r));
	buf_byte(&root, '\n');
	rc = pack_put(g->pack, "data/keys/log.vkey", buf_view(&log), g->why) ==
		    0 &&
		pack_put(g->pack, "data/keys/handover.vkey", buf_view(&hand),
		    g->why) == 0 &&
		pack_put(g->pack, "data/keys/epoch-root", buf_view(&root),
		    g->why) == 0
	    ? 0
	    : -1;
	buf_fini(&log);
	buf_fini(&hand);
	buf_fini(&root);
	return rc;
}

/* Who else vouches for the log, as the site is set up. */
static int
policy_put(struct building *g)
{
	const struct site *site = g->o->site;
	struct buf out;
	size_t i;
	int rc;

	buf_init(&out);
	buf_printf(&out,
	    "ev1 policy\norigin %s\ncheckpoint log-key epoch-key\n",
	    g->o->log->origin);
	for (i = 0; i < site->anchor.n_witnesses; i++)
		buf_printf(&out, "witness %s\n",
		    site->anchor.witnesses[i].vkey);
	for (i = 0; i < site->anchor.n_tsas; i++)
		buf_printf(&out, "tsa %s\n", site->anchor.tsas[i].url);
	rc = pack_put(g->pack, "data/keys/policy", buf_view(&out), g->why);
	buf_fini(&out);
	return rc;
}

int
build_text(struct building *g)
{
	struct buf out;
	int rc;

	buf_init(&out);
	package_print(&g->b->package, &out);
	rc = pack_put(g->pack, "data/package.txt", buf_view(&out), g->why);
	buf_fini(&out);
	if (rc != 0 || keys_put(g) != 0 || policy_put(g) != 0 ||
	    pack_put(g->pack, "data/custody/custody.jsonl", g->o->custody,
		g->why) != 0 ||
	    text_put(g, "README.ja.txt", readme_ja, true) != 0 ||
	    text_put(g, "README.en.txt", readme_en, false) != 0 ||
	    text_put(g, "verify.sh", verify_sh, false) != 0)
		return -1;
	return pack_executable(g->pack, "verify.sh", g->why);
}

static void
info_line(struct buf *out, const char *label, struct span value)
{
	if (value.len > 0)
		(void)bag_info_print(label, value,
		    out); /* what cannot stand there stands in package.txt */
}

void
build_info(const struct building *g, struct buf *out)
{
	const struct package *p = &g->b->package;
	char date[UTC_TEXT];
	struct buf id;

	buf_init(&id);
	info_line(out, "Source-Organization", span_str(g->o->site->name));
	utc_print((int64_t)p->created, g->o->site->zone, date);
	info_line(out, "Bagging-Date", span_make(date, strlen("2026-11-26")));
	buf_printf(&id, "%.*s %" PRIu64 "-%" PRIu64, (int)p->origin.len,
	    (const char *)p->origin.p, p->first, p->last);
	info_line(out, "External-Identifier", buf_view(&id));
	info_line(out, "External-Description", p->why);
	info_line(out, "Bag-Software-Agent", SPAN(PACKAGE_STRING));
	buf_fini(&id);
}
