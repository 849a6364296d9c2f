/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/tlsload.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/log.h"

#define PEM_MAX (4u << 20) /* bytes of a file; revocation lists grow */

static bool
is_configured(const struct site_listener *conf, int file)
{
	return *tlsctx_path(conf, (enum tls_file)file) != '\0';
}

static void
close_all(int fd[TLS_FILE_COUNT])
{
	int i;

	for (i = 0; i < TLS_FILE_COUNT; i++)
		if (fd[i] >= 0) {
			close(fd[i]);
			fd[i] = -1;
		}
}

/* Append what is left of a file.  0, or -1 and errno. */
static int
read_fd(int fd, struct buf *out)
{
	uint8_t part[16384]; /* wiped: it may be a key */
	ssize_t n;

	while ((n = read(fd, part, sizeof(part))) > 0) {
		if (out->len + (size_t)n > PEM_MAX) {
			errno = EFBIG;
			n = -1;
			break;
		}
		buf_append(out, part, (size_t)n);
	}
	explicit_bzero(part, sizeof(part));
	return n < 0 ? -1 : 0;
}

static void
say_file(const struct site_listener *conf, int file, struct buf *why)
{
	const char *reason = strerror(errno);

	buf_printf(why, "%s: '%s': %s", tlsctx_key((enum tls_file)file),
	    tlsctx_path(conf, (enum tls_file)file), reason);
}

static int
read_all(const struct site_listener *conf, const int fd[TLS_FILE_COUNT],
    struct buf text[TLS_FILE_COUNT], struct tls_files *files, struct buf *why)
{
	int i;

	for (i = 0; i < TLS_FILE_COUNT; i++) {
		if (is_configured(conf, i) && read_fd(fd[i], &text[i]) != 0) {
			say_file(conf, i, why);
			return -1;
		}
		files->pem[i] = buf_view(&text[i]);
	}
	return 0;
}

/* Not blocking: a FIFO in a file's place stops nobody. */
static int
open_all(const struct site_listener *conf, int fd[TLS_FILE_COUNT],
    struct buf *why)
{
	int i;

	for (i = 0; i < TLS_FILE_COUNT; i++)
		fd[i] = -1;
	for (i = 0; i < TLS_FILE_COUNT; i++) {
		if (!is_configured(conf, i))
			continue;
		fd[i] = open(tlsctx_path(conf, (enum tls_file)i),
		    O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fd[i] < 0) {
			say_file(conf, i, why);
			close_all(fd);
			return -1;
		}
	}
	return 0;
}

/* A key that everybody has proves nothing: they can pose as the collector. */
static void
warn_key(const char *path, int fd, struct buf *why)
{
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0 || (st.st_mode & 0007) == 0)
		return;
	buf_printf(why,
	    (st.st_mode & 0002) != 0
		? tr("key: '%s': everybody on this machine can change it "
		     "(mode %04o): run 'chmod o= %s' and, if others have "
		     "accounts here, make a new key",
		      "key: 「%s」: このマシンの全員が書き換えられます（モード"
		      "%04o）。「chmod o= %s」を実行し、他の利用者がいる場合は"
		      "鍵を作り直してください")
		: tr("key: '%s': everybody on this machine can read it (mode "
		     "%04o): run 'chmod o= %s' and, if others have accounts "
		     "here, make a new key",
		      "key: 「%s」: このマシンの全員が読み取れます（モード"
		      "%04o）。「chmod o= %s」を実行し、他の利用者がいる場合は"
		      "鍵を作り直してください"),
	    path, (unsigned)(st.st_mode & 07777), path);
}

int
tlsload_read(const struct site_listener *conf, struct buf text[TLS_FILE_COUNT],
    struct tls_files *files, struct buf *why)
{
	int i, rc, fd[TLS_FILE_COUNT];

	for (i = 0; i < TLS_FILE_COUNT; i++)
		buf_init(&text[i]);
	if (open_all(conf, fd, why) != 0)
		return -1;
	rc = read_all(conf, fd, text, files, why);
	if (rc == 0)
		warn_key(conf->key, fd[TLS_FILE_KEY], why);
	close_all(fd);
	return rc;
}

void
tlsload_wipe(struct buf text[TLS_FILE_COUNT])
{
	int i;

	for (i = 0; i < TLS_FILE_COUNT; i++) {
		if (text[i].p != NULL)
			explicit_bzero(text[i].p, text[i].cap);
		buf_fini(&text[i]);
	}
}
