/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/qr.h"

#include <qrencode.h>

#include "analyzer/report/html.h"

#define QUIET 4 /* modules around the symbol (ISO/IEC 18004, 5.3.8) */

/* Each run of black modules of a row is one step of the path. */
static void
put_row(struct buf *out, const unsigned char *row, int width, int y)
{
	int x, run;

	for (x = 0; x < width; x += run) {
		for (run = 1;
		     x + run < width && (row[x + run] & 1) == (row[x] & 1);
		     run++)
			continue;
		if ((row[x] & 1) != 0)
			buf_printf(out, "M%d %dh%dv1h-%dz", x + QUIET,
			    y + QUIET, run, run);
	}
}

int
qr_svg(struct span bytes, const char *label, struct buf *out)
{
	QRcode *qr =
	    QRcode_encodeData((int)bytes.len, bytes.p, 0, QR_ECLEVEL_Q);
	int y, side;

	if (qr == NULL)
		return -1;
	side = qr->width + 2 * QUIET;
	html_put(out,
	    "<svg class=\"qr\" role=\"img\" aria-label=\"%s\" "
	    "viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">",
	    label, side, side);
	html_put(out,
	    "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/><path d=\"", side,
	    side);
	for (y = 0; y < qr->width; y++)
		put_row(out, qr->data + y * qr->width, qr->width, y);
	buf_str(out, "\"/></svg>");
	QRcode_free(qr);
	return 0;
}
