/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/say.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

void
say_print(struct say say, char *out, size_t size)
{
	const char *p = say_text(say.what), *put;
	char number[24], one[2] = "";
	size_t len = 0;

	for (out[0] = '\0'; *p != '\0'; p++) {
		put = one;
		one[0] = *p;
		if (p[0] == '{' && p[1] != '\0' && p[2] == '}') {
			snprintf(number, sizeof(number), "%" PRIu64,
			    p[1] == 'a' ? say.a : say.b);
			put = p[1] != 's' ? number : say.s != NULL ? say.s : "";
			p += 2;
		}
		if (len + strlen(put) >= size)
			break;
		len += (size_t)snprintf(out + len, size - len, "%s", put);
	}
}
