/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/alarm.h"

#include <string.h>

#include "analyzer/case/webhook.h"
#include "common/log.h"
#include "tests/tap.h"

static const struct casebook_entity entities[] = {
	{ "host", "192.168.20.10", "PACS" },
	{ "user", "a=b\\c", "" },
};
static struct casebook_finding finding = {
	.rule = "OUT|1",
	.title_ja = "外部送信",
	.title_en = "sent | out",
	.what_ja = "",
	.what_en = "sent=40\nGB by 患者ID:1234567",
	.severity = CASEBOOK_CRITICAL,
	.entities = entities,
	.n_entities = 2,
};
static size_t which[] = { 0 };
static struct casebook_group group = { .id = "11111111",
	.severity = CASEBOOK_CRITICAL,
	.findings = which,
	.n_findings = 1,
	.n_heard = 1,
	.first = 1795281247000000,
	.score = 270 };
static struct casebook book = { .findings = &finding, .n_findings = 1 };

int
main(void)
{
	struct alarm a = { .book = &book,
		.group = &group,
		.site = "Clinic",
		.now = 1795281247000000 };
	struct webhook w = { .group = "11111111",
		.severity = CASEBOOK_SERIOUS,
		.to = "it",
		.role = "担当",
		.code = "K7M2-9QXD",
		.subject = SPAN("sub\"ject"),
		.body = SPAN("line\nline") };
	struct buf out;

	log_set_lang("en");
	buf_init(&out);
	alarm_print(&a, &out);
	ok(strcmp(buf_cstr(&out),
	       "<106>1 2026-11-21T17:14:07Z - konseki - case - "
	       "CEF:0|konseki|konseki|1|OUT\\|1|sent \\| out|10|"
	       "start=1795281247000 externalId=11111111 cat=case dvc=Clinic "
	       "shost=192.168.20.10 suser=a\\=b\\\\c "
	       "msg=sent\\=40\\\\x0aGB by 患者ID:****67 cnt=1 cn1Label=score10 "
	       "cn1=270 cs1Label=phases cs1=") == 0,
	    "a case in CEF, marks and line ends escaped: %s", buf_cstr(&out));
	out.len = 0;
	a.drill = true;
	alarm_print(&a, &out);
	ok(strstr(buf_cstr(&out), "|[DRILL] sent") != NULL &&
		strstr(buf_cstr(&out), " cat=drill ") != NULL,
	    "a drill says so twice");
	out.len = 0;
	webhook_print(&w, &out);
	ok(strcmp(buf_cstr(&out),
	       "{\"text\":\"sub\\\"ject\\n\\nline\\nline\","
	       "\"subject\":\"sub\\\"ject\",\"body\":\"line\\nline\","
	       "\"case\":\"11111111\",\"severity\":\"serious\",\"to\":\"it\","
	       "\"role\":\"担当\",\"code\":\"K7M2-9QXD\",\"drill\":false}") ==
		0,
	    "a message as JSON: %s", buf_cstr(&out));
	buf_fini(&out);
	return done();
}
