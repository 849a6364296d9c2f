/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/tlsload.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"
#include "common/num.h"

#define PEM_MAX (4u << 20) /* bytes of a file; revocation lists grow */

union aside { /* room for descriptors beside a message */
	struct cmsghdr head;
	char space[CMSG_SPACE(TLS_FILE_COUNT * sizeof(int))];
};

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

/* --- the parent --------------------------------------------------------------
 */

static int
send_fds(int control, const char *text, const int fd[TLS_FILE_COUNT])
{
	union aside aside = { .space = { 0 } };
	struct iovec iov = { (void *)(uintptr_t)text, strlen(text) };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *head;
	int all[TLS_FILE_COUNT], i;
	size_t n = 0;

	for (i = 0; i < TLS_FILE_COUNT; i++)
		if (fd != NULL && fd[i] >= 0)
			all[n++] = fd[i];
	if (n > 0) {
		m.msg_control = &aside;
		m.msg_controllen = CMSG_SPACE(n * sizeof(int));
		head = CMSG_FIRSTHDR(&m);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(n * sizeof(int));
		memcpy(CMSG_DATA(head), all, n * sizeof(int));
	}
	return sendmsg(control, &m, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -1 : 0;
}

static int
send_listener(int control, const struct site *site, size_t i, struct buf *why)
{
	int fd[TLS_FILE_COUNT], rc;
	char text[32];

	if (open_all(&site->listeners[i], fd, why) != 0)
		return -1;
	snprintf(text, sizeof(text), "tls %zu", i);
	rc = send_fds(control, text, fd);
	if (rc != 0)
		buf_printf(why,
		    tr("cannot tell the receiver: %s",
			"受信プロセスに伝えられません: %s"),
		    strerror(errno));
	close_all(fd);
	return rc;
}

int
tlsload_send(int control, const struct site *site)
{
	struct buf why;
	int rc = 0;
	size_t i;

	buf_init(&why);
	for (i = 0; i < site->n_listeners && rc == 0; i++) {
		if (!site_is_tls(site->listeners[i].transport))
			continue;
		rc = send_listener(control, site, i, &why);
		if (rc != 0)
			log_error(tr("listener '%s': %s: the old certificates "
				     "stay in force",
				      "受信口「%s」: %s。これまでの証明書を使い"
				      "続けます"),
			    site->listeners[i].name, buf_cstr(&why));
	}
	if (send_fds(control, rc == 0 ? "tls end" : "tls drop", NULL) != 0)
		rc = -1;
	buf_fini(&why);
	return rc;
}

/* --- the receiver ------------------------------------------------------------
 */

ssize_t
tlsload_recv(int control, void *p, size_t len, int fd[TLS_FILE_COUNT])
{
	union aside aside = { .space = { 0 } };
	struct iovec iov = { p, len };
	struct msghdr m = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &aside,
		.msg_controllen = sizeof(aside) };
	struct cmsghdr *h;
	ssize_t n;
	int i;

	for (i = 0; i < TLS_FILE_COUNT; i++)
		fd[i] = -1;
	n = recvmsg(control, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	for (h = n < 0 ? NULL : CMSG_FIRSTHDR(&m); h != NULL;
	     h = CMSG_NXTHDR(&m, h))
		if (h->cmsg_level == SOL_SOCKET && h->cmsg_type == SCM_RIGHTS)
			memcpy(fd, CMSG_DATA(h), h->cmsg_len - CMSG_LEN(0));
	return n;
}

/* The descriptors came in the order of those that are configured. */
static void
spread(const struct site_listener *conf, const int from[TLS_FILE_COUNT],
    int fd[TLS_FILE_COUNT])
{
	int i, next = 0;

	for (i = 0; i < TLS_FILE_COUNT; i++)
		fd[i] = is_configured(conf, i) ? from[next++] : -1;
}

static void
make(struct tlsload *t, size_t i, const struct site_listener *conf,
    const int from[TLS_FILE_COUNT])
{
	struct buf text[TLS_FILE_COUNT], why;
	int fd[TLS_FILE_COUNT], k;
	struct tls_files files;
	SSL_CTX *ctx = NULL;

	for (k = 0; k < TLS_FILE_COUNT; k++)
		buf_init(&text[k]);
	buf_init(&why);
	spread(conf, from, fd);
	if (read_all(conf, fd, text, &files, &why) == 0)
		ctx = tlsctx_new(conf, &files, &why);
	tlsload_wipe(text);
	if (ctx == NULL) {
		t->failed = true;
		log_error(tr("listener '%s': %s: the old certificates stay in "
			     "force",
			      "受信口「%s」: "
			      "%s。これまでの証明書を使い続けます"),
		    conf->name, buf_cstr(&why));
	} else if (why.len > 0)
		log_warn(tr("listener '%s': %s", "受信口「%s」: %s"),
		    conf->name, buf_cstr(&why));
	buf_fini(&why);
	SSL_CTX_free(t->ctx[i]);
	t->ctx[i] = ctx;
}

/* All is there: change to it, or to nothing of it. */
static const char *
finish(struct tlsload *t, bool fine, struct listener *listeners, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (t->ctx[i] != NULL && fine)
			listen_renew(&listeners[i], t->ctx[i]);
		else
			SSL_CTX_free(t->ctx[i]);
		t->ctx[i] = NULL;
	}
	t->failed = false;
	if (fine)
		log_info(tr("the certificates were read again; connections "
			    "that stand go on",
		    "証明書を読み直しました（接続中のものはそのまま続きま"
		    "す）"));
	return fine ? "tls new" : "tls old";
}

const char *
tlsload_hear(struct tlsload *t, struct span message, int fd[TLS_FILE_COUNT],
    struct listener *listeners, size_t n)
{
	struct span what = span_sub(message, 4, message.len);
	uint64_t i;

	if (num_parse(what, n == 0 ? 0 : n - 1, &i) == 0 && i < n &&
	    listeners[i].ctx != NULL)
		make(t, (size_t)i, listeners[i].conf, fd);
	close_all(fd);
	if (span_is(what, "end"))
		return finish(t, !t->failed, listeners, n);
	if (span_is(what, "drop"))
		return finish(t, false, listeners, n);
	return NULL;
}
