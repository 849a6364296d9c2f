/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "tests/unit/tlscert.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

static void
pem_of(BIO *bio, struct buf *out)
{
	char *p;
	long len = BIO_get_mem_data(bio, &p);

	buf_append(out, p, (size_t)len);
	BIO_free(bio);
}

void
tlscert_make(struct buf *cert, struct buf *key)
{
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	BIO *bio = BIO_new(BIO_s_mem());

	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	X509_set_pubkey(x, pkey);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
	    (const unsigned char *)"localhost", -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	X509_sign(x, pkey, EVP_sha256());
	PEM_write_bio_X509(bio, x);
	pem_of(bio, cert);
	bio = BIO_new(BIO_s_mem());
	PEM_write_bio_PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL);
	pem_of(bio, key);
	X509_free(x);
	EVP_PKEY_free(pkey);
}
