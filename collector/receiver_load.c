/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collector/bundle.h"
#include "collector/receiver.h"
#include "common/io.h"
#include "common/log.h"

#define PEM_MAX (1u << 20)

static int
load(const char *key, const char *path, struct span *out, struct buf *why)
{
	struct buf text;

	buf_init(&text);
	if (io_read_file(path, PEM_MAX, &text) == 0) {
		*out = buf_view(&text); /* held by the listener */
		return 0;
	}
	buf_printf(why, "%s: '%s': %s", key, path, strerror(errno));
	buf_fini(&text);
	return -1;
}

int
receiver_load(struct receiver_listener *l, struct buf *why)
{
	if (l->conf->transport != SITE_TLS)
		return 0;
	if (load("certificate", l->conf->certificate, &l->certificate, why) !=
	    0)
		return -1;
	return load("key", l->conf->key, &l->key, why);
}

static void
forget(struct span *s)
{
	uint8_t *p = (uint8_t *)(uintptr_t)s->p;

	if (p != NULL)
		explicit_bzero(p, s->len);
	free(p);
	*s = span_make(NULL, 0);
}

void
receiver_forget(struct receiver_listener *l)
{
	forget(&l->certificate);
	forget(&l->key);
}

int
receiver_put(int bundle, const struct receiver_listener *l)
{
	if (bundle_put(bundle, l->certificate) != 0)
		return -1;
	return bundle_put(bundle, l->key);
}

static int
get(int bundle, off_t *at, struct span *out)
{
	struct buf part;

	buf_init(&part);
	if (bundle_get(bundle, at, &part) != 0) {
		buf_fini(&part);
		return -1;
	}
	*out = buf_view(&part);
	return 0;
}

int
receiver_get(int bundle, off_t *at, struct receiver_listener *l)
{
	if (get(bundle, at, &l->certificate) != 0)
		return -1;
	return get(bundle, at, &l->key);
}
