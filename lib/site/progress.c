/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "site/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "common/cursor.h"
#include "common/io.h"
#include "site/succession.h"

static const struct {
	const char *name;
	size_t offset;
} numbers[] = {
	{ "next ", offsetof(struct progress, next) },
	{ "told ", offsetof(struct progress, told) },
	{ "time ", offsetof(struct progress, time) },
	{ "sent ", offsetof(struct progress, sent) },
	{ "skipped ", offsetof(struct progress, skipped) },
	{ "since ", offsetof(struct progress, since) },
};
#define NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

void
progress_print(const struct progress *p, struct buf *out)
{
	uint64_t n;
	size_t i;
	const char *c;

	buf_printf(out, "forward1 %s\ngeneration %u\n", p->origin,
	    p->generation);
	for (i = 0; i < NUMBERS; i++) {
		memcpy(&n, (const char *)p + numbers[i].offset, sizeof(n));
		buf_printf(out, "%s%llu\n", numbers[i].name,
		    (unsigned long long)n);
	}
	buf_str(out, p->state == PROGRESS_UP ? "up " : "away ");
	for (c = p->why; *c != '\0'; c++)
		buf_byte(out,
		    (uint8_t)*c < ' ' || *c == 0x7f ? ' ' : (uint8_t)*c);
	buf_byte(out, '\n');
}

int
progress_parse(struct span in, struct progress *p)
{
	struct cursor c = cursor_make(in);
	struct span s;
	uint64_t n;
	size_t i;

	memset(p, 0, sizeof(*p));
	cursor_expect(&c, SPAN("forward1 "));
	s = cursor_until(&c, '\n');
	if (c.bad || !checkpoint_origin_ok(s))
		return -1;
	memcpy(p->origin, s.p, s.len);
	cursor_expect(&c, SPAN("generation "));
	p->generation = (unsigned)cursor_decimal(&c, SUCCESSION_MAX);
	cursor_expect(&c, SPAN("\n"));
	for (i = 0; i < NUMBERS; i++) {
		cursor_expect(&c, span_str(numbers[i].name));
		n = cursor_decimal(&c, UINT64_MAX);
		cursor_expect(&c, SPAN("\n"));
		memcpy((char *)p + numbers[i].offset, &n, sizeof(n));
	}
	s = cursor_until(&c, ' ');
	p->state = span_is(s, "up") ? PROGRESS_UP : PROGRESS_AWAY;
	if (p->state == PROGRESS_AWAY && !span_is(s, "away"))
		return -1;
	s = cursor_until(&c, '\n');
	if (!cursor_done(&c) || s.len > PROGRESS_WHY_MAX || p->generation == 0)
		return -1;
	for (i = 0; i < s.len; i++)
		if (s.p[i] < ' ' || s.p[i] == 0x7f)
			return -1;
	memcpy(p->why, s.p, s.len);
	return 0;
}

int
progress_path(const struct site *site, const struct site_forward *f, char *out,
    size_t size)
{
	int n = snprintf(out, size, "%s/forward-%s", site->cache, f->name);

	return n > 0 && (size_t)n < size ? 0 : -1;
}

int
progress_load(const struct site *site, const struct site_forward *f,
    struct progress *p)
{
	char path[4096];
	struct buf text;
	int rc = -1;

	buf_init(&text);
	if (progress_path(site, f, path, sizeof(path)) != 0)
		errno = ENAMETOOLONG;
	else if (io_read_file(path, PROGRESS_FILE_MAX, &text) == 0) {
		errno = EBADMSG;
		rc = progress_parse(buf_view(&text), p);
	}
	buf_fini(&text);
	return rc;
}

int
progress_save(const struct site *site, const struct site_forward *f,
    const struct progress *p)
{
	char path[4096];
	struct buf text;
	int rc;

	if (progress_path(site, f, path, sizeof(path)) != 0) {
		errno = ENAMETOOLONG;
		return -1;
	}
	buf_init(&text);
	progress_print(p, &text);
	rc = io_replace_at(AT_FDCWD, path, 0640, buf_view(&text));
	buf_fini(&text);
	return rc;
}
