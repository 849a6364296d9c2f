/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "analyzer/report/form.h"
#include "analyzer/report/xlsx.h"
#include "common/io.h"
#include "common/log.h"
#include "tests/tap.h"

/* The tables of forms, and the workbook's bytes. */
#define FORMS                                                                  \
	"記号,名称,title,宛先,addressee,期限,注記,note,根拠,確認日,適用開始,"  \
	"適用終了\n"
#define ITEMS "様式,番号,項目,item,内容\n"
#define ONE "a,あ,A,い,B,,う,C,え,2026/11/20,2026/1/1,2026/12/31\n"

static const struct {
	const char *name, *forms, *items, *wrong; /* NULL: nothing */
} tables[] = {
	{ "a form with an item", FORMS ONE, ITEMS "a,1,x,y,where;care\n",
	    NULL },
	{ "a field that there is not", FORMS ONE, ITEMS "a,1,x,y,carpet\n",
	    "'carpet' is no field" },
	{ "more fields than an item has", FORMS ONE,
	    ITEMS "a,1,x,y,what;what;what;what;what;what;what\n",
	    "or more than 6" },
	{ "an item of no form", FORMS ONE,
	    ITEMS "a,1,x,y,what\nb,1,x,y,what\n", "there is no form 'b'" },
	{ "a form without items", FORMS ONE "b" ONE, ITEMS "a,1,x,y,what\n",
	    "'ba' has no items" },
	{ "an id that is a path", FORMS "../" ONE, ITEMS "../a,1,x,y,what\n",
	    "small letters" },
	{ "no title", FORMS "a,,A,い,B,,う,C,え,2026/11/20,,\n",
	    ITEMS "a,1,x,y,what\n", "must not be empty" },
};

static struct forms *
parse(const char *forms, const char *items, struct problems *ps)
{
	return forms_parse(
	    &(struct forms_text){ span_str(forms), "forms.csv" },
	    &(struct forms_text){ span_str(items), "form-items.csv" }, ps);
}

static bool
told(const struct problems *ps, const char *what)
{
	size_t i;

	for (i = 0; i < ps->n; i++)
		if (strstr(ps->v[i].what, what) != NULL)
			return true;
	return false;
}

static void
test_tables(void)
{
	struct problems ps;
	struct forms *fs;
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		problems_init(&ps);
		fs = parse(tables[i].forms, tables[i].items, &ps);
		ok((fs != NULL) == (tables[i].wrong == NULL) &&
			(fs != NULL || told(&ps, tables[i].wrong)),
		    "%s", tables[i].name);
		forms_free(fs);
		problems_fini(&ps);
	}
}

static void
test_days(void)
{
	struct problems ps;
	struct forms *fs;

	problems_init(&ps);
	fs = parse(FORMS ONE, ITEMS "a,1,x,y,what\n", &ps);
	ok(fs != NULL && forms_find(fs, "a", 20454) != NULL &&
		forms_find(fs, "a", 20453) == NULL &&
		forms_find(fs, "a", 20818) != NULL &&
		forms_find(fs, "a", 20819) == NULL,
	    "a form is for its days, both included");
	ok(fs != NULL && !form_is_public(forms_find(fs, "a", 20500)),
	    "which is not for the public");
	ok(fs != NULL && forms_find(fs, "b", 20500) == NULL,
	    "and there is none of another name");
	forms_free(fs);
	problems_fini(&ps);
}

static void
test_public(void)
{
	struct problems ps;
	struct forms *fs;

	problems_init(&ps);
	fs = parse(FORMS ONE, ITEMS "a,1,x,y,what\na,2,x,y,what;pub-what\n",
	    &ps);
	ok(fs != NULL && form_is_public(forms_find(fs, "a", 20500)),
	    "one with a sentence for the public is");
	forms_free(fs);
	problems_fini(&ps);
}

static void
fill(struct xlsx *x)
{
	static const unsigned widths[] = { 10, 20 };

	xlsx_sheet(x, "a<b>", widths, 2);
	xlsx_row(x, (const char *[]){ "=1+1", "<x>&" }, 2, true);
	xlsx_row(x, (const char *[]){ "\x1b[31m", "ok" }, 2, false);
}

static void
test_workbook(void)
{
	struct buf one, two;
	struct xlsx *x;

	buf_init(&one);
	buf_init(&two);
	buf_str(&two, "before");
	fill(x = xlsx_new());
	ok(xlsx_finish(x, &one) == 0 && one.len > 500 &&
		memcmp(one.p, "PK\3\4", 4) == 0,
	    "a workbook is a ZIP");
	fill(x = xlsx_new());
	ok(xlsx_finish(x, &two) == 0 && two.len == one.len + 6 &&
		memcmp(two.p + 6, one.p, one.len) == 0,
	    "the same cells give the same bytes, whatever is before them");
	buf_fini(&one);
	buf_fini(&two);
}

int
main(void)
{
	log_set_lang("en");
	test_tables();
	test_days();
	test_public();
	test_workbook();
	return done();
}
