/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/approver.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"

/*
 * scrypt makes guessing dear, since whoever reads the configuration may try:
 * 64 MiB and a quarter of a second for each guess.  The salt is the site's and
 * the person's own, so nobody can have tried before.
 */
#define APPROVER_N UINT64_C(65536)
#define APPROVER_R 8
#define APPROVER_MEMORY (128u << 20)
#define APPROVER_MIN 12u /* bytes of a passphrase */
#define APPROVER_MAX 1024u

static int
derive(const struct site *site, const char *name, const struct buf *pass,
    uint8_t seed[KEY_LEN])
{
	struct buf salt;
	int rc;

	buf_init(&salt);
	buf_printf(&salt, "konseki approver\n%s\n%s\n",
	    site_log(site, "evidence")->first_origin, name);
	rc = EVP_PBE_scrypt((const char *)pass->p, pass->len, salt.p, salt.len,
	    APPROVER_N, APPROVER_R, 1, APPROVER_MEMORY, seed, KEY_LEN);
	buf_fini(&salt);
	if (rc == 1)
		return 0;
	log_error("%s", tr("OpenSSL failed", "OpenSSLの処理に失敗しました"));
	return -1;
}

/* The first line of a file or terminal, its end left out. */
static int
read_line(int fd, struct buf *pass)
{
	const uint8_t *lf;
	ssize_t n;

	n = read(fd, buf_reserve(pass, APPROVER_MAX), APPROVER_MAX);
	if (n < 0)
		return -1;
	pass->len = (size_t)n;
	lf = n == 0 ? NULL : memchr(pass->p, '\n', (size_t)n);
	if (lf != NULL)
		pass->len = (size_t)(lf - pass->p);
	return 0;
}

/* Without echo. */
static int
read_terminal(const char *prompt, const char *name, struct buf *pass)
{
	struct termios old, quiet;
	int rc;

	if (tcgetattr(STDIN_FILENO, &old) != 0) {
		log_error("%s",
		    tr("a passphrase is asked for on a terminal: there is "
		       "none; see --passphrase-file",
			"パスフレーズの入力には端末が必要です"
			"（または--passphrase-file）"));
		return -1;
	}
	fprintf(stderr, "%s (%s): ", prompt, name);
	quiet = old;
	/* An interrupt must not leave the terminal without echo. */
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) != 0)
		return -1;
	rc = read_line(STDIN_FILENO, pass);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH,
	    &old); /* nothing could be done about it */
	fputc('\n', stderr);
	return rc;
}

static int
read_file(const char *file, struct buf *pass)
{
	const uint8_t *lf;

	if (io_read_file(file, APPROVER_MAX, pass) != 0) {
		log_errno("%s", file);
		return -1;
	}
	lf = pass->len == 0 ? NULL : memchr(pass->p, '\n', pass->len);
	if (lf != NULL)
		pass->len = (size_t)(lf - pass->p);
	return 0;
}

static int
read_new(const char *name, struct buf *pass)
{
	struct buf again;
	int rc;

	buf_init(&again);
	rc = read_terminal(tr("new passphrase", "新しいパスフレーズ"), name,
	    pass);
	if (rc == 0)
		rc = read_terminal(tr("once more", "もう一度"), name, &again);
	if (rc == 0 && !span_eq(buf_view(pass), buf_view(&again))) {
		log_error("%s",
		    tr("the two are not the same", "二つが一致しません"));
		rc = -1;
	}
	if (again.p != NULL)
		explicit_bzero(again.p, again.cap);
	buf_fini(&again);
	return rc;
}

int
approver_key(const struct site *site, const char *name, const char *file,
    bool is_new, uint8_t seed[KEY_LEN])
{
	struct buf pass;
	int rc;

	buf_init(&pass);
	if (file != NULL)
		rc = read_file(file, &pass);
	else if (is_new)
		rc = read_new(name, &pass);
	else
		rc = read_terminal(tr("passphrase", "パスフレーズ"), name,
		    &pass);
	if (rc == 0 && pass.len < APPROVER_MIN) {
		log_error(tr("a passphrase has at least %u bytes",
			      "パスフレーズは%uバイト以上にしてください"),
		    APPROVER_MIN);
		rc = -1;
	}
	if (rc == 0)
		rc = derive(site, name, &pass, seed);
	if (pass.p != NULL)
		explicit_bzero(pass.p, pass.cap);
	buf_fini(&pass);
	return rc;
}

static int
find(const struct site *site, const char *name, struct note_key *key)
{
	size_t i;

	for (i = 0; i < site->approvers.n; i++)
		if (note_key_parse(span_str(site->approvers.v[i]), key) == 0 &&
		    strcmp(key->name, name) == 0)
			return 0;
	log_error(tr("'%s' is not one of retention.approvers in %s",
		      "「%s」は%sのretention.approversにありません"),
	    name, site->file);
	return -1;
}

static int
sign(const char *origin, struct retention_act *a, const struct note_key *key,
    const uint8_t seed[KEY_LEN])
{
	uint8_t public[KEY_LEN];
	struct buf text;
	int rc = -1;

	buf_init(&text);
	retention_signed_text(a, origin, &text);
	if (key_public(seed, public) != 0 ||
	    memcmp(public, key->key, KEY_LEN) != 0)
		log_error(tr("this is not the passphrase of '%s'",
			      "「%s」のパスフレーズではありません"),
		    key->name);
	else if ((rc = key_sign(seed, buf_view(&text), a->sig)) != 0)
		log_error("%s",
		    tr("OpenSSL failed", "OpenSSLの処理に失敗しました"));
	a->is_signed = rc == 0;
	buf_fini(&text);
	return rc;
}

int
approver_sign(const struct site *site, const char *origin, const char *file,
    struct retention_act *a)
{
	uint8_t seed[KEY_LEN];
	struct note_key key;
	int rc;

	if (site->approvers.n == 0)
		return 0;
	if (find(site, a->by, &key) != 0 ||
	    approver_key(site, a->by, file, false, seed) != 0)
		return -1;
	rc = sign(origin, a, &key, seed);
	explicit_bzero(seed, sizeof(seed));
	return rc;
}
