/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "verify/walk.h"

#define LIVE_S 3   /* a file changed so long ago may be in work */
#define WAIT_MS 50 /* between looks at it */

/* A note with the log's origin and signature; *h borrows from it. */
static enum say_what
read_note(struct walk *w, struct span in, struct signed_note *n,
    struct signed_head *h)
{
	enum say_what why = signed_head_read(in, n, h);
	uint64_t time;

	if (why == SAY_NONE && !span_is(h->origin, w->pin.key.name))
		why = SAY_NOTE_LOG;
	return why != SAY_NONE ? why : signed_check(n, 0, &w->pin.key, &time);
}

static void
load_pin(struct walk *w)
{
	const char *file = w->opt->pin;
	uint8_t bytes[PIN_MAX];
	struct span log, pin;
	unsigned line;

	if (file == NULL && folder_lacks(&w->dir, "log"))
		walk_refuse(w, "log", say0(SAY_NO_LOG));
	log = walk_read(w, &w->dir, "log", w->bytes, PIN_MAX);
	pin = file == NULL ? log : given_read(w, file, bytes, PIN_MAX);
	if ((line = pin_parse(pin, &w->pin)) != 0)
		walk_refuse(w, file == NULL ? "log" : file,
		    say1(SAY_PIN_LINE, line));
	if (!span_eq(pin, log))
		walk_wrong_at(w, walk_file("log"), say0(SAY_PIN_OTHER));
}

void
heads_open(struct walk *w)
{
	struct folder_list *kept = &w->dir.checkpoints;
	const char *folder;
	struct signed_note n;
	enum say_what why;
	char path[48];
	int fd;

	load_pin(w);
	snprintf(w->result->origin, sizeof(w->result->origin), "%.120s",
	    w->pin.key.name);
	anchors_open(w);
	/* Before the names: what it covers is listed then. */
	w->have_newest = !folder_lacks(&w->dir, "checkpoint");
	if (w->have_newest) {
		w->note = walk_read(w, &w->dir, "checkpoint", w->newest_bytes,
		    SIGNED_MAX);
		if ((why = read_note(w, w->note, &n, &w->newest)) != SAY_NONE)
			walk_wrong_at(w, walk_file("checkpoint"), say0(why));
	}
	if (folder_list(&w->dir, &folder) != 0)
		walk_unreadable(w, folder);
	/* A checkpoint is kept after it stood in `checkpoint`: a larger one
	 * shows that an older file was put back, unless a writer is at work. */
	while (kept->n > 0 && kept->v[kept->n - 1] > w->newest.size) {
		snprintf(path, sizeof(path), "checkpoints/%012" PRIu64,
		    kept->v[--kept->n]);
		if (!w->copy && !heads_grew(w))
			walk_wrong_at(w, walk_file("checkpoint"),
			    (struct say){ w->have_newest ? SAY_NOTE_OLDER
							 : SAY_NOTE_GONE,
				.s = path });
	}
	if (!w->have_newest && w->package_size == 0 &&
	    w->dir.segments.n + w->dir.manifests.n == 0)
		walk_fault(w, VERIFY_INCOMPLETE, walk_file("segments"),
		    say0(SAY_NOTHING_HERE));
	anchors_check(w);
	if (!w->have_newest && folder_lacks(&w->dir, "epochs"))
		return; /* at the very beginning there is none */
	fd = folder_open(&w->dir, "epochs");
	if (fd < 0 || (w->epochs = fdopen(fd, "r")) == NULL)
		walk_unreadable(w, "epochs");
}

/* The anchors of that size give that root. */
static void
check_anchors(struct walk *w, uint64_t size, const uint8_t root[SHA256_LEN])
{
	for (size_t i = 0; i < w->n_anchors; i++) {
		struct walk_anchor *a = &w->anchor[i];

		if (a->token || a->head.size != size)
			continue;
		if (memcmp(root, a->head.root, SHA256_LEN) != 0)
			walk_wrong_at(w, walk_at(w, a->file, size - 1),
			    say1(SAY_ANCHOR_ROOT, size));
		anchors_fit(w, a);
	}
}

/*
 * A note with the signatures of the log and of the open epoch, and that root.
 * NULL: what stands before it is known by hashes only, and so its epoch by
 * `epochs`; then its root is compared if the tree is known up to there.
 */
static void
check_note(struct walk *w, const char *file, struct span in, uint64_t size,
    const uint8_t *root)
{
	struct verify_result *r = w->result;
	struct walk_place at = walk_file(file);
	uint8_t tree[SHA256_LEN], hash[SHA256_LEN];
	bool alone = root == NULL;
	struct signed_note n;
	struct signed_head h;
	struct signed_key key;
	enum say_what why;
	uint64_t time;

	if ((why = read_note(w, in, &n, &h)) != SAY_NONE)
		walk_wrong_at(w, at, say0(why));
	at.index = size - 1;
	if (h.size != size)
		walk_wrong_at(w, at, say1(SAY_NOTE_SIZE, h.size));
	if (alone) {
		seals_find(w, h.epoch);
		merkle_root(&w->tree, tree);
		root = size == w->tree.end ? tree : h.root;
	}
	if (!w->have_epoch || h.epoch != w->epoch.number)
		walk_wrong_at(w, at,
		    say2(SAY_NOTE_EPOCH, h.epoch, w->epoch.number));
	signed_epoch_key(&key, w->pin.key.name, h.epoch, w->epoch.key);
	if ((why = signed_check(&n, 1, &key, &time)) != SAY_NONE)
		walk_wrong_at(w, at, say0(why));
	if (memcmp(h.root, root, SHA256_LEN) != 0) {
		/* It is what was signed, so the records are wrong, unless
		 * another note says that these are right or none are here. */
		if (w->proved.size >= size || w->place == w->dir.segments.n)
			walk_wrong_at(w, walk_file(file),
			    say1(SAY_NOTE_TWO_ROOTS, size));
		seals_changed(w, size - 1,
		    (struct say){ SAY_NOTE_ROOT, .s = file }, SAY_NONE);
	}
	if (alone) { /* no record's turn comes for these */
		check_anchors(w, size, h.root);
		signed_head_hash(w->pin.key.name, size, h.root, hash);
		anchors_stamped(w, size, hash);
	}
	if (w->cut)
		return;
	seals_proved(w, (struct walk_edge){ size, UINT64_MAX, 0 });
	r->size = size;
	memcpy(r->root, root, SHA256_LEN);
	r->epoch = h.epoch;
	r->sealed_time = w->seal.size == size ? w->seal.wall : 0;
	anchors_witnessed(w, size, &n);
	walk_chain(w,
	    "%s: size %" PRIu64 ", epoch %" PRIu32 ", signed by both keys\n",
	    file, size, h.epoch);
}

bool
heads_check(struct walk *w, uint64_t until, const uint8_t *root)
{
	const struct folder_list *l = &w->dir.checkpoints;
	bool kept = false;
	uint64_t size;
	char path[48];

	while (w->kept < l->n && (size = l->v[w->kept]) <= until) {
		w->kept++;
		snprintf(path, sizeof(path), "checkpoints/%012" PRIu64, size);
		if (root != NULL && size < until)
			walk_wrong_at(w, walk_file(path),
			    say0(SAY_NOTE_NO_SEAL));
		check_note(w, path,
		    walk_read(w, &w->dir, path, w->bytes, SIGNED_MAX), size,
		    root);
		kept = true;
	}
	if (root != NULL && w->have_newest && w->newest.size == until) {
		w->newest_seen = true;
		check_note(w, "checkpoint", w->note, until, root);
	}
	return kept;
}

void
heads_newest(struct walk *w)
{
	heads_check(w, w->newest.size, NULL);
	check_note(w, "checkpoint", w->note, w->newest.size, NULL);
	anchors_end(w);
}

void
heads_point(struct walk *w)
{
	uint64_t size = w->fact->index;
	uint8_t root[SHA256_LEN];

	merkle_root(&w->tree, root);
	check_anchors(w, size, root);
	if (!w->have_newest || w->newest.size != size || w->newest_seen)
		return;
	check_note(w, "checkpoint", w->note, size, root);
	walk_wrong_at(w, walk_at(w, "checkpoint", size - 1),
	    say1(SAY_NOTE_UNSEALED, size));
}

/* Whether `checkpoint` is now of a larger size. */
static bool
grew_now(struct walk *w)
{
	uint8_t bytes[SIGNED_MAX];
	ssize_t len = folder_read(&w->dir, "checkpoint", bytes, sizeof(bytes));
	struct signed_note n;
	struct signed_head h;

	return len > 0 &&
	    read_note(w, span_make(bytes, (size_t)len), &n, &h) == SAY_NONE &&
	    h.size > w->newest.size;
}

/* Whether the newest segment was written to just now. */
static bool
fresh(const struct walk *w)
{
	char path[FOLDER_PATH];
	time_t now = time(NULL);
	struct stat st;

	if (w->dir.segments.n == 0)
		return false;
	walk_path(w, w->dir.segments.n - 1, path);
	return fstatat(w->dir.fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    st.st_mtime <= now && now - st.st_mtime <= LIVE_S;
}

bool
heads_grew(struct walk *w)
{
	const struct timespec wait = { 0, WAIT_MS * 1000000L };
	bool *live = &w->result->live;

	if (*live || w->waited)
		return *live;
	while (!(*live = grew_now(w)) && fresh(w))
		nanosleep(&wait, NULL);
	w->waited = !*live;
	return *live;
}
