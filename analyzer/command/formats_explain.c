/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/formats_explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/command/events.h"
#include "analyzer/command/formats.h"
#include "common/log.h"
#include "common/utc.h"

/* konseki formats explain: what a line becomes, byte by byte, and why. */

struct explained {
	const struct formats_call *call;
	struct formats *formats;
	struct arena *arena;
	struct buf out;
	struct event event;
	struct explain x;
	size_t n;
};

const char *
formats_explain_file(const struct format *f)
{
	const char *slash = strrchr(f->file, '/');

	return slash == NULL ? f->file : slash + 1;
}

const char *
formats_explain_keys(const struct step *s)
{
	if (s->kind == STEP_KV || s->kind == STEP_PAIRS)
		return tr(": it has none of the keys that the file uses",
		    "（書式ファイルが使うキーが1つもありません）");
	return "";
}

const char *
formats_explain_head(uint16_t slot)
{
	switch (slot) {
	case SLOT_SYSLOG_PRI:
		return ecs_name(ECS_SYSLOG_PRIORITY);
	case SLOT_SYSLOG_HOST:
		return ecs_name(ECS_SYSLOG_HOSTNAME);
	case SLOT_SYSLOG_APP:
		return ecs_name(ECS_SYSLOG_APPNAME);
	case SLOT_SYSLOG_PID:
		return ecs_name(ECS_SYSLOG_PROCID);
	case SLOT_SYSLOG_MSGID:
		return ecs_name(ECS_SYSLOG_MSGID);
	default:
		return NULL;
	}
}

static void
explain(struct explained *e, struct span line)
{
	struct format_hints hints = { .zone = e->call->zone,
		.format = e->call->format,
		.now = utc_now() };

	arena_reset(e->arena);
	memset(&e->event, 0, sizeof(e->event));
	e->event.message = line;
	explain_line(&e->x, e->formats, &e->event, e->arena, &hints);
	e->out.len = 0;
	if (e->call->json)
		formats_explain_json(&e->x, &e->out);
	else {
		if (e->n++ > 0)
			buf_byte(&e->out, '\n');
		formats_explain_text(&e->x, e->call->zone, &e->out);
	}
	fwrite(e->out.p, 1, e->out.len, stdout);
}

/* Each line of standard input. */
static int
explain_all(struct explained *e, FILE *in)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	while ((len = getline(&line, &cap, in)) != -1) {
		if (len > 0 && line[len - 1] == '\n')
			len--;
		explain(e, span_make(line, (size_t)len));
	}
	free(line);
	return ferror(in);
}

int
formats_explain(struct formats_call *c)
{
	struct explained *e = calloc(1, sizeof(*e));
	int status = 1;
	size_t i;

	if (e == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	e->call = c;
	e->formats = formats_called(c);
	e->arena = arena_new();
	buf_init(&e->out);
	if (e->formats == NULL ||
	    events_check_format(e->formats, c->format) != 0)
		goto release;
	status = 0;
	for (i = 0; i < c->narg; i++)
		explain(e, span_str(c->arg[i]));
	if (c->narg == 0)
		status = explain_all(e, stdin);
	if (fflush(stdout) != 0 || status != 0) {
		log_errno("%s",
		    tr("cannot read or write", "読み書きできません"));
		status = 1;
	}
release:
	buf_fini(&e->out);
	arena_free(e->arena);
	formats_free(e->formats);
	free(e);
	return status;
}
