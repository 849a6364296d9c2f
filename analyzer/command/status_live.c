/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/status_live.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"

static const char request[] = "GET /status HTTP/1.0\r\n\r\n";

static int
dial(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct timeval patience = { .tv_sec = STATUS_LIVE_SECONDS };
	int fd, saved;

	if (strlen(path) >= sizeof(sun.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(sun.sun_path, path);
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		sizeof(patience)) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
		sizeof(patience)) == 0 &&
	    connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* The whole answer, head and all.  0, or -1 and errno. */
static int
ask(int fd, struct buf *out)
{
	uint8_t in[16384];
	ssize_t n;

	if (send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) < 0)
		return -1;
	while ((n = recv(fd, in, sizeof(in), 0)) > 0) {
		if (out->len + (size_t)n > STATUS_LIVE_MAX) {
			errno = EMSGSIZE;
			return -1;
		}
		buf_append(out, in, (size_t)n);
	}
	return n == 0 ? 0 : -1;
}

static json_t *
body(struct buf *answer)
{
	static const char ok[] = "HTTP/1.0 200 ";
	const char *text = buf_cstr(answer), *at = strstr(text, "\r\n\r\n");

	if (strncmp(text, ok, sizeof(ok) - 1) != 0 || at == NULL)
		return NULL;
	return json_loads(at + 4, JSON_REJECT_DUPLICATES, NULL);
}

json_t *
status_live_load(const struct site *site)
{
	char path[4096];
	json_t *v = NULL;
	struct buf answer;
	int fd = -1;

	buf_init(&answer);
	if (io_join(path, sizeof(path), site->run, SITE_METRICS_SOCKET) == 0 &&
	    (fd = dial(path)) >= 0 && ask(fd, &answer) == 0) {
		if ((v = body(&answer)) == NULL)
			log_warn(tr("%s: an answer that nobody understands",
				     "%s: 応答を解釈できません"),
			    path);
	} else if (errno != ENOENT)
		log_errno("%s", path);
	if (fd >= 0)
		close(fd);
	buf_fini(&answer);
	return v;
}

static long long
number(const json_t *object, const char *name)
{
	const json_t *n = json_object_get(object, name);

	return (long long)json_number_value(n);
}

static const char *
word(const json_t *object, const char *name)
{
	const char *s = json_string_value(json_object_get(object, name));

	return s == NULL ? "-" : s;
}

static void
listener_text(const json_t *l)
{
	const char *kind;
	json_t *n = json_object_get(l, "konseki_listener_open");

	if (n != NULL && json_integer_value(n) == 0)
		printf(tr("  %-16s ALARM: it is closed, nothing is received "
			  "there (the collector's messages say why)\n",
			   "  %-16s 警報: 閉じており、受信できません（理由はコ"
			   "レクターのメッセージを参照）\n"),
		    word(l, "name"));
	printf(tr("  %-16s received %lld (%lld bytes), connections %lld",
		   "  %-16s 受信%lld件（%lldバイト）、接続%lld"),
	    word(l, "name"),
	    number(l, "konseki_listener_received_records_total"),
	    number(l, "konseki_listener_received_bytes_total"),
	    number(l, "konseki_listener_connections"));
	json_object_foreach(json_object_get(l, "lost"), kind, n)
	    printf(", %s %lld", kind, (long long)json_integer_value(n));
	putchar('\n');
}

static void
log_text(const json_t *l)
{
	const char *name = word(l, "name"), *disk = word(l, "disk");

	if (json_object_get(l, "seal_age_seconds") != NULL)
		printf(tr("  %-16s sealed %lld s ago\n",
			   "  %-16s 最後の封印: %lld秒前\n"),
		    name, number(l, "seal_age_seconds"));
	if (number(l, "konseki_log_fault") != 0)
		printf(tr("  %-16s ALARM: it cannot be written or sealed\n",
			   "  %-16s 警報: 書き込みまたは封印ができません\n"),
		    name);
	if (number(l, "konseki_log_reserve_in_use") != 0)
		printf(tr("  %-16s ALARM: the disk is full and the reserve in "
			  "use: nothing is taken\n",
			   "  %-16s 警報: ディスクが満杯で予備領域を使用中のた"
			   "め、取り込みを止めています\n"),
		    name);
	else if (strcmp(disk, "alarm") == 0)
		printf(tr("  %-16s ALARM: the disk is nearly full\n",
			   "  %-16s 警報: ディスクがほぼ満杯です\n"),
		    name);
	else if (strcmp(disk, "warning") == 0)
		printf(tr("  %-16s warning: the disk fills\n",
			   "  %-16s 注意: ディスクの空きが減っています\n"),
		    name);
}

void
status_live_text(const json_t *v)
{
	size_t i;
	json_t *item;

	if (v == NULL)
		return;
	puts(tr("now:", "現在:"));
	json_array_foreach(json_object_get(v, "listeners"), i, item)
	    listener_text(item);
	json_array_foreach(json_object_get(v, "logs"), i, item) log_text(item);
}

void
status_live_json(const json_t *v, struct buf *out)
{
	char *text = v == NULL ? NULL : json_dumps(v, JSON_COMPACT);

	buf_str(out, text == NULL ? "null" : text);
	free(text);
}
