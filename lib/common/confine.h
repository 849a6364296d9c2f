/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_CONFINE_H
#define COMMON_CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a process may do from now on, as far as the kernel can be told: which
 * system calls (seccomp) and which files and ports (Landlock).  Both are one
 * way and are inherited; they hold for the calling thread and for all that it
 * makes, so they come before any thread.  confine_tbl.h has the groups of
 * calls that the tables of processes are made of.
 *
 * A system call that is not in a process's table ends the process (SIGSYS,
 * and the kernel's log has the number), because whoever makes it is not our
 * code any more, unless confine_calls() was told otherwise.  Two exceptions, so
 * that nothing is lost for a library's curiosity: asking for a file where no
 * file is opened gets EACCES, and calls newer than this program ENOSYS, as from
 * an older kernel.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CONFINE_SANITIZED /* for tests: allows what that needs */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) ||     \
    __has_feature(thread_sanitizer)
#define CONFINE_SANITIZED
#endif
#endif

struct confine_call {
	int nr;	       /* of the call; -1: this machine has none */
	int argument;  /* which one is looked at; -1: none */
	uint32_t mask; /* (the argument's low word & mask) == value */
	uint32_t value;
	bool self; /* value is the number of this process */
	int error; /* 0: allowed; else what the call returns */
};

enum confine_right {
	CONFINE_READ,  /* files and folders */
	CONFINE_WRITE, /* the same, and make, change, remove */
	CONFINE_MOVE,  /* look into folders, and rename files within them */
};

struct confine_place { /* a file, or a folder with all below it */
	const char *path;
	enum confine_right right;
};

struct confine_files {
	const struct confine_place *places;
	size_t n;
	bool connect, signal; /* TCP to others; signals beyond its children */
};

/* Whether the kernel filters calls. */
bool confine_has_calls(void);

/* The version of the kernel's Landlock; 0: none. */
int confine_has_files(void);

/*
 * No core dump, no new privileges, not dumpable: what everything below needs.
 * It comes after a change of the account, which would undo the last.  Return
 * 0, or -1 and errno.
 */
int confine_begin(void);

/*
 * Only these calls, the first row that fits decides; another one ends the
 * process, or, for a process whose end would cost more than it saves, returns
 * the error otherwise.  Return 0, also where the kernel has no filters, or -1
 * and errno.
 */
int confine_calls(const struct confine_call *calls, size_t n, int otherwise);

/*
 * Only these places; one that cannot be reached, as it is not there or its disk
 * does not answer, is passed over.  Nothing may be executed and no TCP port be
 * bound.  Return 0, also where the kernel has no
 * Landlock, or -1 and errno.
 */
int confine_files(const struct confine_files *files);

/*
 * Whether a file is kept from this process by its places alone, though it was
 * one of them: a place is the file that was there, not one that came later or
 * was put in its stead.  A process that is made anew may read it.
 */
bool confine_shuts(const char *path);

#endif
