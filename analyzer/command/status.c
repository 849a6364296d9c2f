/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* konseki status: what runs, what is listened to, how far the logs are. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "analyzer/command/command.h"
#include "common/cursor.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/evread.h"
#include "evidence/logdir.h"
#include "site/site.h"

#define FILE_MAX 65536

struct span_of_time { /* of the received records; 0: none */
	uint64_t first, last;
	uint64_t sealed; /* wall clock of the newest seal */
};

/* The next line without its end: 1, or 0 at the end. */
static int
line_next(struct cursor *c, struct span *line)
{
	*line = cursor_until(c, '\n');
	return !c->bad;
}

static struct span
word_next(struct span *line)
{
	const uint8_t *sp =
	    line->len == 0 ? NULL : memchr(line->p, ' ', line->len);
	struct span word =
	    sp == NULL ? *line : span_sub(*line, 0, (size_t)(sp - line->p));

	*line = span_sub(*line, word.len + 1, line->len);
	return word;
}

/* Append a file of the run folder; nothing if it is not there. */
static void
run_file(const struct site *site, const char *name, struct buf *out)
{
	char path[4096];

	if (io_join(path, sizeof(path), site->run, name) == 0 &&
	    io_read_file(path, FILE_MAX, out) != 0 && errno != ENOENT)
		log_errno("%s", path);
}

/* Whoever runs holds the lock. */
static bool
is_running(const struct site *site)
{
	char path[4096];
	int fd;
	bool held;

	if (io_join(path, sizeof(path), site->run, "pid") != 0 ||
	    (fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return false;
	held = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	close(fd);
	return held;
}

/* Return how many processes are missing. */
static int
show_processes(const struct site *site)
{
	struct span line, name, pid;
	char path[64];
	struct cursor c;
	struct buf in;
	int missing = 0;
	bool there;

	if (!is_running(site)) {
		puts(
		    tr("collector: NOT RUNNING", "コレクター: 停止しています"));
		return 1;
	}
	puts(tr("collector: running", "コレクター: 稼働中"));
	buf_init(&in);
	run_file(site, "processes", &in);
	c = cursor_make(buf_view(&in));
	while (line_next(&c, &line)) {
		name = word_next(&line);
		pid = line;
		snprintf(path, sizeof(path), "/proc/%.*s", (int)pid.len,
		    (const char *)pid.p);
		there = access(path, F_OK) == 0;
		printf("  %-10.*s %.*s%s\n", (int)name.len,
		    (const char *)name.p, (int)pid.len, (const char *)pid.p,
		    there ? "" : tr(" (gone)", "（終了）"));
		missing += !there;
	}
	buf_fini(&in);
	return missing;
}

static void
show_listeners(const struct site *site)
{
	struct span line, w[4];
	struct cursor c;
	struct buf in;
	size_t i;

	buf_init(&in);
	run_file(site, "listeners", &in);
	puts(tr("listeners:", "受信口:"));
	c = cursor_make(buf_view(&in));
	while (line_next(&c, &line)) {
		for (i = 0; i < 4; i++)
			w[i] = word_next(&line);
		printf("  %-16.*s %-4.*s %.*s %.*s\n", (int)w[0].len,
		    (const char *)w[0].p, (int)w[1].len, (const char *)w[1].p,
		    (int)w[2].len, (const char *)w[2].p, (int)w[3].len,
		    (const char *)w[3].p);
	}
	buf_fini(&in);
}

/* Bytes of a log's segments on the disk. */
static uint64_t
disk_bytes(const struct logdir *d)
{
	char path[MANIFEST_FILE];
	struct stat st;
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < d->n_segments; i++) {
		logdir_path(d, i, path);
		if (fstatat(d->fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0)
			sum += (uint64_t)st.st_size;
	}
	return sum;
}

/* Read on to the end, or to the first received record. */
static int
times_read(struct evread *r, bool first, struct span_of_time *t,
    struct buf *why)
{
	struct evread_record rec;
	uint64_t wall;
	int rc;

	while ((rc = evread_next(r, &rec, why)) == 1) {
		if (rec.r.kind == RECORD_SEAL &&
		    record_word_get_u64(rec.r.body, "wall", &wall) == 1)
			t->sealed = wall;
		if (rec.r.kind != RECORD_RECEIVED)
			continue;
		if (first) {
			t->first = rec.r.rx;
			return 0;
		}
		if (rec.r.rx > t->last)
			t->last = rec.r.rx;
	}
	return rc;
}

/* From the first received record, and from the last segment that has one. */
static int
times_find(struct evread *r, const struct logdir *d, struct span_of_time *t,
    struct buf *why)
{
	size_t i;

	*t = (struct span_of_time){ 0 };
	if (times_read(r, true, t, why) != 0)
		return -1;
	for (i = d->n_segments; i-- > 0 &&
	     (i + 1 == d->n_segments || (t->first != 0 && t->last == 0));)
		if (d->segments[i].first < evread_size(r) &&
		    (evread_seek(r, d->segments[i].first, why) != 0 ||
			times_read(r, false, t, why) != 0))
			return -1;
	return 0;
}

static const char *
time_text(const struct site *site, uint64_t usec, char *out)
{
	return usec == 0 ? "-"
			 : utc_print_local((int64_t)usec, site->zone, out);
}

static void
show_times(const struct site *site, uint64_t size, const struct span_of_time *t)
{
	char a[UTC_TEXT], b[UTC_TEXT], c[UTC_TEXT];

	printf(tr("  sealed records: %" PRIu64 "\n"
		  "  first received: %s, last received: %s\n"
		  "  newest seal:    %s\n",
		   "  封印済みの記録: %" PRIu64 "件\n"
		   "  最初の受信: %s、最後の受信: %s\n"
		   "  最新の封印: %s\n"),
	    size, time_text(site, t->first, a), time_text(site, t->last, b),
	    time_text(site, t->sealed, c));
}

static void
show_disk(const struct site_log *log, const struct logdir *d)
{
	struct statvfs disk;

	printf(tr("  on the disk:    %" PRIu64 " KiB in %zu segments",
		   "  ディスク上: %" PRIu64 " KiB（セグメント%zu個）"),
	    disk_bytes(d) / 1024, d->n_segments);
	if (statvfs(log->dir, &disk) == 0)
		printf(tr(", %" PRIu64 " MiB free", "、空き%" PRIu64 " MiB"),
		    (uint64_t)disk.f_bavail * disk.f_frsize >> 20);
	putchar('\n');
}

static int
show_log(const struct site *site, const struct site_log *log)
{
	struct evread *r = NULL;
	struct span_of_time t;
	const char *name;
	struct logdir d;
	struct buf why;
	int rc = 1;

	buf_init(&why);
	printf(tr("log %s (%s)\n", "ログ %s（%s）\n"), log->name, log->origin);
	if (logdir_open(&d, log->dir) != 0) {
		log_errno("%s", log->dir);
		return 1;
	}
	if (logdir_list_segments(&d, NULL, NULL, &name) != 0)
		log_errno("%s/%s", log->dir, name);
	else if (evread_open(&r, log->dir, false, &why) != 0 ||
	    times_find(r, &d, &t, &why) != 0)
		log_error("%s: %s", log->dir, buf_cstr(&why));
	else {
		show_times(site, evread_size(r), &t);
		show_disk(log, &d);
		rc = 0;
	}
	evread_close(r);
	logdir_close(&d);
	buf_fini(&why);
	return rc;
}

int
command_status(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "site", required_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 },
	};
	const char *dir = NULL;
	struct site *site;
	size_t i;
	int c, status;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", options, NULL)) == 's')
		dir = optarg;
	if (c != -1 || optind < argc)
		return command_usage("status", "[--site DIR]");
	if ((site = command_site(dir)) == NULL)
		return 1;
	status = show_processes(site) == 0 ? 0 : 1;
	if (status == 0)
		show_listeners(site);
	for (i = 0; i < site->n_logs; i++)
		if (show_log(site, &site->logs[i]) != 0)
			status = 1;
	site_free(site);
	return status;
}
