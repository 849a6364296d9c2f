/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/priv.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "site/account.h"

#define NOBODY 65534

int
priv_find(const struct site *site, struct priv *p, struct buf *why)
{
	struct account a;

	*p = (struct priv){ geteuid() == 0, geteuid(), getegid() };
	if (!p->root)
		return 0;
	if (account_find(site, &a, why) != 0)
		return -1;
	p->uid = a.uid;
	p->gid = a.gid;
	return 0;
}

/* Nothing this process ever becomes may have a capability. */
static int
caps_bound(void)
{
	unsigned long cap;

	for (cap = 0; cap <= CAP_LAST_CAP; cap++)
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) != 0 &&
		    errno != EINVAL)
			return -1;
	return prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED, 0,
	    0, 0);
}

/* Without capabilities root is an account like others, with its own files. */
static int
caps_none(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3,
		0 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];

	memset(none, 0, sizeof(none));
	return (int)syscall(SYS_capset, &head, none);
}

static int
become(uid_t uid, gid_t gid)
{
	if (setgroups(1, &gid) != 0 || setresgid(gid, gid, gid) != 0)
		return -1;
	return setresuid(uid, uid, uid);
}

int
priv_drop(const struct priv *p, enum priv_role role)
{
	const struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_CORE, &none) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -1;
	if (p->root && caps_bound() != 0)
		return -1;
	if (p->root && role == PRIV_USER && become(p->uid, p->gid) != 0)
		return -1;
	if (p->root && role == PRIV_NOBODY && become(NOBODY, NOBODY) != 0)
		return -1;
	if (caps_none() != 0)
		return -1;
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

int
priv_confine(const struct priv *p, const char *dir)
{
	if (!p->root)
		return 0;
	if (chroot(dir) != 0)
		return -1;
	return chdir("/");
}

static int
compare(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void
priv_close_others(const int *keep, size_t n)
{
	int fd[256];
	unsigned next = 3;
	size_t i;

	if (n > sizeof(fd) / sizeof(fd[0]))
		abort();
	if (n > 0) {
		memcpy(fd, keep, n * sizeof(fd[0]));
		qsort(fd, n, sizeof(fd[0]), compare);
	}
	for (i = 0; i < n; i++) {
		if (fd[i] < (int)next)
			continue;
		if ((unsigned)fd[i] > next)
			(void)close_range(next, (unsigned)fd[i] - 1, 0);
		next = (unsigned)fd[i] + 1;
	}
	(void)close_range(next, ~0u, 0);
}
