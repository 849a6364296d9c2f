/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * Landlock, spoken to by number: its header on the machine that builds may be
 * older than the kernel that runs.  Each version of the interface knows more
 * rights than the one before; what a kernel does not know is left out.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/confine.h"

/* The same numbers on every machine. */
#define CREATE_RULESET 444
#define ADD_RULE 445
#define RESTRICT_SELF 446
#define ASK_VERSION 1u
#define RULE_BENEATH 1

/* Rights, as linux/landlock.h names them. */
#define EXECUTE (UINT64_C(1) << 0)
#define WRITE_FILE (UINT64_C(1) << 1)
#define READ_FILE (UINT64_C(1) << 2)
#define READ_DIR (UINT64_C(1) << 3)
#define REMOVE_DIR (UINT64_C(1) << 4)
#define REMOVE_FILE (UINT64_C(1) << 5)
#define MAKE_DIR (UINT64_C(1) << 7)
#define MAKE_REG (UINT64_C(1) << 8)
#define V1_ALL ((UINT64_C(1) << 13) - 1)
#define REFER (UINT64_C(1) << 13)     /* version 2 */
#define TRUNCATE (UINT64_C(1) << 14)  /* version 3 */
#define IOCTL_DEV (UINT64_C(1) << 15) /* version 5 */
#define OF_A_FILE (EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV)
#define TCP_BOTH UINT64_C(3) /* version 4: bind, connect */
#define TCP_BIND UINT64_C(1)
#define SCOPE_ABSTRACT UINT64_C(1) /* version 6 */
#define SCOPE_SIGNAL UINT64_C(2)

struct ruleset { /* version 6; older kernels take what they know of it */
	uint64_t files, ports, scope;
};

struct beneath {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

int
confine_has_files(void)
{
	long version =
	    syscall(CREATE_RULESET, NULL, (size_t)0, (unsigned)ASK_VERSION);

	return version > 0 ? (int)version : 0;
}

/* What is governed at all: without a rule it is forbidden. */
static struct ruleset
governed(const struct confine_files *f, int version, size_t *size)
{
	struct ruleset r = { .files = V1_ALL };

	*size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
	if (version >= 2)
		r.files |= REFER;
	if (version >= 3)
		r.files |= TRUNCATE;
	if (version >= 5)
		r.files |= IOCTL_DEV;
	if (version >= 4)
		r.ports = f->connect ? TCP_BIND : TCP_BOTH;
	if (version >= 6)
		r.scope = (f->connect ? 0u : SCOPE_ABSTRACT) |
		    (f->signal ? 0u : SCOPE_SIGNAL);
	return r;
}

static uint64_t
rights(enum confine_right right)
{
	switch (right) {
	case CONFINE_WRITE:
		return WRITE_FILE | READ_FILE | READ_DIR | REMOVE_DIR |
		    REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE;
	case CONFINE_MOVE:
		return READ_DIR | REMOVE_FILE | MAKE_REG;
	case CONFINE_READ:
		break;
	}
	return READ_FILE | READ_DIR;
}

/* What cannot be looked at, be it a mount whose server is gone, cannot be
 * opened later either: only if we have no room is the answer another. */
static bool
lacks_room(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOMEM;
}

static int
allow(int set, const struct confine_place *place, uint64_t known)
{
	struct beneath b = { rights(place->right) & known, -1 };
	struct stat st;
	int rc = 0;

	b.fd = open(place->path, O_PATH | O_CLOEXEC);
	if (b.fd < 0)
		return lacks_room(errno) ? -1 : 0;
	if (fstat(b.fd, &st) == 0) {
		if (!S_ISDIR(st.st_mode))
			b.allowed &= OF_A_FILE;
		if (b.allowed != 0)
			rc = (int)syscall(ADD_RULE, set, RULE_BENEATH, &b, 0u);
	}
	close(b.fd);
	return rc;
}

int
confine_files(const struct confine_files *f)
{
	int version = confine_has_files(), set, rc = 0;
	struct ruleset r;
	size_t i, size;

	if (version == 0)
		return 0;
	r = governed(f, version, &size);
	set = (int)syscall(CREATE_RULESET, &r, size, 0u);
	if (set < 0)
		return -1;
	for (i = 0; rc == 0 && i < f->n; i++)
		rc = allow(set, &f->places[i], r.files);
#ifdef CONFINE_SANITIZED
	if (rc == 0) /* they look at the process's own threads */
		rc = allow(set,
		    &(struct confine_place){ "/proc", CONFINE_READ }, r.files);
#endif
	if (rc == 0)
		rc = (int)syscall(RESTRICT_SELF, set, 0u);
	close(set);
	return rc;
}

bool
confine_shuts(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	/* Landlock is not asked by access(). */
	return fd < 0 && errno == EACCES && access(path, R_OK) == 0;
}
