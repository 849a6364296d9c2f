/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/records.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/command/command.h"
#include "analyzer/command/events.h"
#include "analyzer/command/folder.h"
#include "analyzer/command/gaps.h"
#include "analyzer/command/operator.h"
#include "analyzer/command/reading.h"
#include "common/io.h"
#include "common/log.h"

struct records {
	struct site *site;	   /* or NULL */
	const struct site_log *of; /* of it */
	const char *dir;	   /* of the log */
	struct evread *in;
	struct reading *reading;
	int zone;
	struct buf why;
};

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool
is_site(const char *path)
{
	char file[4096];

	return io_join(file, sizeof(file), path, SITE_FILE) == 0 &&
	    access(file, F_OK) == 0;
}

/* The log that the call names: 0, or -1 (said). */
static int
find(struct records *r, const struct records_call *call)
{
	const char *site = call->site, *log = call->log;

	if (site == NULL && log != NULL && is_site(log)) {
		site = log;
		log = NULL;
	}
	if (log != NULL && (strchr(log, '/') != NULL || is_folder(log))) {
		r->dir = log;
		return folder_find(site, log, &r->site, &r->of);
	}
	if ((r->of = command_log(site, log, &r->site)) == NULL)
		return -1;
	r->dir = r->of->dir;
	return 0;
}

/* As who looks at records does; the casebook itself tells no evidence. */
static void
record_use(const struct records *r, const struct records_call *call)
{
	if (r->site != NULL && strcmp(r->of->name, "casebook") != 0)
		(void)operator_use(r->site, call->action, call->command,
		    r->of->ref, SPAN("")); /* it said so */
}

struct records *
records_open(const struct records_call *call)
{
	struct records *r = calloc(1, sizeof(*r));

	if (r == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	buf_init(&r->why);
	if (find(r, call) != 0)
		goto release;
	if (evread_open(&r->in, r->dir, false, &r->why) != 0) {
		log_error("%s: %s", r->dir, buf_cstr(&r->why));
		goto release;
	}
	record_use(r, call);
	return r;
release:
	records_close(r);
	return NULL;
}

void
records_close(struct records *r)
{
	if (r == NULL)
		return;
	reading_free(r->reading);
	evread_close(r->in);
	site_free(r->site);
	buf_fini(&r->why);
	free(r);
}

const struct site *
records_site(const struct records *r)
{
	return r->site;
}

const char *
records_rules(const struct records *r)
{
	return r->site != NULL ? events_rules(r->site) : command_rules();
}

void
records_begin(struct records *r, struct formats *formats, int zone)
{
	r->zone = r->site != NULL ? r->site->zone : zone;
	r->reading = reading_new(formats, r->zone,
	    r->site != NULL ? r->site->analyzer.devices : NULL);
}

int
records_zone(const struct records *r)
{
	return r->zone;
}

int
records_last(struct records *r, uint64_t n)
{
	uint64_t size = evread_size(r->in);

	if (size <= n || evread_seek(r->in, size - n, &r->why) == 0)
		return 0;
	log_error("%s: %s", r->dir, buf_cstr(&r->why));
	return -1;
}

/* The end, or what is wrong. */
static int
ended(struct records *r, int rc)
{
	(void)gaps_say(r->dir, evread_gaps(r->in), 0);
	if (rc < 0)
		log_error("%s: %s", r->dir, buf_cstr(&r->why));
	return rc;
}

int
records_next(struct records *r, struct evread_record *rec, struct event **event)
{
	int rc = evread_next(r->in, rec, &r->why);

	if (rc != 1)
		return ended(r, rc);
	*event = reading_event(r->reading, rec, evread_origin(r->in));
	return 1;
}

int
records_take(struct records *r, struct event *e)
{
	struct evread_record rec;
	int rc;

	while ((rc = evread_next(r->in, &rec, &r->why)) == 1)
		if (reading_take(r->reading, &rec, evread_origin(r->in), e))
			return 1;
	return ended(r, rc);
}
