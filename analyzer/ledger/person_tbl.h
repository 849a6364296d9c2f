/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/* The columns of ledgers/people.csv; see device_tbl.h. */
COLUMN(ID,    false, "ユーザid|ユーザーid|利用者id|id|userid")
COLUMN(NAME,  false, "氏名|名前")
COLUMN(STATE, true,  "状態|在籍状態|在職状態|在籍")
COLUMN(ADDRESS, false, "住所|address")
COLUMN(DATE,  false, "退職日|最終勤務日|異動日|日付")
