/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_FIGURE_H
#define ANALYZER_REPORT_FIGURE_H

#include <stdint.h>

#include "common/arena.h"
#include "common/span.h"
#include "common/text.h"

/*
 * Numbers and times as people read them, in the user's language (log_lang());
 * the strings live in the arena.  Pure.
 */

/* "40,000". */
const char *figure_count(struct arena *a, uint64_t n);

/* "40.0 GB": decimal units, one place. */
const char *figure_bytes(struct arena *a, uint64_t n);

/* "7 records", "7件". */
const char *figure_records(struct arena *a, uint64_t n);

/* "40.0 GB (40,000,000,000 bytes)". */
const char *figure_exact(struct arena *a, uint64_t n);

/* "2026年11月22日(日) 02:14:07", "Sun 2026-11-22 02:14:07"; by the minute. */
const char *figure_time(struct arena *a, int64_t usec, int zone);
const char *figure_minute(struct arena *a, int64_t usec, int zone);

/* "2026-11-22(日)" and "2026-11-22 (Sun)": for tables; "02:14:07". */
const char *figure_day(struct arena *a, int64_t usec, int zone);
const char *figure_clock(struct arena *a, int64_t usec, int zone);

/* "11/22(日) 02:14", "Sun 11-22 02:14": for narrow tables. */
const char *figure_short(struct arena *a, int64_t usec, int zone);

/* "11/22(日) 02:14 ～ 08:05": the day once, one moment as one. */
const char *figure_range(struct arena *a, int64_t from, int64_t until,
    int zone);

/* "日本標準時 +09:00", "+05:30". */
const char *figure_zone(struct arena *a, int zone);

/* "4日2時間", "3時間5分", "45秒". */
const char *figure_length(struct arena *a, int64_t usec);

/*
 * s for a cell: as text_escape() writes it, cut to that many columns
 * (Japanese characters are two) with "…" at the end if it was longer.
 */
const char *figure_clip(struct arena *a, struct span s, size_t columns);

/* As figure_clip, but cut behind the last whole sentence that fits, if any. */
const char *figure_brief(struct arena *a, struct span s, size_t columns);

/*
 * A log line in that encoding as UTF-8 for people to read; U+FFFD stands for
 * each byte that does not decode.  One in UTF-8 is handed back as it is:
 * whoever writes it out escapes it.
 */
struct span figure_line(struct arena *a, struct span line,
    enum text_encoding encoding);

#endif
