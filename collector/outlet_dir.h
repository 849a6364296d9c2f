/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_OUTLET_DIR_H
#define COLLECTOR_OUTLET_DIR_H

#include "collector/carrier.h"

/*
 * An outlet that is a folder (a share of another machine, a medium): a folder
 * for each log, by its name, with the files where the log has them.  Each is
 * written beside, synced, read back and compared, and then renamed.
 */
struct outlet_dir {
	struct outlet outlet; /* first */
	const char *dir;
};

/* dir: must outlive it. */
void outlet_dir_init(struct outlet_dir *o, const char *dir);

/* Judge the newest checkpoint that lies there; see anchored_judge(). */
void outlet_dir_ask(struct outlet_dir *o, struct anchored *l);

#endif
