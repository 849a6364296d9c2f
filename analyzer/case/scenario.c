/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/scenario.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/cursor.h"
#include "common/log.h"
#include "common/num.h"
#include "common/text.h"
#include "common/utc.h"

/* The next line of *rest; the last one need not have an end. */
static struct span
next_line(struct span *rest)
{
	struct span line;
	size_t i = 0;

	while (i < rest->len && rest->p[i] != '\n')
		i++;
	line = span_sub(*rest, 0, i);
	*rest = span_sub(*rest, i + 1, rest->len);
	return line;
}

static int
grow(struct scenario *s, struct arena *arena, size_t *cap, struct buf *why)
{
	struct scenario_line *wider;

	if (s->n == SCENARIO_LINES) {
		buf_printf(why,
		    tr("more than %u lines", "行が%uを超えています"),
		    SCENARIO_LINES);
		return -1;
	}
	if (s->n < *cap)
		return 0;
	*cap = *cap == 0 ? 64 : *cap * 2;
	wider = arena_alloc(arena, *cap * sizeof(*wider));
	if (s->n > 0)
		memcpy(wider, s->lines, s->n * sizeof(*wider));
	s->lines = wider;
	return 0;
}

/* "title_ja: ..." of the head.  0, or -1 and *why. */
static int
head(struct scenario *s, struct span line, struct arena *arena, struct buf *why)
{
	static const char *const names[] = { "title_ja", "title_en",
		"about_ja", "about_en" };
	const char **const to[] = { &s->title_ja, &s->title_en, &s->about_ja,
		&s->about_en };
	struct cursor c = cursor_make(line);
	struct span name = cursor_until(&c, ':');
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (span_is(name, names[i])) {
			*to[i] = arena_str(arena,
			    text_trim(span_make(c.p, cursor_left(&c))));
			return 0;
		}
	buf_str(why,
	    tr("the head has title_ja, title_en, about_ja, about_en and ends "
	       "with ---",
		"見出しは title_ja, title_en, about_ja, about_en で、--- で"
		"終わります"));
	return -1;
}

static int
body(struct scenario *s, struct span line, struct buf *why)
{
	struct cursor c = cursor_make(line);
	struct span seconds = cursor_until(&c, '\t');
	struct scenario_line *l = &s->lines[s->n];
	uint64_t n;

	if (num_parse(seconds, SCENARIO_WAIT_S, &n) != 0 ||
	    cursor_left(&c) == 0) {
		buf_printf(why,
		    tr("a line is 0 to %u seconds, a tab, and what a device "
		       "sends",
			"0〜%u秒・タブ・機器が送る行の順に書きます"),
		    SCENARIO_WAIT_S);
		return -1;
	}
	l->wait_s = (unsigned)n;
	l->text = span_make(c.p, cursor_left(&c));
	s->n++;
	return 0;
}

int
scenario_parse(struct span bytes, struct arena *arena, struct scenario *s,
    unsigned *line, struct buf *why)
{
	bool in_body = false;
	size_t cap = 0;
	int rc = 0;

	*s = (struct scenario){ "", "", "", "", NULL, 0 };
	for (*line = 1; rc == 0 && bytes.len > 0; (*line)++) {
		struct span l = next_line(&bytes);

		if (l.len == 0 || l.p[0] == '#')
			continue;
		if (!in_body && span_is(l, "---"))
			in_body = true;
		else if (!in_body)
			rc = head(s, l, arena, why);
		else
			rc = grow(s, arena, &cap, why) != 0 ? -1
							     : body(s, l, why);
	}
	if (rc == 0 && (s->n == 0 || *s->title_ja == '\0' ||
			   *s->title_en == '\0')) {
		buf_str(why,
		    tr("there is no title, or no line behind ---",
			"題名か、--- の後の行がありません"));
		rc = -1;
	}
	return rc;
}

int
scenario_of_log(struct span bytes, const char *title, struct arena *arena,
    struct scenario *s, struct buf *why)
{
	size_t cap = 0;

	*s = (struct scenario){ title, title, "", "", NULL, 0 };
	while (bytes.len > 0) {
		struct span l = next_line(&bytes);

		if (l.len == 0)
			continue;
		if (grow(s, arena, &cap, why) != 0)
			return -1;
		s->lines[s->n++] = (struct scenario_line){ 0, l };
	}
	if (s->n > 0)
		return 0;
	buf_str(why, tr("there is no line in it", "行がありません"));
	return -1;
}

void
scenario_print(const struct scenario_line *l, int64_t now, int zone,
    struct buf *out)
{
	char local[UTC_TEXT], ns[32];
	const struct {
		const char *mark;
		struct span value;
	} marks[] = {
		{ "{date}", span_make(utc_print_local(now, zone, local), 10) },
		{ "{time}", span_make(local + 11, 8) },
		{ "{ns}", span_str(ns) },
	};
	size_t i, m;

	snprintf(ns, sizeof(ns), "%" PRId64 "000", now);
	for (i = 0; i < l->text.len; i++) {
		struct span rest = span_sub(l->text, i, l->text.len);

		for (m = 0; m < sizeof(marks) / sizeof(marks[0]); m++)
			if (span_starts(rest, span_str(marks[m].mark)))
				break;
		if (m == sizeof(marks) / sizeof(marks[0])) {
			buf_byte(out, l->text.p[i]);
			continue;
		}
		if (strcmp(marks[m].mark, "{ns}") == 0)
			buf_str(out, ns);
		else
			buf_span(out, marks[m].value);
		i += strlen(marks[m].mark) - 1;
	}
	buf_byte(out, '\n');
}
