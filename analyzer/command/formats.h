/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_FORMATS_H
#define ANALYZER_COMMAND_FORMATS_H

#include <stdbool.h>
#include <stddef.h>

#include "analyzer/format/formats.h"

/*
 * konseki formats: what helps those who write format files.  One function for
 * each word behind it; it returns the exit status, 2 if called wrongly.
 */
#define FORMATS_FILES 64

struct formats_call {
	const char *dir;		 /* --formats, or NULL */
	const char *file[FORMATS_FILES]; /* --file: beside those of dir */
	size_t nfile;
	const char *site;   /* --site, or NULL */
	const char *format; /* --format, or NULL */
	int zone;	    /* of the site, seconds east */
	bool json;
	size_t max;   /* --max, or 0 */
	size_t lines; /* --lines, or 0 */
	char **arg;   /* operands */
	size_t narg;
};

int formats_list(struct formats_call *c);
int formats_test(struct formats_call *c);
int formats_explain(struct formats_call *c);
int formats_unknown(struct formats_call *c);
int formats_new(struct formats_call *c);
int formats_page(struct formats_call *c);

/* The formats that the call names; NULL: what is wrong was said. */
struct formats *formats_called(const struct formats_call *c);

/* The same for commands that name no folder: KONSEKI_RULES, as installed. */
struct formats *formats_open(const char *dir, const char *const *file,
    size_t nfile);

#endif
