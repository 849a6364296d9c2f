/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* The columns of data/forms.csv; see device_tbl.h. */
COLUMN(ID,       true,  "記号|id")
COLUMN(JA,       true,  "名称")
COLUMN(EN,       true,  "title")
COLUMN(TO_JA,    true,  "宛先")
COLUMN(TO_EN,    true,  "addressee")
COLUMN(DEADLINE, true,  "期限")
COLUMN(NOTE_JA,  true,  "注記")
COLUMN(NOTE_EN,  true,  "note")
COLUMN(BASIS,    true,  "根拠")
COLUMN(CHECKED,  true,  "確認日")
COLUMN(SINCE,    false, "適用開始")
COLUMN(UNTIL,    false, "適用終了")
