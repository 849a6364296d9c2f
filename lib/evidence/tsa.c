/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/tsa.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <stdbool.h>
#include <string.h>

#include "common/cursor.h"
#include "common/log.h"
#include "common/utc.h"

#define TSA_AUTH_LEVEL 2 /* no SHA-1, no RSA below 2048 bits */
#define TSA_CERTS_MAX 64u

const char *
tsa_strerror(enum tsa_err e)
{
	switch (e) {
#define TSA_ERR(id, en, ja)                                                    \
	case TSA_##id:                                                         \
		return tr(en, ja);
#include "evidence/tsa_err_tbl.h"
#undef TSA_ERR
	}
	return "";
}

static int
request_imprint(TS_REQ *req, const uint8_t imprint[SHA256_LEN])
{
	TS_MSG_IMPRINT *m = TS_MSG_IMPRINT_new();
	X509_ALGOR *algo = X509_ALGOR_new();
	union { /* OpenSSL's prototype lacks a const; it copies */
		const uint8_t *in;
		unsigned char *out;
	} bytes = { imprint };
	int rc = -1;

	if (m != NULL && algo != NULL &&
	    X509_ALGOR_set0(algo, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) ==
		1 &&
	    TS_MSG_IMPRINT_set_algo(m, algo) == 1 &&
	    TS_MSG_IMPRINT_set_msg(m, bytes.out, SHA256_LEN) == 1 &&
	    TS_REQ_set_msg_imprint(req, m) == 1)
		rc = 0;
	X509_ALGOR_free(algo);
	TS_MSG_IMPRINT_free(m);
	return rc;
}

static ASN1_INTEGER *
nonce_make(const uint8_t nonce[TSA_NONCE])
{
	BIGNUM *bn = BN_bin2bn(nonce, TSA_NONCE, NULL);
	ASN1_INTEGER *n = bn == NULL ? NULL : BN_to_ASN1_INTEGER(bn, NULL);

	BN_free(bn);
	return n;
}

static int
request_rest(TS_REQ *req, const uint8_t nonce[TSA_NONCE], const char *policy)
{
	ASN1_OBJECT *oid = NULL;
	ASN1_INTEGER *n = nonce_make(nonce);
	int rc = -1;

	if (n == NULL || TS_REQ_set_version(req, 1) != 1 ||
	    TS_REQ_set_nonce(req, n) != 1 || TS_REQ_set_cert_req(req, 1) != 1)
		goto done;
	if (*policy != '\0' &&
	    ((oid = OBJ_txt2obj(policy, 1)) == NULL ||
		TS_REQ_set_policy_id(req, oid) != 1))
		goto done;
	rc = 0;
done:
	ASN1_OBJECT_free(oid);
	ASN1_INTEGER_free(n);
	return rc;
}

int
tsa_request(const uint8_t imprint[SHA256_LEN], const uint8_t nonce[TSA_NONCE],
    const char *policy, struct buf *out)
{
	TS_REQ *req = TS_REQ_new();
	unsigned char *der = NULL;
	int len, rc = -1;

	if (req != NULL && request_imprint(req, imprint) == 0 &&
	    request_rest(req, nonce, policy) == 0 &&
	    (len = i2d_TS_REQ(req, &der)) > 0) {
		buf_append(out, der, (size_t)len);
		rc = 0;
	}
	OPENSSL_free(der);
	TS_REQ_free(req);
	ERR_clear_error();
	return rc;
}

/* "YYYYMMDDhhmmss[.f...]Z" (RFC 3161, 2.4.2) to usec. */
static int
time_parse(struct span s, uint64_t *usec)
{
	uint64_t n[6], fraction = 0, unit = 100000;
	static const size_t width[6] = { 4, 2, 2, 2, 2, 2 };
	struct utc_civil c = { 0 };
	size_t i, j, at = 0;

	for (i = 0; i < 6; i++)
		for (n[i] = 0, j = 0; j < width[i]; j++, at++) {
			if (at >= s.len || s.p[at] < '0' || s.p[at] > '9')
				return -1;
			n[i] = n[i] * 10 + (uint64_t)(s.p[at] - '0');
		}
	if (at < s.len && s.p[at] == '.')
		for (at++; at < s.len && s.p[at] >= '0' && s.p[at] <= '9';
		     at++, unit /= 10)
			fraction += unit * (uint64_t)(s.p[at] - '0');
	c = (struct utc_civil){ (int)n[0], (int)n[1], (int)n[2], (int)n[3],
		(int)n[4], (int)n[5], (int)fraction };
	if (at + 1 != s.len || s.p[at] != 'Z' || c.year < 1970 ||
	    !utc_valid(&c))
		return -1;
	*usec = (uint64_t)utc_from_civil(&c, 0);
	return 0;
}

static bool
imprint_is(TS_TST_INFO *info, const uint8_t imprint[SHA256_LEN])
{
	TS_MSG_IMPRINT *m = TS_TST_INFO_get_msg_imprint(info);
	const ASN1_OCTET_STRING *msg = TS_MSG_IMPRINT_get_msg(m);
	const ASN1_OBJECT *algo;

	X509_ALGOR_get0(&algo, NULL, NULL, TS_MSG_IMPRINT_get_algo(m));
	return OBJ_obj2nid(algo) == NID_sha256 &&
	    ASN1_STRING_length(msg) == SHA256_LEN &&
	    memcmp(ASN1_STRING_get0_data(msg), imprint, SHA256_LEN) == 0;
}

/* The only signer, and its certificate if the token has it. */
static PKCS7_SIGNER_INFO *
signer_find(PKCS7 *p7, X509 **cert)
{
	STACK_OF(PKCS7_SIGNER_INFO) *all = PKCS7_get_signer_info(p7);
	PKCS7_SIGNER_INFO *si;

	*cert = NULL;
	if (all == NULL || sk_PKCS7_SIGNER_INFO_num(all) != 1)
		return NULL;
	si = sk_PKCS7_SIGNER_INFO_value(all, 0);
	if (p7->d.sign->cert != NULL)
		*cert = X509_find_by_issuer_and_serial(p7->d.sign->cert,
		    si->issuer_and_serial->issuer,
		    si->issuer_and_serial->serial);
	return si;
}

/* A name too long for us is cut: it is for people. */
static void
name_print(X509 *cert, char out[TSA_NAME_MAX])
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *p;
	long len;

	out[0] = '\0';
	if (bio != NULL && cert != NULL &&
	    X509_NAME_print_ex(bio, X509_get_subject_name(cert), 0,
		XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0) {
		len = BIO_get_mem_data(bio, &p);
		if (len >= (long)TSA_NAME_MAX)
			len = TSA_NAME_MAX - 1;
		memcpy(out, p, (size_t)len);
		out[len] = '\0';
	}
	BIO_free(bio);
}

static enum tsa_err
token_read(TS_RESP *resp, const uint8_t imprint[SHA256_LEN],
    struct tsa_token *t)
{
	TS_TST_INFO *info = TS_RESP_get_tst_info(resp);
	const ASN1_INTEGER *status =
	    TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(resp));
	const ASN1_GENERALIZEDTIME *time;
	long code = ASN1_INTEGER_get(status);
	X509 *cert;
	int n;

	if (code != TS_STATUS_GRANTED && code != TS_STATUS_GRANTED_WITH_MODS)
		return TSA_REJECTED;
	if (info == NULL || TS_TST_INFO_get_version(info) != 1 ||
	    signer_find(TS_RESP_get_token(resp), &cert) == NULL)
		return TSA_BAD_RESPONSE;
	if (!imprint_is(info, imprint))
		return TSA_WRONG_IMPRINT;
	n = OBJ_obj2txt(t->policy, sizeof(t->policy),
	    TS_TST_INFO_get_policy_id(info), 1);
	if (n <= 0 || n >= (int)sizeof(t->policy))
		return TSA_BAD_RESPONSE;
	time = TS_TST_INFO_get_time(info);
	if (time_parse(span_make(ASN1_STRING_get0_data(time),
			   (size_t)ASN1_STRING_length(time)),
		&t->time) != 0)
		return TSA_BAD_TIME;
	name_print(cert, t->name);
	return TSA_OK;
}

/* NULL if it is not DER of a response and nothing else. */
static TS_RESP *
response_parse(struct span in)
{
	const unsigned char *p = in.p;
	TS_RESP *resp;

	if (in.len == 0 || in.len > TSA_RESPONSE_MAX)
		return NULL;
	resp = d2i_TS_RESP(NULL, &p, (long)in.len);
	if (resp != NULL && p != in.p + in.len) {
		TS_RESP_free(resp);
		return NULL;
	}
	return resp;
}

enum tsa_err
tsa_read(struct span response, const uint8_t imprint[SHA256_LEN],
    struct tsa_token *t)
{
	TS_RESP *resp = response_parse(response);
	enum tsa_err e = TSA_BAD_RESPONSE;

	*t = (struct tsa_token){ 0 };
	if (resp != NULL)
		e = token_read(resp, imprint, t);
	TS_RESP_free(resp);
	ERR_clear_error();
	return e;
}

static bool
nonce_is(TS_TST_INFO *info, const uint8_t nonce[TSA_NONCE])
{
	const ASN1_INTEGER *got = TS_TST_INFO_get_nonce(info);
	ASN1_INTEGER *want = nonce_make(nonce);
	bool same =
	    got != NULL && want != NULL && ASN1_INTEGER_cmp(got, want) == 0;

	ASN1_INTEGER_free(want);
	return same;
}

/* Self-signed certificates are trusted, others only help to get there. */
static int
ca_load(struct span pem, X509_STORE *store, STACK_OF(X509) * others)
{
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.len);
	X509 *cert;
	size_t n = 0, trusted = 0;

	while (bio != NULL && n < TSA_CERTS_MAX &&
	    (cert = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		n++;
		if (X509_self_signed(cert, 1) == 1) {
			trusted += X509_STORE_add_cert(store, cert) == 1;
			X509_free(cert);
		} else if (sk_X509_push(others, cert) <= 0)
			X509_free(cert);
	}
	BIO_free(bio);
	ERR_clear_error();
	return trusted > 0 ? 0 : -1;
}

static enum tsa_err
signature_check(TS_RESP *resp, uint64_t usec, X509_STORE *store,
    STACK_OF(X509) * others)
{
	X509_VERIFY_PARAM *param = X509_STORE_get0_param(store);
	PKCS7 *token = TS_RESP_get_token(resp);
	X509 *cert, *signer = NULL;
	PKCS7_SIGNER_INFO *si = signer_find(token, &cert);
	int rc;

	/* RFC 5816: the older attribute commits by SHA-1 only. */
	if (PKCS7_get_signed_attribute(si,
		NID_id_smime_aa_signingCertificateV2) == NULL)
		return TSA_NO_ESS;
	X509_VERIFY_PARAM_set_time(param, (time_t)(usec / UTC_SECOND));
	X509_VERIFY_PARAM_set_auth_level(param, TSA_AUTH_LEVEL);
	rc = TS_RESP_verify_signature(token, others, store, &signer);
	X509_free(signer);
	if (rc == 1)
		return TSA_OK;
	switch (ERR_GET_REASON(ERR_peek_error())) {
	case TS_R_CERTIFICATE_VERIFY_ERROR:
		return TSA_UNTRUSTED;
	case TS_R_ESS_SIGNING_CERTIFICATE_ERROR:
		return TSA_NO_ESS;
	default:
		return TSA_BAD_SIGNATURE;
	}
}

static enum tsa_err
token_verify(TS_RESP *resp, const struct tsa_check *check, struct tsa_token *t)
{
	X509_STORE *store = X509_STORE_new();
	STACK_OF(X509) *others = sk_X509_new_null();
	TS_TST_INFO *info = TS_RESP_get_tst_info(resp);
	enum tsa_err e = token_read(resp, check->imprint, t);

	if (e != TSA_OK)
		;
	else if (store == NULL || others == NULL ||
	    ca_load(check->ca, store, others) != 0)
		e = TSA_BAD_CA;
	else if (check->nonce != NULL && !nonce_is(info, check->nonce))
		e = TSA_WRONG_NONCE;
	else if (*check->policy != '\0' &&
	    strcmp(check->policy, t->policy) != 0)
		e = TSA_WRONG_POLICY;
	else
		e = signature_check(resp, t->time, store, others);
	sk_X509_pop_free(others, X509_free);
	X509_STORE_free(store);
	return e;
}

static void
why_print(struct buf *why)
{
	const char *data = NULL, *reason;
	int flags = 0;
	unsigned long code = ERR_get_error_all(NULL, NULL, NULL, &data, &flags);

	reason = code == 0 ? NULL : ERR_reason_error_string(code);
	if (why == NULL || reason == NULL)
		return;
	buf_str(why, reason);
	if ((flags & ERR_TXT_STRING) != 0 && data != NULL && *data != '\0')
		buf_printf(why, " (%s)", data);
}

enum tsa_err
tsa_verify(struct span response, const struct tsa_check *check,
    struct tsa_token *t, struct buf *why)
{
	TS_RESP *resp;
	enum tsa_err e = TSA_BAD_RESPONSE;

	ERR_clear_error();
	*t = (struct tsa_token){ 0 };
	if ((resp = response_parse(response)) != NULL)
		e = token_verify(resp, check, t);
	TS_RESP_free(resp);
	if (e != TSA_OK)
		why_print(why);
	ERR_clear_error();
	return e;
}
