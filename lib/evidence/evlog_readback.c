/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * What was written is not yet what the disk holds: a closed segment is read
 * once more, past the page cache, by a thread that gets the disk and the
 * processor when nobody else wants them.  What it has read is noted nowhere: a
 * note beside the log would be one more thing to be believed, and one in the
 * log a record for each segment that says nothing.  So after a start the
 * segments of the last days are read again, whatever was read before; a writer
 * that is more than that behind has a disk too slow to be written to.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/ioprio.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "common/hex.h"
#include "evidence/evlog_priv.h"
#include "evidence/gap.h"
#include "evidence/logdir.h"

#define READBACK_DAYS 2	       /* before the day of the newest one */
#define READBACK_BLOCK 131072u /* bytes at once */
#define READBACK_ALIGN 4096u   /* of memory and place, for O_DIRECT */
#define READBACK_PAUSE 4000000 /* nsec between blocks: at most 32 MB/s */

/* The kernel may refuse: then it is only a little less polite. */
static void
readback_idle(void)
{
	const struct sched_param p = { .sched_priority = 0 };

	(void)syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0,
	    IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 0));
	(void)pthread_setschedparam(pthread_self(), SCHED_IDLE, &p);
}

/* Leave the disk to others for a while.  Return false at the end. */
static bool
readback_pause(struct evlog_reader *r)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += READBACK_PAUSE;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_nsec -= 1000000000L;
		until.tv_sec++;
	}
	while (!r->ending &&
	    (sem_clockwait(&r->wake, CLOCK_MONOTONIC, &until) == 0 ||
		errno == EINTR))
		continue; /* woken for something that is found later as well */
	return !r->ending;
}

/* A manifest as it lies on the disk.  0, or -1 and errno. */
static int
readback_manifest(struct evlog *log, uint64_t number, struct manifest *m,
    char file[MANIFEST_FILE])
{
	struct logdir d = { .fd = log->dir };
	struct buf text;
	unsigned line;
	int rc;

	snprintf(file, MANIFEST_FILE, "manifests/%012llu",
	    (unsigned long long)number);
	buf_init(&text);
	rc = logdir_read(&d, file, MANIFEST_MAX, &text);
	if (rc == 0 &&
	    (manifest_parse(buf_view(&text), m, &line) != 0 ||
		m->segment != number)) {
		errno = EBADMSG;
		rc = -1;
	}
	buf_fini(&text);
	return rc;
}

/* The first one to be read after a start, with so many closed. */
static uint64_t
readback_first(struct evlog *log, uint64_t closed)
{
	char file[MANIFEST_FILE];
	uint64_t day, newest = 0, n = closed;
	struct manifest m;

	while (n > 0 && !log->reader.ending) {
		if (readback_manifest(log, n - 1, &m, file) != 0)
			return n - 1; /* it will be told */
		day = manifest_file_day(m.file);
		if (n == closed)
			newest = day;
		if (day + READBACK_DAYS < newest)
			break;
		n--;
	}
	return n;
}

/* Read past the page cache where the file system can, else drop it before. */
static void
readback_direct(int fd, bool direct)
{
	int flags = fcntl(fd, F_GETFL);

	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	(void)fcntl(fd, F_SETFL, direct ? flags | O_DIRECT : flags & ~O_DIRECT);
}

/* 0, or -1 and errno: ECANCELED at the end. */
static int
readback_hash(struct evlog_reader *r, int fd, struct evlog_damage *d)
{
	struct sha256 hash;
	bool direct = true;
	ssize_t n;

	sha256_init(&hash);
	readback_direct(fd, true);
	while ((n = read(fd, r->block, READBACK_BLOCK)) != 0) {
		if (n < 0 && errno == EINVAL && direct) {
			/* no O_DIRECT after all, or not behind the end */
			direct = false;
			readback_direct(fd, false);
		} else if (n < 0 && errno != EINTR)
			return -1;
		if (n <= 0)
			continue;
		sha256_update(&hash, r->block, (size_t)n);
		d->found_len += (uint64_t)n;
		if (!readback_pause(r)) {
			errno = ECANCELED;
			return -1;
		}
	}
	readback_direct(fd, false); /* give the cache back */
	sha256_final(&hash, d->found);
	return 0;
}

static int
readback_file(struct evlog *log, uint64_t number, struct evlog_damage *d)
{
	struct logdir dir = { .fd = log->dir };
	struct manifest m;
	int fd, rc, saved;

	if (readback_manifest(log, number, &m, d->file) != 0)
		return -1;
	memcpy(d->file, m.file, sizeof(d->file));
	d->known = true;
	d->first = m.first;
	d->last = m.last;
	d->time_low = m.time_low;
	d->time_high = m.time_high;
	d->len = m.gzip_len;
	memcpy(d->hash, m.gzip_hash, SHA256_LEN);
	if (log->opt.step != NULL &&
	    (errno = log->opt.step(log->opt.cookie, "readback")) != 0)
		return -1;
	if ((fd = logdir_open_file(&dir, m.file)) < 0)
		return -1;
	rc = readback_hash(&log->reader, fd, d);
	saved = errno;
	close(fd);
	errno = saved;
	return rc;
}

/* Hand it to the owner and wait until somebody was told. */
static void
readback_tell(struct evlog *log, const struct evlog_damage *d)
{
	struct evlog_reader *r = &log->reader;

	r->damage = *d;
	r->state = EVLOG_READER_FOUND;
	if (log->opt.sealed != NULL)
		log->opt.sealed(log->opt.cookie, log->durable);
	while (!r->ending && r->state != EVLOG_READER_NONE)
		(void)sem_wait(&r->wake); /* EINTR: looks again */
}

static void
readback_segment(struct evlog *log, uint64_t number)
{
	struct evlog_damage d = { .error = 0 };

	if (readback_file(log, number, &d) != 0)
		d.error = errno;
	else if (d.found_len == d.len &&
	    memcmp(d.found, d.hash, SHA256_LEN) == 0)
		return;
	if (!log->reader.ending)
		readback_tell(log, &d);
}

static void *
readback_thread(void *arg)
{
	struct evlog *log = arg;
	struct evlog_reader *r = &log->reader;
	uint64_t next;

	readback_idle();
	next = readback_first(log, r->closed);
	while (!r->ending) {
		if (next < r->closed)
			readback_segment(log, next++);
		else
			(void)sem_wait(&r->wake); /* EINTR: looks again */
	}
	return NULL;
}

int
evlog_readback_start(struct evlog *log)
{
	struct evlog_reader *r = &log->reader;
	sigset_t all, old;
	int error;

	if (!log->threaded)
		return 0;
	r->closed = log->own.segment;
	r->block = aligned_alloc(READBACK_ALIGN, READBACK_BLOCK);
	if (r->block == NULL)
		abort();
	sem_init(&r->wake, 0, 0);
	/* Signals belong to the owner's thread. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	error = pthread_create(&r->thread, NULL, readback_thread, log);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	r->threaded = error == 0;
	errno = error;
	return error == 0 ? 0 : -1;
}

void
evlog_readback_closed(struct evlog *log, uint64_t segments)
{
	log->reader.closed = segments;
	if (log->reader.threaded)
		sem_post(&log->reader.wake);
}

static void
word_hash(struct buf *body, const char *key, const uint8_t hash[SHA256_LEN],
    bool known)
{
	char hex[2 * SHA256_LEN];

	hex_print(hash, SHA256_LEN, hex);
	record_word(body, key, known ? span_make(hex, sizeof(hex)) : SPAN("-"));
}

static void
word_number(struct buf *body, const char *key, uint64_t n, bool known)
{
	if (known)
		record_word_u64(body, key, n);
	else
		record_word(body, key, SPAN("-"));
}

/* The time between is that of the records that may be damaged. */
void
evlog_readback_record(struct evlog *log, uint64_t wall)
{
	const struct evlog_damage *d = &log->reader.damage;
	bool known = d->known, read = d->error == 0;
	struct gap g = { GAP_READBACK,
		known ? d->last - d->first + 1 : GAP_UNKNOWN,
		known ? d->len : GAP_UNKNOWN, known ? d->time_low : GAP_UNKNOWN,
		known ? d->time_high : GAP_UNKNOWN };
	struct buf body;

	buf_init(&body);
	gap_print(&g, &body);
	record_word(&body, "file", span_str(d->file));
	word_hash(&body, "expected", d->hash, known);
	word_hash(&body, "found", d->found, read);
	word_number(&body, "length", d->found_len, read);
	word_number(&body, "errno", (uint64_t)d->error, !read);
	evlog_put_system(log, RECORD_GAP, wall, buf_view(&body));
	buf_fini(&body);
	evlog_full(log);
	log->reader.state = EVLOG_READER_RECORDED;
}

bool
evlog_readback(struct evlog *log, struct evlog_damage *d)
{
	struct evlog_reader *r = &log->reader;

	if (r->state != EVLOG_READER_RECORDED)
		return false;
	*d = r->damage;
	r->state = EVLOG_READER_NONE;
	sem_post(&r->wake);
	return true;
}

void
evlog_readback_stop(struct evlog *log)
{
	struct evlog_reader *r = &log->reader;

	if (r->threaded) {
		r->ending = true;
		sem_post(&r->wake);
		pthread_join(r->thread, NULL);
		sem_destroy(&r->wake);
	}
	free(r->block);
}
