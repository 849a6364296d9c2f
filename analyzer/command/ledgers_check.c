/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* konseki ledgers check: a look at ledgers before they count. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/command/command.h"
#include "analyzer/command/inputs.h"
#include "analyzer/command/ledgers.h"
#include "analyzer/report/ledger_view.h"
#include "common/log.h"
#include "common/utc.h"

#define PROBLEMS 10000 /* that are told one by one */
#define JAPAN (9 * 3600)

/* What was read and what is to be shown of it. */
struct checking {
	struct arena *arena;
	struct site *site; /* NULL: files alone */
	struct ledger_bytes in;
	struct buf bytes[LEDGER_COUNT];
	bool shown[LEDGER_COUNT];
	struct problems ps;
	int64_t today;
	int zone;
};

static void
take(struct checking *k, enum ledger l, const char *name)
{
	*ledger_bytes_of(&k->in, l) = buf_view(&k->bytes[l]);
	k->in.names[l] = name;
}

/* Those of the site; where files are named they are only looked up. */
static void
read_site(struct checking *k, bool shown)
{
	const char *path[LEDGER_COUNT], *name;
	size_t i;

	inputs_ledgers(k->site, path);
	for (i = 0; i < LEDGER_COUNT; i++) {
		if (k->bytes[i].len > 0 || *path[i] == '\0' ||
		    ledger_file_read(path[i], k->arena, &k->bytes[i], &name,
			&k->ps) != 1)
			continue;
		take(k, (enum ledger)i, name);
		k->shown[i] = shown;
	}
}

/* Words for --as of the other ledgers that know at least so many columns. */
static const char *
others(const struct checking *k, const struct outline_guess *g, size_t least)
{
	struct buf b;
	const char *words;
	size_t i;

	buf_init(&b);
	for (i = 0; i < LEDGER_COUNT; i++)
		if (i != (size_t)g->ledger && g->known[i] >= least)
			buf_printf(&b, "%s%s", b.len > 0 ? ", " : "",
			    ledger_word((enum ledger)i));
	words = arena_str(k->arena, buf_view(&b));
	buf_fini(&b);
	return words;
}

/* A guess that may be wrong is said, else columns are lost in silence. */
static void
say_guess(struct checking *k, const struct outline_guess *g, const char *name)
{
	struct problem_at at = { .file = name };
	const char *also = others(k, g, 1);

	if (*also != '\0')
		problems_notice(&k->ps, &at,
		    tr("read as %s; the header fits %s too: if that is meant, "
		       "name it with --as",
			"%s として読み取りました。見出しは %s にも当てはまりま"
			"す。違う場合は--asで指定してください"),
		    ledger_word(g->ledger), also);
	if (g->unused > 0)
		problems_notice(&k->ps, &at,
		    tr("read as %s, which does not use %zu columns of the "
		       "header: if another ledger is meant, name it with --as",
			"%s として読み取りました。見出しのうち%zu列は使われま"
			"せん。別の台帳であれば--asで指定してください"),
		    ledger_word(g->ledger), g->unused);
}

static int
find_ledger(struct checking *k, struct span bytes, const char *path,
    const char *name, enum ledger *l)
{
	struct outline_guess g;

	if (outline_guess(bytes, name, &g) == 0) {
		say_guess(k, &g, name);
		*l = g.ledger;
		return 0;
	}
	if (g.tie)
		log_error(tr("%s: the header fits %s, %s alike; name the "
			     "ledger with --as",
			      "%s: 見出しが %s, %s に同じように当てはまりま"
			      "す。--asで台帳を指定してください"),
		    path, ledger_word(g.ledger),
		    others(k, &g, g.known[g.ledger]));
	else
		log_error(tr("%s: no ledger has such a header; name it with "
			     "--as, or correct the header",
			      "%s: どの台帳の見出しとも一致しません。--asで台帳"
			      "を指定するか、見出しを直してください"),
		    path);
	return -1;
}

static int
read_file(struct checking *k, const char *path, const char *as)
{
	const char *name;
	enum ledger l;
	struct buf b;
	int rc;

	buf_init(&b);
	rc = ledger_file_read(path, k->arena, &b, &name, &k->ps);
	if (rc == 0)
		log_error(tr("there is no file %s", "ファイル %s がありませ"
						    "ん"),
		    path);
	else if (rc == 1 && as != NULL &&
	    ledger_parse_name(span_str(as), &l) == -1) {
		log_error(tr("there is no ledger '%s'",
			      "台帳「%s」はありません"),
		    as);
		rc = 0;
	} else if (rc == 1 && as == NULL &&
	    find_ledger(k, buf_view(&b), path, name, &l) == -1) {
		rc = 0;
	} else if (rc == 1 && k->bytes[l].len > 0) {
		log_error(tr("%s: two files are the ledger %s",
			      "%s: 台帳 %s のファイルが二つあります"),
		    path, ledger_name(l));
		rc = 0;
	} else if (rc == 1) {
		buf_span(&k->bytes[l], buf_view(&b));
		take(k, l, name);
		k->shown[l] = true;
	}
	buf_fini(&b);
	return rc == 0 ? -1 : 0;
}

static int
show(struct checking *k, struct ledgers_call *c)
{
	struct outline *v = arena_alloc(k->arena,
	    LEDGER_COUNT * sizeof(*v));
	struct ledger_view view = { .v = v,
		.ps = &k->ps,
		.rows = c->rows,
		.today = k->today,
		.site = k->site != NULL ? k->site->name : "" };
	struct problems own;
	struct buf out;
	size_t i;
	int rc = 0;

	for (i = 0; i < LEDGER_COUNT; i++) {
		if (!k->shown[i])
			continue;
		problems_init(&own); /* they are in ps already */
		outline_read(&v[view.n++], (enum ledger)i,
		    *ledger_bytes_of(&k->in, (enum ledger)i), k->in.names[i],
		    k->arena, &own);
		problems_fini(&own);
	}
	buf_init(&out);
	if (c->html) {
		ledger_view_html(&view, &out);
		rc = ledgers_write(c, k->site, "ledgers-check.html", &out);
	} else {
		ledger_view_text(&view, &out);
		fwrite(out.p, 1, out.len, stdout);
	}
	buf_fini(&out);
	return rc;
}

/* Problems of files that could not be read at all belong to no ledger. */
static void
say_unread(const struct checking *k)
{
	struct buf line;
	size_t i;

	buf_init(&line);
	for (i = 0; i < k->ps.n; i++) {
		line.len = 0;
		problem_print(&k->ps.v[i], &line);
		log_error("%s", buf_cstr(&line));
	}
	buf_fini(&line);
}

static int
check(struct checking *k, struct ledgers_call *c)
{
	size_t i, bad = 0;

	for (i = 0; i < c->narg; i++)
		bad += read_file(k, c->arg[i], c->as) != 0;
	if (bad > 0)
		return 1;
	if (k->site != NULL)
		read_site(k, c->narg == 0);
	if (k->ps.errors > 0) {
		say_unread(k);
		return 1;
	}
	ledgers_free(ledgers_parse(&k->in, k->today, k->zone, &k->ps));
	if (show(k, c) != 0)
		return 1;
	return k->ps.errors > 0 ? 1 : 0;
}

int
ledgers_check(struct ledgers_call *c)
{
	struct checking k = { .zone = JAPAN };
	size_t i;
	int rc;

	if (c->as != NULL && c->narg != 1)
		return 2;
	if (c->narg == 0 || c->site != NULL) {
		if ((k.site = command_site(c->site)) == NULL)
			return 1;
		k.zone = k.site->zone;
		command_page_lang(k.site, NULL);
	}
	k.today = (utc_now() + k.zone * UTC_SECOND) / UTC_DAY;
	k.arena = arena_new();
	problems_init(&k.ps);
	k.ps.max = PROBLEMS;
	for (i = 0; i < LEDGER_COUNT; i++)
		buf_init(&k.bytes[i]);
	rc = check(&k, c);
	for (i = 0; i < LEDGER_COUNT; i++)
		buf_fini(&k.bytes[i]);
	problems_fini(&k.ps);
	arena_free(k.arena);
	site_free(k.site);
	return rc;
}
