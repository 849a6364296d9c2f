/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* konseki init: make the logs of a site and their keys, once. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/command/command.h"
#include "analyzer/handover/handkey.h"
#include "common/buf.h"
#include "common/io.h"
#include "common/log.h"
#include "common/num.h"
#include "evidence/evlog.h"
#include "site/account.h"
#include "site/site.h"
#include "site/succession.h"

#define PIN_MAX 65536

struct init {
	const char *site_dir;
	unsigned height; /* 0: as configured */
	struct site *site;
	uid_t uid; /* who the logs are given to, being root */
	gid_t gid;
	size_t made;
};

static void
on_progress(void *cookie, uint64_t done, uint64_t total)
{
	const char *name = cookie;

	log_progress(name, done, total);
}

/* The account that will write the logs; only root can give them away. */
static int
owner_find(struct init *in)
{
	struct account a;
	struct buf why;
	int rc = 0;

	in->uid = geteuid();
	in->gid = getegid();
	if (in->uid != 0)
		return 0;
	buf_init(&why);
	if ((rc = account_find(in->site, &a, &why)) != 0)
		log_error("%s", buf_cstr(&why));
	else if (a.owner)
		log_warn(tr("there is no account '%s': the logs are given to "
			    "the owner of %s",
			     "アカウント「%s」がないため、ログは%"
			     "sの所有者のもの"
			     "とします"),
		    in->site->user, in->site->dir);
	buf_fini(&why);
	in->uid = a.uid;
	in->gid = a.gid;
	return rc;
}

/* A folder and what init has put into it, one level deep. */
static int
give(const struct init *in, const char *dir)
{
	static const char *const names[] = { ".", "log", "checkpoints",
		"epochs", "segments", "manifests", "quarantine", "lock" };
	char path[4096];
	size_t i;

	if (geteuid() != 0)
		return 0;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (io_join(path, sizeof(path), dir, names[i]) != 0 ||
		    (lchown(path, in->uid, in->gid) != 0 && errno != ENOENT)) {
			log_errno("%s", path);
			return -1;
		}
	return 0;
}

/* What others pin: the log's description, and where to keep it. */
static int
show_pin(const struct site_log *log)
{
	char path[4096];
	struct buf pin;
	int rc;

	buf_init(&pin);
	rc = io_join(path, sizeof(path), log->dir, "log");
	if (rc == 0)
		rc = io_read_file(path, PIN_MAX, &pin);
	if (rc == 0)
		printf("# %s\n%.*s", path, (int)pin.len, (const char *)pin.p);
	else
		log_errno("%s", path);
	buf_fini(&pin);
	return rc;
}

static int
log_make(struct init *in, const struct site_log *log)
{
	union {
		const char *in;
		void *out;
	} name = { log->name };
	struct evlog_init e = { .dir = log->dir,
		.keys_dir = log->keys,
		.origin = log->origin,
		.height = in->height > 0 ? in->height : log->epoch_height,
		.seconds = log->epoch_s,
		.progress = on_progress,
		.cookie = name.out };
	enum evlog_err err;

	err = evlog_init(&e);
	log_progress_end();
	if (err == EVLOG_EXISTS) {
		log_warn(tr("log '%s': %s is there already, or its keys in %s: "
			    "left as it is",
			     "ログ「%s」: "
			     "%sまたは鍵（%s）がすでにあります。変更"
			     "しません"),
		    log->name, log->dir, log->keys);
		return 0;
	}
	if (err != EVLOG_OK) {
		log_error("%s: %s%s%s", log->dir, evlog_strerror(err),
		    err == EVLOG_SYSTEM ? ": " : "",
		    err == EVLOG_SYSTEM ? strerror(errno) : "");
		return -1;
	}
	in->made++;
	return give(in, log->dir) == 0 ? show_pin(log) : -1;
}

static int
folders_make(const struct init *in)
{
	/* Whoever is in the group writes reports, for the others to read. */
	const struct {
		const char *path;
		mode_t mode;
	} dirs[] = { { in->site->run, 0750 }, { in->site->cache, 0750 },
		{ in->site->reports, 02770 } };
	size_t i;

	if (mkdir(in->site->keys, 0700) != 0 && errno != EEXIST) {
		log_errno("%s", in->site->keys);
		return -1;
	}
	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		if (mkdir(dirs[i].path, 0750) == 0) {
			if (geteuid() == 0 &&
			    (chown(dirs[i].path, in->uid, in->gid) != 0 ||
				chmod(dirs[i].path, dirs[i].mode) != 0))
				return -1;
		} else if (errno != EEXIST) {
			log_errno("%s", dirs[i].path);
			return -1;
		}
	}
	return 0;
}

/* The key that signs what is handed over of a log, and its public half. */
static int
handover_make(struct init *in, const struct site_log *log)
{
	struct handkey k;
	struct buf why, vkey;
	int rc;

	buf_init(&why);
	buf_init(&vkey);
	rc = handkey_make(in->site, log, in->uid, in->gid, &why);
	if (rc == 1) {
		in->made++;
		rc = handkey_load(in->site, log, &k, &why);
		handkey_wipe(&k);
		note_key_print(&k.public, &vkey);
		if (rc == 0)
			printf("# %s/%s.vkey\n%s\n", in->site->handover.dir,
			    log->label, buf_cstr(&vkey));
	}
	if (rc < 0)
		log_error("%s", buf_cstr(&why));
	buf_fini(&vkey);
	buf_fini(&why);
	return rc < 0 ? -1 : 0;
}

/* Of each generation: any may have to be handed over. */
static int
handovers_make(struct init *in, const struct site_log *log)
{
	unsigned n;

	for (n = 1; n <= log->generation; n++)
		if (handover_make(in,
			succession_generation(in->site, log, n)) != 0)
			return -1;
	return 0;
}

static int
init(struct init *in)
{
	size_t i;

	if (owner_find(in) != 0 || folders_make(in) != 0)
		return 1;
	for (i = 0; i < in->site->n_logs; i++)
		if (log_make(in, &in->site->logs[i]) != 0 ||
		    handovers_make(in, &in->site->logs[i]) != 0)
			return 1;
	if (in->made == 0) {
		log_error(tr("nothing was made: all logs and keys are there",
		    "すべてのログと鍵がすでにあるため、何も作成しませんでし"
		    "た"));
		return 1;
	}
	fflush(stdout);
	log_info(tr("print these lines and keep them outside this machine: who "
		    "holds them can prove the logs, and nobody who changes the "
		    "logs can change them",
	    "上の内容を印刷し、この機器の外で保管してください。ログが改ざんされ"
	    "て"
	    "いないことの証明に必要です"));
	return 0;
}

static int
arguments(struct init *in, int argc, char *argv[])
{
	static const struct option options[] = {
		{ "site", required_argument, NULL, 's' },
		{ "epoch-height", required_argument, NULL, 'e' },
		{ NULL, 0, NULL, 0 },
	};
	uint64_t n;
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			in->site_dir = optarg;
		else if (c == 'e' && num_parse(span_str(optarg), 20, &n) == 0 &&
		    n > 0)
			in->height = (unsigned)n;
		else
			return -1;
	}
	return optind == argc ? 0 : -1;
}

int
command_init(int argc, char *argv[])
{
	struct init in = { 0 };
	struct site *site;
	int status;

	if (arguments(&in, argc, argv) != 0)
		return command_usage("init",
		    "[--site DIR] [--epoch-height 1-20]");
	if ((site = command_site(in.site_dir)) == NULL)
		return 1;
	in.site = site;
	status = init(&in);
	site_free(site);
	return status;
}
