/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* The columns of data/deadlines.csv; see device_tbl.h. */
COLUMN(ID,      true,  "記号|id")
COLUMN(JA,      true,  "期限|名称")
COLUMN(EN,      true,  "deadline")
COLUMN(TO_JA,   true,  "宛先")
COLUMN(TO_EN,   true,  "addressee")
COLUMN(IF_JA,   true,  "条件")
COLUMN(IF_EN,   true,  "applies")
COLUMN(FIRST,   true,  "目安の日")
COLUMN(LAST,    true,  "日数")
COLUMN(OPEN,    true,  "閉庁日")
COLUMN(BEFORE,  true,  "予告")
COLUMN(BASIS,   true,  "根拠")
COLUMN(SINCE,   false, "適用開始")
COLUMN(UNTIL,   false, "適用終了")
