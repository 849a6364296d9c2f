/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/manager.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/num.h"
#include "common/span.h"

#define WATCHDOG_MAX INT64_C(86400000000) /* usec */

static int64_t
watchdog(void)
{
	const char *usec = getenv("WATCHDOG_USEC"),
		   *pid = getenv("WATCHDOG_PID");
	uint64_t n, who;

	if (usec == NULL || num_parse(span_str(usec), WATCHDOG_MAX, &n) != 0)
		return 0;
	if (pid != NULL &&
	    (num_parse(span_str(pid), INT32_MAX, &who) != 0 ||
		(pid_t)who != getpid()))
		return 0;
	return (int64_t)n;
}

void
manager_init(struct manager *m)
{
	const char *path = getenv("NOTIFY_SOCKET");
	size_t len;

	*m = (struct manager){ .fd = -1 };
	if (path == NULL || (*path != '/' && *path != '@'))
		return;
	len = strlen(path);
	if (len < 2 || len >= sizeof(m->to.sun_path))
		return;
	m->to.sun_family = AF_UNIX;
	memcpy(m->to.sun_path, path, len);
	if (*path == '@')
		m->to.sun_path[0] = '\0';
	m->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	m->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	m->watchdog = m->fd < 0 ? 0 : watchdog();
}

void
manager_fini(struct manager *m)
{
	if (m->fd >= 0)
		close(m->fd);
	m->fd = -1;
}

/* A manager that does not read is not waited for. */
static void
say(const struct manager *m, const char *what, int fd)
{
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(sizeof(int))];
	} aside = { .space = { 0 } };
	struct iovec iov = { (void *)(uintptr_t)what, strlen(what) };
	struct sockaddr_un to = m->to;
	struct msghdr msg = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_name = &to,
		.msg_namelen = m->len };
	struct cmsghdr *c;

	if (m->fd < 0)
		return;
	if (fd >= 0) {
		msg.msg_control = &aside;
		msg.msg_controllen = sizeof(aside);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(int));
	}
	(void)sendmsg(m->fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void
manager_say(const struct manager *m, const char *what)
{
	say(m, what, -1);
}

void
manager_reloading(const struct manager *m)
{
	struct timespec t;
	char text[80];

	clock_gettime(CLOCK_MONOTONIC, &t);
	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%lld",
	    (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000);
	say(m, text, -1);
}

void
manager_status(const struct manager *m, const char *text)
{
	char line[256];

	snprintf(line, sizeof(line), "STATUS=%s", text);
	say(m, line, -1);
}

void
manager_keep(const struct manager *m, const char *name, int fd)
{
	char text[80];

	snprintf(text, sizeof(text), "FDSTORE=1\nFDNAME=%s", name);
	say(m, text, fd);
}

void
manager_drop(const struct manager *m, const char *name)
{
	char text[80];

	snprintf(text, sizeof(text), "FDSTOREREMOVE=1\nFDNAME=%s", name);
	say(m, text, -1);
}
