/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/runner_apart.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"

#define ENV_MAX 16u	/* as runner.c takes */
#define OURS "KONSEKI_" /* how each variable begins */
#define MESSAGE_MAX                                                            \
	(16u << 20) /* bytes of environment and input, and result              \
		     */

static int apart = -1; /* the socket to it */

/* A request or a reply: its number and the bytes that follow. */
struct head {
	uint32_t number; /* request: strings of environment; reply: 0 or 1 */
	uint32_t len;
};

static int
give(int fd, uint32_t number, struct span bytes)
{
	struct head h = { number, (uint32_t)bytes.len };

	if (bytes.len > MESSAGE_MAX) {
		errno = EMSGSIZE;
		return -1;
	}
	return io_write_all(fd, &h, sizeof(h)) != 0 ||
		io_write_all(fd, bytes.p, bytes.len) != 0
	    ? -1
	    : 0;
}

static int
take(int fd, uint32_t *number, struct buf *bytes)
{
	char piece[4096];
	struct head h;
	size_t n;

	if (io_read_up_to(fd, &h, sizeof(h)) != sizeof(h) ||
	    h.len > MESSAGE_MAX)
		return -1;
	*number = h.number;
	for (; h.len > 0; h.len -= (uint32_t)n) {
		n = h.len < sizeof(piece) ? h.len : sizeof(piece);
		if (io_read_up_to(fd, piece, n) != (ssize_t)n)
			return -1;
		buf_append(bytes, piece, n);
	}
	return 0;
}

/* One request.  -1: whoever asks is gone, or asks for what is none. */
static int
serve(int fd, struct runner *r)
{
	const char *env[ENV_MAX], *at, *end;
	struct buf in, result;
	uint32_t n;
	int rc = -1;

	buf_init(&in);
	buf_init(&result);
	if (take(fd, &n, &in) != 0 || n > ENV_MAX)
		goto out;
	at = (const char *)in.p;
	end = at + in.len;
	for (r->n_env = 0; r->n_env < n; r->n_env++) {
		const char *nul =
		    at == end ? NULL : memchr(at, '\0', (size_t)(end - at));

		/* Others, like BASH_ENV, would be programs of theirs. */
		if (nul == NULL || strncmp(at, OURS, strlen(OURS)) != 0)
			goto out;
		env[r->n_env] = at;
		at = nul + 1;
	}
	r->env = env;
	n = runner_run(r, span_make(at, (size_t)(end - at)), &result) != 0;
	rc = give(fd, n, buf_view(&result));
out:
	buf_fini(&result);
	buf_fini(&in);
	return rc;
}

/* It ends with who asks; a handler is not inherited by programs. */
static void
nothing(int signo)
{
	(void)signo;
}

int
runner_apart_start(const struct runner *program)
{
	const struct sigaction act = { .sa_handler = nothing,
		.sa_flags = SA_RESTART };
	struct runner r = *program;
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	if ((pid = fork()) == 0) {
		close(pair[0]);
		log_set_name("konseki-caller");
		prctl(PR_SET_NAME, "konseki-caller");
		sigaction(SIGTERM, &act, NULL);
		sigaction(SIGINT, &act, NULL);
		while (serve(pair[1], &r) == 0)
			continue;
		_exit(0);
	}
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return -1;
	}
	apart = pair[0];
	return 0;
}

int
runner_apart_run(const struct runner *r, struct span input, struct buf *result)
{
	struct buf out;
	uint32_t failed = 1;
	size_t i;
	int rc;

	if (apart < 0)
		return runner_run(r, input, result);
	buf_init(&out);
	for (i = 0; i < r->n_env; i++)
		buf_append(&out, r->env[i], strlen(r->env[i]) + 1);
	buf_span(&out, input);
	rc = give(apart, (uint32_t)r->n_env, buf_view(&out));
	if (rc == 0)
		rc = take(apart, &failed, result);
	if (rc != 0)
		buf_str(result,
		    tr("the process that runs it is gone",
			"起動用プロセスが終了しています"));
	buf_fini(&out);
	return rc == 0 && failed == 0 ? 0 : -1;
}
