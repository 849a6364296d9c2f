/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "verify/walk.h"

void
verify_set_lang(const char *lang)
{
	say_set_lang(lang);
}

/* May not return. */
static void
check(struct walk *w)
{
	const char *dir = w->opt->dir;

	given_check(w);
	if (folder_init(&w->bag, AT_FDCWD, dir) != 0)
		walk_refuse(w, dir,
		    (struct say){ SAY_ERROR, .s = strerror(errno) });
	if (!folder_lacks(&w->bag, "bagit.txt")) {
		package_check(w);
		return;
	}
	w->copy = w->opt->copy;
	if (folder_init(&w->dir, w->bag.fd, ".") != 0)
		walk_unreadable(w, dir);
	heads_open(w);
	workers_run(w);
}

/* What was found; the resources of the walk are given back. */
static void
finish(struct walk *w)
{
	struct verify_result *r = w->result;

	r->records = w->index;
	r->strange = w->dir.strange;
	memcpy(r->strange_name, w->dir.strange_name, sizeof(r->strange_name));
	anchors_result(w);
	workers_end(w);
	folder_fini(&w->dir);
	folder_fini(&w->bag);
	live_clear(&w->live);
	if (w->epochs != NULL)
		fclose(w->epochs);
	if (w->excerpt != NULL)
		fclose(w->excerpt);
	free(w->holes);
	free(w);
}

void
verify_log(const struct verify_options *opt, struct verify_result *result)
{
	struct walk *w = calloc(1, sizeof(*w));

	if (w == NULL)
		abort();
	memset(result, 0, sizeof(*result));
	w->opt = opt;
	w->result = result;
	result->pinned = opt->pin != NULL;
	w->proved.offset = UINT64_MAX;
	scan_times_init(&w->times);
	w->prefix = "";
	w->fact = &walk_none;
	w->dir.fd = w->bag.fd = -1;
	if (setjmp(w->out) == 0)
		check(w);
	/* A torn tail hides nothing that is wrong before it. */
	if (w->package_size == 0 && result->verdict != VERIFY_TAMPERED &&
	    result->verdict != VERIFY_IMPOSSIBLE && setjmp(w->out) == 0)
		walk_end(w);
	finish(w);
}
