/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/silence.h"

#include "common/log.h"
#include "common/utc.h"

static void
say_silent(const struct talker *t, uint64_t at)
{
	unsigned long long minutes = (at - t->last) / (uint64_t)UTC_MINUTE;

	log_error(tr("listener '%s': ALARM: %s fell silent: its last message "
		     "is %llu minutes old ('konseki devices')",
		      "受信口「%s」: 警報: %sからの受信が途絶えました（最後の"
		      "受信は%llu分前。konseki devicesで確認できます）"),
	    t->listener, t->peer, minutes);
}

static void
say_heard(const struct talker *t)
{
	log_info(tr("listener '%s': %s, which was silent, is heard again",
		     "受信口「%s」: 途絶えていた%sからの受信が再開しました"),
	    t->listener, t->peer);
}

static void
say_more(size_t n)
{
	log_error(tr("ALARM: %zu more senders fell silent: see 'konseki "
		     "devices'",
		      "警報: ほかに%zu件の送信元が途絶えました（konseki "
		      "devicesで確認してください）"),
	    n);
}

size_t
silence_look(struct talker *row, size_t n, const struct site *site, uint64_t at)
{
	size_t silent = 0, fell = 0, heard = 0, i;
	struct talker *t;
	bool is;

	for (i = 0; i < n; i++) {
		t = &row[i];
		is = talker_is_silent(t, site, at);
		silent += is;
		if (t->alarmed != 0 && t->alarmed != t->last) {
			t->alarmed = 0;
			if (heard++ < SILENCE_SAID)
				say_heard(t);
		}
		if (is && t->alarmed == 0) {
			t->alarmed = t->last;
			if (fell++ < SILENCE_SAID)
				say_silent(t, at);
		}
	}
	if (fell > SILENCE_SAID)
		say_more(fell - SILENCE_SAID);
	return silent;
}
