/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analyzer/command/case.h"
#include "analyzer/command/command.h"
#include "analyzer/command/events.h"
#include "analyzer/command/role.h"
#include "common/io.h"
#include "common/json.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"
#include "site/client.h"

/*
 * konseki case report: somebody of the staff told of something odd.  It is a
 * record of the evidence log, so that rules may count it, and it is sealed and
 * cited as what devices say.  What may be told is a list, rules/data/signs.csv,
 * that of the guidance.
 */
#define SIGNS "data/signs.csv"
#define TEXT_BYTES 1000u

/* The row behind *rest, cut at its commas.  How many cells; 0: the end. */
static size_t
next_row(struct span *rest, struct span cell[4])
{
	size_t i = 0, from = 0, n = 0;

	if (rest->len == 0)
		return 0;
	for (; i <= rest->len && n < 4; i++) {
		bool end = i == rest->len || rest->p[i] == '\n';

		if (!end && rest->p[i] != ',')
			continue;
		cell[n++] = text_trim(span_sub(*rest, from, i - from));
		from = i + 1;
		if (end)
			break;
	}
	*rest = from < rest->len ? span_sub(*rest, from, rest->len - from)
				 : span_make(NULL, 0);
	return n;
}

static void
say_signs(struct span rows)
{
	struct span cell[4];

	while (next_row(&rows, cell) == 4)
		log_error("  %.*s  %.*s", (int)cell[0].len,
		    (const char *)cell[0].p,
		    (int)(log_lang() == LOG_JA ? cell[1] : cell[2]).len,
		    (const char *)(log_lang() == LOG_JA ? cell[1] : cell[2]).p);
}

/* Whether it is one of the list; says what is wrong. */
static bool
is_sign(const struct case_call *c)
{
	const char *rules = events_rules(c->s);
	struct span rows, cell[4];
	bool found = false;
	char path[4096];
	struct buf b;

	buf_init(&b);
	if (io_join(path, sizeof(path), rules, SIGNS) != 0 ||
	    io_read_file(path, 1 << 20, &b) != 0) {
		log_errno(tr("cannot read %s", "%s を読めません"), path);
		buf_fini(&b);
		return false;
	}
	rows = buf_view(&b);
	(void)next_row(&rows, cell); /* names of the columns */
	for (struct span at = rows; c->sign != NULL && !found &&
	     next_row(&at, cell) == 4;)
		found = span_is(cell[0], c->sign);
	if (!found) {
		log_error("%s",
		    tr("write --sign SIGN, one of:",
			"--sign に次のいずれかを指定してください:"));
		say_signs(rows);
	}
	buf_fini(&b);
	return found;
}

/* A member, escaped; texts are of one line and not too long. */
static bool
put(struct buf *out, const char *name, const char *value)
{
	struct span s = span_str(value == NULL ? "" : value);
	struct buf safe;
	bool plain;

	buf_init(&safe);
	text_escape(s, &safe);
	plain = s.len <= TEXT_BYTES && span_eq(buf_view(&safe), s);
	buf_fini(&safe);
	if (!plain) {
		log_error(tr("'%s' must be plain text of one line, at most %u "
			     "bytes",
			      "「%s」は制御文字を含まない1行、%uバイト以内で指"
			      "定してください"),
		    name, TEXT_BYTES);
		return false;
	}
	buf_printf(out, ",\"%s\":", name);
	json_quote(out, s);
	return true;
}

/* When it was seen, if that was said; the record has when it was told. */
static bool
put_seen(const struct case_call *c, struct buf *out)
{
	char when[UTC_TEXT];
	int64_t at;

	if (c->at == NULL)
		return true;
	if (command_time(c->s, c->at, &at) != 0)
		return false;
	if (at > utc_now()) {
		log_error("%s",
		    tr("--at is in the future", "--at が未来の時刻です"));
		return false;
	}
	buf_printf(out, ",\"seen\":\"%s\"",
	    utc_print(at, c->s->zone, when));
	return true;
}

static int
fail(struct client *client, enum client_err e)
{
	log_error(tr("nothing was recorded: %s %s",
		      "記録できませんでした: %s %s"),
	    client_strerror(e), client == NULL ? "" : client_detail(client));
	return 1;
}

static int
submit(const struct case_call *c, struct span line)
{
	struct client *client = NULL;
	struct client_sealed sealed;
	struct buf words;
	enum client_err e;
	int rc = 0;

	buf_init(&words);
	record_word(&words, "listener", SPAN("staff"));
	record_word(&words, "transport", SPAN("local"));
	record_word(&words, "framing", SPAN("none"));
	record_word(&words, "program", SPAN("konseki-case"));
	e = client_open(&client, c->s->run);
	if (e == CLIENT_OK)
		e = client_stream(client, "evidence", buf_view(&words), NULL);
	if (e == CLIENT_OK)
		e = client_append(client, line, 0);
	if (e == CLIENT_OK)
		e = client_seal(client, "evidence", &sealed);
	if (e != CLIENT_OK)
		rc = fail(client, e);
	else
		printf(tr("recorded and sealed: evidence #%" PRIu64 "\n",
			   "記録し封印しました: 証跡 #%" PRIu64 "\n"),
		    sealed.first);
	buf_fini(&words);
	client_close(client);
	return rc;
}

int
case_report(const struct case_call *c)
{
	struct buf line;
	int rc = 1;

	if (!role_may(c->s, ROLE_ACT_TAKE) || !is_sign(c))
		return 1;
	if (c->name == NULL || c->name[0] == '\0') {
		log_error("%s",
		    tr("write --name NAME: who told of it",
			"--name に申告した人の氏名を指定してください"));
		return 1;
	}
	buf_init(&line);
	buf_str(&line, "{\"konseki\":\"staff-report\",\"sign\":");
	json_quote(&line, span_str(c->sign));
	if (put(&line, "place", c->place) && put(&line, "host", c->about) &&
	    put(&line, "who", c->name) && put(&line, "text", c->comment) &&
	    put_seen(c, &line) &&
	    (c->scope == NULL || put(&line, "scope", c->scope))) {
		buf_byte(&line, '}');
		rc = submit(c, buf_view(&line));
	}
	buf_fini(&line);
	return rc;
}
