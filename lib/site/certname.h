/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SITE_CERTNAME_H
#define SITE_CERTNAME_H

#include <stdbool.h>

#include "common/span.h"

/*
 * Names in certificates (RFC 5425, 5.2).  A name is labels of letters, digits,
 * '-' and '_' with dots between them; its first label may be '*', which stands
 * for any one label, in the certificate as in the configuration.  A name from
 * a certificate is hostile: what is no such name (a NUL inside, an empty
 * label) is the same as none.  Pure.
 */
#define CERTNAME_MAX 253u /* bytes of a name */

/* Whether s is a name, or an IPv4 or IPv6 address in figures. */
bool certname_valid(struct span s);

/* Whether a dNSName and a configured name are the same, small or large. */
bool certname_match(struct span name, struct span configured);

/* Whether an iPAddress (4 or 16 bytes) is the configured address. */
bool certname_match_ip(struct span address, struct span configured);

#endif
