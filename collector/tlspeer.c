/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/tlspeer.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "common/log.h"
#include "common/sha256.h"
#include "evidence/record.h"
#include "site/certname.h"
#include "site/fingerprint.h"

#define SUBJECT_MAX 255u /* bytes of a name in the evidence */

static const struct {
	const char *name, *en, *ja;
} causes[] = {
#define TLS_CAUSE(id, name, en, ja) { name, en, ja },
#include "collector/tlscause_tbl.h"
#undef TLS_CAUSE
};

const char *
tlspeer_cause_name(enum tls_cause cause)
{
	return causes[cause].name;
}

const char *
tlspeer_cause_text(enum tls_cause cause)
{
	return tr(causes[cause].en, causes[cause].ja);
}

/* --- what a listener asks for ------------------------------------------------
 */

/* Lives in the SSL_CTX: a connection keeps what it was let in by. */
struct policy {
	bool chain; /* the certificate must lead to client_ca */
	size_t n_hashes, n_names;
	uint8_t (*hash)[SHA256_LEN];
	char **name;
};

static int policy_index = -1; /* in each SSL_CTX */

static void
policy_free(struct policy *p)
{
	size_t i;

	if (p == NULL)
		return;
	for (i = 0; p->name != NULL && i < p->n_names; i++)
		free(p->name[i]);
	free(p->name);
	free(p->hash);
	free(p);
}

static void
on_free(void *parent, void *ptr, CRYPTO_EX_DATA *ad, int idx, long argl,
    void *argp)
{
	(void)parent;
	(void)ad;
	(void)idx;
	(void)argl;
	(void)argp;
	policy_free(ptr);
}

static struct policy *
policy_new(const struct site_listener *conf)
{
	struct policy *p = calloc(1, sizeof(*p));
	size_t i;

	if (p == NULL)
		return NULL;
	p->chain = *conf->client_ca != '\0';
	p->n_hashes = conf->client_fingerprints.n;
	p->n_names = conf->client_names.n;
	p->hash = calloc(p->n_hashes + 1, sizeof(*p->hash));
	p->name = calloc(p->n_names + 1, sizeof(*p->name));
	if (p->hash == NULL || p->name == NULL)
		goto fail;
	for (i = 0; i < p->n_hashes; i++)
		if (fingerprint_parse(span_str(conf->client_fingerprints.v[i]),
			p->hash[i]) != 0)
			goto fail;
	for (i = 0; i < p->n_names; i++)
		if ((p->name[i] = strdup(conf->client_names.v[i])) == NULL)
			goto fail;
	return p;
fail:
	policy_free(p);
	return NULL;
}

/* --- a certificate -----------------------------------------------------------
 */

static bool
hash_of(const X509 *x, uint8_t out[SHA256_LEN])
{
	unsigned len = 0;

	return X509_digest(x, EVP_sha256(), out, &len) == 1 &&
	    len == SHA256_LEN;
}

/* Its subject; hostile bytes are escaped by RFC 2253 and record_word(). */
static void
subject_of(const X509 *x, struct buf *out)
{
	BIO *bio = BIO_new(BIO_s_mem());
	long len = 0;
	char *p;

	if (bio != NULL &&
	    X509_NAME_print_ex(bio, X509_get_subject_name(x), 0,
		XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0)
		len = BIO_get_mem_data(bio, &p);
	if (len > (long)SUBJECT_MAX) {
		len = SUBJECT_MAX;
		while (len > 0 && ((uint8_t)p[len] & 0xc0) == 0x80)
			len--; /* no half characters */
	}
	if (len > 0)
		buf_append(out, p, (size_t)len);
	BIO_free(bio);
}

static void
print(const X509 *x, const char *key, struct buf *out)
{
	uint8_t hash[SHA256_LEN];
	struct buf subject;

	if (!hash_of(x, hash))
		return;
	buf_init(&subject);
	subject_of(x, &subject);
	record_word_hash(out, key, hash);
	record_word(out, "name", buf_view(&subject));
	buf_fini(&subject);
}

/* The configured name that is one of the certificate's; NULL: none is. */
static const char *
name_of(const struct policy *p, const X509 *x)
{
	GENERAL_NAMES *names =
	    X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	const char *found = NULL;
	const GENERAL_NAME *g;
	struct span s;
	size_t k;
	int i;

	for (i = 0; found == NULL && i < sk_GENERAL_NAME_num(names); i++) {
		g = sk_GENERAL_NAME_value(names, i);
		if (g->type != GEN_DNS && g->type != GEN_IPADD)
			continue;
		s = span_make(ASN1_STRING_get0_data(g->d.ia5),
		    (size_t)ASN1_STRING_length(g->d.ia5));
		for (k = 0; found == NULL && k < p->n_names; k++)
			if (g->type == GEN_DNS
				? certname_match(s, span_str(p->name[k]))
				: certname_match_ip(s, span_str(p->name[k])))
				found = p->name[k];
	}
	GENERAL_NAMES_free(names);
	return found;
}

static bool
is_listed(const struct policy *p, const X509 *x)
{
	uint8_t hash[SHA256_LEN];
	size_t i;

	if (!hash_of(x, hash))
		return false;
	for (i = 0; i < p->n_hashes; i++)
		if (memcmp(p->hash[i], hash, SHA256_LEN) == 0)
			return true;
	return false;
}

/* --- the handshake -----------------------------------------------------------
 */

static enum tls_cause
cause_of(int verify)
{
	switch (verify) {
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_CERT_UNTRUSTED:
		return TLS_CAUSE_UNKNOWN_CA;
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return TLS_CAUSE_EXPIRED;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return TLS_CAUSE_NOT_YET;
	case X509_V_ERR_CERT_REVOKED:
		return TLS_CAUSE_REVOKED;
	case X509_V_ERR_UNABLE_TO_GET_CRL:
	case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
	case X509_V_ERR_DIFFERENT_CRL_SCOPE:
		return TLS_CAUSE_CRL_MISSING;
	case X509_V_ERR_CRL_HAS_EXPIRED:
	case X509_V_ERR_CRL_NOT_YET_VALID:
		return TLS_CAUSE_CRL_EXPIRED;
	case X509_V_ERR_INVALID_PURPOSE:
		return TLS_CAUSE_PURPOSE;
	case X509_V_ERR_EE_KEY_TOO_SMALL:
	case X509_V_ERR_CA_KEY_TOO_SMALL:
	case X509_V_ERR_CA_MD_TOO_WEAK:
		return TLS_CAUSE_WEAK;
	default:
		return TLS_CAUSE_BAD_CERTIFICATE;
	}
}

/*
 * Of the authority that we trust because it stands in client_ca no revocation
 * is asked for: who distrusts it takes it out of the file.
 */
static int
on_verify(int fine, X509_STORE_CTX *s)
{
	int depth = X509_STORE_CTX_get_error_depth(s);

	if (fine ||
	    X509_STORE_CTX_get_error(s) != X509_V_ERR_UNABLE_TO_GET_CRL ||
	    depth == 0 ||
	    depth + 1 != sk_X509_num(X509_STORE_CTX_get0_chain(s)))
		return fine;
	X509_STORE_CTX_set_error(s, X509_V_OK);
	return 1;
}

/* X509_V_OK, or what is wrong with it; *cause says it in our words. */
static int
judge(X509_STORE_CTX *s, const struct policy *p, enum tls_cause *cause)
{
	const X509 *x = X509_STORE_CTX_get0_cert(s);
	int verify;

	*cause = TLS_CAUSE_BAD_CERTIFICATE;
	if (x == NULL)
		return X509_V_ERR_UNSPECIFIED;
	X509_STORE_CTX_set_verify_cb(s, on_verify);
	if (p->chain && X509_verify_cert(s) != 1) {
		verify = X509_STORE_CTX_get_error(s);
		*cause = cause_of(verify);
		return verify == X509_V_OK ? X509_V_ERR_UNSPECIFIED : verify;
	}
	*cause = TLS_CAUSE_FINGERPRINT;
	if (p->n_hashes > 0 && !is_listed(p, x))
		return X509_V_ERR_CERT_REJECTED;
	*cause = TLS_CAUSE_NAME;
	if (p->n_names > 0 && name_of(p, x) == NULL)
		return X509_V_ERR_CERT_REJECTED;
	return X509_V_OK;
}

static int
on_certificate(X509_STORE_CTX *s, void *arg)
{
	SSL *ssl =
	    X509_STORE_CTX_get_ex_data(s, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct tlspeer *peer = SSL_get_app_data(ssl);
	enum tls_cause cause;
	int verify = judge(s, arg, &cause);

	X509_STORE_CTX_set_error(s, verify);
	if (verify == X509_V_OK)
		return 1;
	peer->cause = cause;
	peer->refused.len = 0;
	if (X509_STORE_CTX_get0_cert(s) != NULL)
		print(X509_STORE_CTX_get0_cert(s), "certificate",
		    &peer->refused);
	return 0;
}

int
tlspeer_require(SSL_CTX *ctx, const struct site_listener *conf)
{
	struct policy *p;

	if (*conf->client_ca == '\0' && conf->client_fingerprints.n == 0)
		return 0;
	if (policy_index < 0)
		policy_index =
		    SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, on_free);
	if (policy_index < 0 || (p = policy_new(conf)) == NULL)
		return -1;
	if (SSL_CTX_set_ex_data(ctx, policy_index, p) != 1) {
		policy_free(p);
		return -1;
	}
	SSL_CTX_set_verify(ctx,
	    SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	SSL_CTX_set_cert_verify_callback(ctx, on_certificate, p);
	return 0;
}

int
tlspeer_attach(SSL *ssl, struct tlspeer *p)
{
	p->cause = TLS_CAUSE_OTHER;
	buf_init(&p->refused);
	return SSL_set_app_data(ssl, p) == 1 ? 0 : -1;
}

void
tlspeer_fini(struct tlspeer *p)
{
	buf_fini(&p->refused);
}

void
tlspeer_words(SSL *ssl, struct buf *out)
{
	const X509 *x = SSL_get0_peer_certificate(ssl);
	const struct policy *p = policy_index < 0
	    ? NULL
	    : SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), policy_index);
	const char *name;

	if (x == NULL)
		return;
	print(x, "tls", out);
	if (p != NULL && p->n_names > 0 && (name = name_of(p, x)) != NULL)
		record_word(out, "san", span_str(name));
}

enum tls_cause
tlspeer_cause(const struct tlspeer *p)
{
	int reason = ERR_GET_REASON(ERR_peek_error());

	if (p->cause != TLS_CAUSE_OTHER)
		return p->cause;
	switch (reason) {
	case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
		return TLS_CAUSE_NO_CERTIFICATE;
	case SSL_R_UNSUPPORTED_PROTOCOL:
	case SSL_R_UNKNOWN_PROTOCOL:
	case SSL_R_VERSION_TOO_LOW:
	case SSL_R_WRONG_VERSION_NUMBER:
	case SSL_R_WRONG_SSL_VERSION:
		return TLS_CAUSE_VERSION;
	case SSL_R_NO_SHARED_CIPHER:
	case SSL_R_NO_SUITABLE_KEY_SHARE:
	case SSL_R_NO_SUITABLE_GROUPS:
	case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
	case SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS:
	case SSL_R_WRONG_SIGNATURE_TYPE:
	case SSL_R_BAD_DH_VALUE:
	case SSL_R_BAD_ECPOINT:
		return TLS_CAUSE_CIPHER;
	case SSL_R_UNEXPECTED_EOF_WHILE_READING:
		return TLS_CAUSE_CLOSED;
	case SSL_R_CERTIFICATE_VERIFY_FAILED:
		return TLS_CAUSE_BAD_CERTIFICATE;
	case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
		return TLS_CAUSE_VERSION;
	case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
	case SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY:
		return TLS_CAUSE_CIPHER;
	case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
	case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
	case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
	case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
	case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
	case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
	case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
		return TLS_CAUSE_DISTRUSTED;
	default:
		return TLS_CAUSE_OTHER;
	}
}
