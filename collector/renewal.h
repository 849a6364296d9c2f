/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_RENEWAL_H
#define COLLECTOR_RENEWAL_H

#include "collector/sink.h"

/*
 * A log whose epochs come to an end certifies the keys of its successor while
 * it can still sign: an o1 record, sealed, names them.  Only then does the
 * successor come into force.
 */

/* Whether the successor should be made now. */
bool renewal_is_due(const struct sink *s);

/*
 * Record the successor that was made, whose description is in pending; it is
 * certified once a seal covers *size.  Return 0, or -1: it was said why.
 */
int renewal_certify(struct sink *s, int pending, uint64_t *size);

/* Bring the certified successor into force.  0, or -1: it was said why. */
int renewal_enforce(const struct sink *s, const struct site *site);

#endif
