/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* The columns of data/firmware.csv; see device_tbl.h. */
COLUMN(PRODUCT, true,  "製品")
COLUMN(BRANCH,  true,  "系列")
COLUMN(FIXED,   true,  "修正版")
COLUMN(NAME,    true,  "脆弱性")
COLUMN(DAY,     true,  "公表日")
COLUMN(SOURCE,  false, "出典")
