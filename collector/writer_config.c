/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/writer_config.h"

#include "collector/bundle.h"
#include "common/log.h"
#include "evidence/record.h"
#include "site/changes.h"

struct site *
writer_config(const struct site *now, int bundle, struct sink *logs, size_t n)
{
	struct changes changes;
	struct yaml_error err;
	struct site *next = NULL;
	struct buf text;
	off_t at = 0;
	size_t i;

	buf_init(&text);
	if (bundle_get(bundle, &at, &text) != 0)
		log_errno(tr("a configuration cannot be taken over",
		    "設定を引き継げません"));
	else if ((next = site_parse(buf_view(&text), now->file, now->dir,
		      &err)) == NULL)
		yaml_report(&err);
	text.len = 0;
	if (next != NULL && changes_find(now, next, &changes) == 0) {
		record_word_hash(&text, "before", now->sha256);
		changes_words(&changes, &text);
		for (i = 0; i < n; i++)
			sink_config(&logs[i], next->sha256, buf_view(&text));
	}
	buf_fini(&text);
	return next;
}
