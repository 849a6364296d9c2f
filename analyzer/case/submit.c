/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/submit.h"

#include <stdlib.h>

#include "analyzer/case/entry.h"
#include "common/log.h"
#include "site/client.h"

struct submit {
	struct client *client;
	const char *program; /* until the stream is open, then NULL */
	struct buf line;     /* of the entry being sent */
};

static int
fail(struct submit *s, enum client_err e, struct buf *why)
{
	const char *detail = s->client == NULL ? "" : client_detail(s->client);

	buf_printf(why, "%s%s%s", client_strerror(e),
	    *detail == '\0' ? "" : ": ", detail);
	return -1;
}

struct submit *
submit_open(const struct site *site, const char *program, struct buf *why)
{
	struct submit *s = calloc(1, sizeof(*s));
	enum client_err e;

	if (s == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	buf_init(&s->line);
	s->program = program;
	e = client_open(&s->client, site->run);
	if (e == CLIENT_OK)
		return s;
	(void)fail(s, e, why);
	submit_close(s);
	return NULL;
}

int
submit_begin(struct submit *s, struct buf *why)
{
	enum client_err e;
	struct buf words;

	if (s->program == NULL)
		return 0;
	buf_init(&words);
	record_word(&words, "listener", SPAN("casebook"));
	record_word(&words, "transport", SPAN("local"));
	record_word(&words, "framing", SPAN("none"));
	record_word(&words, "program", span_str(s->program));
	e = client_stream(s->client, "casebook", buf_view(&words), NULL);
	buf_fini(&words);
	if (e != CLIENT_OK)
		return fail(s, e, why);
	s->program = NULL;
	return 0;
}

static int
append(struct submit *s, struct buf *why)
{
	enum client_err e;

	if (submit_begin(s, why) != 0)
		return -1;
	e = client_append(s->client, buf_view(&s->line), 0);
	return e == CLIENT_OK ? 0 : fail(s, e, why);
}

int
submit_finding(struct submit *s, const struct casebook_finding *f,
    struct buf *why)
{
	s->line.len = 0;
	entry_print_finding(f, &s->line);
	return append(s, why);
}

int
submit_step(struct submit *s, const struct casebook_step *step, struct buf *why)
{
	s->line.len = 0;
	entry_print_step(step, &s->line);
	return append(s, why);
}

int
submit_search(struct submit *s, const struct search *search, struct buf *why)
{
	s->line.len = 0;
	search_print(search, &s->line);
	return append(s, why);
}

int
submit_version(struct submit *s, const struct version *v, struct buf *why)
{
	s->line.len = 0;
	version_print(v, &s->line);
	return append(s, why);
}

int
submit_seal(struct submit *s, uint64_t *first, uint64_t *last, struct buf *why)
{
	struct client_sealed sealed;
	enum client_err e = client_seal(s->client, "casebook", &sealed);

	if (e != CLIENT_OK)
		return fail(s, e, why);
	if (first != NULL)
		*first = sealed.first;
	if (last != NULL)
		*last = sealed.last;
	return 0;
}

void
submit_close(struct submit *s)
{
	if (s == NULL)
		return;
	client_close(s->client);
	buf_fini(&s->line);
	free(s);
}
