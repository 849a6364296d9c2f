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
#include <sys/syscall.h>
#include <unistd.h>

#include "common/confine.h"
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

#define HAS(cap) (1ull << (cap))
#define TO_READ (HAS(CAP_DAC_OVERRIDE) | HAS(CAP_DAC_READ_SEARCH))
#define TO_GIVE                                                                \
	(HAS(CAP_CHOWN) | HAS(CAP_DAC_OVERRIDE) | HAS(CAP_FOWNER) |            \
	    HAS(CAP_FSETID))
#define TO_MAKE                                                                \
	(TO_GIVE | HAS(CAP_DAC_READ_SEARCH) | HAS(CAP_KILL) |                  \
	    HAS(CAP_SETUID) | HAS(CAP_SETGID) | HAS(CAP_SETPCAP) |             \
	    HAS(CAP_SYS_CHROOT) | HAS(CAP_SYS_ADMIN) | HAS(CAP_NET_ADMIN) |    \
	    HAS(CAP_NET_BIND_SERVICE) | HAS(CAP_SYS_RESOURCE))

/* Without capabilities root is an account like others, with its own files. */
static int
caps_only(unsigned long long wanted)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3,
		0 };
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3];
	size_t i;

	if (syscall(SYS_capget, &head, caps) != 0)
		return -1;
	for (i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		caps[i].permitted &= (uint32_t)(wanted >> 32 * i);
		caps[i].effective = caps[i].permitted;
		caps[i].inheritable = 0;
	}
	return (int)syscall(SYS_capset, &head, caps);
}

static int
become(uid_t uid, gid_t gid)
{
	if (setgroups(1, &gid) != 0 || setresgid(gid, gid, gid) != 0)
		return -1;
	return setresuid(uid, uid, uid);
}

static unsigned long long
caps_of(enum priv_role role)
{
	return role == PRIV_PARENT ? TO_MAKE
	    : role == PRIV_GIVER   ? TO_GIVE
	    : role == PRIV_READER  ? TO_READ
				   : 0;
}

int
priv_drop(const struct priv *p, enum priv_role role)
{
	/* Its children bound their own: they need what it may not drop. */
	if (p->root && role != PRIV_PARENT && caps_bound() != 0)
		return -1;
	if (p->root && role == PRIV_USER && become(p->uid, p->gid) != 0)
		return -1;
	if (p->root && role == PRIV_NOBODY && become(NOBODY, NOBODY) != 0)
		return -1;
	if (caps_only(caps_of(role)) != 0)
		return -1;
	return confine_begin();
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
