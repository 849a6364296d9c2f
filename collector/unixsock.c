/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/unixsock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 4096 /* the kernel takes less if net.core.somaxconn is less */

static const mode_t modes[] = {
	[SITE_UNIX_0600] = 0600,
	[SITE_UNIX_0660] = 0660,
	[SITE_UNIX_0666] = 0666,
};

/* Whether somebody listens there: then it is not to be taken from him. */
static bool
is_alive(const struct sockaddr_un *sun, int type)
{
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool dead;

	if (fd < 0)
		return true;
	dead = connect(fd, (const struct sockaddr *)sun, sizeof(*sun)) != 0 &&
	    errno == ECONNREFUSED;
	close(fd);
	return !dead;
}

/* Make way for a socket at that path. */
static int
clear(const struct sockaddr_un *sun, int type)
{
	struct stat st;

	if (lstat(sun->sun_path, &st) != 0)
		return errno == ENOENT ? 0 : -1;
	if (!S_ISSOCK(st.st_mode)) {
		errno = EEXIST;
		return -1;
	}
	if (is_alive(sun, type)) {
		errno = EADDRINUSE;
		return -1;
	}
	return unlink(sun->sun_path);
}

int
unixsock_bind(const struct site_listener *conf)
{
	int type =
	    conf->transport == SITE_UNIX_DGRAM ? SOCK_DGRAM : SOCK_STREAM;
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd, rc = -1, saved;
	mode_t mask;

	if (strlen(conf->path) >= sizeof(sun.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(sun.sun_path, conf->path);
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (clear(&sun, type) == 0) {
		mask = umask(0777 & ~modes[conf->mode]);
		rc = bind(fd, (struct sockaddr *)&sun, sizeof(sun));
		umask(mask);
	}
	if (rc == 0 && (type == SOCK_DGRAM || listen(fd, BACKLOG) == 0))
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* What was looked at is what is changed, whoever may replace the file. */
int
unixsock_mode(const struct site_listener *conf, bool now)
{
	int fd = open(conf->path, O_PATH | O_NOFOLLOW | O_CLOEXEC), rc = -1;
	char path[32];
	struct stat st;
	int saved;

	if (fd < 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	errno = EEXIST;
	if (fstat(fd, &st) != 0 || !S_ISSOCK(st.st_mode))
		rc = -1;
	else if ((st.st_mode & 0777) == modes[conf->mode])
		rc = 0;
	else if (now)
		rc = chmod(path, modes[conf->mode]);
	else if (geteuid() == 0 || st.st_uid == geteuid())
		rc = 0;
	else
		errno = EPERM;
	saved = errno;
	close(fd);
	errno = saved;
	return rc;
}

bool
unixsock_is_at(int fd, const struct site_listener *conf)
{
	struct sockaddr_storage ss = { 0 }; /* larger than a path */
	const struct sockaddr_un *sun = (struct sockaddr_un *)&ss;
	socklen_t len = sizeof(ss);

	return getsockname(fd, (struct sockaddr *)&ss, &len) == 0 &&
	    ss.ss_family == AF_UNIX && strcmp(sun->sun_path, conf->path) == 0;
}

ino_t
unixsock_file(const struct site_listener *conf)
{
	struct stat st;

	return lstat(conf->path, &st) == 0 && S_ISSOCK(st.st_mode) ? st.st_ino
								   : 0;
}

bool
unixsock_is_there(const struct site_listener *conf)
{
	return unixsock_file(conf) != 0;
}

void
unixsock_remove(const struct site_listener *conf)
{
	if (unixsock_is_there(conf))
		(void)unlink(conf->path);
}

int
unixsock_peer(int fd, uid_t *uid, pid_t *pid)
{
	struct ucred who;
	socklen_t len = sizeof(who);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) != 0)
		return -1;
	*uid = who.uid;
	*pid = who.pid;
	return 0;
}
