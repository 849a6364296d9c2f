/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/successor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cursor.h"
#include "common/hex.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/checkpoint.h"
#include "evidence/evlog.h"
#include "evidence/keyring.h"
#include "evidence/logfile.h"
#include "evidence/outside.h"
#include "site/succession.h"

/* What the old keys signed last. */
static int
last_signed(const struct site_log *log, struct predecessor *p)
{
	struct sign_request q = { .what = SIGN_STATE };
	struct sign_reply state;
	struct keyring *k;
	enum keyring_err e = keyring_open(&k, log->keys);

	if (e != KEYRING_OK) {
		log_error("%s: %s%s%s", log->keys, keyring_strerror(e),
		    e == KEYRING_SYSTEM ? ": " : "",
		    e == KEYRING_SYSTEM ? strerror(errno) : "");
		return -1;
	}
	keyring_ask(k, &q, &state);
	keyring_close(k);
	p->size = state.size;
	memcpy(p->root, state.root, SHA256_LEN);
	return 0;
}

/* What was published last: who has the keys is at work. */
static int
last_published(const struct site_log *log, struct predecessor *p)
{
	struct checkpoint c;
	char path[4096];
	struct note n;
	struct buf note;
	int rc = -1;

	buf_init(&note);
	if (io_join(path, sizeof(path), log->dir, "checkpoint") != 0 ||
	    io_read_file(path, NOTE_MAX, &note) != 0)
		log_errno("%s/checkpoint", log->dir);
	else if (checkpoint_read(buf_view(&note), &n, &c) != NOTE_OK)
		log_error("%s/checkpoint: %s", log->dir,
		    note_strerror(checkpoint_read(buf_view(&note), &n, &c)));
	else {
		p->size = c.size;
		memcpy(p->root, c.root, SHA256_LEN);
		rc = 0;
	}
	buf_fini(&note);
	return rc;
}

/* The folder and what was put into it belong to who writes the logs. */
static int
give(const struct successor *s, const char *dir)
{
	static const char *const names[] = { ".", "log", SUCCESSION_PENDING,
		"predecessor", "outside", "checkpoints", "segments",
		"manifests", "quarantine" };
	char path[4096];
	size_t i;

	if (!s->priv->root)
		return 0;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (io_join(path, sizeof(path), dir, names[i]) != 0 ||
		    (lchown(path, s->priv->uid, s->priv->gid) != 0 &&
			errno != ENOENT)) {
			log_errno("%s", path);
			return -1;
		}
	return 0;
}

/* A renewal that was made before and not yet certified. */
static bool
is_pending(const struct generation *g)
{
	char path[4096];
	struct stat st;

	return io_join(path, sizeof(path), g->dir, SUCCESSION_PENDING) == 0 &&
	    lstat(path, &st) == 0;
}

/* A renewal that is pending is no use to a log that broke meanwhile. */
static int
pending_drop(const struct generation *g)
{
	char path[4096];

	if (io_join(path, sizeof(path), g->dir, SUCCESSION_PENDING) != 0 ||
	    (unlink(path) != 0 && errno != ENOENT)) {
		log_errno("%s/%s", g->dir, SUCCESSION_PENDING);
		return -1;
	}
	return 0;
}

/*
 * The note that the anchor process was shown outside.  What that process says
 * is not believed: only a note with the old log's signature is recorded.
 */
static int
read_outside(const struct successor *s, struct outside *o)
{
	const struct site_log *log = &s->site->logs[s->log];
	struct cursor c = cursor_make(s->outside);
	struct span from = cursor_until(&c, '\n');
	struct logfile desc;
	struct buf pin;
	struct note n;
	unsigned line;
	char path[4096];
	int rc = -1;

	buf_init(&pin);
	snprintf(o->from, sizeof(o->from), "%.*s", (int)from.len,
	    (const char *)from.p);
	o->note = span_make(c.p, cursor_left(&c));
	if (io_join(path, sizeof(path), log->dir, "log") == 0 &&
	    io_read_file(path, LOGFILE_MAX, &pin) == 0 &&
	    logfile_parse(buf_view(&pin), &desc, &line) == 0 &&
	    note_parse(o->note, &n) == NOTE_OK &&
	    checkpoint_parse(n.text, &o->c) == 0 &&
	    outside_verify(o, &desc.key))
		rc = 0;
	else
		log_error(tr("log '%s': the checkpoint from %s is not signed "
			     "by it and is not recorded",
			      "ログ「%s」: %sのチェックポイントにはこのログの署"
			      "名がないため、記録しません"),
		    log->name, o->from);
	buf_fini(&pin);
	return rc;
}

/* The sentence says which checkpoint it is, too: it is all that the file
 * `predecessor` has of it. */
static void
say_outside(const struct outside *o, struct predecessor *p)
{
	size_t len = strlen(p->found);
	char root[2 * SHA256_LEN];

	hex_print(o->c.root, SHA256_LEN, root);
	snprintf(p->found + len, sizeof(p->found) - len,
	    tr(": size %llu, root %.*s, from %s",
		"（件数%llu、ルート%.*s、%s）"),
	    (unsigned long long)o->c.size, (int)sizeof(root), root, o->from);
}

static int
make(const struct successor *s, const struct generation *g,
    const struct predecessor *p, struct span outside)
{
	const struct site_log *log = &s->site->logs[s->log];
	struct evlog_init e = { .dir = g->dir,
		.keys_dir = g->keys,
		.origin = g->origin,
		.height = log->epoch_height,
		.seconds = log->epoch_s,
		.predecessor = p,
		.outside = outside,
		.name = s->pending ? SUCCESSION_PENDING : NULL };
	enum evlog_err err;

	if (!s->pending && pending_drop(g) != 0)
		return -1;
	if ((err = evlog_init(&e)) != EVLOG_OK) {
		log_error("%s: %s%s%s", g->dir, evlog_strerror(err),
		    err == EVLOG_SYSTEM ? ": " : "",
		    err == EVLOG_SYSTEM ? strerror(errno) : "");
		return -1;
	}
	return give(s, g->dir);
}

/* What people must keep outside this machine from now on. */
static void
say_pin(const struct successor *s, const struct generation *g)
{
	char path[4096];
	struct cursor c;
	struct span line;
	struct buf pin;

	buf_init(&pin);
	if (io_join(path, sizeof(path), g->dir,
		s->pending ? SUCCESSION_PENDING : "log") == 0 &&
	    io_read_file(path, 4096, &pin) == 0)
		log_warn(tr("log '%s' goes on as %s. Print these lines and "
			    "keep them outside this machine:",
			     "ログ「%s」は%sとして続きます。次の内容を印刷し、"
			     "この機器の外で保管してください:"),
		    s->site->logs[s->log].name, g->origin);
	for (c = cursor_make(buf_view(&pin)); cursor_left(&c) > 0;) {
		line = cursor_until(&c, '\n');
		log_warn("%.*s", (int)line.len, (const char *)line.p);
	}
	log_warn("%s",
	    tr("once it is in force, run 'konseki init': it makes the key that "
	       "signs what is handed over of it",
		"新しいログに切り替わったらkonseki "
		"initを実行し、その引渡し鍵を作ってください"));
	buf_fini(&pin);
}

int
successor_make(const struct successor *s)
{
	const struct site_log *log = &s->site->logs[s->log];
	struct predecessor p = { .why = s->why,
		.uid = (uint32_t)getuid(),
		.at = (uint64_t)utc_now() };
	struct generation g;
	struct outside o;
	struct buf text;
	int rc;

	if (generation_find(s->site, log, log->generation + 1, &g) != 0) {
		log_error(tr("log '%s' has no more successors",
			      "ログ「%s」の後継はこれ以上作れません"),
		    log->name);
		return 1;
	}
	if (s->pending && is_pending(&g))
		return 0;
	snprintf(p.origin, sizeof(p.origin), "%s", log->origin);
	snprintf(p.found, sizeof(p.found), "%s", s->found);
	buf_init(&text);
	if (s->outside.len > 0 && read_outside(s, &o) == 0) {
		say_outside(&o, &p);
		outside_print(&o, &text);
	}
	rc = s->pending ? last_published(log, &p) : last_signed(log, &p);
	if (rc == 0)
		rc = make(s, &g, &p, buf_view(&text));
	buf_fini(&text);
	if (rc == 0)
		say_pin(s, &g);
	return rc == 0 ? 0 : 1;
}
