/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/view.h"

#include "analyzer/sigma/fields.h"
#include "tests/tap.h"

static void
test_values(void)
{
	const struct view_value *o;
	struct view v;

	view_init(&v, 3);
	ok(view_first(&v, 0) == NULL && view_first(&v, 3) == NULL &&
		view_first(&v, VIEW_OTHER) == NULL,
	    "no field has a value at first");
	view_add(&v, 1, SPAN("a"), false);
	view_add(&v, VIEW_OTHER, SPAN("b"), false);
	view_add(&v, 1, SPAN(""), true);
	view_add(&v, 2, SPAN("c"), false);
	o = view_first(&v, 1);
	ok(o != NULL && span_is(o->text, "a") && !o->null,
	    "a field's first value");
	o = o == NULL ? NULL : view_next(&v, o);
	ok(o != NULL && o->null && view_next(&v, o) == NULL,
	    "its next, and no other");
	ok(view_first(&v, 0) == NULL, "what has none has none");
	ok(v.n == 4, "values of no field are kept for words");
	view_clear(&v);
	ok(v.n == 0 && view_first(&v, 1) == NULL &&
		view_first(&v, 2) == NULL,
	    "the next event begins without");
	view_fini(&v);
}

static void
test_bound(void)
{
	struct view v;
	size_t i;

	view_init(&v, 1);
	for (i = 0; i < VIEW_VALUES + 3; i++)
		view_add(&v, 0, SPAN("a"), false);
	ok(v.n == VIEW_VALUES && v.dropped == 3,
	    "values beyond the limit are dropped and counted");
	view_fini(&v);
	view_init(&v, 0);
	view_add(&v, 0, SPAN("a"), false);
	ok(v.n == 1 && view_first(&v, 0) == NULL, "a view without fields");
	view_fini(&v);
}

static void
test_fields(void)
{
	struct fields *f = fields_new();

	ok(fields_put(f, SPAN("a")) == 0 && fields_put(f, SPAN("b")) == 1 &&
		fields_put(f, SPAN("a")) == 0 && fields_count(f) == 2,
	    "each name has one number, counted up");
	ok(fields_find(f, SPAN("b")) == 1 &&
		fields_find(f, SPAN("B")) == FIELDS_NONE &&
		fields_count(f) == 2,
	    "who looks for one adds none; names have a case");
	fields_free(f);
}

int
main(void)
{
	test_values();
	test_bound();
	test_fields();
	return done();
}
