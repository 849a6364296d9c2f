/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/respite.h"
#include "common/utc.h"
#include "tests/tap.h"

int
main(void)
{
	static const int64_t want[] = { 10, 20, 40, 80, 160, 300, 300, 300 };
	struct respite r = { 0 };
	int64_t now = INT64_C(1800000000) * UTC_SECOND, at;
	unsigned i, alarms = 0;
	bool alarm;

	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		respite_made(&r, now);
		at = respite_ended(&r, now + UTC_SECOND, &alarm);
		ok((at - now) / UTC_SECOND == want[i] + 1,
		    "end %u in a row: after %lld seconds", i + 1,
		    (long long)want[i]);
		alarms += alarm;
		ok(alarm == (i == RESPITE_ALARM - 1), "alarm at the third");
		now = at;
	}
	ok(alarms == 1, "one alarm");
	respite_made(&r, now);
	now += RESPITE_MOST_S * UTC_SECOND;
	at = respite_ended(&r, now, &alarm);
	ok(at == now + 10 * UTC_SECOND && !alarm,
	    "who lived for five minutes begins at ten seconds");
	for (i = 1; i < RESPITE_ALARM; i++) {
		respite_made(&r, at);
		at = respite_ended(&r, at, &alarm);
	}
	ok(alarm, "and is alarmed of again");
	for (i = 0; i < 1000; i++) {
		respite_made(&r, at);
		now = at;
		at = respite_ended(&r, at, &alarm);
	}
	ok(at == now + RESPITE_MOST_S * UTC_SECOND,
	    "a thousand ends later it is five minutes");
	return done();
}
