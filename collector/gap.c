/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/gap.h"

#include "common/log.h"

static const struct {
	const char *name, *en, *ja;
} gaps[] = {
#define GAP(id, name, en, ja) { name, en, ja },
#include "collector/gap_tbl.h"
#undef GAP
};

const char *
gap_name(enum gap_kind kind)
{
	return gaps[kind].name;
}

const char *
gap_text(enum gap_kind kind)
{
	return tr(gaps[kind].en, gaps[kind].ja);
}
