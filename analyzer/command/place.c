/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/command/command.h"
#include "common/log.h"
#include "common/utc.h"
#include "site/site.h"
#include "site/succession.h"

const char *
command_site_dir(const char *dir)
{
	if (dir == NULL)
		dir = getenv("KONSEKI_SITE");
	return dir != NULL && *dir != '\0' ? dir : SYSCONF_DIR "/konseki";
}

struct site *
command_site(const char *dir)
{
	struct yaml_error err;
	struct site *site = site_load(command_site_dir(dir), &err);

	if (site == NULL)
		yaml_report(&err);
	else
		succession_follow(site);
	return site;
}

void
command_page_lang(const struct site *site, const char *lang)
{
	if (lang == NULL)
		lang = command_lang();
	if (lang == NULL)
		lang = site->language == SITE_LANGUAGE_JA ? "ja" : "en";
	log_set_lang(lang);
}

int
command_usage(const char *name, const char *usage)
{
	fprintf(stderr, tr("usage: konseki %s %s\n", "使い方: konseki %s %s\n"),
	    name, usage);
	return 2;
}

int
command_time(const struct site *site, const char *text, int64_t *usec)
{
	static const char *const rest[] = { "", ":00", "T00:00:00" };
	char whole[64], zone[8];
	unsigned minutes = (unsigned)abs(site->zone) / 60;
	size_t i;
	int ignored;

	if (utc_parse(span_str(text), usec, &ignored) == 0)
		return 0;
	snprintf(zone, sizeof(zone), "%c%02u:%02u", site->zone < 0 ? '-' : '+',
	    minutes / 60 % 100, minutes % 60);
	for (i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
		snprintf(whole, sizeof(whole), "%s%s%s", text, rest[i], zone);
		if (utc_parse(span_str(whole), usec, &ignored) == 0)
			return 0;
	}
	log_error(tr("'%s' is no time: write 2026-11-22 or 2026-11-22T08:00",
		      "「%s」は日時ではありません。2026-11-22 または "
		      "2026-11-22T08:00 の形で指定してください"),
	    text);
	return -1;
}
