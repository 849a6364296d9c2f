/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/summing.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "analyzer/command/history.h"
#include "common/log.h"
#include "evidence/logdir.h"

#define LOWEST 19	   /* priority: it has time */
#define LOOK_MS 10000	   /* from one look for closed segments to the next */
#define LONGEST_MS 3600000 /* after looks that failed, each twice as long */
#define RECORDS 16384u	   /* between two looks whether somebody waits for it */

struct summing {
	struct site *site;
	uint8_t program[SHA256_LEN];
	int out; /* a pipe that nobody writes to */
	uint64_t n;
};

/* Only the pipe tells that the caller is gone: one that has confined itself
 * sends no signal. */
static void
end_if_alone(const struct summing *s, int wait_ms)
{
	struct pollfd p = { .fd = s->out };

	if (poll(&p, 1, wait_ms) > 0)
		_exit(0);
}

static void
item(void *cookie, const struct events *events, const struct events_item *it,
    int64_t at)
{
	struct summing *s = cookie;

	(void)events;
	(void)it;
	(void)at;
	if (++s->n % RECORDS == 0)
		end_if_alone(s, 0);
}

static bool
past(void *cookie, struct evread *log, const struct past *p)
{
	(void)log;
	(void)p;
	end_if_alone(cookie, 0);
	return true;
}

static enum history_end
read_closed(struct summing *s, struct events *events, struct pastbook *book,
    int64_t skew)
{
	struct judging judging = { .skew = skew };

	if (events_rewind(events) < 0)
		return HISTORY_FAILED;
	/* Of no day: what is kept already is not read. */
	return history_read(&(struct history){ .events = events,
	    .judging = &judging,
	    .book = book,
	    .from = INT64_MAX,
	    .until = INT64_MIN,
	    .closed_only = true,
	    .item = item,
	    .past = past,
	    .cookie = s });
}

/* Return 0, or -1 (said). */
static int
sum(struct summing *s)
{
	struct arena *arena = arena_new();
	struct events *events = NULL;
	struct pastbook book;
	enum history_end end;
	int64_t skew;
	int rc = -1;

	if (history_skew(s->site, arena, &skew) == 0)
		events = events_open(s->site, events_rules(s->site));
	arena_free(arena);
	if (events == NULL)
		return -1;
	pastbook_open(&book, s->site, s->program, skew);
	do {
		end = read_closed(s, events, &book, skew);
		book.distrusted = end == HISTORY_ANEW;
	} while (end == HISTORY_ANEW);
	if (book.unkept.len > 0)
		log_warn(tr("summaries of closed segments cannot be kept: %s",
			     "セグメントの集計を保存できません: %s"),
		    buf_cstr(&book.unkept));
	else if (end == HISTORY_READ)
		rc = 0;
	pastbook_close(&book);
	events_close(events);
	return rc;
}

/* How many closed segments there are; 0 if that cannot be seen. */
static size_t
closed(const struct site *site)
{
	struct logdir dir;
	const char *name;
	size_t n = 0;

	if (logdir_open(&dir, site_log(site, "evidence")->dir) != 0)
		return 0;
	if (logdir_list(&dir, NULL, NULL, &name) == 0)
		n = dir.n_manifests;
	logdir_close(&dir);
	return n;
}

static _Noreturn void
rounds(struct summing *s)
{
	size_t done = 0, n;
	int wait = LOOK_MS;

	for (;;) {
		n = closed(s->site);
		if (n == done || sum(s) == 0) {
			done = n;
			wait = LOOK_MS;
		} else if (wait < LONGEST_MS) { /* it was said why */
			wait *= 2;
		}
		end_if_alone(s, wait);
	}
}

void
summing_start(struct site *site, int (*enter)(const struct site *site))
{
	struct summing s = { .site = site };
	int fds[2];
	pid_t pid;

	if (pastbook_program(s.program) != 0 || pipe2(fds, O_CLOEXEC) != 0 ||
	    (pid = fork()) < 0) {
		log_errno("%s",
		    tr("summaries of closed segments are not kept: their "
		       "process cannot be started",
			"セグメントの集計プロセスを開始できません"));
		return;
	}
	if (pid > 0) { /* the other end stays open as long as the caller */
		close(fds[1]);
		return;
	}
	/* The caller's ways to others are not for it. */
	(void)close_range(STDERR_FILENO + 1, (unsigned)fds[1] - 1, 0);
	(void)close_range((unsigned)fds[1] + 1, ~0U, 0);
	(void)signal(SIGTERM, SIG_DFL);
	(void)signal(SIGINT, SIG_DFL);
	log_set_name("konseki-summing");
	(void)prctl(PR_SET_NAME, "konseki-summing"); /* for people */
	(void)setpriority(PRIO_PROCESS, 0, LOWEST);
	if (enter(site) != 0)
		_exit(1);
	s.out = fds[1];
	rounds(&s);
}
