/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/writer_config.h"

#include <string.h>

#include "collector/bundle.h"
#include "collector/named.h"
#include "common/log.h"
#include "evidence/record.h"
#include "site/changes.h"

static struct site *
parse(const struct site *now, int bundle, off_t *at, struct buf *text)
{
	struct yaml_error err;
	struct site *next;

	if (bundle_get(bundle, at, text) != 0) {
		log_errno(tr("a configuration cannot be taken over",
		    "設定を引き継げません"));
		return NULL;
	}
	next = site_parse(buf_view(text), now->file, now->dir, &err);
	if (next == NULL)
		yaml_report(&err);
	return next;
}

/* The words of the c1: none if nothing changed. */
static void
describe(const struct site *now, const struct site *next, struct span before,
    struct span named, struct buf *out)
{
	struct changes changes;

	if (memcmp(now->sha256, next->sha256, SHA256_LEN) != 0 &&
	    changes_find(now, next, &changes) == 0) {
		record_word_hash(out, "before", now->sha256);
		changes_words(&changes, out);
	}
	named_changed(before, named, out);
}

struct site *
writer_config(const struct site *now, int bundle, struct buf *named,
    struct sink *logs, size_t n)
{
	struct buf text, words;
	struct site *next;
	off_t at = 0;
	size_t i;

	buf_init(&text);
	buf_init(&words);
	next = parse(now, bundle, &at, &text);
	text.len = 0;
	if (next != NULL && bundle_get(bundle, &at, &text) == 0) {
		describe(now, next, buf_view(named), buf_view(&text), &words);
		named->len = 0;
		buf_span(named, buf_view(&text));
		for (i = 0; words.len > 0 && i < n; i++)
			sink_config(&logs[i], next->sha256, buf_view(&words));
	}
	buf_fini(&words);
	buf_fini(&text);
	return next;
}

void
writer_config_refused(const struct site *now, struct span words,
    struct sink *logs, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		sink_config(&logs[i], now->sha256, words);
}
