/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/log.h"
#include "evidence/verify_priv.h"

void
verify_strange(void *cookie, const char *path)
{
	struct verify_result *r = ((struct verify *)cookie)->result;

	if (r->strange++ == 0)
		snprintf(r->strange_name, sizeof(r->strange_name), "%s", path);
}

/* What stands behind the newest checkpoint is received, but not proved. */
static void
verify_unsealed(struct verify *v)
{
	struct verify_result *r = v->result;
	struct verify_place at = { NULL, UINT64_MAX, v->newest.size,
		v->last_time };

	r->unsealed = v->index > v->newest.size ? v->index - v->newest.size : 0;
	if (r->unsealed == 0 && !v->torn)
		return;
	v->tail = true;
	if (r->unsealed == 0)
		verify_fail(v, VERIFY_INCOMPLETE, at,
		    tr("bytes behind the last whole record: a torn write",
			"最後の完全な記録の後に、書きかけのバイトがあります"));
	else
		verify_fail(v, VERIFY_INCOMPLETE, at,
		    tr("%" PRIu64 " records behind the newest checkpoint are "
		       "not sealed",
			"最新のチェックポイントより後の記録%" PRIu64
			"件は封印されていません"),
		    r->unsealed);
}

/* Manifests beyond the last segment: it was removed. */
static void
verify_manifests(struct verify *v)
{
	struct verify_place at = { "manifests", UINT64_MAX, v->index,
		v->last_time };
	size_t n = v->dir.n_manifests;

	if (n > 0 && v->dir.manifests[n - 1] >= v->dir.n_segments &&
	    !verify_note_grew(v))
		verify_fail(v, VERIFY_TAMPERED, at,
		    tr("segment %" PRIu64 " has a manifest but is missing",
			"セグメント%" PRIu64
			"はマニフェストだけがあり、本体がありません"),
		    v->dir.manifests[n - 1]);
}

void
verify_walk_end(struct verify *v)
{
	if (!v->stop)
		verify_note_end(v);
	if (!v->stop)
		verify_manifests(v);
	if (!v->stop)
		verify_epochs_end(v);
	if (!v->stop)
		verify_gone_end(v);
	if (!v->stop || v->tail)
		verify_unsealed(v);
}

static void
verify_count_bytes(struct verify *v)
{
	char path[MANIFEST_FILE];
	struct stat st;

	if (v->opt->progress == NULL)
		return;
	for (size_t i = 0; i < v->dir.n_segments; i++) {
		logdir_path(&v->dir, i, path);
		if (fstatat(v->dir.fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0)
			v->total += (uint64_t)st.st_size;
	}
}

static void
verify_fini(struct verify *v)
{
	logdir_close(&v->dir);
	evstreams_free(v->streams);
	buf_fini(&v->note);
	buf_fini(&v->text);
	buf_fini(&v->epochs);
	if (v->epochs_fd >= 0)
		close(v->epochs_fd);
	free(v->gone);
	free(v);
}

void
verify_log(const struct verify_options *opt, struct verify_result *result)
{
	struct verify *v = calloc(1, sizeof(*v));
	struct verify_place at = { opt->dir, UINT64_MAX, UINT64_MAX, 0 };

	if (v == NULL)
		abort();
	memset(result, 0, sizeof(*result));
	v->opt = opt;
	v->result = result;
	result->pinned = opt->pin != NULL;
	v->epochs_fd = -1;
	v->proved.offset = UINT64_MAX;
	v->streams = evstreams_new();
	verify_times_init(&v->times);
	tree_range_init(&v->tree, 0);
	if (logdir_open(&v->dir, opt->dir) != 0)
		verify_fail(v, VERIFY_IMPOSSIBLE, at, "%s", strerror(errno));
	else if (verify_note_open(v) == 0) {
		verify_gone_list(v);
		verify_count_bytes(v);
		verify_run(v);
		verify_walk_end(v);
	}
	result->records = v->index;
	result->anchored = v->have_anchor && result->size >= v->anchor.size;
	verify_fini(v);
}
