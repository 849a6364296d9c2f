/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_HTML_H
#define ANALYZER_REPORT_HTML_H

#include <stdbool.h>

#include "common/buf.h"
#include "common/log.h"
#include "common/span.h"

/*
 * One self-contained HTML page: no script, no picture, no address outside it,
 * and a policy in its head that forbids them, so that even markup that got
 * past the escaping could do nothing.  Pure.
 */
enum html_paper { HTML_PORTRAIT, HTML_LANDSCAPE };

struct html_page {
	enum log_lang lang;
	enum html_paper paper;
	const char *title;
	const char *style;  /* further CSS of our own, or "" */
	const char *banner; /* in a frame above everything, or "" */
	const char *foot;   /* at the foot of each printed page, or "" */
};

void html_begin(struct buf *out, const struct html_page *page);
void html_end(struct buf *out);

/*
 * Append foreign bytes as text, good in an attribute too: & < > " ' as
 * references; what text_escape() escapes (controls, changes of direction,
 * ill-formed UTF-8) as visible \xNN.
 */
void html_text(struct buf *out, struct span s);

/*
 * Append markup of our own with values in it.  A subset of printf: %s is
 * escaped by html_text(); %d %u with l, ll or z; %%.  Nothing else.
 */
void html_put(struct buf *out, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
