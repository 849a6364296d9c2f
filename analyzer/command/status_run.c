/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/status_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/cursor.h"
#include "common/io.h"
#include "common/json.h"
#include "common/log.h"

#define FILE_MAX 65536

static struct span
word_next(struct span *line)
{
	const uint8_t *sp =
	    line->len == 0 ? NULL : memchr(line->p, ' ', line->len);
	struct span word =
	    sp == NULL ? *line : span_sub(*line, 0, (size_t)(sp - line->p));

	*line = span_sub(*line, word.len + 1, line->len);
	return word;
}

static size_t
rows_load(const struct site *site, const char *name, struct buf *text,
    struct status_row *rows)
{
	struct span line;
	struct cursor c;
	char path[4096];
	size_t n = 0, i;

	if (io_join(path, sizeof(path), site->run, name) != 0)
		return 0;
	if (io_read_file(path, FILE_MAX, text) != 0) {
		if (errno != ENOENT)
			log_errno("%s", path);
		return 0;
	}
	c = cursor_make(buf_view(text));
	while (n < STATUS_ROWS) {
		line = cursor_until(&c, '\n');
		if (c.bad)
			break;
		for (i = 0; i < 4; i++)
			rows[n].w[i] = word_next(&line);
		n++;
	}
	return n;
}

/* Whoever runs holds the lock. */
bool
status_run_is(const struct site *site)
{
	char path[4096];
	int fd;
	bool held;

	if (io_join(path, sizeof(path), site->run, "pid") != 0 ||
	    (fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return false;
	held = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	close(fd);
	return held;
}

static bool
is_there(struct span pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%.*s",
	    pid.len > 20 ? 20 : (int)pid.len, (const char *)pid.p);
	return access(path, F_OK) == 0;
}

void
status_run_load(struct status_run *r, const struct site *site)
{
	size_t i;

	memset(r, 0, sizeof(*r));
	buf_init(&r->processes);
	buf_init(&r->listeners);
	buf_init(&r->walls);
	r->running = status_run_is(site);
	if (!r->running)
		return;
	r->n_processes =
	    rows_load(site, "processes", &r->processes, r->process);
	r->n_listeners =
	    rows_load(site, "listeners", &r->listeners, r->listener);
	r->n_walls = rows_load(site, "confinement", &r->walls, r->wall);
	for (i = 0; i < r->n_processes; i++)
		r->process[i].there = is_there(r->process[i].w[1]);
}

void
status_run_free(struct status_run *r)
{
	buf_fini(&r->processes);
	buf_fini(&r->listeners);
	buf_fini(&r->walls);
}

size_t
status_run_missing(const struct status_run *r)
{
	size_t i, n = 0;

	for (i = 0; i < r->n_processes; i++)
		n += !r->process[i].there;
	return n;
}

void
status_run_text(const struct status_run *r)
{
	const struct status_row *v;

	if (!r->running) {
		puts(
		    tr("collector: NOT RUNNING", "コレクター: 停止しています"));
		return;
	}
	puts(tr("collector: running", "コレクター: 稼働中"));
	for (v = r->process; v < r->process + r->n_processes; v++)
		printf("  %-10.*s %.*s%s\n", (int)v->w[0].len,
		    (const char *)v->w[0].p, (int)v->w[1].len,
		    (const char *)v->w[1].p,
		    v->there ? "" : tr(" (gone)", "（終了）"));
	puts(tr("walls between the processes:", "プロセス間の分離:"));
	for (v = r->wall; v < r->wall + r->n_walls; v++)
		printf("  %-10.*s %s\n", (int)v->w[0].len,
		    (const char *)v->w[0].p,
		    span_is(v->w[1], "yes") ? tr("in force", "有効")
					    : tr("NOT in force", "無効"));
	puts(tr("listeners:", "受信口:"));
	for (v = r->listener; v < r->listener + r->n_listeners; v++)
		printf("  %-16.*s %-4.*s %.*s %.*s\n", (int)v->w[0].len,
		    (const char *)v->w[0].p, (int)v->w[1].len,
		    (const char *)v->w[1].p, (int)v->w[2].len,
		    (const char *)v->w[2].p, (int)v->w[3].len,
		    (const char *)v->w[3].p);
}

static void
json_word(struct buf *out, const char *key, struct span word)
{
	buf_str(out, key);
	json_quote(out, word);
}

void
status_run_json(const struct status_run *r, struct buf *out)
{
	const struct status_row *v;

	buf_printf(out, "{\"running\":%s,\"processes\":[",
	    r->running ? "true" : "false");
	for (v = r->process; v < r->process + r->n_processes; v++) {
		json_word(out,
		    v == r->process ? "{\"name\":" : ",{\"name\":", v->w[0]);
		json_word(out, ",\"pid\":", v->w[1]);
		buf_printf(out, ",\"there\":%s}", v->there ? "true" : "false");
	}
	buf_str(out, "],\"walls\":[");
	for (v = r->wall; v < r->wall + r->n_walls; v++) {
		json_word(out,
		    v == r->wall ? "{\"name\":" : ",{\"name\":", v->w[0]);
		buf_printf(out, ",\"in_force\":%s}",
		    span_is(v->w[1], "yes") ? "true" : "false");
	}
	buf_str(out, "],\"listeners\":[");
	for (v = r->listener; v < r->listener + r->n_listeners; v++) {
		json_word(out,
		    v == r->listener ? "{\"name\":" : ",{\"name\":", v->w[0]);
		json_word(out, ",\"transport\":", v->w[1]);
		json_word(out, ",\"address\":", v->w[2]);
		json_word(out, ",\"port\":", v->w[3]);
		buf_byte(out, '}');
	}
	buf_str(out, "]}");
}
