/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/tlsctx.h"

#include <limits.h>
#include <stdbool.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "collector/tlspeer.h"
#include "common/log.h"

/*
 * Explicit, so that no openssl.cnf decides it.  Legacy: all that this OpenSSL
 * can, at security level 0, which SHA-1 in TLS 1.0 and 1.1 needs.
 */
static const struct {
	int version, level;
	const char *ciphers;
} profiles[] = {
	[SITE_TLS_MODERN] = { TLS1_2_VERSION, 2,
	    "HIGH:!aNULL:!eNULL:!kRSA:!PSK:!SRP:!CAMELLIA:!ARIA:!AESCCM" },
	[SITE_TLS_LEGACY] = { TLS1_VERSION, 0,
	    "ALL:COMPLEMENTOFDEFAULT:!aNULL:!eNULL:!PSK:!SRP" },
};

static const struct {
	const char *key, *en, *ja; /* what is wrong with it */
} files_tbl[] = {
	[TLS_FILE_CERTIFICATE] = { "certificate",
	    "is no PEM certificate that TLS can use",
	    "を証明書として読み込めません（PEM形式か確かめてください）" },
	[TLS_FILE_KEY] = { "key",
	    "is no PEM private key without a passphrase that fits the "
	    "certificate",
	    "を秘密鍵として読み込めません（パスフレーズなしのPEM形式で、"
	    "証明書と対になるものが必要です）" },
	[TLS_FILE_CLIENT_CA] = { "client_ca",
	    "has no PEM certificates, or something between them that is none",
	    "に証明書がないか、証明書でないものが混じっています（PEM形式か確か"
	    "め"
	    "てください）" },
	[TLS_FILE_CRL] = { "crl",
	    "has no PEM revocation list (BEGIN X509 CRL), or something that is "
	    "none",
	    "に失効リストがないか、失効リストでないものが混じっています"
	    "（BEGIN X509 CRLで始まるPEM形式か確かめてください）" },
};

const char *
tlsctx_key(enum tls_file file)
{
	return files_tbl[file].key;
}

const char *
tlsctx_path(const struct site_listener *conf, enum tls_file file)
{
	switch (file) {
	case TLS_FILE_CERTIFICATE:
		return conf->certificate;
	case TLS_FILE_KEY:
		return conf->key;
	case TLS_FILE_CLIENT_CA:
		return conf->client_ca;
	case TLS_FILE_CRL:
		return conf->crl;
	case TLS_FILE_COUNT:
		break;
	}
	return "";
}

static BIO *
bio_of(struct span s)
{
	return s.len > INT_MAX ? NULL : BIO_new_mem_buf(s.p, (int)s.len);
}

/* Never ask a terminal for a passphrase. */
static int
no_password(char *buf, int size, int rw, void *arg)
{
	(void)buf;
	(void)size;
	(void)rw;
	(void)arg;
	return -1;
}

/* Whether reading ended at the end of the file and not at something else. */
static bool
at_end(void)
{
	return ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
}

/* Begin another sentence. */
static void
also(struct buf *why)
{
	if (why->len > 0)
		buf_str(why, tr("; ", "。"));
}

/* The certificate is taken all the same: senders that do not look go on. */
static void
warn_period(const X509 *x, const char *path, struct buf *why)
{
	const ASN1_TIME *end = X509_get0_notAfter(x);
	const ASN1_TIME *begin = X509_get0_notBefore(x);
	bool over = X509_cmp_current_time(end) < 0;
	struct tm tm = { 0 };
	char day[16];

	if (!over && X509_cmp_current_time(begin) <= 0)
		return;
	ASN1_TIME_to_tm(over ? end : begin, &tm);
	strftime(day, sizeof(day), "%Y-%m-%d", &tm);
	also(why);
	buf_printf(why,
	    over ? tr("certificate: '%s' has expired (%s): senders that "
		      "verify it do not connect: renew it",
		       "certificate: 「%s」の期限が切れています（%s）。証明書"
		       "を検証する送信元は接続できません。更新してください")
		 : tr("certificate: '%s' is not valid before %s: senders that "
		      "verify it do not connect until then: check the clock, "
		      "or get another",
		       "certificate: 「%s」の有効期間は%sからです。証明書を検"
		       "証する送信元はそれまで接続できません。時計を確かめる"
		       "か、別の証明書を用意してください"),
	    path, day);
}

/* The server's certificate and, behind it, its issuers. */
static bool
use_chain(SSL_CTX *ctx, BIO *bio, const char *path, struct buf *why)
{
	X509 *x = PEM_read_bio_X509_AUX(bio, NULL, no_password, NULL);
	bool fine = x != NULL && SSL_CTX_use_certificate(ctx, x) == 1;
	size_t before = why->len;

	if (fine)
		warn_period(x, path, why);
	X509_free(x);
	while (fine &&
	    (x = PEM_read_bio_X509(bio, NULL, no_password, NULL)) != NULL) {
		if (why->len == before) /* the first is enough */
			warn_period(x, path, why);
		if (SSL_CTX_add0_chain_cert(ctx, x) != 1) {
			X509_free(x);
			fine = false;
		}
	}
	return fine && at_end();
}

static bool
use_key(SSL_CTX *ctx, BIO *bio)
{
	EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
	bool fine = key != NULL && SSL_CTX_use_PrivateKey(ctx, key) == 1 &&
	    SSL_CTX_check_private_key(ctx) == 1;

	EVP_PKEY_free(key);
	return fine;
}

/*
 * Whom we trust: those in the file, be they self-signed or not.  Clients are
 * told their names, to choose a certificate by.
 */
static bool
use_authorities(SSL_CTX *ctx, BIO *bio)
{
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	bool fine = true;
	X509 *x;
	int n = 0;

	X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
	while (fine &&
	    (x = PEM_read_bio_X509(bio, NULL, no_password, NULL)) != NULL) {
		fine = X509_STORE_add_cert(store, x) == 1 &&
		    SSL_CTX_add_client_CA(ctx, x) == 1;
		X509_free(x);
		n++;
	}
	return fine && n > 0 && at_end();
}

/* A list that is out of date lets nobody in: say so before they notice. */
static void
warn_crl(const X509_CRL *crl, const char *path, struct buf *why)
{
	const ASN1_TIME *next = X509_CRL_get0_nextUpdate(crl);

	if (next == NULL || X509_cmp_current_time(next) >= 0)
		return;
	also(why);
	buf_printf(why,
	    tr("crl: '%s' is past its next update: senders are refused until "
	       "it is renewed",
		"crl: 「%s」の期限が切れています。更新するまで送信元は接続で"
		"きません"),
	    path);
}

static bool
use_lists(SSL_CTX *ctx, BIO *bio, const char *path, struct buf *why)
{
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	size_t before = why->len;
	bool fine = true;
	X509_CRL *crl;
	int n = 0;

	X509_STORE_set_flags(store,
	    X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
	while (fine &&
	    (crl = PEM_read_bio_X509_CRL(bio, NULL, no_password, NULL)) !=
		NULL) {
		fine = X509_STORE_add_crl(store, crl) == 1;
		if (why->len == before) /* the first is enough */
			warn_crl(crl, path, why);
		X509_CRL_free(crl);
		n++;
	}
	return fine && n > 0 && at_end();
}

static bool
use(SSL_CTX *ctx, enum tls_file file, BIO *bio, const char *path,
    struct buf *why)
{
	switch (file) {
	case TLS_FILE_CERTIFICATE:
		return use_chain(ctx, bio, path, why);
	case TLS_FILE_KEY:
		return use_key(ctx, bio);
	case TLS_FILE_CLIENT_CA:
		return use_authorities(ctx, bio);
	case TLS_FILE_CRL:
		return use_lists(ctx, bio, path, why);
	case TLS_FILE_COUNT:
		break;
	}
	return false;
}

static bool
prepare(SSL_CTX *ctx, const struct site_listener *conf)
{
	static const unsigned char name[] = "konseki";
	unsigned p = conf->tls_profile;

	SSL_CTX_set_security_level(ctx, profiles[p].level);
	SSL_CTX_set_options(ctx,
	    SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
		SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_dh_auto(ctx, 1);
	return SSL_CTX_set_min_proto_version(ctx, profiles[p].version) == 1 &&
	    SSL_CTX_set_max_proto_version(ctx, 0) == 1 &&
	    SSL_CTX_set_cipher_list(ctx, profiles[p].ciphers) == 1 &&
	    SSL_CTX_set_num_tickets(ctx, 0) == 1 &&
	    SSL_CTX_set_session_id_context(ctx, name, sizeof(name) - 1) == 1 &&
	    tlspeer_require(ctx, conf) == 0;
}

static bool
fill(SSL_CTX *ctx, const struct site_listener *conf,
    const struct tls_files *files, struct buf *why)
{
	const char *path;
	bool fine;
	int i;
	BIO *bio;

	for (i = 0; i < TLS_FILE_COUNT; i++) {
		path = tlsctx_path(conf, (enum tls_file)i);
		if (*path == '\0')
			continue;
		ERR_clear_error();
		bio = bio_of(files->pem[i]);
		fine =
		    bio != NULL && use(ctx, (enum tls_file)i, bio, path, why);
		BIO_free(bio);
		if (fine)
			continue;
		why->len = 0;
		buf_printf(why, tr("%s: '%s' %s", "%s: 「%s」%s"),
		    files_tbl[i].key, path,
		    tr(files_tbl[i].en, files_tbl[i].ja));
		return false;
	}
	return true;
}

SSL_CTX *
tlsctx_new(const struct site_listener *conf, const struct tls_files *files,
    struct buf *why)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	bool fine = ctx != NULL && prepare(ctx, conf);

	if (!fine) {
		why->len = 0;
		buf_str(why, tr("TLS cannot be set up", "TLSを準備できません"));
	} else
		fine = fill(ctx, conf, files, why);
	ERR_clear_error(); /* the end of a chain leaves "no start line" */
	if (fine)
		return ctx;
	SSL_CTX_free(ctx);
	return NULL;
}
