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
static int
note_take(struct walk *w, const char *file, struct span in,
    struct signed_note *n, struct signed_head *h)
{
	enum say_what why = signed_head_read(in, n, h);
	uint64_t time;

	if (why == SAY_NONE && !span_is(h->origin, w->pin.key.name))
		why = SAY_NOTE_LOG;
	if (why == SAY_NONE)
		why = signed_check(n, 0, &w->pin.key, &time);
	return why == SAY_NONE ? 0
			       : walk_wrong_at(w, walk_file(file), say0(why));
}

static int
load_newest(struct walk *w)
{
	struct signed_note n;
	ssize_t len =
	    folder_read(&w->dir, "checkpoint", w->newest_bytes, SIGNED_MAX);

	if (len < 0)
		return errno == ENOENT ? 0 : walk_unreadable(w, "checkpoint");
	w->note = span_make(w->newest_bytes, (size_t)len);
	if (note_take(w, "checkpoint", w->note, &n, &w->newest) != 0)
		return -1;
	w->have_newest = true;
	return 0;
}

/*
 * A checkpoint is kept after it stood in `checkpoint`: one that is larger
 * shows that an older file was put back, unless a writer is at work.
 */
static int
check_kept(struct walk *w)
{
	struct folder_list *l = &w->dir.checkpoints;
	char path[48];

	if (l->n == 0 || l->v[l->n - 1] <= w->newest.size)
		return 0;
	if (heads_grew(w)) {
		while (l->n > 0 && l->v[l->n - 1] > w->newest.size)
			l->n--;
		return 0;
	}
	snprintf(path, sizeof(path), "checkpoints/%012" PRIu64, l->v[l->n - 1]);
	return walk_wrong_at(w, walk_file("checkpoint"),
	    (struct say){ w->have_newest ? SAY_NOTE_OLDER : SAY_NOTE_GONE,
		.s = path });
}

ssize_t
heads_read_given(const char *path, uint8_t *out, size_t max)
{
	char *real = realpath(path, NULL); /* here links are followed */
	struct folder root = { .fd = -1 };
	ssize_t n = -1;

	if (real != NULL && folder_init(&root, AT_FDCWD, "/") == 0)
		n = folder_read(&root, real + 1, out, max);
	folder_fini(&root);
	free(real);
	return n;
}

static int
load_pin(struct walk *w)
{
	const char *file = w->opt->pin != NULL ? w->opt->pin : "log";
	uint8_t pin[PIN_MAX];
	ssize_t n = 0, len;
	unsigned line;

	if (w->opt->pin != NULL &&
	    (n = heads_read_given(file, pin, PIN_MAX)) < 0)
		return walk_fault(w, VERIFY_IMPOSSIBLE, walk_file(file),
		    (struct say){ SAY_ERROR, .s = strerror(errno) });
	len = folder_read(&w->dir, "log", w->bytes, PIN_MAX);
	if (len < 0 && w->opt->pin == NULL && errno == ENOENT)
		return walk_fault(w, VERIFY_IMPOSSIBLE, walk_file(file),
		    say0(SAY_NO_LOG));
	if (len < 0)
		return walk_unreadable(w, "log");
	if (w->opt->pin == NULL) {
		memcpy(pin, w->bytes, (size_t)len);
		n = len;
	}
	if ((line = pin_parse(span_make(pin, (size_t)n), &w->pin)) != 0)
		return walk_fault(w, VERIFY_IMPOSSIBLE, walk_file(file),
		    say1(SAY_PIN_LINE, line));
	if (n != len || memcmp(pin, w->bytes, (size_t)n) != 0)
		return walk_wrong_at(w, walk_file("log"), say0(SAY_PIN_OTHER));
	return 0;
}

int
heads_open(struct walk *w)
{
	const char *folder;
	int fd;

	if (load_pin(w) != 0)
		return -1;
	snprintf(w->result->origin, sizeof(w->result->origin), "%.120s",
	    w->pin.key.name);
	/* The checkpoint before the names: what it covers is listed then. */
	if (anchors_open(w) != 0 || load_newest(w) != 0)
		return -1;
	if (folder_list(&w->dir, &folder) != 0)
		return walk_unreadable(w, folder);
	if (check_kept(w) != 0 || anchors_check(w) != 0)
		return -1;
	fd = folder_open(&w->dir, "epochs");
	if (fd < 0 && errno == ENOENT && !w->have_newest)
		return 0; /* at the very beginning there is none */
	if (fd < 0 || (w->epochs = fdopen(fd, "r")) == NULL)
		return walk_unreadable(w, "epochs");
	return 0;
}

/* The note is what was signed: it is the records, unless another note says
 * that these are right. */
static int
wrong_root(struct walk *w, const char *file, uint64_t size)
{
	char path[FOLDER_PATH], what[160], both[256];
	struct walk_place at;

	if (w->proved.size >= size)
		return walk_wrong_at(w, walk_file(file),
		    say1(SAY_NOTE_TWO_ROOTS, size));
	at = seals_changed(w, size - 1, path, what);
	say_print((struct say){ SAY_NOTE_ROOT, .s = file }, both, sizeof(both));
	strncat(both, what, sizeof(both) - strlen(both) - 1);
	return walk_wrong_at(w, at, (struct say){ SAY_ERROR, .s = both });
}

static int
check_note(struct walk *w, const char *file, struct span in, uint64_t size,
    const uint8_t root[SHA256_LEN])
{
	struct verify_result *r = w->result;
	struct walk_place at = walk_file(file);
	struct signed_note n;
	struct signed_head h;
	struct signed_key key;
	enum say_what why;
	uint64_t time;

	if (note_take(w, file, in, &n, &h) != 0)
		return -1;
	at.index = size - 1;
	if (h.size != size)
		return walk_wrong_at(w, at, say1(SAY_NOTE_SIZE, h.size));
	if (!w->have_epoch || h.epoch != w->epoch.number)
		return walk_wrong_at(w, at,
		    say2(SAY_NOTE_EPOCH, h.epoch, w->epoch.number));
	signed_epoch_key(&key, w->pin.key.name, h.epoch, w->epoch.key);
	if ((why = signed_check(&n, 1, &key, &time)) != SAY_NONE)
		return walk_wrong_at(w, at, say0(why));
	if (memcmp(h.root, root, SHA256_LEN) != 0)
		return wrong_root(w, file, size);
	seals_proved(w, (struct walk_edge){ size, UINT64_MAX, 0 });
	r->size = size;
	memcpy(r->root, root, SHA256_LEN);
	r->epoch = h.epoch;
	r->sealed_time = w->seal.wall;
	walk_chain(w,
	    "%s: size %" PRIu64 ", epoch %" PRIu32 ", signed by both keys\n",
	    file, size, h.epoch);
	return 0;
}

int
heads_check(struct walk *w, uint64_t size, const uint8_t root[SHA256_LEN],
    bool *kept)
{
	const struct folder_list *l = &w->dir.checkpoints;
	char path[48];
	ssize_t len;

	if (w->kept < l->n && l->v[w->kept] <= size) {
		snprintf(path, sizeof(path), "checkpoints/%012" PRIu64,
		    l->v[w->kept]);
		if (l->v[w->kept++] < size)
			return walk_wrong_at(w, walk_file(path),
			    say0(SAY_NOTE_NO_SEAL));
		if ((len = folder_read(&w->dir, path, w->bytes, SIGNED_MAX)) <
		    0)
			return walk_unreadable(w, path);
		if (check_note(w, path, span_make(w->bytes, (size_t)len), size,
			root) != 0)
			return -1;
		*kept = true;
	}
	if (!w->have_newest || w->newest.size != size)
		return 0;
	w->newest_seen = true;
	return check_note(w, "checkpoint", w->note, size, root);
}

int
heads_hole(struct walk *w, uint64_t until)
{
	const struct folder_list *l = &w->dir.checkpoints;
	uint8_t root[SHA256_LEN];
	struct signed_note n;
	struct signed_head h;
	char path[48];
	ssize_t len;

	merkle_root(&w->tree, root);
	for (; w->kept < l->n && l->v[w->kept] <= until; w->kept++) {
		snprintf(path, sizeof(path), "checkpoints/%012" PRIu64,
		    l->v[w->kept]);
		len = folder_read(&w->dir, path, w->bytes, SIGNED_MAX);
		if (len < 0)
			return walk_unreadable(w, path);
		if (note_take(w, path, span_make(w->bytes, (size_t)len), &n,
			&h) != 0 ||
		    ((!w->have_epoch || h.epoch != w->epoch.number) &&
			epochs_find(w, h.epoch) != 0) ||
		    check_note(w, path, span_make(w->bytes, (size_t)len),
			l->v[w->kept],
			h.size == w->tree.end ? root : h.root) != 0)
			return -1;
	}
	return 0;
}

int
heads_newest(struct walk *w)
{
	const struct signed_head *h = &w->newest;
	uint8_t hash[SHA256_LEN];

	for (size_t i = 0; i < w->n_anchors; i++)
		if (w->anchor[i].head.size == h->size && !w->anchor[i].seen) {
			if (memcmp(w->anchor[i].head.root, h->root,
				SHA256_LEN) != 0)
				return walk_wrong_at(w,
				    walk_file(w->anchor[i].file),
				    say1(SAY_ANCHOR_ROOT, h->size));
			anchors_fit(w, &w->anchor[i]);
		}
	signed_head_hash(w->pin.key.name, h->size, h->root, hash);
	anchors_stamped(w, h->size, hash);
	if (((!w->have_epoch || h->epoch != w->epoch.number) &&
		epochs_find(w, h->epoch) != 0) ||
	    check_note(w, "checkpoint", w->note, h->size, h->root) != 0)
		return -1;
	return anchors_end(w);
}

int
heads_point(struct walk *w)
{
	struct walk_place at = walk_here(w);
	uint64_t size = w->fact->index;
	uint8_t root[SHA256_LEN];

	at.index = size - 1;
	merkle_root(&w->tree, root);
	for (size_t i = 0; i < w->n_anchors; i++) {
		if (w->anchor[i].token || w->anchor[i].head.size != size)
			continue;
		at.file = w->anchor[i].file;
		if (memcmp(root, w->anchor[i].head.root, SHA256_LEN) != 0)
			return walk_wrong_at(w, at,
			    say1(SAY_ANCHOR_ROOT, size));
		anchors_fit(w, &w->anchor[i]);
	}
	if (!w->have_newest || w->newest.size != size || w->newest_seen ||
	    check_note(w, "checkpoint", w->note, size, root) != 0)
		return w->stop ? -1 : 0;
	at.file = "checkpoint";
	return walk_wrong_at(w, at, say1(SAY_NOTE_UNSEALED, size));
}

int
heads_end(struct walk *w)
{
	struct walk_place at = { w->path[0] == '\0' ? "segments" : w->path,
		UINT64_MAX, w->index, w->last_time };

	w->tail = false;
	if (!w->have_newest) {
		at = walk_file("checkpoint");
		if (w->signed_size > 0)
			return walk_wrong_at(w, at, say0(SAY_NOTE_NAMED));
		w->tail = true;
		return walk_fault(w, VERIFY_INCOMPLETE, at,
		    say0(SAY_NOTE_NONE));
	}
	if (w->newest_seen)
		return anchors_end(w);
	return walk_wrong_at(w, at,
	    say2(SAY_LOG_CUT, w->index, w->newest.size));
}

static bool
grew_now(struct walk *w)
{
	static uint8_t bytes[SIGNED_MAX]; /* only the thread in turn asks */
	ssize_t len = folder_read(&w->dir, "checkpoint", bytes, sizeof(bytes));
	struct signed_note n;
	struct signed_head h;
	uint64_t time;

	return len > 0 &&
	    signed_head_read(span_make(bytes, (size_t)len), &n, &h) ==
	    SAY_NONE &&
	    signed_check(&n, 0, &w->pin.key, &time) == SAY_NONE &&
	    h.size > w->newest.size;
}

/* Whether the newest segment was written to just now. */
static bool
fresh(struct walk *w)
{
	size_t last = w->dir.segments.n - 1;
	char path[FOLDER_PATH];
	struct timespec now;
	struct stat st;
	bool is;
	int fd;

	if (w->dir.segments.n == 0)
		return false;
	folder_path(folder_first(&w->dir, last), folder_day(&w->dir, last),
	    path);
	if ((fd = folder_open(&w->dir, path)) < 0)
		return false;
	clock_gettime(CLOCK_REALTIME, &now);
	is = fstat(fd, &st) == 0 && st.st_mtime <= now.tv_sec &&
	    now.tv_sec - st.st_mtime <= LIVE_S;
	close(fd);
	return is;
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
