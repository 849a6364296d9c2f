/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "verify/walk.h"

void
verify_set_lang(const char *lang)
{
	say_set_lang(lang);
}

static void
count_bytes(struct walk *w)
{
	char path[FOLDER_PATH];
	struct stat st;

	for (size_t i = 0; i < w->dir.segments.n; i++) {
		folder_path(folder_first(&w->dir, i), folder_day(&w->dir, i),
		    path);
		if (fstatat(w->dir.fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0)
			w->total += (uint64_t)st.st_size;
	}
}

static void
check_anchored(struct walk *w)
{
	struct verify_result *r = w->result;

	r->anchored = w->n_anchors > 0;
	for (size_t i = 0; i < w->n_anchors; i++)
		r->anchored = r->anchored && w->anchor[i].seen &&
		    w->anchor[i].head.size <= r->size;
}

static void
check_log(struct walk *w)
{
	if (folder_init(&w->dir, w->bag.fd, ".") != 0) {
		walk_unreadable(w, w->opt->dir);
		return;
	}
	if (heads_open(w) != 0)
		return;
	if (w->opt->progress != NULL)
		count_bytes(w);
	turns_run(w);
	walk_end(w);
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
	merkle_init(&w->tree, 0);
	w->prefix = "";
	w->dir.fd = -1;
	if (folder_init(&w->bag, AT_FDCWD, opt->dir) != 0)
		walk_fault(w, VERIFY_IMPOSSIBLE, walk_file(opt->dir),
		    (struct say){ SAY_ERROR, .s = strerror(errno) });
	else if (faccessat(w->bag.fd, "bagit.txt", F_OK, AT_SYMLINK_NOFOLLOW) ==
	    0)
		package_check(w);
	else
		check_log(w);
	result->records = w->index;
	result->strange = w->dir.strange;
	memcpy(result->strange_name, w->dir.strange_name,
	    sizeof(result->strange_name));
	check_anchored(w);
	folder_fini(&w->dir);
	folder_fini(&w->bag);
	live_clear(&w->live);
	if (w->epochs != NULL)
		fclose(w->epochs);
	free(w->holes);
	free(w);
}
