/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/handover/cms.h"

#include <errno.h>
#include <limits.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

/* "file: what OpenSSL says" */
static int
fail(const char *file, struct buf *why)
{
	unsigned long e = ERR_peek_error();
	const char *reason = ERR_reason_error_string(e);

	buf_printf(why, "%s: %s", file,
	    ERR_SYSTEM_ERROR(e)	 ? strerror(ERR_GET_REASON(e))
		: reason != NULL ? reason
				 : "OpenSSL");
	ERR_clear_error();
	return -1;
}

/* All certificates of a file; NULL if there is none. */
static STACK_OF(X509) * certificates_load(const char *file)
{
	STACK_OF(X509) *all = sk_X509_new_null();
	BIO *in = BIO_new_file(file, "r");
	X509 *x;

	while (all != NULL && in != NULL &&
	    (x = PEM_read_bio_X509(in, NULL, NULL, NULL)) != NULL)
		if (sk_X509_push(all, x) == 0)
			X509_free(x);
	BIO_free(in);
	if (all != NULL && sk_X509_num(all) == 0) {
		sk_X509_free(all);
		return NULL;
	}
	ERR_clear_error(); /* the end of the file is an error to PEM_read */
	return all;
}

static EVP_PKEY *
key_load(const char *file)
{
	BIO *in = BIO_new_file(file, "r");
	EVP_PKEY *key =
	    in == NULL ? NULL : PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);

	BIO_free(in);
	return key;
}

static void
bio_append(BIO *b, struct buf *out)
{
	char *p;
	long len = BIO_get_mem_data(b, &p);

	if (len > 0)
		buf_append(out, p, (size_t)len);
}

static int
sign(X509 *signer, EVP_PKEY *key, STACK_OF(X509) * chain, struct span data,
    struct buf *out)
{
	const unsigned flags = CMS_BINARY | CMS_DETACHED | CMS_NOSMIMECAP;
	BIO *in = BIO_new_mem_buf(data.p, (int)data.len);
	BIO *der = BIO_new(BIO_s_mem());
	CMS_ContentInfo *cms = NULL;
	int rc = -1;

	if (in != NULL && der != NULL)
		cms = CMS_sign(signer, key, chain, in, flags);
	if (cms != NULL && i2d_CMS_bio(der, cms) == 1) {
		bio_append(der, out);
		rc = 0;
	}
	CMS_ContentInfo_free(cms);
	BIO_free(der);
	BIO_free(in);
	return rc;
}

int
cms_sign(const char *certificate, const char *key_file, struct span data,
    struct buf *out, struct buf *why)
{
	STACK_OF(X509) * chain;
	EVP_PKEY *key;
	X509 *signer;
	int rc;

	ERR_clear_error();
	if (data.len > INT_MAX ||
	    (chain = certificates_load(certificate)) == NULL)
		return fail(certificate, why);
	signer = sk_X509_shift(chain);
	key = key_load(key_file);
	if (key == NULL)
		rc = fail(key_file, why);
	else if ((rc = sign(signer, key, chain, data, out)) != 0)
		(void)fail(certificate, why);
	EVP_PKEY_free(key);
	X509_free(signer);
	sk_X509_pop_free(chain, X509_free);
	return rc;
}

int
cms_encrypt(const char *certificate, int in_fd, int out_fd, struct buf *why)
{
	const unsigned flags = CMS_BINARY | CMS_STREAM;
	STACK_OF(X509) * to;
	BIO *in = NULL, *out = NULL;
	CMS_ContentInfo *cms = NULL;
	int rc = -1;

	ERR_clear_error();
	if ((to = certificates_load(certificate)) == NULL)
		return fail(certificate, why);
	in = BIO_new_fd(in_fd, BIO_NOCLOSE);
	out = BIO_new_fd(out_fd, BIO_NOCLOSE);
	if (in != NULL && out != NULL)
		cms = CMS_encrypt(to, NULL, EVP_aes_256_cbc(), flags);
	if (cms != NULL && i2d_CMS_bio_stream(out, cms, in, (int)flags) == 1)
		rc = 0;
	else
		(void)fail(certificate, why);
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	BIO_free(out);
	sk_X509_pop_free(to, X509_free);
	return rc;
}
