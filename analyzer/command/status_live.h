/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_STATUS_LIVE_H
#define ANALYZER_COMMAND_STATUS_LIVE_H

#include <jansson.h>

#include "common/buf.h"
#include "site/site.h"

/*
 * What a collector that runs says of itself at run/metrics.sock: how much each
 * listener received and lost, how the logs and their disks are.
 */
#define STATUS_LIVE_SECONDS 3  /* to answer */
#define STATUS_LIVE_MAX 2097152 /* bytes of an answer */

/* The answer, or NULL if there is none; that is said unless nothing runs. */
json_t *status_live_load(const struct site *site);

/* Lines for people; nothing if v is NULL. */
void status_live_text(const json_t *v);

/* The object, or null. */
void status_live_json(const json_t *v, struct buf *out);

#endif
