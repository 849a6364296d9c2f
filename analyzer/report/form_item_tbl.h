/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* The columns of data/form-items.csv; see device_tbl.h. */
COLUMN(FORM,   true, "様式|form")
COLUMN(NUMBER, true, "番号")
COLUMN(JA,     true, "項目")
COLUMN(EN,     true, "item")
COLUMN(FIELDS, true, "内容|fields")
