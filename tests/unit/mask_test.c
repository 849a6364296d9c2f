/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/mask.h"

#include <string.h>

#include "tests/tap.h"

static const struct {
	const char *in, *out;
} rows[] = {
	{ "", "" },
	{ "検査室PCから外部へ 2.3 GB", "検査室PCから外部へ 2.3 GB" },
	{ "患者ID:1234567 を参照", "患者ID:****67 を参照" },
	{ "患者ID：P-001234、印刷", "患者ID：****34、印刷" },
	{ "患者番号 123", "患者番号 ****" },
	{ "patient_id=0001234&x=1", "patient_id=****34&x=1" },
	{ "Patient ID 0001234.", "Patient ID ****4." },
	{ "konseki.patient.id: P-0001234",
	    "konseki.patient.id: ****34" },
	{ "患者氏名：山田 太郎（男）", "患者氏名：****（男）" },
	{ "患者名 山田太郎さん", "患者名 ****さん" },
	{ "患者名=「山田　太郎」、カルテ番号 445566 の印刷",
	    "患者名=「****」、カルテ番号 ****66 の印刷" },
	{ "患者の記録を 120 人分", "患者の記録を 120 人分" },
	{ "患者ID", "患者ID" },
	{ "患者ID:", "患者ID:" },
};

int
main(void)
{
	struct buf out;
	size_t i;

	buf_init(&out);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		out.len = 0;
		(void)mask_patients(span_str(rows[i].in), &out);
		ok(strcmp(buf_cstr(&out), rows[i].out) == 0, "'%s': '%s'",
		    rows[i].in, buf_cstr(&out));
	}
	out.len = 0;
	ok(mask_patients(SPAN("患者ID:1234567 患者ID:1234568"), &out) == 2,
	    "it counts them");
	buf_fini(&out);
	return done();
}
