/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>

#include "analyzer/command/rules.h"
#include "common/log.h"
#include "common/text.h"

/* konseki rules check: what of a folder cannot be used, and why. */

#define REFUSED 2 /* the exit status */

static void
print(const struct yaml_error *err, const char *what, struct buf *out)
{
	struct buf text;

	buf_init(&text);
	yaml_print(err, &text);
	out->len = 0;
	buf_str(out, what);
	text_escape(buf_view(&text), out);
	buf_byte(out, '\n');
	fwrite(out->p, 1, out->len, stdout);
	buf_fini(&text);
}

int
rules_check(struct rules_call *c)
{
	const char *dir = c->narg == 1 ? c->arg[0] : c->dir;
	struct corpus *corpus;
	struct buf out;
	int status;
	size_t i;

	if (dir == NULL || c->narg + (c->dir != NULL) != 1)
		return RULES_USAGE;
	if ((corpus = rules_load(c, dir)) == NULL)
		return 1;
	buf_init(&out);
	for (i = 0; i < corpus->warnings.n; i++)
		print(&corpus->warnings.v[i], tr("warning: ", "注意: "), &out);
	for (i = 0; i < corpus->refused.n; i++)
		print(&corpus->refused.v[i], "", &out);
	printf("%zu files: %zu loaded, %zu refused\n", corpus->files,
	    corpus->files - corpus->refused_files, corpus->refused_files);
	status = fflush(stdout) != 0 ? 1
	    : corpus->refused_files > 0 ? REFUSED
					: 0;
	buf_fini(&out);
	corpus_free(corpus);
	return status;
}
