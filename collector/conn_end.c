/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/conn_end.h"

#include "common/log.h"

static const struct {
	const char *name, *en, *ja;
} ends[] = {
#define CONN_END(id, name, en, ja) { name, en, ja },
#include "collector/conn_end_tbl.h"
#undef CONN_END
};

const char *
conn_end_name(enum conn_end why)
{
	return ends[why].name;
}

const char *
conn_end_text(enum conn_end why)
{
	return tr(ends[why].en, ends[why].ja);
}
