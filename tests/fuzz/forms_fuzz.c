/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <string.h>

#include "analyzer/report/form.h"
#include "common/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A form has a name that a file may have, items, and fields that there are. */
static void
check(const struct form *f)
{
	size_t i, j;

	assert(*f->id != '\0' && strchr(f->id, '/') == NULL &&
	    strchr(f->id, '.') == NULL && f->n_items > 0 &&
	    f->n_items <= FORM_ITEMS && f->n_deadlines <= FORM_DEADLINES);
	for (i = 0; i < f->n_items; i++) {
		assert(f->items[i]->n_fields > 0 &&
		    f->items[i]->n_fields <= FORM_FIELDS);
		for (j = 0; j < f->items[i]->n_fields; j++)
			assert(f->items[i]->fields[j] < FIELD_COUNT);
	}
}

/* Both tables, NUL between them: read, or refused with a problem that names
 * its file. */
int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	const uint8_t *nul = len == 0 ? NULL : memchr(buf, 0, len);
	struct problems ps;
	const struct form *f;
	struct forms *fs;
	size_t i, at = 0;

	if (nul == NULL)
		return 0;
	problems_init(&ps);
	fs = forms_parse(
	    &(struct forms_text){ span_make(buf, (size_t)(nul - buf)),
		"forms.csv" },
	    &(struct forms_text){
		span_make(nul + 1, len - (size_t)(nul - buf) - 1),
		"form-items.csv" },
	    &ps);
	assert((fs == NULL) == (ps.errors > 0));
	for (i = 0; i < ps.n; i++)
		assert(ps.v[i].file[0] != '\0' && ps.v[i].what[0] != '\0' &&
		    text_is_utf8(span_str(ps.v[i].value)));
	while (fs != NULL && (f = forms_next(fs, &at)) != NULL)
		check(f);
	forms_free(fs);
	problems_fini(&ps);
	return 0;
}
