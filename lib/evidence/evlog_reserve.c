/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/log.h"
#include "evidence/evlog_priv.h"

/*
 * The file `reserve`: room on the log's disk that nobody else can take.  When
 * the disk is full it is given back, part by part, so that somebody else who
 * writes without end does not get all of it at once.  With the first part the
 * log takes no more records: what is left is for those that were taken, for
 * seals and for the end.  They are taken again when the reserve is whole and
 * there is some room beside it, or the disk would be full again at once.
 */
#define RESERVE_PARTS 8u
#define RESERVE_MARGIN 4u      /* this part of it must be free beside it */
#define RESERVE_LOW (1u << 20) /* bytes: less than that is a full disk */
#define RESERVE_BLOCK 512u     /* of st_blocks */

static bool
reserve_room(const struct evlog *log, uint64_t len)
{
	struct statvfs fs;

	return fstatvfs(log->dir, &fs) == 0 &&
	    (uint64_t)fs.f_bavail * fs.f_frsize >= len;
}

int
evlog_disk(const struct evlog *log, uint64_t *room, uint64_t *size)
{
	struct statvfs fs;

	if (fstatvfs(log->dir, &fs) != 0)
		return -1;
	*room = (uint64_t)fs.f_bavail * fs.f_frsize;
	*size = (uint64_t)fs.f_blocks * fs.f_frsize;
	return 0;
}

static uint64_t
reserve_part(const struct evlog_reserve *r)
{
	return r->want / RESERVE_PARTS;
}

/* What the file really has: a copy of it may be all holes. */
static uint64_t
reserve_allocated(int fd)
{
	struct stat st;
	uint64_t blocks;

	if (fstat(fd, &st) != 0)
		return 0;
	blocks = (uint64_t)st.st_blocks * RESERVE_BLOCK;
	return blocks < (uint64_t)st.st_size ? blocks : (uint64_t)st.st_size;
}

static int
reserve_allocate(const struct evlog *log, const struct evlog_reserve *r)
{
	int rc;

	if (log->opt.step != NULL &&
	    (rc = log->opt.step(log->opt.cookie, "reserve")) != 0)
		return rc;
	if (!reserve_room(log, r->want - r->has + r->want / RESERVE_MARGIN))
		return ENOSPC;
	do
		rc = posix_fallocate(r->fd, 0, (off_t)r->want);
	while (rc == EINTR);
	if (rc == 0 && reserve_allocated(r->fd) < r->want)
		rc = EOPNOTSUPP;
	return rc;
}

/* All or what it had.  0, or -1 and errno. */
static int
reserve_fill(struct evlog *log)
{
	struct evlog_reserve *r = &log->com.reserve;
	int rc = reserve_allocate(log, r);

	if (rc == 0) {
		r->has = r->want;
		return 0;
	}
	(void)!ftruncate(r->fd, (off_t)r->has); /* what it has is asked next */
	r->has = reserve_allocated(r->fd);
	errno = rc;
	return -1;
}

/* The file: ours alone, and no longer than it is to be. */
static int
reserve_file(const struct evlog *log, uint64_t want)
{
	struct stat st;
	int fd, saved;

	fd = openat(log->dir, "reserve",
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0640);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0) {
		errno = EINVAL;
		if (S_ISREG(st.st_mode) && st.st_nlink == 1 &&
		    ((uint64_t)st.st_size <= want ||
			ftruncate(fd, (off_t)want) == 0))
			return fd;
	}
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

static void
reserve_missing(const struct evlog_reserve *r, struct buf *detail)
{
	buf_printf(detail,
	    tr("%sthe reserve of %llu MiB for a full disk is not whole: %s",
		"%sディスク満杯時の予備領域%llu MiBを確保できません: %s"),
	    detail->len > 0 ? "; " : "", (unsigned long long)(r->want >> 20),
	    strerror(errno));
}

void
evlog_reserve_open(struct evlog *log, struct buf *detail)
{
	struct evlog_reserve *r = &log->com.reserve;
	uint64_t low;

	r->want = log->opt.reserve;
	if (r->want == 0) {
		(void)unlinkat(log->dir, "reserve",
		    0); /* mostly there is none */
		return;
	}
	if ((r->fd = reserve_file(log, r->want)) < 0) {
		reserve_missing(r, detail);
		return;
	}
	r->has = reserve_allocated(r->fd);
	if (r->has < r->want && reserve_fill(log) != 0)
		reserve_missing(r, detail);
	low = reserve_part(r) < RESERVE_LOW ? reserve_part(r) : RESERVE_LOW;
	while (!reserve_room(log, low) && evlog_reserve_give(log, EVLOG_FULL))
		log->com.fault =
		    (struct evlog_gap){ .from = r->from, .full = true };
}

/* The signer cannot say so, but its disk may be this one. */
static bool
reserve_helps(const struct evlog *log, enum evlog_err err)
{
	return err == EVLOG_FULL ||
	    (err == EVLOG_SIGNER && !reserve_room(log, RESERVE_LOW));
}

bool
evlog_reserve_give(struct evlog *log, enum evlog_err err)
{
	struct evlog_reserve *r = &log->com.reserve;
	uint64_t part = reserve_part(r), mono;

	if (r->has == 0 || !reserve_helps(log, err))
		return false;
	r->has = r->has > part ? r->has - part : 0;
	if (ftruncate(r->fd, (off_t)r->has) != 0) {
		r->has = 0; /* this one is of no use */
		return false;
	}
	(void)fsync(r->fd); /* some free it only then; nothing is in it */
	if (!log->held)
		evlog_clock(log, &r->from, &mono);
	log->held = true;
	return true;
}

bool
evlog_reserve_lacks(const struct evlog *log)
{
	const struct evlog_reserve *r = &log->com.reserve;

	return r->fd >= 0 && r->has < r->want;
}

/* The gap first: who sees that records are taken again sees it too. */
static void
reserve_whole(struct evlog *log, uint64_t wall)
{
	struct evlog_gap gap = { log->com.reserve.from, wall, true, "whole" };
	int full = EVLOG_FULL;

	evlog_step_gap(log, &gap);
	log->held = false;
	atomic_compare_exchange_strong(&log->fault, &full, EVLOG_OK);
	if (atomic_exchange(&log->wanted, false) && log->opt.writable != NULL)
		log->opt.writable(log->opt.cookie);
	if (log->opt.sealed != NULL)
		log->opt.sealed(log->opt.cookie, log->durable);
}

void
evlog_reserve_tend(struct evlog *log)
{
	struct evlog_reserve *r = &log->com.reserve;
	uint64_t wall, mono;

	if (!evlog_reserve_lacks(log))
		return;
	evlog_clock(log, &wall, &mono);
	if (mono < r->again)
		return;
	r->again = mono + EVLOG_AGAIN;
	if (reserve_fill(log) == 0 && log->held)
		reserve_whole(log, wall);
}
