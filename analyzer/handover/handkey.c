/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/handover/handkey.h"

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

#define FILE_MAX 1024

static int
fail(const char *path, const char *what, struct buf *why)
{
	buf_printf(why, "%s: %s", path, what);
	return -1;
}

void
handkey_print(const struct handkey *k, struct buf *out)
{
	uint8_t bytes[1 + KEY_LEN] = { 0x01 };
	char text[64];

	memcpy(bytes + 1, k->seed, KEY_LEN);
	base64_print(bytes, sizeof(bytes), text);
	buf_printf(out, "PRIVATE+KEY+%s+%08x+%.*s\n", k->public.name,
	    k->public.id, (int)base64_len(sizeof(bytes)), text);
	explicit_bzero(bytes, sizeof(bytes));
	explicit_bzero(text, sizeof(text));
}

int
handkey_parse(struct span in, struct handkey *k)
{
	uint8_t bytes[1 + KEY_LEN], key[KEY_LEN];
	struct cursor c = cursor_make(in);
	struct span name, id, text;
	char hex[9];
	size_t len;
	int rc;

	cursor_expect(&c, SPAN("PRIVATE+KEY+"));
	name = cursor_until(&c, '+');
	id = cursor_until(&c, '+');
	text = cursor_until(&c, '\n');
	if (!cursor_done(&c) ||
	    base64_parse(text, bytes, sizeof(bytes), &len) != 0)
		return -1;
	rc = len == sizeof(bytes) && bytes[0] == 0x01 ? 0 : -1;
	memcpy(k->seed, bytes + 1, KEY_LEN);
	explicit_bzero(bytes, sizeof(bytes));
	if (rc != 0 || key_public(k->seed, key) != 0 ||
	    note_key_init(&k->public, name, key) != 0)
		return -1;
	snprintf(hex, sizeof(hex), "%08x", k->public.id);
	return span_is(id, hex) ? 0 : -1;
}

/* Its two files; made in their folder. */
static int
paths(const struct site *site, const struct site_log *log, char key[4096],
    char vkey[4096])
{
	const char *dir = site->handover.dir;
	int a = snprintf(key, 4096, "%s/%s.key", dir, log->label);
	int b = snprintf(vkey, 4096, "%s/%s.vkey", dir, log->label);

	errno = ENAMETOOLONG;
	return a < 0 || a >= 4096 || b < 0 || b >= 4096 ? -1 : 0;
}

static int
file_make(const char *path, mode_t mode, struct span bytes, uid_t uid,
    gid_t gid, struct buf *why)
{
	if (io_replace_at(AT_FDCWD, path, mode, bytes) != 0 ||
	    (geteuid() == 0 && chown(path, uid, gid) != 0) ||
	    chmod(path, mode) != 0)
		return fail(path, strerror(errno), why);
	return 0;
}

static int
make(const struct site_log *log, const char *key, const char *vkey, uid_t uid,
    gid_t gid, struct buf *why)
{
	struct handkey k;
	struct buf name, out;
	uint8_t public[KEY_LEN];
	int rc;

	buf_init(&name);
	buf_init(&out);
	buf_reserve(&out, FILE_MAX); /* so that the seed never moves */
	buf_printf(&name, "%s/handover", log->origin);
	if (key_random(k.seed) != 0 || key_public(k.seed, public) != 0 ||
	    note_key_init(&k.public, buf_view(&name), public) != 0)
		rc = fail(key, strerror(errno), why);
	else {
		note_key_print(&k.public, &out);
		buf_byte(&out, '\n');
		rc = file_make(vkey, 0644, buf_view(&out), uid, gid, why);
		out.len = 0;
		handkey_print(&k, &out);
		if (rc == 0)
			rc =
			    file_make(key, 0640, buf_view(&out), uid, gid, why);
	}
	handkey_wipe(&k);
	explicit_bzero(out.p, out.cap);
	buf_fini(&out);
	buf_fini(&name);
	return rc == 0 ? 1 : -1;
}

int
handkey_make(const struct site *site, const struct site_log *log, uid_t uid,
    gid_t gid, struct buf *why)
{
	char key[4096], vkey[4096];

	if (paths(site, log, key, vkey) != 0)
		return fail(site->handover.dir, strerror(errno), why);
	if (access(key, F_OK) == 0)
		return 0;
	if (mkdir(site->handover.dir, 0750) == 0) {
		if (geteuid() == 0 && chown(site->handover.dir, 0, gid) != 0)
			return fail(site->handover.dir, strerror(errno), why);
	} else if (errno != EEXIST)
		return fail(site->handover.dir, strerror(errno), why);
	return make(log, key, vkey, uid, gid, why);
}

int
handkey_load(const struct site *site, const struct site_log *log,
    struct handkey *k, struct buf *why)
{
	char key[4096], vkey[4096], name[256];
	struct buf in;
	int rc;

	memset(k, 0, sizeof(*k));
	if (paths(site, log, key, vkey) != 0)
		return fail(site->handover.dir, strerror(errno), why);
	buf_init(&in);
	buf_reserve(&in, FILE_MAX);
	snprintf(name, sizeof(name), "%s/handover", log->origin);
	rc = io_read_file(key, FILE_MAX, &in);
	if (rc != 0)
		(void)fail(key,
		    errno == ENOENT
			? tr("there is no hand-over key: run 'konseki init'",
			      "引渡し鍵がありません。konseki init "
			      "を実行してください")
			: strerror(errno),
		    why);
	else if (handkey_parse(buf_view(&in), k) != 0 ||
	    strcmp(k->public.name, name) != 0)
		rc = fail(key,
		    tr("not the hand-over key of this log",
			"このログの引渡し鍵ではありません"),
		    why);
	explicit_bzero(in.p, in.cap);
	buf_fini(&in);
	return rc;
}

void
handkey_wipe(struct handkey *k)
{
	explicit_bzero(k->seed, sizeof(k->seed));
}
