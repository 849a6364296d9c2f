/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* The columns of data/support.csv; see device_tbl.h. */
COLUMN(PRODUCT, true,  "製品")
COLUMN(DAY,     true,  "終了日")
COLUMN(SOURCE,  false, "出典")
