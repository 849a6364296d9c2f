/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_ALARM_H
#define ANALYZER_CASE_ALARM_H

#include "analyzer/case/casebook.h"
#include "common/buf.h"

/*
 * A copy of what people are told for another system that watches (a SIEM, the
 * SOC of a group of hospitals): one message in CEF in a frame of RFC 5424, over
 * UDP, TCP or TLS.  A machine's copy answers for nobody.
 */
struct alarm {
	const struct casebook *book;
	const struct casebook_group *group;
	const char *site; /* name of the hospital */
	bool drill;
	int64_t now; /* utc usec */
};

/* The message as bytes, without framing.  Pure. */
void alarm_print(const struct alarm *a, struct buf *out);

/*
 * Hand it over, blocking at most ALARM_TIMEOUT_S; url as target_parse_alarm()
 * takes it, ca a file of certificates or "".  Return 0 if the network took it
 * (nobody says that it was read), else -1; *result says what happened.
 */
#define ALARM_TIMEOUT_S 10
int alarm_send(const char *url, const char *ca, struct span message,
    struct buf *result);

#endif
