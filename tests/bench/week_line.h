/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef BENCH_WEEK_LINE_H
#define BENCH_WEEK_LINE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Lines as the devices of a hospital with 300 beds write them: 500 PCs, 40
 * servers, 600 people.  The same numbers in the same order give the same lines.
 */
#define WEEK_LINE 1024
#define WEEK_PCS 500
#define WEEK_SERVERS 40
#define WEEK_PEOPLE 600

enum week_device {
	WEEK_FORTIGATE, /* traffic, a few VPN and administrators' logins */
	WEEK_WINDOWS,	/* domain controllers, by NXLog */
	WEEK_RTX,
	WEEK_LINUX,
	WEEK_NAS,
	WEEK_EMR, /* rows of a CSV file, exported each night */
	WEEK_DEVICES
};

/* How many of a hundred lines are of each. */
extern const unsigned week_share[WEEK_DEVICES];

#define WEEK_EMR_TITLES                                                        \
	"ユーザーID,氏名,時刻,カテゴリ,操作情報,患者ID,端末名\r\n"

struct week_line {
	uint64_t dice; /* seed; not 0 */
	uint64_t n;    /* lines so far */
};

/* A line of that device at t (usec since 1970 UTC); its length. */
size_t week_line_make(struct week_line *w, enum week_device device, uint64_t t,
    char out[WEEK_LINE]);

#endif
