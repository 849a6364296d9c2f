/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/rundir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"
#include "site/client.h"

static int
join(const struct site *site, const char *name, char *out, size_t size)
{
	if (io_join(out, size, site->run, name) == 0)
		return 0;
	log_error(tr("%s: the path is too long", "%s: パスが長すぎます"),
	    site->run);
	return -1;
}

/* A folder with that owner and mode; one that is there keeps its own. */
static int
folder(const char *path, const struct priv *p, uid_t uid, mode_t mode)
{
	if (mkdir(path, mode) == 0)
		return p->root ? lchown(path, uid, p->gid) : 0;
	return errno == EEXIST ? 0 : -1;
}

int
rundir_make(const struct site *site, const struct priv *p)
{
	char empty[4096];

	if (join(site, "empty", empty, sizeof(empty)) != 0)
		return -1;
	if (folder(site->run, p, p->uid, 0750) == 0 &&
	    folder(empty, p, 0, 0555) == 0 &&
	    folder(site->cache, p, p->uid, 0750) == 0)
		return 0;
	log_errno("%s", site->run);
	return -1;
}

int
rundir_open(const struct site *site)
{
	char path[4096], pid[32];
	int fd, len;

	if (join(site, "pid", path, sizeof(path)) != 0)
		return -1;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0) {
		log_errno("%s", path);
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		log_error(tr("a collector runs on this site already (%s)",
			      "この施設のコレクターはすでに動いています（%s）"),
		    path);
		close(fd);
		return -1;
	}
	len = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) != 0 || io_write_all(fd, pid, (size_t)len) != 0) {
		log_errno("%s", path);
		close(fd);
		return -1;
	}
	return fd;
}

void
rundir_close(const struct site *site, int lock)
{
	static const char *const names[] = { "listeners", "processes",
		"confinement", SITE_FILE, CLIENT_SOCKET, SITE_METRICS_SOCKET };
	char path[4096];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (join(site, names[i], path, sizeof(path)) == 0)
			(void)unlink(path); /* what is not there is fine */
	(void)!ftruncate(lock, 0);	    /* the lock says the same */
	close(lock);
}

static int
socket_open(const struct site *site, const struct priv *p, const char *name,
    int type)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	char path[4096];
	mode_t mask;
	int fd, rc;

	if (join(site, name, path, sizeof(path)) != 0)
		return -1;
	if (strlen(path) >= sizeof(sun.sun_path)) {
		log_error(tr("%s: too long for a socket's path (%zu bytes at "
			     "most): set 'run' to a shorter folder",
			      "%s: "
			      "ソケットのパスが長すぎます（最大%zuバイト）。"
			      "「run」に短いフォルダーを指定してください"),
		    path, sizeof(sun.sun_path) - 1);
		return -1;
	}
	strcpy(sun.sun_path, path);
	(void)unlink(path); /* we hold the lock: it is a dead one's */
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mask = umask(0117);
	rc = fd < 0 ? -1 : bind(fd, (struct sockaddr *)&sun, sizeof(sun));
	umask(mask);
	/* The folder is the site's user's: he may have put a link there. */
	if (rc != 0 || (p->root && lchown(path, p->uid, p->gid) != 0) ||
	    listen(fd, 64) != 0) {
		log_errno("%s", path);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

int
rundir_submit(const struct site *site, const struct priv *p)
{
	return socket_open(site, p, CLIENT_SOCKET, SOCK_SEQPACKET);
}

int
rundir_metrics(const struct site *site, const struct priv *p)
{
	return socket_open(site, p, SITE_METRICS_SOCKET, SOCK_STREAM);
}

static int
replace(const struct site *site, const char *name, mode_t mode,
    struct span bytes)
{
	int dir = open(site->run, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = -1;

	if (dir >= 0) {
		rc = io_replace_at(dir, name, mode, bytes);
		close(dir);
	}
	if (rc != 0)
		log_errno("%s/%s", site->run, name);
	return rc;
}

int
rundir_listeners(const struct site *site, const struct receiver_listener *l,
    size_t n)
{
	char where[128];
	struct buf out;
	size_t i;
	int rc;

	buf_init(&out);
	for (i = 0; i < n; i++) {
		if (l[i].closed)
			continue;
		if (receiver_bound(l[i].fd, where, sizeof(where)) != 0)
			strcpy(where, "- 0");
		buf_printf(&out, "%s %s %s\n", l[i].conf->name,
		    site_transport_name(l[i].conf->transport), where);
	}
	rc = replace(site, "listeners", 0644, buf_view(&out));
	buf_fini(&out);
	return rc;
}

int
rundir_processes(const struct site *site, const char *const *names,
    const pid_t *pids, size_t n)
{
	struct buf out;
	size_t i;
	int rc;

	buf_init(&out);
	buf_printf(&out, "parent %ld\n", (long)getpid());
	for (i = 0; i < n; i++)
		if (pids[i] > 0)
			buf_printf(&out, "%s %ld\n", names[i], (long)pids[i]);
	rc = replace(site, "processes", 0644, buf_view(&out));
	buf_fini(&out);
	return rc;
}

int
rundir_sockets(const struct site *site, struct span text)
{
	return replace(site, "sockets", 0644, text);
}

int
rundir_sockets_read(const struct site *site, struct buf *text)
{
	char path[4096];

	if (join(site, "sockets", path, sizeof(path)) != 0)
		return -1;
	return io_read_file(path, 65536, text);
}

int
rundir_config(const struct site *site, const struct priv *p)
{
	char path[4096];

	if (join(site, SITE_FILE, path, sizeof(path)) != 0 ||
	    replace(site, SITE_FILE, 0640, site->text) != 0)
		return -1;
	if (!p->root || lchown(path, 0, p->gid) == 0)
		return 0;
	log_errno("%s", path);
	return -1;
}

int
rundir_confinement(const struct site *site, struct span lines)
{
	return replace(site, "confinement", 0644, lines);
}
