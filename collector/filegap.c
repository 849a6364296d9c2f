/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/filegap.h"

#include <inttypes.h>
#include <string.h>

#include "common/log.h"
#include "common/utc.h"
#include "evidence/record.h"

static void
say(const struct filegap *g)
{
	if (g->error == 0)
		log_warn(tr("%s: the file that was followed is gone; what was "
			    "added to it behind byte %" PRIu64 " may be lost",
			     "%s: 追跡していたファイルが見つかりません。"
			     "%" PRIu64 "バイト目より後の追記は失われた可能性"
			     "があります"),
		    g->file, g->taken);
	else
		log_error(tr("%s: cannot be read behind byte %" PRIu64
			     ": %s; what is there is not taken",
			      "%s: %" PRIu64
			      "バイト目より後を読めないため取り込めません: %s"),
		    g->file, g->taken, strerror(g->error));
}

enum client_err
filegap_record(const struct filegap *g, struct client *writer, const char *log)
{
	enum client_err err;
	struct buf w;

	say(g);
	buf_init(&w);
	record_word(&w, "listener", span_str(g->listener));
	record_word(&w, "count", SPAN("-"));
	record_word(&w, "bytes", SPAN("-"));
	if (g->from == 0)
		record_word(&w, "from", SPAN("-"));
	else
		record_word_u64(&w, "from", g->from);
	record_word_u64(&w, "until", (uint64_t)utc_now());
	record_word(&w, "file", span_str(g->file));
	record_word_u64(&w, "taken", g->taken);
	err = client_lost(writer, log, buf_view(&w));
	buf_fini(&w);
	return err;
}
