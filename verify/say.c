/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/say.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NUMBER_LEN 48

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
print_time(uint64_t usec, char out[NUMBER_LEN])
{
	time_t t = (time_t)(usec / 1000000);
	struct tm tm;
	size_t n = 0;

	if (gmtime_r(&t, &tm) != NULL)
		n = strftime(out, NUMBER_LEN, "%Y-%m-%dT%H:%M:%S", &tm);
	if (usec % 1000000 != 0)
		n += (size_t)snprintf(out + n, NUMBER_LEN - n, ".%06" PRIu64,
		    usec % 1000000);
	snprintf(out + n, NUMBER_LEN - n, "Z");
}

/* What stands for {a}, {b}, {t} or {s}. */
static const char *
value(const struct say *say, char which, char number[NUMBER_LEN])
{
	if (which == 's')
		return say->s == NULL ? "" : say->s;
	if (which == 't')
		print_time(say->t, number);
	else
		snprintf(number, NUMBER_LEN, "%" PRIu64,
		    which == 'a' ? say->a : say->b);
	return number;
}

static void
append(char *out, size_t size, const char *s, size_t n)
{
	size_t len = strlen(out);

	snprintf(out + len, size - len, "%.*s", (int)n, s);
}

void
say_print(struct say say, char *out, size_t size)
{
	const char *p = say_text(say.what);
	char number[NUMBER_LEN];
	size_t n;

	out[0] = '\0';
	for (;; p += n + 3) {
		n = strcspn(p, "{");
		append(out, size, p, n);
		if (p[n] == '\0')
			return;
		append(out, size, value(&say, p[n + 1], number), size);
	}
}
