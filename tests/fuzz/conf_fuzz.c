/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <string.h>

#include "site/site.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

/* A file loads as a site that keeps its promises, or it says what is wrong. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct yaml_error err = { .line = 0 };
	struct site *s = site_parse(span_make(p, len), "f.yml", "/s", &err);
	const struct site_listener *l;
	size_t i;

	if (s == NULL) {
		assert(err.what[0] != '\0' && strcmp(err.file, "f.yml") == 0);
		return 0;
	}
	assert(site_log(s, "evidence") != NULL);
	assert(site_log(s, "casebook") != NULL && s->keys[0] == '/');
	for (i = 0; i < s->n_listeners; i++) {
		l = &s->listeners[i];
		assert(l->log < s->n_logs && l->port <= 65535);
		assert(l->max_frame <= 1048576 && l->transport <= SITE_TLS);
		assert(l->transport != SITE_TLS || l->key[0] == '/');
	}
	site_free(s);
	return 0;
}
