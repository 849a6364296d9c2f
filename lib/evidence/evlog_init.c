/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "common/utc.h"
#include "evidence/checkpoint.h"
#include "evidence/evlog.h"
#include "evidence/keyring.h"
#include "evidence/logfile.h"

/*
 * A new log.  The file `log` is written last: a folder without it is none, and
 * what an interrupted init left there is empty.
 */
static const char *const init_folders[] = { "segments", "manifests",
	"checkpoints", "quarantine" };
static const char *const init_files[] = { "log", "checkpoint", "epochs" };

static enum evlog_err init_keyring_err(enum keyring_err e);

/*
 * Keys that a successor's interrupted making left behind.  They were never
 * pinned nor used if nothing was signed and no epoch begun.
 */
static enum evlog_err
init_keys_again(const struct evlog_init *init, struct keyring_public *pub)
{
	struct sign_request state = { .what = SIGN_STATE };
	struct sign_reply reply;
	struct keyring *k;
	enum keyring_err e;

	if ((e = keyring_open(&k, init->keys_dir)) != KEYRING_OK)
		return init_keyring_err(e);
	keyring_public(k, pub);
	keyring_ask(k, &state, &reply);
	keyring_close(k);
	return reply.size == 0 && !reply.open && reply.epoch == 0 &&
		strcmp(pub->origin, init->origin) == 0
	    ? EVLOG_OK
	    : EVLOG_EXISTS;
}

static enum evlog_err
init_keys(const struct evlog_init *init, struct keyring_public *pub)
{
	struct keyring_create create = { init->keys_dir, init->origin,
		init->height, init->progress, init->cookie };
	enum keyring_err e = keyring_create(&create, pub);

	if (e == KEYRING_EXISTS && init->predecessor != NULL)
		return init_keys_again(init, pub);
	return init_keyring_err(e);
}

static enum evlog_err
init_keyring_err(enum keyring_err e)
{
	switch (e) {
	case KEYRING_OK:
		return EVLOG_OK;
	case KEYRING_EXISTS:
		return EVLOG_EXISTS;
	case KEYRING_LOCKED:
		return EVLOG_LOCKED;
	case KEYRING_BAD_ARGUMENT:
		return EVLOG_BAD_ARGUMENT;
	case KEYRING_ABSENT:
	case KEYRING_BAD_STATE:
	case KEYRING_CRYPTO:
		return EVLOG_SIGNER;
	case KEYRING_SYSTEM:
		break;
	}
	return EVLOG_SYSTEM;
}

/* Whether nothing of a log is in the folder; empty folders may be. */
static bool
init_is_free(int dir)
{
	size_t i;

	for (i = 0; i < sizeof(init_files) / sizeof(init_files[0]); i++)
		if (faccessat(dir, init_files[i], F_OK, AT_SYMLINK_NOFOLLOW) ==
		    0)
			return false;
	for (i = 0; i < sizeof(init_folders) / sizeof(init_folders[0]); i++)
		if (unlinkat(dir, init_folders[i], AT_REMOVEDIR) != 0 &&
		    errno != ENOENT)
			return false;
	return true;
}

static enum evlog_err
init_write(const struct evlog_init *init, int dir,
    const struct keyring_public *pub)
{
	struct logfile l = { .height = pub->height,
		.seconds = init->seconds,
		.created = (uint64_t)utc_now() };
	struct buf text;
	size_t i;
	int rc = 0;

	memcpy(l.r, pub->r, SHA256_LEN);
	if (note_key_init(&l.key, span_str(pub->origin), pub->key) != 0)
		return EVLOG_BAD_ARGUMENT;
	for (i = 0; i < sizeof(init_folders) / sizeof(init_folders[0]); i++)
		if (mkdirat(dir, init_folders[i], 0750) != 0)
			return EVLOG_SYSTEM;
	buf_init(&text);
	if (init->predecessor != NULL) {
		predecessor_print(init->predecessor, &text);
		rc = io_replace_at(dir, "predecessor", 0640, buf_view(&text));
		text.len = 0;
	}
	if (rc == 0 && init->outside.len > 0)
		rc = io_replace_at(dir, "outside", 0640, init->outside);
	logfile_print(&l, &text);
	if (rc == 0)
		rc = io_replace_at(dir, init->name != NULL ? init->name : "log",
		    0640, buf_view(&text));
	buf_fini(&text);
	return rc == 0 ? EVLOG_OK : EVLOG_SYSTEM;
}

enum evlog_err
evlog_init(const struct evlog_init *init)
{
	struct keyring_public pub;
	enum evlog_err err;
	int dir;

	if (!checkpoint_origin_ok(span_str(init->origin)) ||
	    init->seconds == 0 || init->seconds > LOGFILE_SECONDS_MAX)
		return EVLOG_BAD_ARGUMENT;
	if (mkdir(init->dir, 0750) != 0 && errno != EEXIST)
		return EVLOG_SYSTEM;
	dir = open(init->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return EVLOG_SYSTEM;
	if (!init_is_free(dir))
		err = EVLOG_EXISTS;
	else if ((err = init_keys(init, &pub)) == EVLOG_OK)
		err = init_write(init, dir, &pub);
	close(dir);
	return err;
}
