/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_QR_H
#define ANALYZER_REPORT_QR_H

#include "common/buf.h"
#include "common/span.h"

/*
 * Append a QR code (ISO/IEC 18004) of these bytes as an SVG element: black on
 * white with its quiet zone, correction level Q, so that a crease or a stamp
 * does not spoil it.  The symbol is libqrencode's.  Return 0, or -1 and errno
 * (ERANGE: more bytes than a symbol holds).  Pure.
 */
int qr_svg(struct span bytes, const char *label, struct buf *out);

#endif
