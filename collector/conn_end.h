/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_CONN_END_H
#define COLLECTOR_CONN_END_H

/* Every way in which a stream of records ends: the rows of conn_end_tbl.h. */
enum conn_end {
#define CONN_END(id, name, en, ja) CONN_END_##id,
#include "collector/conn_end_tbl.h"
#undef CONN_END
	CONN_END_COUNT
};

/* The why= word of the stream's end record. */
const char *conn_end_name(enum conn_end why);

/* What it means, a phrase in the user's language. */
const char *conn_end_text(enum conn_end why);

#endif
