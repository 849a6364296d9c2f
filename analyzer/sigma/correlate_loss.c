/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/correlate.h"
#include "common/log.h"

const char *
correlate_loss_text(enum correlate_loss why)
{
	switch (why) {
#define LOSS(id, en, ja)                                                       \
	case CORRELATE_LOST_##id:                                              \
		return tr(en, ja);
#include "analyzer/sigma/correlate_loss_tbl.h"
#undef LOSS
	case CORRELATE_LOSSES:
		break;
	}
	return "";
}
