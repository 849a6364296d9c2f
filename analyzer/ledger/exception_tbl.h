/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* The columns of ledgers/exceptions.csv; see device_tbl.h. */
COLUMN(RULE,   false, "ルール|ルール番号|rule")
COLUMN(ABOUT,  false, "対象|about")
COLUMN(OWNER,  true,  "責任者|承認者|owner")
COLUMN(REASON, true,  "理由|reason")
COLUMN(FROM,   true,  "開始日|登録日|from")
COLUMN(UNTIL,  true,  "期限|until")
COLUMN(MOST,   false, "上限|most")
