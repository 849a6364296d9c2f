/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/when.h"

#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "common/utc.h"

int
when_parse(const char *name, const char *text, int zone, uint64_t *usec)
{
	char whole[UTC_TEXT];
	int64_t at;
	int offset;

	if (strlen(text) == sizeof("2026-11-20") - 1) {
		snprintf(whole, sizeof(whole), "%sT00:00:00Z", text);
		if (utc_parse(span_str(whole), &at, &offset) == 0) {
			*usec = (uint64_t)(at - zone * UTC_SECOND);
			return 0;
		}
	} else if (utc_parse(span_str(text), &at, &offset) == 0 && at >= 0) {
		*usec = (uint64_t)at;
		return 0;
	}
	log_error(tr("--%s takes a date like 2026-11-20 or a time like "
		     "2026-11-20T14:00:00+09:00, not '%s'",
		      "--%sには2026-11-20または2026-11-20T14:00:00+09:00の形で"
		      "指定してください: '%s'"),
	    name, text);
	return -1;
}
