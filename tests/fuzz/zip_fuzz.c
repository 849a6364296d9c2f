/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <stdlib.h>

#include "analyzer/import/zip.h"
#include "common/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Its bytes lie in the file, before the directory, and nowhere twice. */
static void
check_entries(struct span file, const struct zip_end *e)
{
	struct cursor c =
	    cursor_make(span_sub(file, (size_t)e->at, (size_t)e->len));
	struct zip_entry *entry = calloc((size_t)e->n + 1, sizeof(*entry));
	uint64_t data, until = 0;
	struct buf name;
	size_t i;

	assert(entry != NULL);
	buf_init(&name);
	for (i = 0; i < e->n; i++) {
		if (zip_entry(&c, e, &entry[i]) != ZIP_OK)
			goto free;
		assert(entry[i].at < e->at);
		name.len = 0;
		zip_name(&entry[i], &name);
		assert(name.len > 0);
	}
	if (zip_overlap(entry, i, e) != ZIP_OK)
		goto free;
	for (i = 0; i < e->n; i++) {
		if (zip_local(span_sub(file, (size_t)entry[i].at,
				  ZIP_LOCAL + entry[i].name.len),
			e, &entry[i], &data) != ZIP_OK)
			continue;
		assert(entry[i].at >= until && data > entry[i].at);
		until = entry[i].at + ZIP_LOCAL + entry[i].name.len +
		    entry[i].packed;
		assert(data + entry[i].packed <= e->at);
	}
free:
	buf_fini(&name);
	free(entry);
}

int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	struct span file = span_make(buf, len), tail = file;
	struct zip_end e;

	if (len > ZIP_TAIL + ZIP_LOCATOR)
		tail = span_sub(file, len - ZIP_TAIL - ZIP_LOCATOR, len);
	if (zip_end(tail, len, &e) != ZIP_OK)
		return 0;
	if (e.is64) {
		assert(e.at64 + ZIP_END64 <= len);
		if (zip_end64(span_sub(file, (size_t)e.at64, ZIP_END64), &e) !=
		    ZIP_OK)
			return 0;
	}
	assert(e.n <= ZIP_MEMBERS_MAX && e.at + e.len <= len);
	check_entries(file, &e);
	return 0;
}
