/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_OUTLET_WEB_H
#define COLLECTOR_OUTLET_WEB_H

#include "collector/carrier.h"

/* An outlet that is a "konseki-witness" on another machine (relay.h). */
struct outlet_web {
	struct outlet outlet; /* first */
	const struct site *site;
};

/* site->anchor.relay; site must outlive it. */
void outlet_web_init(struct outlet_web *o, const struct site *site);

#endif
