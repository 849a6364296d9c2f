/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/case/submit.h"
#include "common/log.h"
#include "common/utc.h"

/*
 * Put one finding into the casebook of a site, as an analysis would:
 *
 *	submit_finding SITE ID SEVERITY [HOST [DEVICE...]]
 *
 * ID: 64 hex digits; the case is named by the first eight. SEVERITY: 0 to 4.
 * What speaks of one host is one case: another HOST makes another.
 */
#define DEVICES 4 /* at most */

static const struct casebook_number numbers[] = {
	{ "bytes", "42949672960", "bytes", "OUT-02" },
};
static int
submit(const struct site *site, const struct casebook_finding *f)
{
	struct submit *s;
	struct buf why;
	int rc = 1;

	buf_init(&why);
	s = submit_open(site, "konseki-test", &why);
	if (s != NULL && submit_finding(s, f, &why) == 0 &&
	    submit_seal(s, NULL, NULL, &why) == 0)
		rc = 0;
	else
		log_error("%s", buf_cstr(&why));
	submit_close(s);
	buf_fini(&why);
	return rc;
}

int
main(int argc, char *argv[])
{
	char group[9] = "", key[64];
	const char *host = argc >= 5 ? argv[4] : "192.168.20.10";
	struct casebook_entity entities[1 + DEVICES] = { { "host", host,
	    "画像サーバー" } };
	struct casebook_finding f = { .rule = "outbound-volume",
		.version = "1",
		.kind = "alert",
		.title_ja = "外部への大量送信（通常の40倍を超える通信量）",
		.title_en = "unusual outbound volume",
		.what_ja = "画像サーバーから 203.0.113.9 へ 40 GB を送信",
		.what_en = "40 GB to 203.0.113.9",
		.why_ja = "情報の持ち出しの可能性があります",
		.why_en = "data may have been taken",
		.todo_ja = "通信の目的を担当者に確認してください",
		.todo_en = "ask what it was for",
		.key = key,
		.numbers = numbers,
		.n_numbers = 1,
		.entities = entities,
		.n_entities = 1,
		.rules_sha256 = "",
		.ledgers_sha256 = "" };
	struct yaml_error err;
	struct site *site;
	int rc;

	if (argc < 4 || argc > 5 + DEVICES || strlen(argv[2]) != 64)
		return 2;
	for (; f.n_entities + 4 < (size_t)argc; f.n_entities++)
		entities[f.n_entities] = (struct casebook_entity){ "device",
			argv[f.n_entities + 4], "" };
	snprintf(key, sizeof(key), "host=%s", host);
	if ((site = site_load(argv[1], &err)) == NULL) {
		yaml_report(&err);
		return 1;
	}
	memcpy(group, argv[2], 8);
	f.id = argv[2];
	f.group = group;
	f.severity = (enum casebook_severity)(argv[3][0] - '0');
	f.first = f.from = f.until = utc_now();
	rc = submit(site, &f);
	site_free(site);
	return rc;
}
