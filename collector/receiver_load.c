/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "collector/bundle.h"
#include "collector/receiver.h"
#include "collector/tlsload.h"

int
receiver_load(struct receiver_listener *l, struct buf *why)
{
	struct buf text[TLS_FILE_COUNT]; /* held by the listener */

	if (!site_is_tls(l->conf->transport))
		return 0;
	if (tlsload_read(l->conf, text, &l->files, why) == 0)
		return 0;
	tlsload_wipe(text);
	return -1;
}

void
receiver_forget(struct receiver_listener *l)
{
	uint8_t *p;
	int i;

	for (i = 0; i < TLS_FILE_COUNT; i++) {
		p = (uint8_t *)(uintptr_t)l->files.pem[i].p;
		if (p != NULL)
			explicit_bzero(p, l->files.pem[i].len);
		free(p);
	}
	l->files = (struct tls_files){ 0 };
}

int
receiver_put(int bundle, const struct receiver_listener *l)
{
	int i;

	for (i = 0; i < TLS_FILE_COUNT; i++)
		if (bundle_put(bundle, l->files.pem[i]) != 0)
			return -1;
	return 0;
}

int
receiver_get(int bundle, off_t *at, struct receiver_listener *l)
{
	struct buf part;
	int i;

	for (i = 0; i < TLS_FILE_COUNT; i++) {
		buf_init(&part);
		if (bundle_get(bundle, at, &part) != 0) {
			buf_fini(&part);
			return -1;
		}
		l->files.pem[i] = buf_view(&part);
	}
	return 0;
}
