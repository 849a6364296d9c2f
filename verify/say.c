/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/say.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const sentences[][2] = {
#define SAY(id, en, ja) { en, ja },
#include "verify/say_tbl.h"
#undef SAY
};

static bool japanese;

void
say_set_lang(const char *lang)
{
	static const char *const vars[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (unsigned i = 0; lang == NULL && i < 3; i++) {
		lang = getenv(vars[i]);
		if (lang != NULL && *lang == '\0')
			lang = NULL;
	}
	japanese = lang != NULL && strncmp(lang, "ja", 2) == 0 &&
	    strchr("_-.@", lang[2]) != NULL;
}

const char *
say_text(enum say_what what)
{
	return sentences[what][japanese];
}

static void
put_time(FILE *out, uint64_t usec)
{
	time_t t = (time_t)(usec / 1000000);
	char text[32] = "";
	struct tm tm;

	if (gmtime_r(&t, &tm) != NULL)
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	fputs(text, out);
	if (usec % 1000000 != 0)
		fprintf(out, ".%06" PRIu64, usec % 1000000);
	putc('Z', out);
}

void
say_print(struct say say, char *out, size_t size)
{
	FILE *f = fmemopen(out, size, "w"); /* it cuts what is too long */
	const char *p = say_text(say.what);
	size_t n;

	if (f == NULL)
		abort();
	for (n = strcspn(p, "{"); p[n] != '\0'; n = strcspn(p, "{")) {
		fwrite(p, 1, n, f);
		p += n + strlen("{x}");
		switch (p[-2]) {
		case 's':
			fputs(say.s == NULL ? "" : say.s, f);
			break;
		case 't':
			put_time(f, say.t);
			break;
		default:
			fprintf(f, "%" PRIu64, p[-2] == 'a' ? say.a : say.b);
		}
	}
	fputs(p, f);
	fclose(f);
	out[size - 1] = '\0';
}
