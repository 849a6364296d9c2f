/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/stamp.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/ts.h>
#include <time.h>

#define AUTH_LEVEL 2 /* 112 bits: no SHA-1, no RSA below 2048 */

/* "20261120140305.123456Z" to usec. */
static int
take_time(const ASN1_GENERALIZEDTIME *t, uint64_t *usec)
{
	const unsigned char *text = ASN1_STRING_get0_data(t);
	struct tm tm;

	if (ASN1_TIME_to_tm(t, &tm) != 1)
		return -1;
	*usec = (uint64_t)timegm(&tm) * 1000000;
	if (ASN1_STRING_length(t) > 15 && text[14] == '.')
		for (unsigned i = 0, unit = 100000;
		     unit > 0 && text[15 + i] >= '0' && text[15 + i] <= '9';
		     i++, unit /= 10)
			*usec += (uint64_t)(text[15 + i] - '0') * unit;
	return 0;
}

/* A token that was granted over a SHA-256, and that; or NULL. */
static TS_RESP *
parse(struct span der, uint8_t imprint[SHA256_LEN])
{
	const uint8_t *p = der.p;
	TS_RESP *r = der.len == 0 || der.len > STAMP_MAX
	    ? NULL
	    : d2i_TS_RESP(NULL, &p, (long)der.len);
	TS_TST_INFO *info = r == NULL ? NULL : TS_RESP_get_tst_info(r);
	TS_MSG_IMPRINT *m;
	ASN1_OCTET_STRING *hash;
	long status;

	if (info == NULL || p != der.p + der.len)
		goto bad;
	m = TS_TST_INFO_get_msg_imprint(info);
	hash = TS_MSG_IMPRINT_get_msg(m);
	status = ASN1_INTEGER_get(
	    TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(r)));
	if ((status == TS_STATUS_GRANTED ||
		status == TS_STATUS_GRANTED_WITH_MODS) &&
	    OBJ_obj2nid(TS_MSG_IMPRINT_get_algo(m)->algorithm) == NID_sha256 &&
	    ASN1_STRING_length(hash) == SHA256_LEN) {
		memcpy(imprint, ASN1_STRING_get0_data(hash), SHA256_LEN);
		return r;
	}
bad:
	TS_RESP_free(r);
	ERR_clear_error();
	return NULL;
}

enum say_what
stamp_read(struct span der, uint8_t imprint[SHA256_LEN])
{
	TS_RESP *r = parse(der, imprint);

	TS_RESP_free(r);
	return r == NULL ? SAY_STAMP_BAD : SAY_NONE;
}

/* A store that trusts the certificates of the files, as of that time. */
static X509_STORE *
store_new(const char *const *files, uint64_t usec)
{
	X509_STORE *s = X509_STORE_new();
	X509_VERIFY_PARAM *p = s == NULL ? NULL : X509_STORE_get0_param(s);

	for (; p != NULL && *files != NULL; files++)
		if (X509_STORE_load_file(s, *files) != 1) {
			X509_STORE_free(s);
			return NULL;
		}
	if (p == NULL)
		return NULL;
	X509_VERIFY_PARAM_set_auth_level(p, AUTH_LEVEL);
	X509_VERIFY_PARAM_set_flags(p, X509_V_FLAG_PARTIAL_CHAIN);
	X509_VERIFY_PARAM_set_time(p, (time_t)(usec / 1000000));
	return s;
}

bool
stamp_trusts(const char *pem)
{
	X509_STORE *s = store_new((const char *const[]){ pem, NULL }, 0);

	X509_STORE_free(s);
	ERR_clear_error();
	return s != NULL;
}

/* RFC 5816: the older attribute commits by SHA-1 only. */
static bool
has_ess(PKCS7 *token)
{
	STACK_OF(PKCS7_SIGNER_INFO) *all = PKCS7_get_signer_info(token);

	return all != NULL && sk_PKCS7_SIGNER_INFO_num(all) == 1 &&
	    PKCS7_get_signed_attribute(sk_PKCS7_SIGNER_INFO_value(all, 0),
		NID_id_smime_aa_signingCertificateV2) != NULL;
}

/* By a certificate that was good at the token's time. */
static enum say_what
check_signer(PKCS7 *token, const char *const *ca, uint64_t usec)
{
	X509_STORE *store = store_new(ca, usec);
	X509 *signer = NULL;
	enum say_what what = SAY_STAMP_SIGNATURE;

	if (store == NULL)
		return SAY_STAMP_CA;
	if (!has_ess(token))
		what = SAY_STAMP_ESS;
	else if (TS_RESP_verify_signature(token, NULL, store, &signer) == 1)
		what = SAY_NONE;
	X509_free(signer);
	X509_STORE_free(store);
	return what;
}

enum say_what
stamp_check(struct span der, const char *const *ca,
    const uint8_t over[SHA256_LEN], uint64_t *time)
{
	uint8_t imprint[SHA256_LEN];
	TS_RESP *r = parse(der, imprint);
	enum say_what what = SAY_NONE;

	if (r == NULL ||
	    take_time(TS_TST_INFO_get_time(TS_RESP_get_tst_info(r)), time) != 0)
		what = SAY_STAMP_BAD;
	else if (memcmp(imprint, over, SHA256_LEN) != 0)
		what = SAY_STAMP_IMPRINT;
	else if (ca[0] != NULL)
		what = check_signer(TS_RESP_get_token(r), ca, *time);
	TS_RESP_free(r);
	ERR_clear_error();
	return what;
}

static void
take_name(CMS_ContentInfo *cms, char name[STAMP_NAME])
{
	STACK_OF(X509) *signers = CMS_get0_signers(cms);
	BIO *out = BIO_new(BIO_s_mem());
	char *p;
	long len;

	if (signers != NULL && out != NULL &&
	    X509_NAME_print_ex(out,
		X509_get_subject_name(sk_X509_value(signers, 0)), 0,
		XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0) {
		len = BIO_get_mem_data(out, &p);
		snprintf(name, STAMP_NAME, "%.*s", (int)len, p);
	}
	sk_X509_free(signers);
	BIO_free(out);
}

enum say_what
stamp_cms(struct span der, struct span data, const char *pin, uint64_t time,
    char name[STAMP_NAME])
{
	const char *const pins[] = { pin, NULL };
	unsigned flags = CMS_BINARY | CMS_DETACHED |
	    (pin == NULL ? CMS_NO_SIGNER_CERT_VERIFY : 0);
	X509_STORE *store = store_new(pins, time);
	BIO *in = BIO_new_mem_buf(data.p, (int)data.len);
	enum say_what what = SAY_CMS_SIGNATURE;
	const uint8_t *p = der.p;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)der.len);

	if (store == NULL)
		what = SAY_STAMP_CA;
	else if (cms != NULL && p == der.p + der.len && in != NULL) {
		/* Signing for a court is no e-mail: any purpose will do. */
		X509_STORE_set_purpose(store, X509_PURPOSE_ANY);
		if (CMS_verify(cms, NULL, store, in, NULL, flags) == 1) {
			take_name(cms, name);
			what = SAY_NONE;
		}
	}
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	X509_STORE_free(store);
	ERR_clear_error();
	return what;
}
