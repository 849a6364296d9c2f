/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "witness/store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cursor.h"
#include "common/hex.h"
#include "common/io.h"
#include "common/log.h"
#include "common/text.h"
#include "evidence/cosign.h"
#include "site/relay.h"
#include "witness/store_priv.h"

#define KEY_HEAD "konseki witness key\n"
#define KEY_FILE_MAX 1024u
#define LOGS_FILE_MAX (1u << 20)
#define SECRET_MAX 4096u

const char *
store_vkey(const struct store *s)
{
	return (const char *)s->vkey.p;
}

size_t
store_n_logs(const struct store *s)
{
	return s->n_logs;
}

static int
fail(struct buf *why, const char *what)
{
	buf_printf(why, "%s: %s", what, strerror(errno));
	return -1;
}

static int
vkey_make(const char *name, const uint8_t seed[KEY_LEN], struct buf *out)
{
	uint8_t key[KEY_LEN];
	struct note_key k;

	if (key_public(seed, key) != 0 ||
	    note_key_init_type(&k, NOTE_COSIGNED, span_str(name), key) != 0)
		return -1;
	note_key_print(&k, out);
	(void)buf_cstr(out);
	return 0;
}

/* The folder's first files.  Keys that are there are never written over. */
static int
files_make(int dir, const char *name, struct buf *vkey, struct buf *why)
{
	static const char logs[] =
	    "# Verifier keys of the logs to cosign, one a line: the second "
	    "word of\n# the line \"key\" of a log's file `log`.\n";
	uint8_t seed[KEY_LEN];
	char hex[2 * KEY_LEN];
	struct buf key;
	int rc = -1;

	buf_init(&key);
	if (faccessat(dir, "key", F_OK, 0) == 0) {
		errno = EEXIST;
		rc = fail(why, "key");
	} else if (key_random(seed) != 0)
		rc = fail(why, "getrandom");
	else if (vkey_make(name, seed, vkey) != 0)
		buf_printf(why,
		    tr("'%s' is no name of a key: printable ASCII without "
		       "spaces and +",
			"「%s」は鍵の名前に使えません（空白と+"
			"を除くASCII文字）"),
		    name);
	else {
		hex_print(seed, KEY_LEN, hex);
		buf_printf(&key, KEY_HEAD "name %s\nseed %.*s\n", name,
		    (int)sizeof(hex), hex);
		rc = io_replace_at(dir, "key", 0600, buf_view(&key));
		buf_byte(vkey, '\n');
		if (rc == 0)
			rc = io_replace_at(dir, "vkey", 0644, buf_view(vkey));
		vkey->len--;
		if (rc == 0 && faccessat(dir, "logs", F_OK, 0) != 0)
			rc = io_replace_at(dir, "logs", 0644, span_str(logs));
		if (rc != 0)
			fail(why, "key");
	}
	explicit_bzero(seed, sizeof(seed));
	explicit_bzero(hex, sizeof(hex));
	if (key.p != NULL)
		explicit_bzero(key.p, key.cap);
	buf_fini(&key);
	return rc;
}

int
store_make(const char *dir, const char *name, struct buf *vkey, struct buf *why)
{
	int fd, rc;

	if ((mkdir(dir, 0700) != 0 && errno != EEXIST) ||
	    (fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		return fail(why, dir);
	if ((mkdirat(fd, "state", 0700) != 0 && errno != EEXIST) ||
	    (mkdirat(fd, "store", 0700) != 0 && errno != EEXIST))
		rc = fail(why, dir);
	else
		rc = files_make(fd, name, vkey, why);
	close(fd);
	return rc;
}

static int
key_load(struct store *s, struct buf *why)
{
	struct cursor c;
	struct span name = { NULL, 0 };
	struct buf text;
	int rc = -1;

	buf_init(&text);
	if (io_read_file_at(s->dir, "key", KEY_FILE_MAX, &text) != 0)
		fail(why, "key");
	else {
		c = cursor_make(buf_view(&text));
		cursor_expect(&c, SPAN(KEY_HEAD "name "));
		name = cursor_until(&c, '\n');
		cursor_expect(&c, SPAN("seed "));
		cursor_hex(&c, s->seed, KEY_LEN);
		cursor_expect(&c, SPAN("\n"));
		if (cursor_done(&c) && name.len <= NOTE_NAME_MAX) {
			memcpy(s->name, name.p, name.len);
			rc = vkey_make(s->name, s->seed, &s->vkey);
		}
		if (rc != 0)
			buf_str(why,
			    tr("key: not a key of a witness",
				"key: 証人の鍵ではありません"));
	}
	if (text.p != NULL)
		explicit_bzero(text.p, text.cap);
	buf_fini(&text);
	return rc;
}

static int
logs_line(struct store *s, struct span line)
{
	struct store_log *l = &s->logs[s->n_logs];

	line = text_trim(line);
	if (line.len == 0 || line.p[0] == '#')
		return 0;
	if (s->n_logs == STORE_LOGS_MAX || note_key_parse(line, &l->key) != 0)
		return -1;
	sha256(span_str(l->key.name), l->origin);
	if (store_log(s, l->origin) != NULL) /* one key for each origin */
		return -1;
	s->n_logs++;
	return 0;
}

static int
logs_load(struct store *s, struct buf *why)
{
	struct buf text;
	struct cursor c;
	unsigned n = 0;
	int rc = 0;

	buf_init(&text);
	s->n_logs = 0;
	s->logs = calloc(STORE_LOGS_MAX + 1, sizeof(*s->logs));
	if (s->logs == NULL ||
	    io_read_file_at(s->dir, "logs", LOGS_FILE_MAX, &text) != 0)
		rc = fail(why, "logs");
	for (c = cursor_make(buf_view(&text)); rc == 0 && cursor_left(&c) > 0;)
		if (n++, (rc = logs_line(s, cursor_until(&c, '\n'))) != 0)
			buf_printf(why,
			    tr("logs, line %u: no verifier key of a log, or of "
			       "one that has one already",
				"logsの%u行目: ログの検証鍵でないか、同じログの"
				"鍵がすでにあります"),
			    n);
	buf_fini(&text);
	return rc;
}

/* No secret: nothing is kept for anybody. */
static int
secret_load(struct store *s, struct buf *why)
{
	struct span line;

	if (io_read_file_at(s->dir, "secret", SECRET_MAX, &s->secret) != 0)
		return errno == ENOENT ? 0 : fail(why, "secret");
	line = text_trim(buf_view(&s->secret));
	if (line.len < RELAY_SECRET_MIN) {
		buf_printf(why,
		    tr("%s: a secret has at least %u bytes",
			"%s: 秘密は%uバイト以上が必要です"),
		    "secret", RELAY_SECRET_MIN);
		return -1;
	}
	memmove(s->secret.p, line.p, line.len);
	s->secret.len = line.len;
	return 0;
}

static int
lock(struct store *s, const char *dir, struct buf *why)
{
	s->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->dir < 0)
		return fail(why, dir);
	s->lock = openat(s->dir, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (s->lock < 0 || flock(s->lock, LOCK_EX | LOCK_NB) != 0)
		return fail(why, "lock");
	return 0;
}

struct store *
store_open(const char *dir, struct buf *why)
{
	struct store *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->dir = s->lock = -1;
	buf_init(&s->vkey);
	buf_init(&s->secret);
	if (lock(s, dir, why) == 0 && key_load(s, why) == 0 &&
	    logs_load(s, why) == 0 && secret_load(s, why) == 0)
		return s;
	store_close(s);
	return NULL;
}

int
store_reload(struct store *s, struct buf *why)
{
	struct store_log *logs = s->logs;
	size_t n = s->n_logs;

	if (logs_load(s, why) == 0) {
		free(logs);
		return 0;
	}
	free(s->logs);
	s->logs = logs;
	s->n_logs = n;
	return -1;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	if (s->lock >= 0)
		close(s->lock);
	if (s->dir >= 0)
		close(s->dir);
	explicit_bzero(s->seed, sizeof(s->seed));
	if (s->secret.p != NULL)
		explicit_bzero(s->secret.p, s->secret.cap);
	buf_fini(&s->secret);
	buf_fini(&s->vkey);
	free(s->logs);
	free(s);
}

const struct store_log *
store_log(const struct store *s, const uint8_t origin[SHA256_LEN])
{
	size_t i;

	for (i = 0; i < s->n_logs; i++)
		if (memcmp(s->logs[i].origin, origin, SHA256_LEN) == 0)
			return &s->logs[i];
	return NULL;
}

int
store_folder(const struct store *s, const char *below,
    const uint8_t origin[SHA256_LEN], bool make)
{
	char hex[2 * SHA256_LEN], path[96];

	hex_print(origin, SHA256_LEN, hex);
	snprintf(path, sizeof(path), "%s/%.*s", below, (int)sizeof(hex), hex);
	if (make && mkdirat(s->dir, path, 0700) != 0 && errno != EEXIST)
		return -1;
	return openat(s->dir, path,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
}

int
store_last(const struct store *s, const uint8_t origin[SHA256_LEN],
    struct buf *out)
{
	int rc, dir = store_folder(s, "state", origin, false);

	if (dir < 0)
		return -1;
	rc = io_read_file_at(dir, "checkpoint", NOTE_MAX, out);
	close(dir);
	return rc;
}

/* What was cosigned last: 0, or -1 if that cannot be known. */
static int
seen_load(const struct store *s, const uint8_t origin[SHA256_LEN],
    struct witness_seen *seen)
{
	struct checkpoint c;
	struct buf last;
	struct note n;
	int rc = 0;

	seen->size = 0;
	buf_init(&last);
	errno = 0;
	if (store_last(s, origin, &last) != 0)
		rc = errno == ENOENT ? 0 : -1;
	else if (note_parse(buf_view(&last), &n) != NOTE_OK ||
	    checkpoint_parse(n.text, &c) != 0) {
		errno = EBADMSG; /* to begin anew would be to forget */
		rc = -1;
	} else {
		seen->size = c.size;
		memcpy(seen->root, c.root, SHA256_LEN);
	}
	buf_fini(&last);
	return rc;
}

/* Cosign, and have it on the disk, the cosignature included. */
static int
remember(const struct store *s, const struct store_log *l, const struct note *n,
    uint64_t time, struct buf *line)
{
	struct buf note;
	int dir, rc = -1;
	size_t i;

	buf_init(&note);
	buf_span(&note, n->text);
	buf_byte(&note, '\n');
	for (i = 0; i < n->n; i++)
		if (!span_is(n->sig[i].name, s->name))
			note_sig_print(&n->sig[i], &note);
	if (cosign_sign(n->text, span_str(s->name), s->seed, time, line) == 0) {
		buf_span(&note, buf_view(line));
		if ((dir = store_folder(s, "state", l->origin, true)) >= 0) {
			rc = io_replace_at(dir, "checkpoint", 0600,
			    buf_view(&note));
			close(dir);
		}
	}
	buf_fini(&note);
	return rc;
}

unsigned
store_cosign(struct store *s, struct span body, uint64_t time, struct buf *out)
{
	uint8_t origin[SHA256_LEN];
	const struct store_log *l;
	struct witness_request r;
	struct witness_seen seen;
	enum witness_status status;
	struct checkpoint c;
	struct note n;

	if (witness_request_parse(body, &r) != 0 ||
	    note_parse(r.note, &n) != NOTE_OK || n.n > WITNESS_SIGS_MAX ||
	    checkpoint_parse(n.text, &c) != 0)
		return WITNESS_BAD;
	sha256(c.origin, origin);
	if ((l = store_log(s, origin)) == NULL)
		return WITNESS_UNKNOWN;
	if (seen_load(s, origin, &seen) != 0) {
		log_errno(tr("the last checkpoint of '%s'",
			      "「%s」の最後のチェックポイント"),
		    l->key.name);
		return 0;
	}
	status = witness_judge(&r, &n, &c, &l->key, &seen);
	if (status == WITNESS_CONFLICT)
		buf_printf(out, "%" PRIu64 "\n", seen.size);
	else if (status == WITNESS_UNPROVED)
		log_error(tr("ALARM: '%s': a checkpoint with its signature "
			     "does not extend the last one",
			      "警報: 「%s」: 署名のあるチェックポイントが前回の"
			      "ものに続いていません"),
		    l->key.name);
	if (status != WITNESS_OK)
		return status;
	if (remember(s, l, &n, time, out) == 0)
		return WITNESS_OK;
	log_errno(tr("'%s': cannot write its checkpoint",
		      "「%s」のチェックポイントを書き込めません"),
	    l->key.name);
	out->len = 0;
	return 0;
}
